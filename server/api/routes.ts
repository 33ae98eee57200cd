import { z } from "zod";
import { runRecordSchema } from "../runs/run-record.js";
import { SHOWN_CHARACTERS } from "../rows/shown-values.js";
import {
  cellDownloadQuerySchema,
  chartQuerySchema,
  compileBodySchema,
  compileProblemSchema,
  diffQuerySchema,
  downloadQuerySchema,
  draftChartBodySchema,
  duplicateBodySchema,
  emptyBodySchema,
  eventsQuerySchema,
  exportQuerySchema,
  importBodySchema,
  lakeQuerySchema,
  lakeRowsQuerySchema,
  lakeValueQuerySchema,
  moveBodySchema,
  profileQuerySchema,
  queryBodySchema,
  renameBodySchema,
  resumableQuerySchema,
  rowsQuerySchema,
  runBodySchema,
  runsQuerySchema,
  saveBodySchema,
  shareBodySchema,
  vacuumBodySchema,
  valueQuerySchema,
  verifyBodySchema,
} from "./protocol.js";

export interface RouteDescription {
  readonly method: "get" | "put" | "post" | "delete";
  /** As OpenAPI writes it. */
  readonly path: string;
  readonly summary: string;
  /** More than the summary can say; plain text. */
  readonly description?: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Header name to meaning. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly success: readonly [status: number, meaning: string, schema?: z.ZodType];
  /** Where it may answer 201 as well, with the same body. */
  readonly created?: string;
  /** Of the body of a success; default: JSON. */
  readonly type?: string | readonly string[];
  /** Statuses beyond those that every route may have. */
  readonly errors?: Readonly<Record<number, string>>;
  readonly isPublic?: boolean;
}

const columnSchema = z.object({ name: z.string(), type: z.string() });
const cutSchema = z
  .object({ row: z.number(), column: z.number(), length: z.number() })
  .describe("Indexes into rows, and the characters of the whole value's text, or the bytes of a BLOB.");
const pageSchema = z.object({
  columns: z.array(columnSchema),
  rows: z.array(z.array(z.unknown())),
  totalRows: z.number(),
  cut: z.array(cutSchema).optional(),
});
const runViewSchema = runRecordSchema.omit({ text: true, format: true });
const startedSchema = z.object({ id: z.string() });
const namedSchema = z.object({ name: z.string() });
const shareSchema = z.object({
  id: z.string(),
  notebook: z.string(),
  title: z.string(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
});
const problemSchema = z.object({ code: z.string(), path: z.string(), message: z.string(), hint: z.string() });
const vacuumReportSchema = z.object({
  isDone: z.boolean(),
  publications: z.array(z.object({ notebook: z.string(), runDate: z.string(), txn: z.string() })),
  versions: z.array(
    z.object({ dataset: z.string(), version: z.string(), bytes: z.number(), reason: z.string() }),
  ),
  inputs: z.array(z.object({ sha256: z.string(), bytes: z.number() })),
  bytes: z.number(),
  problems: z.array(z.string()),
});
const fileTypes = ["text/csv", "application/json", "application/vnd.apache.parquet"];
const valueTypes = ["text/plain", "application/octet-stream"];
const cutNote =
  `Of a value longer than ${String(SHOWN_CHARACTERS)} characters, or a BLOB of more than ` +
  `${String(SHOWN_CHARACTERS / 4)} bytes, rows have the beginning; cut names each of them with its true length.`;
const valueNote = "Its text as UTF-8, or the bytes of a BLOB. NULL is empty. At most 1 GB.";
const computed = { 422: "The engine refuses the query.", 504: "The engine took longer than it may." };
const tooMany = { 503: "Too many pages follow this server." };
const unknownNotebook = { 404: "There is no such notebook." };

/** Every route, for programs and people: `/api/openapi.json` and `/api/docs` are made of it. */
export const routes: readonly RouteDescription[] = [
  {
    method: "get",
    path: "/healthz",
    summary: "Whether the server lives",
    success: [200, "It does.", z.object({ status: z.literal("ok"), id: z.string() })],
    isPublic: true,
  },
  {
    method: "get",
    path: "/api/notebooks",
    summary: "All notebooks",
    success: [200, "A list of name, title, etag, datasets and the number of problems, sorted by name."],
  },
  {
    method: "get",
    path: "/api/notebooks/{name}",
    summary: "A notebook: text, cells, graph and diagnostics",
    description: "A name with a folder is written with %2F: team%2Fdaily. The etag is the header's too.",
    success: [200, "The notebook as its file is now."],
    errors: unknownNotebook,
  },
  {
    method: "put",
    path: "/api/notebooks/{name}",
    summary: "Save a notebook",
    body: saveBodySchema,
    headers: {
      "If-Match": "the etag that was edited; * for whatever version is there",
      "If-None-Match": "* to make a new notebook",
    },
    success: [200, "The notebook as it is now."],
    created: "The notebook, which is new.",
    errors: {
      412: "Somebody else saved; details.etag and the header tell the version that is there.",
      422: "What is there is not UTF-8: saving would lose bytes.",
      428: "Neither If-Match nor If-None-Match was sent.",
    },
  },
  {
    method: "post",
    path: "/api/notebooks/{name}/runs",
    summary: "Run or materialize a notebook",
    body: runBodySchema,
    success: [
      202,
      "The run has begun; follow it at /api/runs/{id} or by the notebook's events.",
      startedSchema,
    ],
    errors: {
      ...unknownNotebook,
      409:
        "The date was published from other input: choose pinned or current. details.files names what differs. " +
        "Or something would go from the date that removes does not name; details.removed lists it.",
      422: "The notebook has errors; diagnostics lists them.",
    },
  },
  {
    method: "post",
    path: "/api/notebooks/{name}/plan",
    summary: "What a run would compute and reuse, without doing it",
    body: runBodySchema,
    success: [
      200,
      "The run as it would begin, for each cell what would happen and why, and in removed what would go from the run " +
        "date; or the problem: a choice is needed " +
        "(choice-needed; details.files names what differs), or the notebook has errors (invalid-notebook).",
    ],
    errors: unknownNotebook,
  },
  {
    method: "get",
    path: "/api/notebooks/{name}/resumable",
    summary: "The run of a date that can be resumed",
    query: resumableQuerySchema,
    success: [200, "Its id, or null.", z.object({ run: startedSchema.nullable() })],
    errors: unknownNotebook,
  },
  {
    method: "get",
    path: "/api/notebooks/{name}/events",
    summary: "What happens to a notebook, as server-sent events",
    description:
      "Events: run-started, cell-queued, cell-started, cell-progress, cell-finished, run-finished, notebook-changed. " +
      "At the beginning a running run is told as run-started with its present state. " +
      "After resync, ask for the state anew: events were missed.",
    headers: { "Last-Event-ID": "the last event that was seen; what came after it is sent again" },
    query: eventsQuerySchema,
    success: [200, "An endless stream."],
    errors: { ...tooMany, ...unknownNotebook },
    type: "text/event-stream",
  },
  {
    method: "get",
    path: "/api/events",
    summary: "What happens to all notebooks, as server-sent events",
    description: "The same events as those of one notebook.",
    headers: { "Last-Event-ID": "the last event that was seen; what came after it is sent again" },
    query: eventsQuerySchema,
    success: [200, "An endless stream."],
    errors: tooMany,
    type: "text/event-stream",
  },
  {
    method: "get",
    path: "/api/notebooks/{name}/cells/{cell}/rows",
    summary: "A page of a cell's rows",
    description:
      "Of a check cell these are the failing rows. Integers of 64 bits and more and decimals are strings, " +
      `so that no digit is lost. ${cutNote}`,
    query: rowsQuerySchema,
    success: [200, "The page, and the run that it is of.", pageSchema.extend({ run: z.string().optional() })],
    errors: { ...computed, 404: "No run has rows of that cell, or they are no longer kept." },
  },
  {
    method: "get",
    path: "/api/notebooks/{name}/cells/{cell}/value",
    summary: "One value whole, as a file",
    description: valueNote,
    query: valueQuerySchema,
    success: [200, "The value, as an attachment."],
    type: valueTypes,
    errors: { ...computed, 404: "No run has rows of that cell, they are no longer kept, or are fewer." },
  },
  {
    method: "get",
    path: "/api/notebooks/{name}/cells/{cell}/download",
    summary: "A cell's rows as one file: CSV, JSON or Parquet",
    description: "Of a check cell these are the failing rows.",
    query: cellDownloadQuerySchema,
    success: [200, "The file, as an attachment."],
    type: fileTypes,
    errors: { ...computed, 404: "No run has rows of that cell, or they are no longer kept." },
  },
  {
    method: "get",
    path: "/api/notebooks/{name}/cells/{cell}/profile",
    summary: "What the values of each column are like",
    query: profileQuerySchema,
    success: [
      200,
      "For each column: count, nulls, distinct, min, max, quantiles, frequent values, histogram. " +
        "Long texts are cut as in rows; minLength, maxLength and length tell how long they are.",
    ],
    errors: { ...computed, 404: "No run has rows of that cell, or they are no longer kept." },
  },
  {
    method: "get",
    path: "/api/notebooks/{name}/cells/{cell}/chart",
    summary: "What a chart cell draws",
    description:
      "At most 5000 points, computed by the query in sql over the rows of the cell that the chart is of.",
    query: chartQuerySchema,
    success: [
      200,
      "How to draw it (plot), columns named by its channels, rows, sql, caption, totalRows, run.",
    ],
    errors: { ...computed, 404: "There is no such chart, or the cell that it is of has no rows yet." },
  },
  {
    method: "post",
    path: "/api/notebooks/{name}/chart",
    summary: "What a chart would draw that is in no file",
    body: draftChartBodySchema,
    success: [200, "The same as for a chart cell."],
    errors: { ...computed, 404: "The cell has no rows yet." },
  },
  {
    method: "get",
    path: "/api/notebooks/{name}/inputs/{cell}/options",
    summary: "What a select offers",
    description: "Listed values, or those of a query over the cells as they were last run; at most 1000.",
    success: [200, "type, values, isTruncated."],
    errors: {
      ...computed,
      404: "There is no such input.",
      409: "Twenty queries of this client wait already.",
    },
  },
  {
    method: "get",
    path: "/api/notebooks/{name}/cells/{cell}/diff",
    summary: "What publishing a dataset's draft would change",
    description:
      "Rows are matched by the key, or by what the query groups by where that is unique on both sides; " +
      "otherwise whole rows are compared. At most 100 examples of each kind; a value longer than " +
      `${String(SHOWN_CHARACTERS)} characters is cut there and says its length: … (10000000 characters).`,
    query: diffQuerySchema,
    success: [
      200,
      "Counts, columns and examples, old and new; against is null where nothing is published yet.",
    ],
    errors: { ...computed, 404: "There is no draft." },
  },
  {
    method: "post",
    path: "/api/notebooks/{name}/query",
    summary: "Query the lake, input files or the notebook's cells as they were last run",
    body: queryBodySchema,
    description:
      "It is stopped after query_timeout, or when the request is closed. A client has two at a time; waitedMs in the " +
      `answer says how long it waited for its own others. ${cutNote}`,
    success: [200, "Columns and rows; nothing is kept."],
    errors: { ...computed, ...unknownNotebook, 409: "Twenty queries of this client wait already." },
  },
  {
    method: "post",
    path: "/api/notebooks/{name}/cells/{cell}/sql",
    summary: "What the engine is sent for a cell",
    description:
      "The statement with the query cells that are computed within it, the values that are bound to its " +
      "parameters, and the stored rows that it reads.",
    body: compileBodySchema,
    success: [
      200,
      "sql, parameters and reads; or the problem, where a cell above was never run or the query is wrong.",
      z.union([
        z.object({
          sql: z.string(),
          parameters: z.array(z.object({ name: z.string(), type: z.string(), value: z.unknown() })),
          reads: z.array(z.string()),
        }),
        compileProblemSchema,
      ]),
    ],
    errors: { ...computed, 404: "There is no such cell, or it has no query." },
  },
  {
    method: "post",
    path: "/api/notebooks/{name}/cells/{cell}/plan",
    summary: "How the engine would compute a cell",
    description: "EXPLAIN of what the cell's sql is; no row is read.",
    body: compileBodySchema,
    success: [
      200,
      "The plan as text, or the problem.",
      z.union([z.object({ text: z.string() }), compileProblemSchema]),
    ],
    errors: { ...computed, 404: "There is no such cell, or it has no query." },
  },
  {
    method: "post",
    path: "/api/notebooks/{name}/rename",
    summary: "The notebook's text with a cell renamed, references included",
    body: renameBodySchema,
    success: [200, "The text; save it with PUT.", z.object({ text: z.string() })],
    errors: unknownNotebook,
  },
  {
    method: "post",
    path: "/api/notebooks/{name}/shares",
    summary: "Make a link to what the notebook shows now",
    description:
      "Text, stored rows, charts, graph and checks are copied; the link never runs SQL. " +
      "It opens without a login, and it is told only here.",
    body: shareBodySchema,
    success: [201, "The link.", shareSchema.extend({ url: z.string() })],
    errors: unknownNotebook,
  },
  {
    method: "get",
    path: "/api/notebooks/{name}/shares",
    summary: "The links to a notebook that are open",
    success: [200, "Newest first.", z.object({ shares: z.array(shareSchema) })],
    errors: unknownNotebook,
  },
  {
    method: "delete",
    path: "/api/shares/{id}",
    summary: "Close a link and remove its snapshot",
    success: [200, "Its id.", z.object({ id: z.string() })],
    errors: { 404: "There is no such link." },
  },
  {
    method: "get",
    path: "/api/notebooks/{name}/export",
    summary: "The notebook as one file: HTML, Markdown or SQL",
    description: "Nothing is run: results are those of the last runs.",
    query: exportQuerySchema,
    success: [200, "The file, as an attachment."],
    type: ["text/html", "text/markdown", "application/sql"],
    errors: { ...unknownNotebook, 422: "The notebook is not UTF-8, so there is no Markdown of it." },
  },
  {
    method: "post",
    path: "/api/notebooks/{name}/duplicate",
    summary: "Copy a notebook",
    body: duplicateBodySchema,
    success: [201, "The name of the copy.", namedSchema],
    errors: { ...unknownNotebook, 409: "The name is taken.", 422: "The notebook is not UTF-8." },
  },
  {
    method: "post",
    path: "/api/notebooks/{name}/move",
    summary: "Give a notebook another name",
    description: "What it published stays with the old name; datasets in the answer lists it.",
    body: moveBodySchema,
    success: [200, "The new name.", namedSchema.extend({ datasets: z.array(z.string()).optional() })],
    errors: { ...unknownNotebook, 409: "The name is taken, or the notebook runs right now." },
  },
  {
    method: "delete",
    path: "/api/notebooks/{name}",
    summary: "Delete a notebook; what it published stays",
    success: [200, "What brings it back.", namedSchema.extend({ trash: z.string() })],
    errors: { ...unknownNotebook, 409: "It runs right now." },
  },
  {
    method: "post",
    path: "/api/trash/{id}/restore",
    summary: "Undo the deletion of a notebook",
    body: emptyBodySchema,
    success: [200, "Its name.", namedSchema],
    errors: { 404: "Nothing was deleted under that id.", 409: "The name has been taken meanwhile." },
  },
  {
    method: "post",
    path: "/api/notebooks/import",
    summary: "Make a notebook of a Markdown or SQL file",
    description:
      "Of a SQL script each CREATE TABLE ... AS becomes a dataset, each view and each query a cell; the rest stays as prose, with the reason.",
    body: importBodySchema,
    success: [201, "The name; that of the file, made unique.", namedSchema],
  },
  {
    method: "put",
    path: "/api/input/{name}",
    summary: "Upload a file to input/",
    description:
      "The body is the file itself: CSV, JSON, Parquet, or a workbook, of which each sheet becomes a file. Another file is never replaced.",
    success: [
      201,
      "Where it lies, what was found in it, and a cell and a notebook that read it.",
      z.object({
        path: z.string(),
        bytes: z.number(),
        encoding: z.string().optional(),
        delimiter: z.string().optional(),
        columns: z.array(columnSchema),
        notes: z.array(z.string()),
        cell: z.string(),
        notebook: z.string(),
        sheets: z.array(z.unknown()).optional().describe("of a workbook: the same for each further sheet"),
      }),
    ],
    errors: {
      409: "There is such a file.",
      413: "It is larger than upload_limit. Nothing is kept.",
      422: "It cannot be read as a table: the hint says what to do. Nothing is kept.",
    },
  },
  {
    method: "get",
    path: "/s/{token}",
    summary: "A shared notebook, for whoever has the link",
    success: [200, "HTML without scripts."],
    type: "text/html",
    errors: { 404: "The link does not exist, has expired, or was closed." },
    isPublic: true,
  },
  {
    method: "get",
    path: "/api/vocabulary",
    summary: "Names that SQL may use: files of input, datasets of the lake",
    success: [200, "Lists of names, with the columns of datasets."],
  },
  {
    method: "get",
    path: "/api/runs",
    summary: "Runs, the newest first",
    query: runsQuerySchema,
    success: [
      200,
      "What runs --json prints.",
      z.object({ runs: z.array(runViewSchema), position: z.string() }),
    ],
  },
  {
    method: "get",
    path: "/api/runs/{id}",
    summary: "A run, while it runs too",
    success: [200, "What run --json prints.", runViewSchema],
    errors: { 404: "There is no such run." },
  },
  {
    method: "post",
    path: "/api/runs/{id}/cancel",
    summary: "Cancel a run",
    body: emptyBodySchema,
    success: [200, "The run as it ended. One that had ended before is left as it is.", runViewSchema],
    errors: { 404: "There is no such run." },
  },
  {
    method: "post",
    path: "/api/runs/{id}/retry",
    summary: "Another attempt of a run: same input, same SQL, same run date",
    body: emptyBodySchema,
    success: [202, "The attempt has begun.", startedSchema],
    errors: {
      404: "There is no such run.",
      409: "It runs, it has succeeded, or a later run has published its date.",
    },
  },
  {
    method: "get",
    path: "/api/lake",
    summary: "What is published: every dataset of every run date",
    query: lakeQuerySchema,
    success: [200, "Datasets with rows, bytes, partitions, columns and path."],
  },
  {
    method: "post",
    path: "/api/lake/verify",
    summary: "Prove the lake against its log",
    description: "Reads every file of it, unless it is to be quick.",
    body: verifyBodySchema,
    success: [
      200,
      "What is wrong; nothing, where problems is empty.",
      z.object({ problems: z.array(problemSchema) }),
    ],
  },
  {
    method: "post",
    path: "/api/lake/vacuum",
    summary: "What nothing names any longer, and its removal",
    description:
      "Removes nothing unless dryRun is false. What runs need that are at work or can be resumed stays.",
    body: vacuumBodySchema,
    success: [200, "What would go, or went where isDone is true.", vacuumReportSchema],
    errors: { 409: "The lake changed meanwhile: ask again." },
  },
  {
    method: "get",
    path: "/api/lake/{date}/{dataset}",
    summary: "A published dataset: partitions, SQL, inputs and checks",
    description: "The date may be latest.",
    success: [200, "What GET /api/lake leaves out of it."],
    errors: { 404: "The dataset was not published for that date." },
  },
  {
    method: "get",
    path: "/api/lake/{date}/{dataset}/download",
    summary: "A published dataset as one file: CSV, JSON or Parquet",
    description:
      "The date may be latest. JSON is an array of objects, with whole numbers of any size as they are.",
    query: downloadQuerySchema,
    success: [200, "The file, as an attachment."],
    type: fileTypes,
    errors: { ...computed, 404: "The dataset was not published for that date." },
  },
  {
    method: "get",
    path: "/api/lake/{date}/{dataset}/value",
    summary: "One value of a published dataset whole, as a file",
    description: `The date may be latest. ${valueNote}`,
    query: lakeValueQuerySchema,
    success: [200, "The value, as an attachment."],
    type: valueTypes,
    errors: { ...computed, 404: "The dataset was not published for that date, or has fewer rows." },
  },
  {
    method: "get",
    path: "/api/lake/{date}/{dataset}/rows",
    summary: "A page of a published dataset",
    description: `The date may be latest. ${cutNote}`,
    query: lakeRowsQuerySchema,
    success: [200, "The page.", pageSchema],
    errors: { ...computed, 404: "The dataset was not published for that date." },
  },
  {
    method: "get",
    path: "/api/openapi.json",
    summary: "This description, for programs",
    success: [200, "OpenAPI 3.1."],
  },
  {
    method: "get",
    path: "/api/docs",
    summary: "This description, for people",
    success: [200, "HTML."],
    type: "text/html",
  },
];
