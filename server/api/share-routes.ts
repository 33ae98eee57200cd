import { Hono, type Context } from "hono";
import { exportNotebook } from "../export/export-notebook.js";
import { HTML_POLICY, renderHtml } from "../export/render-html.js";
import { DEFAULT_LIFETIME, parseLifetime } from "../share/lifetime.js";
import { ShareStore } from "../share/share-store.js";
import { SNAPSHOT_ROWS, takeSnapshot } from "../share/take-snapshot.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { exportQuerySchema, shareBodySchema, type CreatedShare, type ShareList } from "./protocol.js";
import { readBody, readQuery } from "./read-request.js";
import type { ApiServices, Env } from "./services.js";

export function shareRoutes(services: ApiServices): Hono<Env> {
  const { notebooks, workspace } = services;
  const store = new ShareStore(workspace.state);
  const app = new Hono<Env>();

  app.post("/api/notebooks/:name/shares", async (c) => {
    const { expires = DEFAULT_LIFETIME } = await readBody(c, shareBodySchema);
    const lifetime = parseLifetime(expires);
    const snapshot = await takeSnapshot(services, await analyzed(c.req.param("name")));
    const { share, token } = await store.create(snapshot, lifetime);
    return c.json<CreatedShare>({ ...share, url: `/s/${token}` }, 201);
  });

  app.get("/api/notebooks/:name/shares", async (c) => {
    const { name } = await notebooks.read(c.req.param("name"));
    return c.json<ShareList>({ shares: await store.list(name) });
  });

  app.delete("/api/shares/:id", async (c) => {
    await store.revoke(c.req.param("id"));
    return c.json({ id: c.req.param("id") });
  });

  app.get("/api/notebooks/:name/export", async (c) => {
    const { format } = readQuery(c, exportQuerySchema);
    const { fileName, type, text } = await exportNotebook(
      services,
      await analyzed(c.req.param("name")),
      format,
    );
    c.header("content-type", type);
    c.header("content-disposition", `attachment; filename="${fileName}"`);
    return c.body(text);
  });

  app.get("/s/:token", async (c) => {
    const snapshot = await store.open(c.req.param("token"));
    return snapshot === undefined
      ? answerClosed(c)
      : c.html(renderHtml(snapshot, { rowLimit: SNAPSHOT_ROWS }));
  });

  return app;

  async function analyzed(name: string): Promise<AnalyzedNotebook> {
    return notebooks.analyze(await notebooks.read(name));
  }
}

/** For everything behind `/s/`, found or not; it has to be set after the headers of all other pages. */
export function setShareHeaders(c: Pick<Context<Env>, "header">): void {
  c.header("content-security-policy", `${HTML_POLICY}; frame-ancestors 'none'; sandbox allow-popups`);
  c.header("referrer-policy", "no-referrer");
  c.header("cache-control", "private, no-store");
  c.header("x-robots-tag", "noindex, nofollow");
  // The sandbox keeps it apart already, and the browser complains of both.
  c.header("origin-agent-cluster", undefined);
}

/** The same for a link that expired, was revoked, or never was. */
function answerClosed(c: Context): Response | Promise<Response> {
  const text = "This link does not exist, has expired, or was closed.";
  return c.html(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Lakebook</title><link rel="icon" href="data:,"><style>:root{color-scheme:light dark}body{margin:4rem auto;max-width:36rem;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif}</style><p>${text}</p></html>\n`,
    404,
  );
}
