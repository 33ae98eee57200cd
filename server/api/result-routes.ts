import { downloadCell } from "../rows/download.js";
import { readPage, readSelection, requireColumn } from "../rows/result-pages.js";
import { findCheckSuggestions } from "../rows/check-suggestions.js";
import { checkTrends } from "../rows/check-trends.js";
import type { CheckRecord } from "../runs/run-record.js";
import { readRuns } from "../runs/run-store.js";
import { summarize } from "../rows/summary.js";
import { useCellRows } from "../rows/stored-rows.js";
import { readWholeValue } from "../rows/whole-value.js";
import { answerDownload, answerValue, fileTypes, valueTypes } from "./answer-download.js";
import {
  cellRowsPageSchema,
  checkSuggestionsSchema,
  checkTrendsSchema,
  derivedQuerySchema,
  profileSchema,
  summarySchema,
} from "./answers.js";
import { computed, cutNote, valueNote } from "./notes.js";
import {
  cellDownloadQuerySchema,
  deriveBodySchema,
  profileQuerySchema,
  rowsQuerySchema,
  suggestionsQuerySchema,
  summaryBodySchema,
  trendsQuerySchema,
  valueQuerySchema,
} from "./requests.js";
import { route } from "./route.js";

/** Records that are read for a trend. */
const MAX_TREND_RUNS = 200;

const noRows = { 404: "No run has rows of that cell, or they are no longer kept." };

export const resultRoutes = [
  route({
    method: "get",
    path: "/api/notebooks/{name}/cells/{cell}/rows",
    needs: "read",
    summary: "A page of a cell's rows",
    description:
      "Of a check cell these are the failing rows. Integers of 64 bits and more and decimals are strings, " +
      `so that no digit is lost. ${cutNote}`,
    query: rowsQuerySchema,
    success: [200, "The page, and the run that it is of.", cellRowsPageSchema],
    errors: { ...computed, ...noRows },
    answer: async ({ services, params, query: { run, result, check, ...page }, signal }) => {
      const { name } = await services.notebooks.read(params.name);
      const wanted = { notebook: name, cell: params.cell, run, result, check };
      return useCellRows(services, wanted, async (stored) => ({
        ...(stored.run !== undefined && { run: stored.run }),
        ...(await readPage(services, stored, page, signal)),
      }));
    },
  }),

  route({
    method: "get",
    path: "/api/notebooks/{name}/cells/{cell}/value",
    needs: "read",
    summary: "One value whole, as a file",
    description: valueNote,
    query: valueQuerySchema,
    success: [200, "The value, as an attachment."],
    type: valueTypes,
    errors: { ...computed, 404: "No run has rows of that cell, they are no longer kept, or are fewer." },
    answer: async ({ services, params, query: { run, result, check, ...place }, signal, c }) => {
      const { name } = await services.notebooks.read(params.name);
      const wanted = { notebook: name, cell: params.cell, run, result, check };
      const value = await useCellRows(services, wanted, (stored) =>
        readWholeValue(services, stored, { ...place, name: wanted.cell }, signal),
      );
      return answerValue(c, value);
    },
  }),

  route({
    method: "get",
    path: "/api/notebooks/{name}/cells/{cell}/download",
    needs: "read",
    summary: "A cell's rows as one file: CSV, JSON or Parquet",
    description: "Of a check cell these are the failing rows.",
    query: cellDownloadQuerySchema,
    success: [200, "The file, as an attachment."],
    type: fileTypes,
    errors: { ...computed, ...noRows },
    answer: async ({ services, params, query, signal, c }) => {
      const { name } = await services.notebooks.read(params.name);
      const wanted = { notebook: name, cell: params.cell, ...query };
      return answerDownload(c, query.format, await downloadCell(services, wanted, signal));
    },
  }),

  route({
    method: "get",
    path: "/api/notebooks/{name}/cells/{cell}/profile",
    needs: "read",
    summary: "What the values of each column are like",
    query: profileQuerySchema,
    success: [
      200,
      "For each column: count, nulls, distinct, min, max, quantiles, frequent values, histogram. " +
        "Long texts are cut as in rows; minLength, maxLength and length tell how long they are.",
      profileSchema,
    ],
    errors: { ...computed, ...noRows },
    answer: async ({ services, params, query: { run, result, ...range }, signal }) => {
      const { name } = await services.notebooks.read(params.name);
      const wanted = { notebook: name, cell: params.cell, run, result };
      return useCellRows(services, wanted, async (stored) => ({
        ...(stored.run !== undefined && { run: stored.run }),
        ...(await services.profiles.get(stored, range, signal)),
      }));
    },
  }),

  route({
    method: "get",
    path: "/api/notebooks/{name}/cells/{cell}/suggestions",
    needs: "read",
    summary: "Checks that the rows of a SQL cell pass, and that it does not have yet",
    query: suggestionsQuerySchema,
    success: [200, "Each with what the rows show.", checkSuggestionsSchema],
    errors: { ...computed, ...noRows },
    answer: async ({ services, params, query, signal }) => {
      const file = await services.notebooks.read(params.name);
      const analyzed = await services.notebooks.analyze(file);
      const wanted = { notebook: file.name, cell: params.cell, ...query };
      return findCheckSuggestions(services, analyzed, wanted, signal);
    },
  }),

  route({
    method: "post",
    path: "/api/notebooks/{name}/cells/{cell}/derive",
    needs: "query",
    summary: "The query of a cell that has some rows of this one, or counts them",
    description:
      "Of what the rows are sorted and filtered by. Nothing is run, and the notebook stays as it is.",
    body: deriveBodySchema,
    success: [200, "The query, with the values in its text.", derivedQuerySchema],
    errors: noRows,
    answer: async ({ services, params, body: { result, groupBy, chosen, ...arranged } }) => {
      const { name } = await services.notebooks.read(params.name);
      return useCellRows(services, { notebook: name, cell: params.cell, result }, ({ columns }) =>
        Promise.resolve({
          sql: services.engine.derivedSql({
            relation: params.cell,
            columns,
            ...readSelection(arranged, columns),
            chosen: chosen.map((by) => ({ ...by, column: requireColumn(by.column, columns).name })),
            groupBy: groupBy.map((column) => requireColumn(column, columns).name),
          }),
        }),
      );
    },
  }),

  route({
    method: "post",
    path: "/api/notebooks/{name}/cells/{cell}/summary",
    needs: "query",
    summary: "Groups of a cell's rows with their measures, as rows or as a pivot, and the query for them",
    description: `Of what the rows are filtered by. Nothing is kept, and the notebook stays as it is. ${cutNote}`,
    body: summaryBodySchema,
    success: [200, "The first rows, and the query of a cell that has all of them.", summarySchema],
    errors: { ...computed, ...noRows },
    answer: async ({ services, params, body: { result, ...asked }, signal }) => {
      const { name } = await services.notebooks.read(params.name);
      return useCellRows(services, { notebook: name, cell: params.cell, result }, (stored) =>
        summarize(services.engine, params.cell, stored, asked, signal),
      );
    },
  }),

  route({
    method: "get",
    path: "/api/notebooks/{name}/trends",
    needs: "read",
    summary: "How the checks came out over run dates",
    query: trendsQuerySchema,
    success: [200, "Each check that was looked at, with its failures by run date.", checkTrendsSchema],
    answer: async ({ services, params, query: { cell } }) => {
      const { name } = await services.notebooks.read(params.name);
      const runs = await readRuns(services.lake, MAX_TREND_RUNS, ({ notebook }) => notebook === name);
      const isWanted = (check: CheckRecord): boolean =>
        cell === undefined || check.cell === cell || check.name === cell;
      return { checks: checkTrends(runs, isWanted) };
    },
  }),
] as const;
