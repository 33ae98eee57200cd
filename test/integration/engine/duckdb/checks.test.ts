import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { CheckFinding, CheckQuery, Relation } from "../../../../server/engine/engine.js";
import type { CheckRule } from "../../../../server/notebook/check-spec.js";
import { useEngine } from "../../../support/with-engine.js";
import { materialize, outputFolder, parameter, query, relationOf, scopeOf } from "../scope.js";

const shared = useEngine();
let relations: readonly Relation[];

beforeAll(async () => {
  const { engine, root } = shared;
  const orders = `SELECT * FROM (VALUES
    (1, 'BCN', 5.0::DOUBLE, DATE '2026-10-01'), (2, 'MAD', -1.0, DATE '2026-11-01'), (3, NULL, NULL, NULL),
    (3, 'XXX', 7.5, DATE '2026-12-01'), (NULL, 'BCN', 'nan', DATE '2026-10-02'), (NULL, 'BCN', 1.0, DATE '2026-10-03')
  ) t(id, city, amount, day)`;
  const cities = "SELECT * FROM (VALUES ('BCN'), ('MAD'), (NULL)) t(code)";
  relations = [
    relationOf(await materialize(engine, root, orders, { isOrdered: true }), "orders"),
    relationOf(await materialize(engine, root, cities), "cities"),
  ];
});

interface Found extends Omit<CheckFinding, "rows"> {
  readonly among: number | undefined;
  readonly rows: readonly (readonly unknown[])[];
}

async function check(checks: readonly CheckQuery[], maxRows = 100): Promise<readonly Found[]> {
  const { engine, root } = shared;
  const folder = outputFolder(root);
  const scope = scopeOf(root, { relations, parameters: [parameter("least", "number", 2)] });
  const findings = await engine.check({ scope, checks, folder, maxRows }, { label: "checks" });
  const files = findings.flatMap(({ file }) => file ?? []);
  expect(
    readdirSync(folder)
      .map((name) => join(folder, name))
      .sort(),
  ).toEqual([...files].sort());
  return Promise.all(
    findings.map(async (finding) => {
      const among = finding.rows;
      if (finding.file === undefined) return { ...finding, among, rows: [] };
      return {
        ...finding,
        among,
        rows: (await query(engine, root, `FROM '${finding.file}'`, { readable: [folder] })).rows,
      };
    }),
  );
}

function rule(
  rule: CheckRule,
  options: { readonly where?: string; readonly scannedRows?: Record<string, number> } = {},
): CheckQuery {
  const { where, scannedRows } = options;
  const spec = {
    name: "c",
    rule,
    severity: "error",
    max: 0,
    conditions: [],
    span: { start: 0, end: 0 },
    ...(where !== undefined && { where }),
  } as const;
  return { type: "rule", name: "c", on: "orders", spec, ...(scannedRows && { scannedRows }) };
}

function fresh(column: string, days: number, runDate: string): CheckRule {
  return { kind: "freshness", column, maxAgeMs: days * 86_400_000, runDate };
}

function volume(earlier: readonly number[], of: "median" | "mean" = "median"): CheckRule {
  return { kind: "volume", tolerance: { percent: 50 }, of, runs: 12, earlier };
}

function schema(names: readonly string[], match: "exact" | "subset" = "exact"): CheckRule {
  return { kind: "schema", expected: names.map((name) => ({ name })), match };
}

async function judge(...parameters: Parameters<typeof rule>): Promise<Found> {
  const [finding] = await check([rule(...parameters)]);
  return finding!;
}

describe("engine.check", () => {
  test.each<[CheckRule, number, string]>([
    [{ kind: "not_null", columns: ["id"] }, 2, "2 of 6 rows have no id"],
    [{ kind: "not_null", columns: ["id", "city"] }, 3, "3 of 6 rows have no id or city"],
    [{ kind: "unique", columns: ["id"] }, 1, "1 value of id occurs more than once, in 2 rows"],
    [{ kind: "unique", columns: ["id", "city"] }, 0, "id and city: no value occurs twice"],
    [{ kind: "unique", columns: ["city"] }, 1, "1 value of city occurs more than once, in 3 rows"],
    [
      { kind: "accepted_values", column: "city", values: ["BCN", "MAD"] },
      1,
      "1 of 6 rows has a city that is not accepted",
    ],
    [{ kind: "accepted_values", column: "id", values: [1, 2, 3] }, 0, "6 rows checked, none fails"],
    [
      { kind: "accepted_values", column: "city", values: [1000] },
      5,
      "5 of 6 rows have a city that is not accepted",
    ],
    [{ kind: "range", column: "amount", min: 0 }, 1, "1 of 6 rows has an amount below 0"],
    [{ kind: "range", column: "amount", min: 0, max: 5 }, 3, "3 of 6 rows have an amount outside 0 to 5"],
    [{ kind: "range", column: "day", max: "2026-10-31" }, 2, "2 of 6 rows have a day above 2026-10-31"],
    [
      { kind: "not_in_future", column: "day", runDate: "2026-10-31" },
      2,
      "2 of 6 rows have a day after 2026-10-31",
    ],
    [
      { kind: "not_in_future", column: "day", runDate: "2026-11-01" },
      1,
      "1 of 6 rows has a day after 2026-11-01",
    ],
    [
      { kind: "relationships", column: "city", toCell: "cities", toColumn: "code" },
      1,
      "1 of 6 rows has a city that cities.code does not have",
    ],
    [
      { kind: "pattern", column: "city", regex: "[A-W]{3}" },
      1,
      "1 of 6 rows has a city that does not match [A-W]{3}",
    ],
    [{ kind: "pattern", column: "city", regex: "B'?" }, 5, "5 of 6 rows have a city that does not match B'?"],
    [{ kind: "pattern", column: "id", regex: "[12]" }, 2, "2 of 6 rows have an id that does not match [12]"],
    [fresh("day", 1, "2026-12-02"), 0, "The newest day up to 2026-12-02 is 2026-12-01"],
    [
      fresh("day", 1, "2026-12-03"),
      1,
      "The newest day up to 2026-12-03 is 2026-12-01, expected 2026-12-02 00:00:00 or later",
    ],
    // What lies behind the run date does not make it fresh.
    [
      fresh("day", 20, "2026-11-30"),
      1,
      "The newest day up to 2026-11-30 is 2026-11-01, expected 2026-11-10 00:00:00 or later",
    ],
    [fresh("day", 2, "2026-09-30"), 1, "There is no day up to 2026-09-30"],
    [volume([]), 0, "6 rows; no run date before to compare with"],
    [volume([4, 4, 100]), 0, "6 rows; the median of 3 run dates before is 4"],
    [volume([3, 4]), 1, "6 rows; the median of 2 run dates before is 3.5, expected 2 to 5"],
    [volume([3, 9, 90], "mean"), 1, "6 rows; the mean of 3 run dates before is 34, expected 17 to 51"],
    [volume([0]), 1, "6 rows; the median of 1 run date before is 0, expected 0 to 0"],
    [schema(["id", "city", "amount", "day"]), 0, "4 columns as expected"],
    [schema(["id"], "subset"), 0, "1 column as expected"],
    [
      schema(["id", "City", "amount"]),
      3,
      'column "City" is missing; column "city" is not expected; column "day" is not expected',
    ],
    [{ kind: "row_count", min: 1 }, 0, "6 rows"],
    [{ kind: "row_count", min: 7, max: 9 }, 1, "6 rows, expected 7 to 9"],
    [{ kind: "row_count", max: 5 }, 1, "6 rows, expected at most 5"],
    [{ kind: "row_count_matches", target: { type: "cell", cell: "cities" } }, 3, "6 rows, but cities has 3"],
    [
      { kind: "row_count_matches", target: { type: "distinct", cell: "cities", column: "code" } },
      4,
      "6 rows, but distinct cities.code has 2",
    ],
    [
      { kind: "expression", sql: "amount > 0 -- and more" },
      2,
      "2 of 6 rows do not satisfy amount > 0 -- and more",
    ],
    [{ kind: "expression", sql: "amount > $least" }, 3, "3 of 6 rows do not satisfy amount > $least"],
  ])("%j", async (spec, failures, message) => {
    const finding = await judge(spec);
    expect(finding.error).toBeUndefined();
    expect(finding).toMatchObject({ failures, message });
  });

  test("compares with the rows that were read from an input", async () => {
    const target = { kind: "row_count_matches", target: { type: "input", path: "input/o.json" } } as const;
    expect(await judge(target, { scannedRows: { "input/o.json": 6 } })).toMatchObject({
      failures: 0,
      message: "6 rows, as many as input/o.json",
    });
    expect(await judge(target, { scannedRows: { "input/o.json": 8 } })).toMatchObject({ failures: 2 });
    expect((await judge(target)).error).toMatchObject({ code: "query" });
  });

  test("looks only at the rows of `where`", async () => {
    const where = "city = 'BCN' -- only there";
    expect(await judge({ kind: "not_null", columns: ["id"] }, { where })).toMatchObject({
      failures: 2,
      message: "2 of 3 rows have no id",
    });
    expect(await judge({ kind: "unique", columns: ["city"] }, { where: "id IS NOT NULL" })).toMatchObject({
      failures: 0,
    });
    expect(await judge({ kind: "row_count", max: 3 }, { where })).toMatchObject({ failures: 0 });
    expect(await judge(fresh("day", 0, "2026-10-03"), { where })).toMatchObject({ failures: 0 });
    expect(await judge(fresh("day", 0, "2026-10-04"), { where })).toMatchObject({ failures: 1 });
    expect(
      await judge({ kind: "relationships", column: "city", toCell: "cities", toColumn: "code" }, { where }),
    ).toMatchObject({ failures: 0 });
  });

  test.each<[CheckRule, number | undefined]>([
    [{ kind: "not_null", columns: ["id"] }, 6],
    [{ kind: "unique", columns: ["id"] }, 6],
    [{ kind: "relationships", column: "city", toCell: "cities", toColumn: "code" }, 6],
    [{ kind: "row_count_matches", target: { type: "cell", cell: "cities" } }, 3],
    [{ kind: "row_count", min: 7 }, undefined],
  ])("tells what the failures of %j are a share of", async (spec, rows) => {
    expect((await judge(spec)).among).toBe(rows);
  });

  test("keeps the failing rows", async () => {
    expect((await judge({ kind: "not_null", columns: ["city"] })).rows).toEqual([[3, null, null, null]]);
    expect((await judge({ kind: "unique", columns: ["id"] })).rows.map(([id]) => id)).toEqual([3, 3]);
    expect(
      (await judge({ kind: "relationships", column: "city", toCell: "cities", toColumn: "code" })).rows.map(
        ([, city]) => city,
      ),
    ).toEqual(["XXX"]);
    expect((await judge({ kind: "row_count", min: 100 })).file).toBeUndefined();
    const types = [
      { name: "id", type: "BIGINT" },
      { name: "it's", type: "DATE" },
      { name: "day", type: "date" },
    ];
    expect((await judge({ kind: "schema", expected: types, match: "exact" })).rows).toEqual([
      ["id", "BIGINT", "INTEGER"],
      ["it's", "DATE", null],
      ["city", null, "VARCHAR"],
      ["amount", null, "DOUBLE"],
    ]);
  });

  test("keeps no more rows than asked for, and counts all", async () => {
    const sql =
      "SELECT range AS id, sum(range) OVER () AS total, union_value(a := 1) AS u FROM range(1000) ORDER BY id DESC";
    const [finding] = await check([{ type: "query", name: "wrong/one", sql }], 3);
    expect(finding).toMatchObject({ failures: 1000, message: "The query found 1000 rows" });
    expect(finding?.rows).toEqual([
      ["999", "499500", "1"],
      ["998", "499500", "1"],
      ["997", "499500", "1"],
    ]);
  });

  test("a query that finds nothing passes", async () => {
    const [finding] = await check([
      { type: "query", name: "none", sql: "SELECT * FROM orders WHERE id > 3; -- none" },
    ]);
    expect(finding).toMatchObject({ failures: 0, message: "The query found no rows" });
    expect(finding?.file).toBeUndefined();
  });

  test("a check that cannot run says so and leaves the others alone", async () => {
    const not_null = (column: string): CheckQuery => ({
      ...rule({ kind: "not_null", columns: [column] }),
      name: column,
    });
    const findings = await check([
      not_null("id"),
      not_null("nope"),
      { ...rule({ kind: "expression", sql: "city::INTEGER > 0" }), name: "cast" },
      { type: "query", name: "missing", sql: "SELECT * FROM nowhere" },
      not_null("city"),
    ]);
    expect(findings.map(({ name, failures, error }) => [name, failures, error?.code])).toEqual([
      ["id", 2, undefined],
      ["nope", 0, "query"],
      ["cast", 0, "query"],
      ["missing", 0, "query"],
      ["city", 1, undefined],
    ]);
    expect(findings[1]?.message).toMatch(/^The check could not run: .*nope/);
  });

  test("a query cell that is inlined can be checked too", async () => {
    const { engine, root } = shared;
    const inlined: Relation = { type: "query", name: "doubled", sql: "SELECT id * 2 AS id FROM orders" };
    const checks = [{ ...rule({ kind: "not_null", columns: ["id"] }), on: "doubled" }] as CheckQuery[];
    const scope = scopeOf(root, { relations: [...relations, inlined] });
    const [finding] = await engine.check(
      { scope, checks, folder: outputFolder(root), maxRows: 10 },
      { label: "checks" },
    );
    expect(finding).toMatchObject({ failures: 2, message: "2 of 6 rows have no id" });
  });
});
