import { Hono } from "hono";
import { downloadCell } from "../rows/download.js";
import { readPage } from "../rows/result-pages.js";
import type { Profile } from "../rows/profile.js";
import { useCellRows } from "../rows/stored-rows.js";
import { readWholeValue } from "../rows/whole-value.js";
import { answerDownload, answerValue } from "./answer-download.js";
import {
  cellDownloadQuerySchema,
  profileQuerySchema,
  rowsQuerySchema,
  valueQuerySchema,
  type CellRowsPage,
} from "./protocol.js";
import { readQuery } from "./read-request.js";
import type { ApiServices, Env } from "./services.js";

export function resultRoutes(services: ApiServices): Hono<Env> {
  const { notebooks, profiles } = services;
  const app = new Hono<Env>();

  app.get("/api/notebooks/:name/cells/:cell/rows", async (c) => {
    const { run, result, check, ...page } = readQuery(c, rowsQuerySchema);
    const { name } = await notebooks.read(c.req.param("name"));
    const wanted = { notebook: name, cell: c.req.param("cell"), run, result, check };
    const answer = await useCellRows(services, wanted, async (stored) => ({
      ...(stored.run !== undefined && { run: stored.run }),
      ...(await readPage(services, stored, page, c.req.raw.signal)),
    }));
    return c.json<CellRowsPage>(answer);
  });

  app.get("/api/notebooks/:name/cells/:cell/value", async (c) => {
    const { run, result, check, ...place } = readQuery(c, valueQuerySchema);
    const { name } = await notebooks.read(c.req.param("name"));
    const wanted = { notebook: name, cell: c.req.param("cell"), run, result, check };
    const value = await useCellRows(services, wanted, (stored) =>
      readWholeValue(services, stored, { ...place, name: wanted.cell }, c.req.raw.signal),
    );
    return answerValue(c, value);
  });

  app.get("/api/notebooks/:name/cells/:cell/profile", async (c) => {
    const { run, result, ...range } = readQuery(c, profileQuerySchema);
    const { name } = await notebooks.read(c.req.param("name"));
    const wanted = { notebook: name, cell: c.req.param("cell"), run, result };
    const answer = await useCellRows(services, wanted, async (stored) => ({
      ...(stored.run !== undefined && { run: stored.run }),
      ...(await profiles.get(stored, range, c.req.raw.signal)),
    }));
    return c.json<Profile & { readonly run?: string }>(answer);
  });

  app.get("/api/notebooks/:name/cells/:cell/download", async (c) => {
    const { format, run, result } = readQuery(c, cellDownloadQuerySchema);
    const { name } = await notebooks.read(c.req.param("name"));
    const wanted = { notebook: name, cell: c.req.param("cell"), run, result, format };
    return answerDownload(c, format, await downloadCell(services, wanted, c.req.raw.signal));
  });

  return app;
}
