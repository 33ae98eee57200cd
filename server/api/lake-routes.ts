import { verifyLake } from "../lake/verify.js";
import { downloadDataset } from "../rows/download.js";
import { listPublishedDatasets } from "../rows/published-datasets.js";
import { describePublished } from "../rows/published-detail.js";
import { readPage } from "../rows/result-pages.js";
import { usePublishedRows } from "../rows/stored-rows.js";
import { readWholeValue } from "../rows/whole-value.js";
import { answerDownload, answerValue, fileTypes, valueTypes } from "./answer-download.js";
import {
  lakeViewSchema,
  profileSchema,
  publishedDetailSchema,
  rowsPageSchema,
  vacuumReportSchema,
  verifyViewSchema,
} from "./answers.js";
import { computed, cutNote, valueNote } from "./notes.js";
import {
  downloadQuerySchema,
  lakeProfileQuerySchema,
  lakeQuerySchema,
  lakeRowsQuerySchema,
  lakeValueQuerySchema,
  vacuumBodySchema,
  verifyBodySchema,
} from "./requests.js";
import { audit, notAudited } from "./env.js";
import { route } from "./route.js";

const unpublished = { 404: "The dataset was not published for that date." };

export const lakeRoutes = [
  route({
    method: "get",
    path: "/api/lake",
    needs: "read",
    summary: "What is published: every dataset of every run date",
    query: lakeQuerySchema,
    success: [200, "Datasets with rows, bytes, partitions, columns and path.", lakeViewSchema],
    answer: async ({ services: { lake }, query }) => ({
      datasets: await listPublishedDatasets(lake, query.dates),
    }),
  }),

  route({
    method: "post",
    path: "/api/lake/verify",
    needs: "run",
    summary: "Prove the lake against its log",
    description: "Reads every file of it, unless it is to be quick.",
    body: verifyBodySchema,
    success: [200, "What is wrong; nothing, where problems is empty.", verifyViewSchema],
    answer: async ({ services: { lake }, body }) => ({
      problems: await verifyLake(lake, { deep: !body.quick }),
    }),
  }),

  route({
    method: "post",
    path: "/api/lake/vacuum",
    needs: "keep",
    audit: "vacuum",
    summary: "What nothing names any longer, and its removal",
    description:
      "Removes nothing unless dryRun is false. What runs need that are at work or can be resumed stays.",
    body: vacuumBodySchema,
    success: [200, "What would go, or went where isDone is true.", vacuumReportSchema],
    errors: { 409: "The lake changed meanwhile: ask again." },
    answer: async ({ services: { manager }, body: { dryRun, keep }, c }) => {
      if (dryRun) notAudited(c, undefined);
      else audit(c, { keep });
      const report = await manager.vacuum({ dryRun, keepDates: keep });
      return { ...report, plannedAt: report.plannedAt.toISOString() };
    },
  }),

  route({
    method: "get",
    path: "/api/lake/{date}/{dataset}",
    needs: "read",
    summary: "A published dataset: partitions, SQL, inputs and checks",
    description: "The date may be latest, or a publication of a date: 2026-10-01@3.",
    success: [200, "What GET /api/lake leaves out of it.", publishedDetailSchema],
    errors: unpublished,
    answer: ({ services: { lake }, params }) => describePublished(lake, params.date, params.dataset),
  }),

  route({
    method: "get",
    path: "/api/lake/{date}/{dataset}/download",
    needs: "read",
    summary: "A published dataset as one file: CSV, JSON or Parquet",
    description:
      "The date may be latest, or a publication of a date (2026-10-01@3). JSON is an array of objects, with whole numbers of any size as they are.",
    query: downloadQuerySchema,
    success: [200, "The file, as an attachment."],
    type: fileTypes,
    errors: { ...computed, ...unpublished },
    answer: async ({ services, params, query: { format }, signal, c }) =>
      answerDownload(c, format, await downloadDataset(services, { ...params, format }, signal)),
  }),

  route({
    method: "get",
    path: "/api/lake/{date}/{dataset}/value",
    needs: "read",
    summary: "One value of a published dataset whole, as a file",
    description: `The date may be latest, or a publication of a date (2026-10-01@3). ${valueNote}`,
    query: lakeValueQuerySchema,
    success: [200, "The value, as an attachment."],
    type: valueTypes,
    errors: { ...computed, 404: "The dataset was not published for that date, or has fewer rows." },
    answer: async ({ services, params: { date, dataset }, query, signal, c }) => {
      const value = await usePublishedRows(services.lake, date, dataset, (stored) =>
        readWholeValue(services, stored, { ...query, name: dataset }, signal),
      );
      return answerValue(c, value);
    },
  }),

  route({
    method: "get",
    path: "/api/lake/{date}/{dataset}/profile",
    needs: "read",
    summary: "What the values of each column of a published dataset are like",
    description: "The date may be latest, or a publication of a date (2026-10-01@3).",
    query: lakeProfileQuerySchema,
    success: [200, "As that of a cell.", profileSchema],
    errors: { ...computed, ...unpublished },
    answer: ({ services, params: { date, dataset }, query, signal }) =>
      usePublishedRows(services.lake, date, dataset, (stored) =>
        services.profiles.get(stored, query, signal),
      ),
  }),

  route({
    method: "get",
    path: "/api/lake/{date}/{dataset}/rows",
    needs: "read",
    summary: "A page of a published dataset",
    description: `The date may be latest, or a publication of a date (2026-10-01@3). ${cutNote}`,
    query: lakeRowsQuerySchema,
    success: [200, "The page.", rowsPageSchema],
    errors: { ...computed, ...unpublished },
    answer: ({ services, params: { date, dataset }, query, signal }) =>
      usePublishedRows(services.lake, date, dataset, (stored) => readPage(services, stored, query, signal)),
  }),
] as const;
