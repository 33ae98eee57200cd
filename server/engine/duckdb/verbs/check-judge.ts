import { ownValue } from "../../../base/own-value.js";
import type { CheckRule, RowCountTarget } from "../../../notebook/check-spec.js";
import type { CheckQuery } from "../../engine.js";
import {
  freshnessMessage,
  queryMessage,
  relationshipsMessage,
  rowCountMatchesMessage,
  rowCountMessage,
  rowRuleMessage,
  schemaMessage,
  uniqueMessage,
  volumeMessage,
} from "./check-message.js";
import { expectedVolume } from "./check-volume.js";
import { schemaDifferences } from "./check-schema.js";
import { countRules } from "./check-row-rules.js";
import type { RowCount } from "./check-row-rules.js";
import {
  checkedRows,
  DANGLING,
  danglingRows,
  danglingValues,
  duplicateKeys,
  duplicateRows,
  differenceRows,
  failingCondition,
  newestValue,
  relation,
} from "../compile/check-sql.js";
import type { RowRule } from "../compile/check-sql.js";
import { quoteIdentifier } from "../../../text/sql-names.js";
import { readNumbers } from "./read-numbers.js";
import { wrapQuery } from "../scope-sql.js";
import type { EmbeddedQuery } from "../scope-sql.js";
import { describeRelation } from "../worker/tasks-describe.js";
import { TaskError } from "../tasks-error.js";
import type { ScopedInstance } from "../worker/tasks-scope.js";

type RuleQuery = Extract<CheckQuery, { type: "rule" }>;
type RuleOf<Kind extends CheckRule["kind"]> = Extract<CheckRule, { kind: Kind }>;

/** What a check found, before its failing rows are written. */
export interface Verdict {
  readonly failures: number;
  /** What the failures are counted among; absent where the check passes or fails as a whole. */
  readonly rows?: number;
  readonly message: string;
  /** Selects the failing rows; absent where no rows are to blame. */
  readonly failingRows?: EmbeddedQuery;
}

export async function judgeQuery(scoped: ScopedInstance, sql: string): Promise<Verdict> {
  await scoped.makeTablesForPivot(sql);
  const query = scoped.embed(sql);
  const count = wrapQuery("SELECT count(*) FROM (", query, ")");
  const [[failures] = []] = await (await scoped.run(count)).getRowsJson();
  return { failures: Number(failures), message: queryMessage(Number(failures)), failingRows: query };
}

/** `counted` is what the scan for all rules of single rows found, where it could. */
export async function judgeRule(
  scoped: ScopedInstance,
  check: RuleQuery,
  counted?: RowCount,
): Promise<Verdict> {
  const { rule, where } = check.spec;
  const rows = checkedRows(check.on, where);
  switch (rule.kind) {
    case "not_null":
    case "accepted_values":
    case "range":
    case "not_in_future":
    case "pattern":
    case "expression":
      return judgeRows(scoped, check, rule, counted);
    case "unique":
      return judgeUnique(scoped, rule, rows);
    case "relationships":
      return judgeRelationships(scoped, rule, rows);
    case "freshness":
      return judgeFreshness(scoped, rule, rows);
    case "volume":
      return judgeVolume(scoped, check, rule, rows);
    case "schema":
      return judgeSchema(scoped, check, rule);
    case "row_count":
      return judgeRowCount(scoped, check, rule, rows);
    case "row_count_matches":
      return judgeRowCountMatches(scoped, check, rule.target, rows);
    case "equivalence":
      // Where there is something to compare, it was compared when it was computed.
      return { failures: 0, message: "not compared with the whole this time" };
  }
}

async function judgeRows(
  scoped: ScopedInstance,
  { on, name, spec, passingRows = 0 }: RuleQuery,
  rule: RowRule,
  counted?: RowCount,
): Promise<Verdict> {
  const [alone] =
    counted === undefined ? await countRules(scoped, on, [{ name, rule, where: spec.where }]) : [counted];
  const { failures = 0 } = alone ?? {};
  const rows = (alone?.rows ?? 0) + passingRows;
  const message = rowRuleMessage(rule, failures, rows);
  if (failures === 0) return { failures, rows, message };
  const condition = failingCondition(rule, await describeRelation(scoped, relation(on)));
  // Under its name, which a condition may put before a column.
  const looked = `(SELECT * FROM ${checkedRows(on, spec.where)}) AS ${relation(on)}`;
  const select = `SELECT * FROM ${looked} WHERE ${condition}`;
  return { failures, rows, message, failingRows: scoped.embedStatement(select) };
}

async function judgeUnique(scoped: ScopedInstance, rule: RuleOf<"unique">, rows: string): Promise<Verdict> {
  const wanted = new Map([
    ["failures", "count(*)"],
    ["rows", 'coalesce(sum("lakebook rows"), 0)'],
  ]);
  const counted = await readNumbers(scoped, wanted, `(${duplicateKeys(rule, rows)})`);
  const failures = counted("failures");
  const failingRows = scoped.embedStatement(duplicateRows(rule, rows));
  const among = failures === 0 ? {} : { rows: await countRows(scoped, rows) };
  return { failures, ...among, message: uniqueMessage(rule.columns, failures, counted("rows")), failingRows };
}

async function judgeRelationships(
  scoped: ScopedInstance,
  rule: RuleOf<"relationships">,
  rows: string,
): Promise<Verdict> {
  // Once: the rows that have them are then found by the few values that there mostly are.
  const values = scoped.embedStatement(danglingValues(rule, rows));
  await scoped.run(wrapQuery(`CREATE OR REPLACE TEMP TABLE ${DANGLING} AS SELECT * FROM (`, values, ")"));
  const failures = await countRows(scoped, DANGLING);
  const count = await countRows(scoped, rows);
  const failingRows = scoped.embedStatement(danglingRows(rule, rows));
  return { failures, rows: count, message: relationshipsMessage(rule, failures, count), failingRows };
}

async function judgeFreshness(
  scoped: ScopedInstance,
  rule: RuleOf<"freshness">,
  rows: string,
): Promise<Verdict> {
  const result = await scoped.run(scoped.embedStatement(newestValue(rule, rows)));
  const [found = {}] = await result.getRowObjectsJson();
  const { newest, fresh, oldest } = found;
  const late = fresh === true ? undefined : toText(oldest);
  return { failures: fresh === true ? 0 : 1, message: freshnessMessage(rule, toText(newest), late) };
}

function toText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

async function judgeVolume(
  scoped: ScopedInstance,
  { passingRows = 0 }: RuleQuery,
  rule: RuleOf<"volume">,
  rows: string,
): Promise<Verdict> {
  const count = passingRows + (await countRows(scoped, rows));
  const expected = expectedVolume(rule);
  const isExpected = expected === undefined || (count >= expected.least && count <= expected.most);
  return { failures: isExpected ? 0 : 1, message: volumeMessage(rule, count, expected) };
}

async function judgeSchema(
  scoped: ScopedInstance,
  { on }: RuleQuery,
  rule: RuleOf<"schema">,
): Promise<Verdict> {
  const differences = schemaDifferences(rule, await describeRelation(scoped, relation(on)));
  const message = schemaMessage(rule, differences);
  if (differences.length === 0) return { failures: 0, message };
  const failingRows = scoped.embedStatement(differenceRows(differences));
  return { failures: differences.length, message, failingRows };
}

async function judgeRowCount(
  scoped: ScopedInstance,
  { passingRows = 0 }: RuleQuery,
  rule: RuleOf<"row_count">,
  rows: string,
): Promise<Verdict> {
  const count = passingRows + (await countRows(scoped, rows));
  const isExpected = count >= (rule.min ?? 0) && count <= (rule.max ?? Infinity);
  return { failures: isExpected ? 0 : 1, message: rowCountMessage(rule, count) };
}

async function judgeRowCountMatches(
  scoped: ScopedInstance,
  check: RuleQuery,
  target: RowCountTarget,
  rows: string,
): Promise<Verdict> {
  const count = (check.passingRows ?? 0) + (await countRows(scoped, rows));
  const other = await countTarget(scoped, check, target);
  return {
    failures: Math.abs(count - other),
    rows: other,
    message: rowCountMatchesMessage(count, other, nameOf(target)),
  };
}

function countTarget(
  scoped: ScopedInstance,
  check: RuleQuery,
  target: RowCountTarget,
): Promise<number> | number {
  switch (target.type) {
    case "cell":
      return countRows(scoped, relation(target.cell));
    case "distinct":
      return countRows(
        scoped,
        `(SELECT DISTINCT ${quoteIdentifier(target.column)} AS value FROM ${relation(target.cell)}) WHERE value IS NOT NULL`,
      );
    case "input":
      return scannedRowsOf(check, target.path);
  }
}

function scannedRowsOf({ on, scannedRows = {} }: RuleQuery, path: string): number {
  const rows = ownValue(scannedRows, path);
  if (rows !== undefined) return rows;
  throw new TaskError(
    "query",
    `It is not known how many rows of "${path}" were read for "${on}"`,
    "The cell has to read every row of the path, without LIMIT",
  );
}

function nameOf(target: RowCountTarget): string {
  switch (target.type) {
    case "cell":
      return target.cell;
    case "distinct":
      return `distinct ${target.cell}.${target.column}`;
    case "input":
      return target.path;
  }
}

async function countRows(scoped: ScopedInstance, from: string): Promise<number> {
  return (await readNumbers(scoped, new Map([["rows", "count(*)"]]), from))("rows");
}
