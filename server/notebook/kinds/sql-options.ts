import { z } from "zod";
import type { Span } from "../../base/source.js";
import { isColumnFormat, namedFormats } from "../../text/column-format.js";
import { suggest } from "../../text/suggest.js";
import { keyChecks, readChecks } from "../checks.js";
import { readColumnContract } from "./columns.js";
import { field, readFields, type FieldScope } from "../fields.js";
import type { CheckCell, Incremental, OutputFormat, SqlOptions } from "../notebook.js";
import type { Report } from "../report.js";
import {
  durationSchema,
  engineSchema,
  latenessSchema,
  refuseRepetition,
  RETRIES_EXAMPLE,
  RETRIES_EXPECTED,
  retriesSchema,
  textListSchema,
  textSchema,
  toList,
} from "../schemas.js";
import { widthField } from "./width-field.js";
import { findValue, wrapInMap, type YamlMap, type YamlNode } from "../yaml-tree.js";

const formats = ["parquet", "csv", "json"] as const satisfies readonly OutputFormat[];

const formatSchema = z.custom<OutputFormat>((value) => formats.some((format) => format === value), {
  error: (issue) => explainFormat(issue.input),
});
const formatListSchema = z.preprocess(toList, z.array(formatSchema).min(1).superRefine(refuseRepetition));

const timeout = field("timeout", durationSchema, "a number of seconds, or a text such as 30s, 5m, 1h", "10m");
const dependsOn = field("depends_on", textListSchema, "a cell or a list of cells", "[orders]");
const disabled = field("disabled", z.boolean(), "true or false", "true");
const description = field("description", textSchema, "a text", "One row per order");

const columnFormatSchema = z.record(
  z.string(),
  z.string().superRefine((format, context) => {
    if (!isColumnFormat(format)) context.addIssue({ code: "custom", message: explainColumnFormat(format) });
  }),
);

const sqlFields = {
  format: field(
    "format",
    columnFormatSchema,
    "a map from columns to how their numbers are shown",
    '{share: percent, amount: "0.00"}',
  ),
  materialize: field("materialize", formatListSchema, "parquet, csv, json, or a list of them", "parquet"),
  partitionBy: field("partition_by", textListSchema, "a column or a list of columns", "[year, month]"),
  key: field("key", textListSchema, "a column or a list of columns", "order_id"),
  engine: field("engine", engineSchema, "duckdb or spark", "spark"),
  description,
  owner: field("owner", textSchema, "a text", "data-team"),
  tags: field("tags", textListSchema, "a text or a list of texts", "[orders, daily]"),
  eventTime: field("event_time", textSchema, "a column", "sent_at"),
  allowedLatenessMs: field(
    "allowed_lateness",
    latenessSchema,
    "a number of days or hours, such as 90d or 12h",
    "90d",
  ),
  retries: field("retries", retriesSchema, RETRIES_EXPECTED, RETRIES_EXAMPLE),
  timeoutMs: timeout,
  dependsOn,
  disabled,
  width: widthField,
};

const checkFields = {
  severity: field("severity", z.enum(["error", "warn"]), "error or warn", "warn"),
  max: field("max", z.int().min(0), "a whole number of rows", "5"),
  description,
  timeoutMs: timeout,
  dependsOn,
  disabled,
};

const incrementalFields = {
  mode: field("mode", z.enum(["by_partition", "by_key"]), "by_partition or by_key", "by_key"),
  batches: field("batches", z.enum(["cumulative", "latest"]), "cumulative or latest", "latest"),
};

type CheckOptions = Pick<
  CheckCell,
  "severity" | "max" | "description" | "timeoutMs" | "dependsOn" | "disabled"
>;

export function readSqlOptions(map: YamlMap, cell: string, report: Report): SqlOptions {
  const handled = ["cell", "checks", "columns", "incremental"];
  const values = readFields(map, sqlFields, { report, noun: "Option", handled });
  const declared = readChecks(findValue(map, "checks"), cell, report);
  const keySpan = findValue(map, "key")?.span ?? map.span;
  const incremental = readIncremental(findValue(map, "incremental"), report);
  const columns = readColumnContract(findValue(map, "columns"), report);
  const options = {
    ...emptySqlOptions,
    ...values,
    ...(incremental && { incremental }),
    ...(columns && { columns }),
    checks: [...keyChecks(cell, values.key ?? [], keySpan, declared), ...declared],
  };
  reportMismatches(options, map, report);
  return options;
}

export function readCheckOptions(map: YamlMap, report: Report): CheckOptions {
  const scope: FieldScope = { report, noun: "Option", handled: ["check"] };
  return {
    severity: "error",
    max: 0,
    dependsOn: [],
    disabled: false,
    ...readFields(map, checkFields, scope),
  };
}

const emptySqlOptions: SqlOptions = {
  materialize: [],
  partitionBy: [],
  key: [],
  checks: [],
  tags: [],
  dependsOn: [],
  disabled: false,
};

/** A mode, or a map with a mode and which batches count. */
function readIncremental(node: YamlNode | undefined, report: Report): Incremental | undefined {
  if (node === undefined) return undefined;
  const map = node.type === "map" ? node : wrapInMap("mode", node);
  const scope = { report, noun: "Option", handled: [] };
  const { mode, batches = "cumulative" } = readFields(map, incrementalFields, scope);
  if (findValue(map, "mode") === undefined) {
    const hint = "For example: incremental: {mode: by_key, batches: latest}";
    report.error("missing-option", node.span, 'Option "incremental" needs a mode', hint);
  }
  return mode && { mode, batches };
}

/** Options that need one another. */
function reportMismatches(options: SqlOptions, map: YamlMap, report: Report): void {
  const mode = options.incremental?.mode;
  const needed = mode === "by_key" ? "key" : "partition_by";
  const incremental = findValue(map, "incremental");
  if (mode !== undefined && incremental !== undefined && findValue(map, needed) === undefined) {
    const hint = `Write ${needed}: ${mode === "by_key" ? "order_id" : "[year, month]"}`;
    report.error(
      "missing-option",
      incremental.span,
      `Option "incremental: ${mode}" needs option "${needed}"`,
      hint,
    );
  }
  reportLateness(options, map, report);
  reportEquivalence(options, report);
  reportPutAside(options, map, report);
  if (findValue(map, "materialize") !== undefined) return;
  reportVolume(options, report);
  for (const key of ["partition_by", "incremental"]) {
    const span = findKeySpan(map, key);
    const message = `Option "${key}" has no effect on a cell that is not materialised`;
    if (span !== undefined) report.warn("unused-option", span, message, "Add materialize: parquet.");
  }
}

/** Rows of earlier run dates are known of what was published. */
function reportVolume({ checks }: SqlOptions, report: Report): void {
  const check = checks.find(({ rule }) => rule.kind === "volume");
  if (check === undefined) return;
  report.warn(
    "unused-option",
    check.span,
    'Check "volume" has no effect on a cell that is not materialised',
    "Add materialize: parquet.",
  );
}

/** Only what is computed in parts can be compared with the whole. */
function reportEquivalence({ checks, incremental }: SqlOptions, report: Report): void {
  const check = checks.find(({ rule }) => rule.kind === "equivalence");
  if (check === undefined || incremental?.batches === "cumulative") return;
  report.warn(
    "unused-option",
    check.span,
    'Check "equivalence" has no effect without option "incremental"',
    "Write incremental: by_partition or by_key.",
  );
}

/** Rows are put aside of what is stored, and of what is computed as a whole. */
function reportPutAside({ checks }: SqlOptions, map: YamlMap, report: Report): void {
  const needed =
    findValue(map, "materialize") === undefined
      ? { what: 'option "materialize"', hint: "Add materialize: parquet." }
      : findValue(map, "incremental") === undefined
        ? undefined
        : {
            what: 'a dataset without option "incremental"',
            hint: "Put it on a dataset without incremental that this one reads.",
          };
  if (needed === undefined) return;
  for (const { onFail, span } of checks)
    if (onFail !== undefined)
      report.error("invalid-option", span, `Check option "on_fail" needs ${needed.what}`, needed.hint);
}

/** Lateness is told by a column, and of deliveries that add up. */
function reportLateness({ eventTime, incremental }: SqlOptions, map: YamlMap, report: Report): void {
  const lateness = findValue(map, "allowed_lateness");
  if (lateness === undefined) return;
  if (eventTime === undefined)
    report.error(
      "missing-option",
      lateness.span,
      'Option "allowed_lateness" needs option "event_time"',
      "Write event_time: sent_at",
    );
  if (incremental === undefined)
    report.warn(
      "unused-option",
      lateness.span,
      'Option "allowed_lateness" has no effect without option "incremental"',
      "Write incremental: by_partition or by_key.",
    );
}

function findKeySpan(map: YamlMap, key: string): Span | undefined {
  return map.entries.find((entry) => entry.key === key)?.keySpan;
}

function explainColumnFormat(format: string): string {
  const meant = suggest(format, namedFormats);
  const question = meant === undefined ? "" : `; did you mean "${meant}"?`;
  return `Format ${JSON.stringify(format)} is not known, there are ${namedFormats.join(", ")}, and patterns as 0, 0.00, 0.0 % and EUR 0.00${question}`;
}

function explainFormat(input: unknown): string {
  const meant = typeof input === "string" ? suggest(input, formats) : undefined;
  const question = meant === undefined ? "" : `; did you mean "${meant}"?`;
  return `Format ${JSON.stringify(input)} is not known, there are ${formats.join(", ")}${question}`;
}
