import type { Context } from "hono";
import { exportNotebook } from "../export/export-notebook.js";
import { htmlPolicy, readerAssets } from "../export/reader-assets.js";
import { renderHtml } from "../export/render-html.js";
import { DEFAULT_LIFETIME, parseLifetime } from "../base/lifetime.js";
import { BoundedCache } from "../base/bounded-cache.js";
import { fixedControls, type Snapshot } from "../share/snapshot.js";
import { ShareStore } from "../share/share-store.js";
import { SNAPSHOT_ROWS } from "../share/read-results.js";
import { takeSnapshot, type SnapshotServices } from "../share/take-snapshot.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { closedShareSchema, createdShareSchema, shareListSchema } from "./answers.js";
import { unknownNotebook } from "./notes.js";
import { exportQuerySchema, shareBodySchema } from "./requests.js";
import { isAllowed } from "../base/roles.js";
import { audit, personOf, type Env } from "./env.js";
import { byOf } from "./permission.js";
import { route } from "./route.js";
import type { ApiServices } from "./services.js";

export const shareRoutes = [
  route({
    method: "post",
    path: "/api/notebooks/{name}/shares",
    needs: "share",
    audit: "share",
    summary: "Make a link to what the notebook shows now",
    description:
      "Text, stored rows, charts, graph and checks are copied, and what depends on selects and checkboxes is computed " +
      "for other choices; the link never runs SQL. " +
      "It opens without a login, and it is told only here.",
    body: shareBodySchema,
    success: [201, "The link.", createdShareSchema],
    errors: unknownNotebook,
    answer: async ({ services, params, body: { expires = DEFAULT_LIFETIME }, c }) => {
      const lifetime = parseLifetime(expires);
      const snapshot = await takeSnapshot(exploring(services, c), await analyzed(services, params.name));
      const { share, token } = await storeOf(services).create(snapshot, lifetime, byOf(c));
      audit(c, { share: share.id, expires });
      const notes = fixedControls(snapshot);
      return { ...share, url: `/s/${token}`, ...(notes.length === 0 ? {} : { notes }) };
    },
  }),

  route({
    method: "get",
    path: "/api/notebooks/{name}/shares",
    needs: "share",
    summary: "The links to a notebook that are open",
    success: [200, "Newest first.", shareListSchema],
    errors: unknownNotebook,
    answer: async ({ services, params }) => {
      const { name } = await services.notebooks.read(params.name);
      return { shares: await storeOf(services).list(name) };
    },
  }),

  route({
    method: "delete",
    path: "/api/shares/{id}",
    needs: "share",
    audit: "revoke share",
    summary: "End a link and remove its snapshot",
    success: [200, "Its id.", closedShareSchema],
    description: "An editor closes the own ones, an admin all.",
    errors: { 403: "Somebody else made it.", 404: "There is no such link." },
    answer: async ({ services, params: { id }, c }) => {
      const isAllowedAll = isAllowed(personOf(c).role, "people");
      await storeOf(services).revoke(id, isAllowedAll ? undefined : byOf(c));
      audit(c, { share: id });
      return { id };
    },
  }),

  route({
    method: "get",
    path: "/api/notebooks/{name}/export",
    needs: "read",
    summary: "The notebook as one file: HTML, Markdown or SQL",
    description:
      "No run begins: results are those of the last runs; of what depends on selects and checkboxes also those of other choices.",
    query: exportQuerySchema,
    success: [200, "The file, as an attachment."],
    type: ["text/html", "text/markdown", "application/sql"],
    errors: { ...unknownNotebook, 422: "The notebook is not UTF-8, so there is no Markdown of it." },
    answer: async ({ services, params, query: { format }, c }) => {
      const notebook = await analyzed(services, params.name);
      const { fileName, type, text } = await exportNotebook(exploring(services, c), notebook, format);
      c.header("content-type", type);
      c.header("content-disposition", `attachment; filename="${fileName}"`);
      return c.body(text);
    },
  }),

  route({
    method: "get",
    path: "/s/{token}",
    needs: "public",
    summary: "A shared notebook, for whoever has the link",
    success: [200, "HTML with one script, which sorts and searches what is there."],
    type: "text/html",
    errors: { 404: "The link does not exist, has expired, or was ended." },
    answer: async ({ services, params, c }) => {
      const snapshot = await storeOf(services).open(params.token);
      return snapshot === undefined ? answerClosed(c) : c.html(await rendered(params.token, snapshot));
    },
  }),
] as const;

/** Drawing takes time, and whoever has the link may ask for it again and again. */
const pages = new BoundedCache<string>(8, 1000);

async function rendered(token: string, snapshot: Snapshot): Promise<string> {
  const page = pages.get(token) ?? (await renderHtml(snapshot, { rowLimit: SNAPSHOT_ROWS }));
  pages.set(token, page);
  return page;
}

/** Other choices are computed as for a reader of the page, and take their turn among those. */
function exploring(services: ApiServices, c: Context<Env>): SnapshotServices {
  const { manager, free } = services;
  return {
    ...services,
    explorer: {
      turn: async (action) => (await free.run(c, action)).result,
      explore: (asked, how) => manager.explore(asked, how),
    },
  };
}

function storeOf({ workspace }: ApiServices): ShareStore {
  return new ShareStore(workspace.state);
}

async function analyzed({ notebooks }: ApiServices, name: string): Promise<AnalyzedNotebook> {
  return notebooks.analyze(await notebooks.read(name));
}

/** For everything behind `/s/`, found or not; it has to be set after the headers of all other pages. */
export function setShareHeaders(c: Pick<Context<Env>, "header">): void {
  c.header(
    "content-security-policy",
    `${htmlPolicy(readerAssets())}; frame-ancestors 'none'; sandbox allow-popups allow-scripts`,
  );
  c.header("referrer-policy", "no-referrer");
  c.header("cache-control", "private, no-store");
  c.header("x-robots-tag", "noindex, nofollow");
  // The sandbox keeps it apart already, and the browser complains of both.
  c.header("origin-agent-cluster", undefined);
}

/** The same for a link that expired, was revoked, or never was. */
function answerClosed(c: Context): Response | Promise<Response> {
  const text = "This link does not exist, has expired, or was ended.";
  return c.html(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Lakebook</title><link rel="icon" href="data:,"><style>:root{color-scheme:light dark}body{margin:4rem auto;max-width:36rem;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif}</style><p>${text}</p></html>\n`,
    404,
  );
}
