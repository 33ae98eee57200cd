import { Hono } from "hono";
import { listPublishedDatasets } from "../runs/published-datasets.js";
import { readPage } from "../runs/result-pages.js";
import { findPublishedRows } from "../runs/stored-rows.js";
import { lakeRowsQuerySchema, type LakeView, type RowsPage } from "./protocol.js";
import { readQuery } from "./read-request.js";
import type { ApiServices, Env } from "./services.js";

export function lakeRoutes({ lake, engine }: ApiServices): Hono<Env> {
  const app = new Hono<Env>();

  app.get("/api/lake", async (c) => c.json<LakeView>({ datasets: await listPublishedDatasets(lake) }));

  app.get("/api/lake/:date/:dataset/rows", async (c) => {
    const page = readQuery(c, lakeRowsQuerySchema);
    const stored = await findPublishedRows(lake, c.req.param("date"), c.req.param("dataset"));
    return c.json<RowsPage>(await readPage(engine, stored, page, c.req.raw.signal));
  });

  return app;
}
