import { KEPT_DATES } from "../lake/vacuum.js";
import { namedRecord } from "../base/named-record.js";
import { z } from "zod";
import { roles } from "../base/roles.js";
import { pickedSchema } from "../chart/picked-schema.js";
import { grains } from "../chart/time-grain.js";
import { summaryAggregates } from "../engine/summary.js";
import { backfillModes } from "../operate/backfills.js";
import { scheduleSettingsSchema } from "../operate/schedules/schedule-draft.js";
import { namePattern } from "../notebook/names.js";
import { downloadFormats } from "../rows/download.js";

/** What comes in over HTTP. */

/** `POST /api/notebooks/:name/runs` and `/plan`. A misspelt key is an error, never ignored. */
export const runBodySchema = z.strictObject({
  date: z.string().optional().describe("run date, YYYY-MM-DD; default: today"),
  parameters: namedRecord(z.unknown())
    .optional()
    .describe("values by name; a text is read as --param reads it"),
  cells: z.array(z.string()).max(1000).optional().describe("only these and what they read; default: all"),
  force: z.boolean().optional().describe("compute everything, whatever is stored"),
  input: z
    .enum(["pinned", "current"])
    .optional()
    .describe("which input, for a date that was published from other input"),
  materialize: z.boolean().default(false).describe("publish the datasets under the run date"),
  removes: z
    .array(z.string())
    .max(1000)
    .optional()
    .describe("paths that may go from the run date, as a plan names them; default: whatever goes"),
  strict: z
    .boolean()
    .default(false)
    .describe("refuse to run while a selected cell has errors; materialize always does"),
  alerts: z.boolean().default(true).describe("false: nobody is told how it ends"),
  test: z
    .boolean()
    .default(false)
    .describe("run all tests of the notebook first, and nothing where one does not pass"),
});
export type RunBody = z.input<typeof runBodySchema>;

/** What a reader chooses on the page. */
export const exploreBodySchema = runBodySchema.pick({ date: true, parameters: true }).extend({
  cells: z.array(z.string()).optional().describe("only these, and what they read; default: all"),
});

const runDateSchema = z.string().describe("run date, YYYY-MM-DD");
export const backfillBodySchema = z.strictObject({
  from: runDateSchema,
  to: runDateSchema,
  mode: z
    .enum(backfillModes)
    .default("missing")
    .describe("missing: never run; failed: these, and those whose last run did not succeed"),
  dryRun: z.boolean().default(false).describe("only list the dates"),
});
export const scheduleDraftBodySchema = z.strictObject({
  settings: scheduleSettingsSchema
    .nullable()
    .optional()
    .describe("null: no schedule; left out: the one that is there"),
});
export const calendarQuerySchema = z.object({ from: runDateSchema, to: runDateSchema });

export const saveBodySchema = z.strictObject({ text: z.string() });

export const historyQuerySchema = z.object({
  limit: wholeNumber(10_000, 1000).describe("entries, from the newest; default: 1000"),
  offset: wholeNumber(1_000_000, 0).describe("entries that are passed over"),
});
export const historyDiffQuerySchema = z.object({
  to: z.string().default("now").describe("another entry; default: now, the file as it is"),
});
export const restoreTextBodySchema = z.strictObject({
  etag: z.string().describe("the version that was looked at; * for whatever is there"),
  cell: z.string().optional().describe("only this cell; default: the whole text"),
});

/** Cancelling needs nothing. */
export const emptyBodySchema = z.strictObject({});

export const retryBodySchema = runBodySchema.pick({ alerts: true }).extend({
  from: z
    .string()
    .optional()
    .describe("compute this cell and all below it anew; of a run that has succeeded too"),
});

/** As JSON within a URL. */
const pickedTextSchema = z
  .string()
  .max(20_000)
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message: "JSON" });
      return z.NEVER;
    }
  })
  .pipe(pickedSchema);

const MAX_PAGE_ROWS = 1000;
const MAX_COLUMNS = 1_000_000;

function wholeNumber(max: number, otherwise: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/, "a whole number")
    .transform(Number)
    .refine((value) => value <= max, `at most ${String(max)}`)
    .default(otherwise);
}

export const rowsQuerySchema = z.object({
  offset: wholeNumber(Number.MAX_SAFE_INTEGER, 0),
  limit: wholeNumber(MAX_PAGE_ROWS, 100).describe(`rows at most, up to ${String(MAX_PAGE_ROWS)}`),
  sort: z
    .array(z.string())
    .default([])
    .describe("`column` (or `column asc`), `-column` or `column desc`; may be given several times"),
  filter: z
    .array(z.string())
    .default([])
    .describe(
      "`column:op:value` with op eq, ne, lt, le, gt, ge, contains, starts, or `column:null`, `column:notnull`; ne lets NULL through; " +
        "anything else is a text that some column contains. May be given several times: all have to hold",
    ),
  picked: z
    .array(pickedTextSchema)
    .default([])
    .describe(
      "rows of marks that were picked in a chart, as JSON: by (of groupedBy of the chart), and groups or ranges of their values. " +
        "May be given several times: all have to hold",
    ),
  run: z.string().optional().describe("a run's id; default: the newest run that has rows of the cell"),
  result: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "a fingerprint")
    .optional()
    .describe("a fingerprint, as runs and plans name it: the rows that have it, in place of a run's"),
  check: z.string().optional().describe("a check's name: its failing rows instead of the cell's"),
});

const valuePlace = {
  row: z
    .string()
    .regex(/^\d{1,15}$/, "a whole number")
    .transform(Number)
    .describe("which row of the page, counted from 0 over all pages with this sort and filter"),
  column: z.string().describe("its name, or its key where it has one"),
};

export const valueQuerySchema = rowsQuerySchema.omit({ offset: true, limit: true }).extend(valuePlace);

const ofCells = { run: true, result: true, check: true, picked: true } as const;

export const lakeValueQuerySchema = valueQuerySchema.omit(ofCells);

export const lakeRowsQuerySchema = rowsQuerySchema.omit(ofCells);

export const downloadQuerySchema = z.object({ format: z.enum(downloadFormats).default("csv") });

export const cellDownloadQuerySchema = downloadQuerySchema.extend(
  rowsQuerySchema.pick({ run: true, result: true }).shape,
);

export const profileQuerySchema = z.object({
  run: rowsQuerySchema.shape.run,
  result: rowsQuerySchema.shape.result,
  offset: wholeNumber(MAX_COLUMNS, 0).describe("columns to leave out"),
  limit: wholeNumber(MAX_COLUMNS, MAX_COLUMNS).describe("columns at most; default: all"),
});

export const trendsQuerySchema = z.object({
  cell: z.string().optional().describe("only checks of this cell; default: all"),
});

export const suggestionsQuerySchema = profileQuerySchema.pick({ run: true, result: true });

export const lakeProfileQuerySchema = profileQuerySchema.omit({ run: true, result: true });

export const chartQuerySchema = rowsQuerySchema.pick({ run: true, result: true, picked: true });

/** `POST /api/notebooks/:name/chart`: a chart that is being built. */
export const draftChartBodySchema = z.strictObject({
  from: z.string().describe("a cell, or a dataset of the lake as SQL names it"),
  chart: namedRecord(z.unknown()).describe("keys as a chart cell has them: mark, x, y ..."),
  run: z.string().optional().describe("a run's id; default: the newest run that has rows of the cell"),
  result: rowsQuerySchema.shape.result,
});

export const lineageQuerySchema = z.object({ column: z.string().min(1).max(1000) });

export const diffQuerySchema = z.object({
  against: z
    .string()
    .optional()
    .describe(
      "run date to compare with, or a publication of it (2026-10-01@3); last run; or a version that is stored; default: the greatest run date",
    ),
});

/** `POST /api/notebooks/:name/query`: a query that is not in the file. Its rows are kept nowhere. */
export const queryBodySchema = z.strictObject({
  sql: z.string().max(1_000_000),
  parameters: namedRecord(z.unknown()).default({}),
  limit: z.number().int().min(1).max(MAX_PAGE_ROWS).default(MAX_PAGE_ROWS),
});

const readKinds = ["boolean", "integer", "float", "text", "date", "time", "timestamp"] as const;

/** `POST /api/input/look`. */
export const lookBodySchema = z.strictObject({
  path: z.string().min(1).max(4096).describe("of a file, or a pattern, as SQL names it: input/orders_*.csv"),
  read: z
    .strictObject({
      delimiter: z.string().min(1).max(4).exactOptional(),
      decimal: z.enum([".", ","]).exactOptional().describe("the decimal sign"),
      thousands: z.enum(["none", ".", ","]).exactOptional().describe("the sign between thousands"),
      encoding: z.enum(["utf-8", "latin-1", "utf-16"]).exactOptional(),
      header: z.boolean().exactOptional().describe("the first line has the names"),
      types: namedRecord(z.enum(readKinds)).exactOptional().describe("by the name of the column"),
    })
    .default({})
    .describe("of CSV; what is absent is found by looking"),
  rows: z.number().int().min(0).max(100).default(0).describe("first rows that are wanted"),
  profile: z
    .strictObject({
      offset: z.number().int().min(0).max(MAX_COLUMNS),
      limit: z.number().int().min(1).max(40),
    })
    .optional()
    .describe("columns that are to be described; default: none"),
});

const chosenBySchema = z.strictObject({
  column: z.string(),
  op: z.enum(["eq", "ge", "contains"]),
  parameter: z.string().regex(namePattern).max(120),
  since1970: z
    .enum(["seconds", "milliseconds"])
    .optional()
    .describe("the parameter is a date, the column counts these"),
});

/** `POST /api/notebooks/:name/cells/:cell/derive`. */
export const deriveBodySchema = z.strictObject({
  result: rowsQuerySchema.shape.result,
  sort: z.array(z.string()).max(100).default([]).describe("as that of rows"),
  filter: z.array(z.string()).max(100).default([]).describe("as that of rows"),
  picked: z.array(pickedSchema).max(20).default([]).describe("as that of rows, as objects"),
  groupBy: z
    .array(z.string())
    .max(20)
    .default([])
    .describe("columns of which the rows of each value are counted; default: none, the rows themselves"),
  chosen: z
    .array(chosenBySchema)
    .max(20)
    .default([])
    .describe("columns that are compared with a parameter, as a control has it"),
});

const summaryGroupSchema = z.strictObject({
  column: z.string(),
  grain: z.enum(grains).optional().describe("of dates: each of these is a group"),
});

/** `POST /api/notebooks/:name/cells/:cell/summary`. */
export const summaryBodySchema = deriveBodySchema.pick({ result: true, filter: true, picked: true }).extend({
  groupBy: z.array(summaryGroupSchema).max(10).default([]).describe("a row for each of their values"),
  pivot: summaryGroupSchema
    .extend({
      most: z
        .number()
        .int()
        .min(1)
        .max(50)
        .default(50)
        .describe("values that get columns, those of most rows"),
      rest: z
        .boolean()
        .default(false)
        .describe("a column for all others, also where there are none yet; where there are, it is there"),
    })
    .optional()
    .describe("columns for each of its values"),
  measures: z
    .array(
      z.strictObject({
        aggregate: z.enum(summaryAggregates),
        column: z.string().optional().describe("of count: its values without NULL; default: rows"),
      }),
    )
    .min(1)
    .max(10),
  limit: z.number().int().min(1).max(MAX_PAGE_ROWS).default(100).describe("rows that are wanted"),
});

/** `POST /api/notebooks/:name/cells/:cell/sql` and `/plan`. */
export const compileBodySchema = queryBodySchema.pick({ parameters: true });

/** `POST /api/notebooks/:name/tests`. */
export const testsBodySchema = z.strictObject({
  tests: z.array(z.string()).optional().describe("names; default: all"),
  text: z.string().optional().describe("of the notebook as it is being edited; default: as it is saved"),
});

export const testDraftBodySchema = z.strictObject({
  rows: z
    .array(z.record(z.string(), z.string().nullable()))
    .max(10)
    .default([])
    .describe("rows of the cell that the test is to be about, values as text; default: the first two"),
});

/** `POST /api/notebooks/:name/shares`. */
export const shareBodySchema = z.strictObject({
  expires: z
    .string()
    .max(20)
    .nullable()
    .optional()
    .describe("12h, 30d or 8w from now on; null: never; default: 30d"),
});

export const exportQuerySchema = z.object({ format: z.enum(["html", "md", "sql"]).default("html") });

export const uploadQuerySchema = z.object({
  replace: z
    .enum(["true", "false"])
    .default("false")
    .describe("true: the name is a path below input/, and a file that lies there is replaced"),
});

export const duplicateBodySchema = z.strictObject({
  newName: z.string().optional().describe("default: the name with _copy"),
});
export const moveBodySchema = z.strictObject({ newName: z.string() });
export const importBodySchema = z.union([
  z.strictObject({
    fileName: z
      .string()
      .max(300)
      .describe(
        "its ending tells what it is: .md, .sql, .ipynb, .py of marimo, .html or .json of Observable",
      ),
    text: z.string(),
  }),
  z.strictObject({
    files: z
      .array(z.strictObject({ path: z.string().max(1000), text: z.string() }))
      .max(5000)
      .describe("of a dbt project: .sql, .yml, and .csv without its text; paths below the folder"),
  }),
]);

export const renameBodySchema = z.strictObject({ cell: z.string(), newName: z.string() });

export const runsQuerySchema = z.object({
  notebook: z.string().optional(),
  limit: wholeNumber(1000, 50),
});

export const lakeQuerySchema = z.object({
  dates: wholeNumber(100_000, 100_000).describe(
    "run dates of each dataset at most, the greatest first; default: all",
  ),
});

export const eventsQuerySchema = z.object({
  after: z.string().optional().describe("a position: what came after it is sent first"),
});
const pageSchema = z.string().regex(/^[\w-]{8,64}$/, "8 to 64 letters, digits, _ and -");
export const notebookEventsQuerySchema = eventsQuerySchema.extend({
  page: pageSchema
    .optional()
    .describe("what the page calls itself: others see then who has the notebook open"),
});
export const presenceBodySchema = z.strictObject({
  page: pageSchema,
  cell: z.string().max(200).optional().describe("where the page is now; absent: in none"),
});

export const resumableQuerySchema = z.object({ date: z.string().optional() });

/** `POST /api/lake/verify`. */
export const backupQuerySchema = z.object({
  input: z
    .enum(["true", "false"])
    .default("true")
    .transform((value) => value === "true")
    .describe("false: without input/"),
});

export const verifyBodySchema = z.strictObject({
  quick: z.boolean().default(false).describe("compare sizes only, not the content of files"),
});

/** `POST /api/lake/vacuum`. */
export const vacuumBodySchema = z.strictObject({
  dryRun: z.boolean().default(true).describe("only say what would go"),
  keep: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(KEPT_DATES)
    .describe("run dates of each notebook that stay published"),
});

export const versionsQuerySchema = z.object({
  dataset: z.string().optional(),
  notebook: z.string().optional(),
  date: z.string().optional().describe("a run date"),
});

const place = "a run date, latest, draft, a publication (2026-10-01@3) or a tag";
export const placesQuerySchema = z.object({
  dataset: z.string(),
  from: z.string().describe(place),
  to: z.string().describe(place),
  key: z
    .array(z.string())
    .optional()
    .describe("columns that rows are matched by; default: the dataset's key, or what is found to be one"),
});

/** `POST /api/lake/rollback`. */
export const rollbackBodySchema = z.strictObject({
  notebook: z.string(),
  date: z.string().describe("run date, YYYY-MM-DD"),
  to: z
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .optional()
    .describe("number of a publication; default: the one before the current one"),
  dryRun: z.boolean().default(false).describe("only say what would happen"),
});

/** `POST /api/notebooks/:name/proposals`. */
export const proposalBodySchema = z.strictObject({
  reason: z.string().min(1).max(2000).describe("why, for the person who decides"),
  cells: z
    .array(
      z.strictObject({
        cell: z.string().max(300),
        text: z.string().max(100_000).describe("what is to stand between the fences"),
      }),
    )
    .min(1)
    .max(50)
    .refine(
      (cells) => new Set(cells.map(({ cell }) => cell)).size === cells.length,
      "a cell stands there twice",
    ),
});

export const settleQuerySchema = z.object({ decision: z.enum(["accepted", "rejected"]) });

/** `POST /api/agents/acts`. */
export const actBodySchema = z.strictObject({
  agent: z.string().max(100).describe("what the agent's program calls itself"),
  from: z.string().max(200).describe("stdio, or an address"),
  tool: z.string().max(100),
  notebook: z.string().max(300).optional(),
  cell: z.string().max(300).optional(),
  input: z.string().max(4000).optional().describe("what the tool was given, as JSON; its beginning"),
  error: z
    .strictObject({ code: z.string().max(100), message: z.string().max(2000) })
    .optional()
    .describe("where it was refused, or failed"),
});

/** `POST /api/lake/tags`. */
export const tagBodySchema = z.strictObject({
  notebook: z.string(),
  date: z.string().describe("run date, YYYY-MM-DD"),
  name: z.string().describe("letters, digits, _, . and -"),
});

export const loginBodySchema = z.strictObject({ name: z.string().max(200), password: z.string().max(4000) });
const passwordSchema = z.string().max(4000).describe("8 to 1000 characters");
export const passwordBodySchema = z.strictObject({ current: z.string().max(4000), password: passwordSchema });
const roleSchema = z.enum(roles);
export const userBodySchema = z.strictObject({
  name: z.string().max(200),
  role: roleSchema,
  password: passwordSchema,
});
export const userChangeSchema = z.strictObject({
  role: roleSchema.optional(),
  password: passwordSchema.optional().describe("another one ends the user's sessions"),
  isDisabled: z.boolean().optional().describe("true: cannot log in, and is logged out"),
  endSessions: z.literal(true).optional().describe("logged out everywhere, and may log in again"),
});
export const tokenBodySchema = z.strictObject({
  name: z.string().max(200),
  role: roleSchema,
  expires: z.string().default("90d").describe("12h, 90d, 8w or never"),
});
export const auditQuerySchema = z.object({
  month: z
    .string()
    .regex(/^\d{4}-\d{2}$/, "a month, YYYY-MM")
    .optional(),
  who: z.string().optional().describe("a user's name also finds what agents did for that user"),
  what: z.string().optional(),
  notebook: z.string().optional(),
  limit: wholeNumber(1000, 100),
});
