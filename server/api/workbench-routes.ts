import type { Context } from "hono";
import type { z } from "zod";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { isAppError } from "../base/errors.js";
import { diffCell } from "../rows/cell-diff.js";
import { listPublishedDatasets } from "../rows/published-datasets.js";
import { SHOWN_CHARACTERS } from "../rows/shown-values.js";
import { queryNotebook } from "../workbench/ad-hoc-query.js";
import { compileCell, explainCell } from "../workbench/compiled-cell.js";
import { traceColumn } from "../workbench/lineage/column-lineage.js";
import { toColumnView, toLineageView } from "../workbench/lineage/lineage-view.js";
import { workspaceLineage } from "../workbench/lineage/workspace-lineage.js";
import { renameEverywhere } from "../workbench/rename-references.js";
import { draftTest } from "../workbench/tests/draft-test.js";
import { runTests } from "../workbench/tests/run-tests.js";
import { vocabularyOf } from "../workbench/vocabulary.js";
import { listInputFiles } from "../workspace/input-files.js";
import {
  columnLineageSchema,
  compiledAnswerSchema,
  diffAnswerSchema,
  explainedAnswerSchema,
  liveAnswerSchema,
  lineageViewSchema,
  sparkStateSchema,
  queryAnswerSchema,
  renamedTextSchema,
  testDraftSchema,
  keptTestsSchema,
  testRunSchema,
  vocabularyViewSchema,
  type QueryAnswer,
} from "./answers.js";
import { computed, cutNote, unknownNotebook, waiting } from "./notes.js";
import { toErrorBody } from "./on-error.js";
import { orProblem } from "./or-problem.js";
import {
  compileBodySchema,
  diffQuerySchema,
  lineageQuerySchema,
  queryBodySchema,
  renameBodySchema,
  testDraftBodySchema,
  testsBodySchema,
} from "./requests.js";
import { route } from "./route.js";
import type { Env } from "./env.js";
import type { ApiServices } from "./services.js";

const noQuery = { 404: "There is no such cell, or it has no query." };

const queryNote =
  "It is stopped after query_timeout, or when the request is closed. A client has two at a time; waitedMs in the " +
  `answer says how long it waited for its own others. ${cutNote}`;

/** What somebody who works on a notebook asks between two runs. */
export const workbenchRoutes = [
  route({
    method: "get",
    path: "/api/notebooks/{name}/cells/{cell}/diff",
    needs: "read",
    summary: "What publishing a dataset's draft would change",
    description:
      "Where nothing is published yet, it is compared with the run before; earlier lists what else it can be compared with. Rows are matched by the key, or by what " +
      "the query groups by, or by columns that are found to be unique on both sides; otherwise whole rows are compared. At most 100 examples of each kind; a value longer than " +
      `${String(SHOWN_CHARACTERS)} characters is cut there and says its length: … (10000000 characters).`,
    query: diffQuerySchema,
    success: [
      200,
      "Counts, columns and examples, old and new; against is null where nothing is published yet.",
      diffAnswerSchema,
    ],
    errors: { ...computed, 404: "There is no draft." },
    answer: async ({ services, params, query: { against }, signal }) => {
      const { name } = await services.notebooks.read(params.name);
      return diffCell(services, name, params.cell, against, signal);
    },
  }),

  route({
    method: "post",
    path: "/api/query",
    needs: "query",
    summary: "Query the lake or input files",
    body: queryBodySchema,
    description: queryNote,
    success: [200, "Columns and rows; nothing is kept.", queryAnswerSchema],
    errors: { ...computed, ...waiting },
    answer: ({ services, body, c }) => answerQuery(c, services, undefined, body),
  }),

  route({
    method: "post",
    path: "/api/notebooks/{name}/query",
    needs: "query",
    summary: "Query the lake, input files or the notebook's cells as they were last run",
    body: queryBodySchema,
    description: queryNote,
    success: [200, "Columns and rows; nothing is kept.", queryAnswerSchema],
    errors: { ...computed, ...unknownNotebook, ...waiting },
    answer: async ({ services, params, body, c }) => {
      const { notebooks } = services;
      const notebook = await notebooks.analyze(await notebooks.read(params.name));
      return answerQuery(c, services, notebook, body);
    },
  }),

  route({
    method: "post",
    path: "/api/notebooks/{name}/live",
    needs: "query",
    summary: "What a query gives while it is typed",
    description:
      "As a query, of a sample: of each cell and dataset the first 10,000 rows, at most 64 MB of files, at most 2 s.",
    body: queryBodySchema,
    success: [200, "Columns and rows, or the problem; nothing is kept.", liveAnswerSchema],
    errors: { ...computed, ...unknownNotebook, ...waiting },
    answer: async ({ services, params, body, c }) => {
      const { notebooks } = services;
      const notebook = await notebooks.analyze(await notebooks.read(params.name));
      return orProblem(services, () => answerQuery(c, services, notebook, body, true), "timeout");
    },
  }),

  route({
    method: "post",
    path: "/api/notebooks/{name}/cells/{cell}/sql",
    needs: "query",
    summary: "What the engine is sent for a cell",
    description:
      "The statement with the query cells that are computed within it, the values that are bound to its " +
      "parameters, and the stored rows that it reads.",
    body: compileBodySchema,
    success: [
      200,
      "sql, parameters and reads; or the problem, where a cell above was never run or the query is wrong.",
      compiledAnswerSchema,
    ],
    errors: { ...computed, ...noQuery },
    answer: async ({ services, params: { name, cell }, body: { parameters } }) => {
      const { notebooks } = services;
      const analyzed = await notebooks.analyze(await notebooks.read(name));
      return orProblem(services, () => compileCell(services, analyzed, { cell, parameters }));
    },
  }),

  route({
    method: "post",
    path: "/api/notebooks/{name}/cells/{cell}/plan",
    needs: "query",
    summary: "How the engine would compute a cell",
    description: "EXPLAIN of what the cell's sql is; no row is read.",
    body: compileBodySchema,
    success: [200, "The plan as text, or the problem.", explainedAnswerSchema],
    errors: { ...computed, ...noQuery },
    answer: async ({ services, params: { name, cell }, body: { parameters }, signal }) => {
      const { notebooks } = services;
      const analyzed = await notebooks.analyze(await notebooks.read(name));
      return orProblem(services, () => explainCell(services, analyzed, { cell, parameters }, signal));
    },
  }),

  route({
    method: "get",
    path: "/api/spark",
    needs: "run",
    summary: "Whether Spark can be used",
    description: "The first time both engines show each other a file in the lake, which takes seconds.",
    success: [200, "Nothing, or the problem.", sparkStateSchema],
    answer: async ({ services: { engine, workspace } }) => {
      try {
        await engine.reachCluster();
        return {};
      } catch (error) {
        if (!isAppError(error)) throw error;
        return { problem: toErrorBody(error, workspace.root).error };
      }
    },
  }),

  route({
    method: "post",
    path: "/api/notebooks/{name}/tests",
    needs: "run",
    summary: "Run the tests of a notebook on nothing but their own rows",
    description:
      "What became of each is kept, where it was of the notebook as it is saved. A test that fails is part of the answer, and no error.",
    body: testsBodySchema,
    success: [200, "What became of each, in the order of the file.", testRunSchema],
    errors: { ...computed, 404: "There is no such notebook, or no such test." },
    answer: async ({ services, params: { name }, body: { tests, text }, signal }) => {
      const { notebooks } = services;
      const file = await notebooks.read(name);
      const analyzed =
        text === undefined ? await notebooks.analyze(file) : await notebooks.analyzeText(file.name, text);
      const run = await runTests(services, analyzed, tests, signal);
      if (text === undefined) await services.tests.keep(analyzed, run.tests);
      return run;
    },
  }),

  route({
    method: "get",
    path: "/api/notebooks/{name}/tests",
    needs: "read",
    summary: "How the tests of a notebook last came out",
    description:
      "With the texts of the test and of its cell as they were then: where they differ now, it is old.",
    success: [200, "Those that were run, in the order of the file.", keptTestsSchema],
    errors: unknownNotebook,
    answer: async ({ services: { notebooks, tests }, params: { name } }) => ({
      tests: await tests.of(await notebooks.analyze(await notebooks.read(name))),
    }),
  }),

  route({
    method: "post",
    path: "/api/notebooks/{name}/cells/{cell}/test",
    needs: "edit",
    summary: "Draft a test of a cell with rows that its parents really have",
    description:
      "Of the notebook as it is saved, and of rows as they were computed last. Of what the cell groups by, or of its key, " +
      "the parents' rows of the chosen rows; where that cannot be told, the first few of each. What is expected is what comes out now.",
    body: testDraftBodySchema,
    success: [200, "The YAML of the test; put it into the notebook and save that.", testDraftSchema],
    errors: {
      ...computed,
      ...unknownNotebook,
      ...waiting,
      400: "The cell has no query, or what it reads was not run.",
    },
    answer: async ({ services, params: { name, cell }, body: { rows }, c }) => {
      const { notebooks, free } = services;
      const analyzed = await notebooks.analyze(await notebooks.read(name));
      const { timeoutMs } = free;
      const asked = { cell, rows, timeoutMs };
      return (await free.run(c, (signal) => draftTest(services, analyzed, asked, signal))).result;
    },
  }),

  route({
    method: "post",
    path: "/api/notebooks/{name}/rename",
    needs: "edit",
    summary: "The notebook's text with a cell renamed, references included",
    body: renameBodySchema,
    success: [200, "The text; save it with PUT.", renamedTextSchema],
    errors: unknownNotebook,
    answer: async ({ services, params, body: { cell, newName } }) => {
      const { notebooks } = services;
      const analyzed = await notebooks.analyze(await notebooks.read(params.name));
      return { text: await renameEverywhere(services, analyzed, cell, newName) };
    },
  }),

  route({
    method: "get",
    path: "/api/notebooks/{name}/lineage",
    needs: "read",
    summary: "From which columns each cell computes its own",
    description:
      "One step back: columns of cells, of files and of datasets of the lake. What cannot be told says why.",
    success: [200, "Each cell, chart and check of the notebook.", lineageViewSchema],
    errors: unknownNotebook,
    answer: async ({ services, params }) => {
      const analyzed = await services.notebooks.analyze(await services.notebooks.read(params.name));
      return toLineageView(await workspaceLineage(services, analyzed), analyzed.notebook.name);
    },
  }),

  route({
    method: "get",
    path: "/api/notebooks/{name}/cells/{cell}/lineage",
    needs: "read",
    summary: "The way of a column: back to files, forward to datasets, charts and checks of every notebook",
    query: lineageQuerySchema,
    success: [
      200,
      "What it is computed from, and what is computed from it; nearest first.",
      columnLineageSchema,
    ],
    errors: { 404: "There is no such cell, or no such column." },
    answer: async ({ services, params: { name, cell }, query: { column } }) => {
      const analyzed = await services.notebooks.analyze(await services.notebooks.read(name));
      const traced = await traceColumn(services, analyzed, { cell, column });
      return toColumnView(traced.graph, traced);
    },
  }),

  route({
    method: "get",
    path: "/api/vocabulary",
    needs: "read",
    summary: "Names that SQL may use: files of input, datasets of the lake",
    success: [200, "Lists of names, with the columns of datasets.", vocabularyViewSchema],
    answer: async ({ services: { workspace, lake, engine } }) => {
      const [files, published] = await Promise.all([
        listInputFiles(workspace),
        listPublishedDatasets(lake, 1),
      ]);
      const datasets = published
        .filter((item) => item.isLatest)
        .map(({ dataset, columns }) => ({ name: dataset, columns }));
      const { functions, keywords } = await vocabularyOf(engine);
      return { files, datasets, functions, keywords };
    },
  }),
] as const;

/** What is asked while somebody types must not keep others waiting. */
const LIVE_SAMPLE = { rows: 10_000, bytes: 64_000_000 };
const LIVE_MS = 2000;

async function answerQuery(
  c: Context<Env>,
  services: ApiServices,
  notebook: AnalyzedNotebook | undefined,
  body: z.output<typeof queryBodySchema>,
  isLive = false,
): Promise<QueryAnswer> {
  const { free } = services;
  const { result, waitedMs } = await free.run(c, (signal) =>
    queryNotebook(services, {
      ...body,
      notebook,
      maxCharacters: SHOWN_CHARACTERS,
      signal,
      sample: isLive ? LIVE_SAMPLE : undefined,
      timeoutMs: isLive ? Math.min(LIVE_MS, free.timeoutMs) : free.timeoutMs,
    }),
  );
  return waitedMs === undefined ? result : { ...result, waitedMs };
}
