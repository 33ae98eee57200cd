import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { summaryAggregates } from "../../../server/engine/summary.js";
import { summarize, type SummaryRequest } from "../../../server/rows/summary.js";
import type { StoredRows } from "../../../server/rows/stored-rows.js";
import { seededRandom } from "../../support/seed.js";
import { useEngine } from "../../support/with-engine.js";
import { materialize } from "../engine/scope.js";

const QUERIES = 60;
const random = seededRandom("summaries");
const pick = <T>(values: readonly T[]): T => values[Math.floor(random.next() * values.length)] as T;
const isOften = (share: number): boolean => random.next() < share;

/** Each with values that a name or a condition could get wrong. */
const columns: Readonly<Record<string, { readonly type: string; readonly values: readonly string[] }>> = {
  left: {
    type: "VARCHAR",
    values: ["'a'", "'A'", "''", "'NULL'", "'null'", "'empty'", "'(other)'", "'rows'"],
  },
  Rows: {
    type: "VARCHAR",
    values: [
      "'O''Hara'",
      `'"'`,
      "'é'",
      "'É'",
      "'e' || chr(0)",
      "'e'",
      "'  '",
      "'a' || chr(10) || 'b'",
      "repeat('x', 90)",
      "repeat('x', 91)",
    ],
  },
  'a "b"; --': { type: "INTEGER", values: ["0", "-1", "7", "2147483647"] },
  order: { type: "DECIMAL(6,2)", values: ["0.50", "-3.25", "9999.99"] },
  sum_order: { type: "DOUBLE", values: ["0.25", "'nan'", "'inf'", "-1e300", "0.1"] },
  huge: { type: "HUGEINT", values: ["99999999999999999999999999999999999999", "-1", "0"] },
  unsigned: { type: "UHUGEINT", values: ["12345678901234567890123456789012345678", "1"] },
  "is it": { type: "BOOLEAN", values: ["true", "false"] },
  day: { type: "DATE", values: ["'2026-01-31'", "'2026-02-01'", "'infinity'", "'0044-03-15 (BC)'"] },
  day_month: {
    type: "TIMESTAMP",
    values: ["'2026-01-01 00:00:00'", "'2026-03-31 23:59:59.999999'", "'-infinity'"],
  },
  at: { type: "TIMESTAMPTZ", values: ["'2026-01-01 00:00:00+00'", "'2025-12-31 23:30:00-02'"] },
  second: { type: "TIMESTAMP_S", values: ["'2026-01-01 00:00:00'", "'2026-01-01 00:00:01'"] },
  mood: { type: "ENUM('sad', 'ok', 'NULL')", values: ["'sad'", "'NULL'"] },
  uuid: {
    type: "UUID",
    values: ["'00000000-0000-0000-0000-000000000001'", "'ffffffff-0000-0000-0000-000000000001'"],
  },
  time: { type: "TIME", values: ["'00:00:00'", "'23:59:59.5'"] },
  interval: { type: "INTERVAL", values: ["'1 month'", "'3 days'"] },
  blob: { type: "BLOB", values: ["'\\x00'::BLOB", "'a'::BLOB"] },
};
const names = Object.keys(columns);
const times = ["day", "day_month", "at", "second"];

const shared = useEngine();
let stored: StoredRows;

beforeAll(async () => {
  const { engine, root } = shared;
  const rows = Array.from({ length: 80 }, () =>
    Object.values(columns).map(
      ({ type, values }) => `CAST(${isOften(0.15) ? "NULL" : pick(values)} AS ${type})`,
    ),
  );
  const sql = `SELECT * FROM (VALUES ${rows.map((row) => `(${row.join(", ")})`).join(", ")}) AS t(${names.map(quoted).join(", ")})`;
  const output = await materialize(engine, root, sql);
  const files = output.files.map(({ path }) => join(output.folder, path));
  stored = { key: "t", files, columns: output.columns, rows: output.rows };
});

test("groups, measures and pivots have what the engine counts by itself, under names that no other column has", async () => {
  for (let number = 0; number < QUERIES; number++) await requireRight(request());
});

function request(): SummaryRequest {
  const group = (): { readonly column: string; readonly grain?: "month" | "week" | "year" | "quarter" } =>
    isOften(0.3)
      ? { column: pick(times), grain: pick(["month", "week", "year", "quarter"]) }
      : { column: pick(names) };
  const groups = Array.from({ length: Math.floor(random.next() * 3) }, group);
  const groupBy = groups.filter((one, at) => groups.findIndex((other) => other.column === one.column) === at);
  const measures = Array.from({ length: 1 + Math.floor(random.next() * 3) }, () => {
    const aggregate = pick(summaryAggregates);
    // Sums of 64 and more bits leave their type, and those of numbers that are rounded depend on their order.
    if (aggregate === "sum" || aggregate === "mean")
      return { aggregate, column: pick(['a "b"; --', "order"]) };
    // Between two infinite times there is none.
    if (aggregate === "median") return { aggregate, column: pick(["order", "at"]) };
    if (aggregate === "count" && isOften(0.6)) return { aggregate };
    return { aggregate, column: pick(names) };
  });
  const filter = isOften(0.3)
    ? [pick(["is it:eq:true", "left:null", "Rows:contains:'", "order:lt:1.5", "e"])]
    : [];
  const pivot = isOften(0.6) ? { ...group(), most: pick([1, 3, 50]), rest: isOften(0.3) } : undefined;
  return { groupBy, measures, filter, limit: 10_000, ...(pivot && { pivot }) };
}

async function requireRight(asked: SummaryRequest): Promise<void> {
  const { engine } = shared;
  const summary = await summarize(engine, "rows", stored, asked).catch((error: unknown) => {
    throw new Error(JSON.stringify(asked), { cause: error });
  });
  const context = `${JSON.stringify(asked)}\n${summary.sql}`;
  const lower = summary.columns.map(({ name }) => name.toLowerCase());
  expect(new Set(lower).size, context).toBe(lower.length);
  const [analysis] = await engine.analyze([summary.sql]);
  expect(analysis?.ok === true && analysis.facts.tables.map(({ name }) => name), context).toEqual(["rows"]);

  const { groupBy, pivot, measures } = asked;
  const long = await oracle(asked);
  const values = [...new Map(long.map(({ value }) => [JSON.stringify(value), value])).values()];
  if (pivot !== undefined) expect(summary.pivot?.values, context).toBe(values.length);
  const kept = pivot === undefined ? [null] : await keptValues(asked);
  const found = new Map(summary.rows.map((row) => [JSON.stringify(row.slice(0, groupBy.length)), row]));
  const groups = new Set(long.map(({ group }) => group));
  if (groupBy.length > 0) expect(new Set(found.keys()), context).toEqual(groups);
  for (const group of groups) {
    const rows = long.filter((row) => row.group === group);
    const expected = kept.flatMap((value) => {
      const row = rows.find((candidate) => pivot === undefined || candidate.value === value);
      return (
        row?.measures ?? measures.map(({ aggregate }) => (/^(count|distinct)$/.test(aggregate) ? "0" : null))
      );
    });
    const row = found.get(group) ?? [];
    const start = groupBy.length;
    expect(row.slice(start, start + expected.length), context).toEqual(expected);
    const rest = row.slice(start + expected.length);
    const hasRest = pivot !== undefined && (pivot.rest || values.length > kept.length);
    expect(rest.length, context).toBe(hasRest ? measures.length : 0);
    const others = rows.filter(({ value }) => !kept.includes(value));
    for (const [at, { aggregate }] of measures.entries())
      if (hasRest && aggregate === "count")
        expect(rest[at], context).toBe(
          String(others.reduce((sum, { measures: told }) => sum + Number(told[at]), 0)),
        );
  }
}

interface LongRow {
  /** As JSON. */
  readonly group: string;
  readonly value: string | null;
  readonly measures: readonly unknown[];
}

/** A row for each group and value, by a query that knows of no columns. */
async function oracle(asked: SummaryRequest): Promise<LongRow[]> {
  const { groupBy, pivot, measures } = asked;
  const by = [...groupBy, ...(pivot === undefined ? [] : [pivot])].map(expression);
  const told = measures.map(({ aggregate, column }) => {
    const name = column === undefined ? "*" : quoted(column);
    if (aggregate === "distinct") return `count(DISTINCT ${name})`;
    return `${aggregate === "mean" ? "avg" : aggregate}(${name})`;
  });
  const list = [...by, ...(pivot === undefined ? [] : [`CAST(${by.at(-1) ?? ""} AS VARCHAR)`]), ...told];
  const rows = await ask(
    `SELECT ${list.join(", ")} FROM rows ${whereOf(asked)} ${by.length === 0 ? "" : `GROUP BY ${by.join(", ")}`}`,
  );
  return rows.map((row) => ({
    group: JSON.stringify(row.slice(0, groupBy.length)),
    value: pivot === undefined ? null : (row[by.length] as string | null),
    measures: row.slice(by.length + (pivot === undefined ? 0 : 1)),
  }));
}

async function keptValues(asked: SummaryRequest): Promise<(string | null)[]> {
  if (asked.pivot === undefined) return [];
  const by = expression(asked.pivot);
  const rows = await ask(
    `SELECT CAST(v AS VARCHAR) FROM (SELECT ${by} AS v, count(*) AS n FROM rows ${whereOf(asked)} GROUP BY 1 ORDER BY n DESC, v NULLS LAST LIMIT ${String(asked.pivot.most)}) ORDER BY v NULLS LAST`,
  );
  return rows.map(([value]) => value as string | null);
}

function expression({
  column,
  grain,
}: {
  readonly column: string;
  readonly grain?: string | undefined;
}): string {
  if (grain === undefined) return quoted(column);
  return `date_trunc('${grain}', ${quoted(column)}${column === "at" ? " AT TIME ZONE 'UTC'" : "::TIMESTAMP"})`;
}

function whereOf({ filter: [filter] }: SummaryRequest): string {
  if (filter === undefined) return "";
  const conditions: Readonly<Record<string, string>> = {
    "is it:eq:true": '"is it"',
    "left:null": '"left" IS NULL',
    "Rows:contains:'": `"Rows" ILIKE '%''%'`,
    "order:lt:1.5": '"order" < 1.5',
    e: names.map((name) => `${quoted(name)}::VARCHAR ILIKE '%e%'`).join(" OR "),
  };
  return `WHERE ${conditions[filter] ?? ""}`;
}

async function ask(sql: string): Promise<readonly (readonly unknown[])[]> {
  const { engine, root } = shared;
  const relations = [{ type: "files", name: "rows", files: stored.files, columns: stored.columns }] as const;
  const scope = { root, readable: [], relations, parameters: [], isImmutable: true };
  return (await engine.query({ sql, scope, limit: 100_000 }, { label: "oracle" })).rows;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
