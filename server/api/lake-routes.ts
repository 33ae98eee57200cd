import { Hono } from "hono";
import { verifyLake } from "../lake/verify.js";
import { downloadDataset } from "../rows/download.js";
import { listPublishedDatasets } from "../rows/published-datasets.js";
import { describePublished, type PublishedDetail } from "../rows/published-detail.js";
import { readPage } from "../rows/result-pages.js";
import { usePublishedRows } from "../rows/stored-rows.js";
import type { VacuumReport } from "../runs/vacuum-lake.js";
import { readWholeValue } from "../rows/whole-value.js";
import { answerDownload, answerValue } from "./answer-download.js";
import {
  downloadQuerySchema,
  lakeQuerySchema,
  lakeRowsQuerySchema,
  lakeValueQuerySchema,
  vacuumBodySchema,
  verifyBodySchema,
  type LakeView,
  type RowsPage,
  type VerifyView,
} from "./protocol.js";
import { readBody, readQuery } from "./read-request.js";
import type { ApiServices, Env } from "./services.js";

export function lakeRoutes(services: ApiServices): Hono<Env> {
  const { lake, engine, manager } = services;
  const app = new Hono<Env>();

  app.get("/api/lake", async (c) => {
    const { dates } = readQuery(c, lakeQuerySchema);
    return c.json<LakeView>({ datasets: await listPublishedDatasets(lake, dates) });
  });

  app.post("/api/lake/verify", async (c) => {
    const { quick } = await readBody(c, verifyBodySchema);
    return c.json<VerifyView>({ problems: await verifyLake(lake, { deep: !quick }) });
  });

  app.post("/api/lake/vacuum", async (c) => {
    const { dryRun, keep } = await readBody(c, vacuumBodySchema);
    return c.json<VacuumReport>(await manager.vacuum({ dryRun, keepDates: keep }));
  });

  app.get("/api/lake/:date/:dataset/rows", async (c) => {
    const page = readQuery(c, lakeRowsQuerySchema);
    const { date, dataset } = c.req.param();
    const answer = await usePublishedRows(lake, date, dataset, (stored) =>
      readPage(services, stored, page, c.req.raw.signal),
    );
    return c.json<RowsPage>(answer);
  });

  app.get("/api/lake/:date/:dataset/value", async (c) => {
    const place = readQuery(c, lakeValueQuerySchema);
    const { date, dataset } = c.req.param();
    const value = await usePublishedRows(lake, date, dataset, (stored) =>
      readWholeValue(services, stored, { ...place, name: dataset }, c.req.raw.signal),
    );
    return answerValue(c, value);
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
