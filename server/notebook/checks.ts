import { z } from "zod";
import type { Span } from "../base/source.js";
import { suggest } from "../text/suggest.js";
import { isCheckKind, ruleReaders, settingKeys, type CheckKind } from "./check-rules.js";
import type { CheckRule, CheckSpec, ConditionText } from "./check-spec.js";
import { field, readFields, warnUnknownKeys } from "./fields.js";
import type { Report } from "./report.js";
import { maxSchema, nameSchema, textSchema } from "./schemas.js";
import { findValue, isNull, wrapInMap, type YamlEntry, type YamlMap, type YamlNode } from "./yaml-tree.js";

const commonFields = {
  name: field("name", nameSchema, "lower-case letters, digits and underscores", "positive_amount"),
  severity: field("severity", z.enum(["error", "warn"]), "error or warn", "warn"),
  where: field("where", textSchema, "a SQL condition", '"year = 2020"'),
  onFail: field("on_fail", z.literal("quarantine"), "quarantine", "quarantine"),
};
const maxField = field("max", maxSchema, "a whole number of rows, or a share of them such as 0.5%", "5");
const commonKeys: readonly string[] = settingKeys;

/** What the key of a dataset asserts. */
const keyRules = ["not_null", "unique"] as const;

/** A check before it has a name that is unique in its cell. */
type Draft = Omit<CheckSpec, "name"> & { readonly givenName?: string };

/** Reads `checks:` of a cell; entries that are wrong are reported and left out. */
export function readChecks(node: YamlNode | undefined, cell: string, report: Report): CheckSpec[] {
  if (node === undefined || isNull(node)) return [];
  if (node.type !== "list") {
    const hint = "For example: checks: [{not_null: [orderId]}, {row_count: {min: 1}}]";
    report.error("invalid-option", node.span, 'Option "checks" must be a list of checks', hint);
    return [];
  }
  const drafts = node.items.flatMap((item) => readCheck(item, report) ?? []);
  const taken = new Map(keyRules.map((kind) => [`${cell}.key_${kind}`, 1]));
  return drafts.map(({ givenName, ...draft }) => ({
    ...draft,
    name: takeName(`${cell}.${givenName ?? nameOf(draft.rule)}`, taken),
  }));
}

/** What `key:` asserts: unique and not null, where the cell does not declare the same itself. */
export function keyChecks(
  cell: string,
  key: readonly string[],
  span: Span,
  declared: readonly CheckSpec[],
): CheckSpec[] {
  if (key.length === 0) return [];
  const rules = keyRules.map((kind) => ({ kind, columns: key }));
  return rules
    .filter((rule) => !declared.some((check) => assertsSame(check, rule)))
    .map((rule) => ({
      name: `${cell}.key_${rule.kind}`,
      rule,
      severity: "error",
      max: 0,
      conditions: [],
      span,
    }));
}

function assertsSame(
  check: CheckSpec,
  rule: { readonly kind: CheckKind; readonly columns: readonly string[] },
): boolean {
  if (check.rule.kind !== rule.kind || !("columns" in check.rule)) return false;
  const isStrict = check.severity === "error" && check.max === 0 && check.where === undefined;
  return isStrict && foldColumns(check.rule.columns) === foldColumns(rule.columns);
}

function foldColumns(columns: readonly string[]): string {
  return JSON.stringify(columns.map((column) => column.toLowerCase()).sort());
}

function readCheck(node: YamlNode, report: Report): Draft | undefined {
  if (node.type !== "map") {
    const kind = node.type === "leaf" ? node.source : "";
    const hint = `For example: - ${isCheckKind(kind) ? ruleReaders[kind].example : "not_null: [orderId]"}`;
    report.error("invalid-option", node.span, "A check must be a kind and what it looks at", hint);
    return undefined;
  }
  const entry =
    node.entries.find((entry) => isCheckKind(entry.key)) ??
    node.entries.find((entry) => !commonKeys.includes(entry.key));
  if (entry === undefined) {
    report.error(
      "invalid-option",
      node.span,
      "A check must name its kind",
      "For example: - not_null: [orderId]",
    );
    return undefined;
  }
  if (!isCheckKind(entry.key)) {
    reportUnknownKind(entry, report);
    return undefined;
  }
  return readKnownCheck(entry.key, entry, node, report);
}

function reportUnknownKind({ key, keySpan }: YamlEntry, report: Report): void {
  const kinds = Object.keys(ruleReaders);
  const meant = suggest(key, kinds);
  const hint = meant === undefined ? `There are ${kinds.join(", ")}.` : `Did you mean "${meant}"?`;
  report.error("unknown-check", keySpan, `Check "${key}" does not exist`, hint);
}

/** The settings that every check has may stand within it or beside it; `max` of a bound only beside. */
function readKnownCheck(kind: CheckKind, entry: YamlEntry, node: YamlMap, report: Report): Draft | undefined {
  const errorsBefore = report.diagnostics.length;
  const reader = ruleReaders[kind];
  const args = toArguments(entry.value, reader.shorthand);
  if (args === undefined) {
    report.error(
      "invalid-option",
      entry.value.span,
      `Check "${kind}" must be a map`,
      `For example: - ${reader.example}`,
    );
    return undefined;
  }
  const isCommon = ({ key }: YamlEntry) =>
    commonKeys.includes(key) && !(reader.hasBounds && key === maxField.key);
  const beside = node.entries.filter((other) => other !== entry);
  warnUnknownKeys({ ...node, entries: beside }, commonKeys, { report, noun: "Check option" });
  const settings = { ...args, entries: [...args.entries.filter(isCommon), ...beside] };
  const rule = reader.read({ ...args, entries: args.entries.filter((entry) => !isCommon(entry)) }, report);
  const draft = readSettings(settings, node.span, report);
  if (typeof rule !== "string") {
    if (!hasOrderedBounds(rule, entry, report) || !fits(reader, kind, settings, draft, report))
      return undefined;
    const sql = rule.kind === "expression" ? rule.sql : undefined;
    const conditions = [...conditionAt(settings, "where", draft.where), ...conditionAt(args, "sql", sql)];
    return { ...draft, rule, conditions };
  }
  // An argument that is there but wrong has been reported.
  if (!report.diagnostics.slice(errorsBefore).some(({ severity }) => severity === "error")) {
    report.error(
      "missing-option",
      entry.keySpan,
      `Check "${kind}" needs ${rule}`,
      `For example: - ${reader.example}`,
    );
  }
  return undefined;
}

function readSettings(settings: YamlMap, span: Span, report: Report): Omit<Draft, "rule" | "conditions"> {
  const fields = { ...commonFields, max: maxField };
  const handled = settings.entries.map((entry) => entry.key);
  const {
    name,
    severity = "error",
    onFail,
    max = onFail === undefined ? 0 : { percent: 100 },
    where,
  } = readFields(settings, fields, { report, noun: "Check option", handled });
  return {
    severity,
    max,
    span,
    ...(name !== undefined && { givenName: name }),
    ...(where !== undefined && { where }),
    ...(onFail !== undefined && { onFail }),
  };
}

function conditionAt(map: YamlMap, key: string, sql: string | undefined): ConditionText[] {
  return sql === undefined ? [] : [{ sql, span: findValue(map, key)?.span ?? map.span }];
}

function toArguments(value: YamlNode, shorthand: string | undefined): YamlMap | undefined {
  if (value.type === "map") return value;
  return shorthand === undefined ? undefined : wrapInMap(shorthand, value);
}

function hasOrderedBounds(rule: CheckRule, { value }: YamlEntry, report: Report): boolean {
  if (rule.kind !== "range" && rule.kind !== "row_count") return true;
  const { min, max } = rule;
  if (typeof min !== "number" || typeof max !== "number" || min <= max) return true;
  report.error(
    "invalid-option",
    value.span,
    `Check "${rule.kind}" has a min of ${min} above its max of ${max}`,
  );
  return false;
}

/** Whether the settings mean something to the kind of check. */
function fits(
  { isWhole, takesNoWhere, isRowLevel }: (typeof ruleReaders)[CheckKind],
  kind: CheckKind,
  settings: YamlMap,
  { max, where, onFail }: Pick<Draft, "max" | "where" | "onFail">,
  report: Report,
): boolean {
  const place = (key: string): Span => findValue(settings, key)?.span ?? settings.span;
  if (onFail !== undefined && isRowLevel !== true) {
    report.error(
      "invalid-option",
      place("on_fail"),
      `Check "${kind}" cannot put rows aside`,
      whyNoRows(kind),
    );
    return false;
  }
  if (takesNoWhere === true && where !== undefined) {
    const hint =
      kind === "volume" ? "Count some of the rows by row_count: {min: 1}, which takes a where." : undefined;
    report.error("invalid-option", place("where"), `Check "${kind}" is about all rows: no where`, hint);
    return false;
  }
  if (isWhole === true && typeof max !== "number") {
    report.error(
      "invalid-option",
      place("max"),
      `Check "${kind}" passes or fails as a whole: there is no share of rows that may fail`,
    );
    return false;
  }
  return true;
}

/** Why its failing rows are not to be told from the good ones, and what to do instead. */
function whyNoRows(kind: CheckKind): string {
  if (kind === "unique")
    return "Which of the rows that agree is wrong, it does not say. Keep one of them in the query: QUALIFY row_number() OVER (PARTITION BY ...) = 1.";
  if (kind === "relationships")
    return "It reads another cell. LEFT JOIN that one in the query, and put aside what finds nothing there by an expression.";
  const kinds = Object.entries(ruleReaders).flatMap(([name, { isRowLevel }]) => (isRowLevel ? [name] : []));
  return `It is about all rows together. Checks of single rows can: ${kinds.join(", ")}.`;
}

function nameOf(rule: CheckRule): string {
  switch (rule.kind) {
    case "not_null":
    case "unique":
      return [rule.kind, ...rule.columns].join("_");
    case "accepted_values":
    case "range":
    case "relationships":
    case "not_in_future":
    case "pattern":
    case "freshness":
      return `${rule.kind}_${rule.column}`;
    case "row_count_matches":
      return rule.target.type === "input" ? `${rule.kind}_input` : `${rule.kind}_${rule.target.cell}`;
    case "row_count":
    case "volume":
    case "schema":
    case "expression":
    case "equivalence":
      return rule.kind;
  }
}

/** The count of each name that was asked for keeps a long list of equal ones linear. */
function takeName(wanted: string, taken: Map<string, number>): string {
  const count = (taken.get(wanted) ?? 0) + 1;
  taken.set(wanted, count);
  return count === 1 ? wanted : takeName(`${wanted}_${count}`, taken);
}
