import { Hono } from "hono";
import { downloadDataset } from "../runs/download.js";
import { listPublishedDatasets } from "../runs/published-datasets.js";
import { describePublished, type PublishedDetail } from "../runs/published-detail.js";
import { readPage } from "../runs/result-pages.js";
import { findPublishedRows } from "../runs/stored-rows.js";
import { answerDownload } from "./answer-download.js";
import { downloadQuerySchema, lakeRowsQuerySchema, type LakeView, type RowsPage } from "./protocol.js";
import { readQuery } from "./read-request.js";
import type { ApiServices, Env } from "./services.js";

export function lakeRoutes(services: ApiServices): Hono<Env> {
  const { lake, engine } = services;
  const app = new Hono<Env>();

  app.get("/api/lake", async (c) => c.json<LakeView>({ datasets: await listPublishedDatasets(lake) }));

  app.get("/api/lake/:date/:dataset/rows", async (c) => {
    const page = readQuery(c, lakeRowsQuerySchema);
    const stored = await findPublishedRows(lake, c.req.param("date"), c.req.param("dataset"));
    return c.json<RowsPage>(await readPage(services, stored, page, c.req.raw.signal));
  });

  app.get("/api/lake/:date/:dataset", async (c) =>
    c.json<PublishedDetail>(await describePublished(lake, c.req.param("date"), c.req.param("dataset"))),
  );

  app.get("/api/lake/:date/:dataset/download", async (c) => {
    const { format } = readQuery(c, downloadQuerySchema);
    const wanted = { date: c.req.param("date"), dataset: c.req.param("dataset"), format };
    return answerDownload(c, format, await downloadDataset({ lake, engine }, wanted, c.req.raw.signal));
  });

  return app;
}
