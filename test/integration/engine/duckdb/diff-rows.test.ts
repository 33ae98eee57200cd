import { describe, expect, test } from "vitest";
import type { DiffSide, DiffTask, RowDiff } from "../../../../server/engine/verbs.js";
import { seededRandom } from "../../../support/seed.js";
import { useEngine } from "../../../support/with-engine.js";
import { materialize, relationOf } from "../scope.js";

const shared = useEngine();

async function sideOf(sql: string): Promise<DiffSide> {
  const output = await materialize(shared.engine, shared.root, sql);
  const relation = relationOf(output, "side");
  if (relation.type !== "files") throw new Error("a dataset is files");
  return { files: relation.files, columns: relation.columns, rows: output.rows };
}

async function diffOf(before: string, after: string, ...keys: DiffTask["keys"]): Promise<RowDiff> {
  const sides = { before: await sideOf(before), after: await sideOf(after) };
  return shared.engine.diff({ ...sides, keys, maxCharacters: 4096 }, { label: "diff" });
}

const byId = { columns: ["id"], from: "key" } as const;

test("rows are compared by their columns, whatever these are called and in whatever order they stand", async () => {
  const diff = await diffOf(
    "SELECT 'x' AS side, unnest([1, 2]) AS id, 0 AS gone, {'id': 7} AS b",
    "SELECT unnest([1, 3]) AS id, 'y' AS side, {'id': 7} AS b, 4 AS fresh",
    byId,
  );
  expect(diff).toMatchObject({ key: ["id"], keyFrom: "key", added: 1, removed: 1, changed: 1 });
  expect(diff.examples).toMatchObject({
    added: [[3, "y", "{'id': 7}", 4]],
    removed: [[2, "x", "{'id': 7}", null]],
    changed: [{ key: [1], values: [{ column: "side", before: "x", after: "y" }] }],
  });
});

test("NULL is a value of a key and of a column like any other", async () => {
  const diff = await diffOf(
    "SELECT * FROM (VALUES (NULL, 1), (1, NULL), (2, 2)) AS t(id, n)",
    "SELECT * FROM (VALUES (NULL, 1), (1, 3), (2, NULL)) AS t(id, n)",
    byId,
  );
  expect(diff).toMatchObject({
    added: 0,
    removed: 0,
    changed: 2,
    columns: [{ name: "id" }, { name: "n", changed: 2 }],
  });
});

test("values of types that do not compare are compared as texts, and the types are told", async () => {
  const diff = await diffOf(
    "SELECT unnest([1, 2]) AS id, unnest(['1', 'many']) AS n, 1 AS grown, [1] AS list",
    "SELECT unnest([1, 2]) AS id, unnest([1, 2]) AS n, 1::BIGINT AS grown, ['1'] AS list",
    byId,
  );
  expect(diff).toMatchObject({ changed: 1 });
  expect(diff.columns).toEqual([
    { name: "id", changed: 0 },
    { name: "n", before: "VARCHAR", after: "INTEGER", changed: 1 },
    { name: "grown", before: "INTEGER", after: "BIGINT", changed: 0 },
    { name: "list", before: "INTEGER[]", after: "VARCHAR[]", changed: 0 },
  ]);
});

test("the numbers that moved farthest are told of each column, with their keys", async () => {
  const amounts = (bump: string) =>
    `SELECT range AS id, range % 3 AS untouched, (range * 10 ${bump})::DECIMAL(10, 1) AS amount, range::DOUBLE AS rate FROM range(20)`;
  const diff = await diffOf(
    amounts(""),
    amounts("+ CASE WHEN range = 7 THEN -500 WHEN range > 12 THEN range ELSE 0 END"),
    byId,
  );
  expect(diff.changed).toBe(8);
  expect(
    diff.moves.map(({ column, key, before, after, change }) => [column, key, before, after, change]),
  ).toEqual([
    ["amount", ["7"], "70.0", "-430.0", -500],
    ...[19, 18, 17, 16].map((id) => ["amount", [String(id)], `${id * 10}.0`, `${id * 11}.0`, id]),
  ]);
});

test("a number that no DOUBLE holds moves by what it moved", async () => {
  const numbers = (first: string, rest: string) =>
    `SELECT 1 AS id, ${first} AS big, ${rest} AS small UNION ALL SELECT 2, ${first}, ${rest}`;
  const diff = await diffOf(
    numbers("9007199254740992", "1::UBIGINT"),
    numbers("9007199254740993", "0::UBIGINT"),
    byId,
  );
  expect(diff.moves.map(({ column, change }) => [column, change])).toEqual([
    ["big", 1],
    ["big", 1],
    ["small", -1],
    ["small", -1],
  ]);
});

describe("a key that nobody named", () => {
  const orders = (rows: string, amount = "10 * n") =>
    `SELECT 'customer ' || n % 3 AS customer, n AS quantity, 'o-' || n AS order_id, ${amount} AS amount FROM range(40) AS t(n) WHERE ${rows}`;

  test("is found where a column is unique on both sides, the likeliest first", async () => {
    expect(
      await diffOf(orders("n < 30"), orders("n > 2", "CASE WHEN n = 9 THEN 0 ELSE 10 * n END")),
    ).toMatchObject({
      ...{ key: ["order_id"], keyFrom: "unique", added: 10, removed: 3, changed: 1 },
      moves: [{ column: "amount", key: ["o-9"], change: -90 }],
    });
  });

  test("may be two columns", async () => {
    const lines = (where: string) =>
      `SELECT 'o-' || n // 4 AS order_id, n % 4 AS line_no, 'x' AS kind FROM range(40) AS t(n) WHERE ${where}`;
    expect(await diffOf(lines("true"), lines("n <> 5"))).toMatchObject({
      ...{ key: ["order_id", "line_no"], keyFrom: "unique", removed: 1, added: 0 },
    });
  });

  test("is none where what is unique has hardly anything in common", async () => {
    const counts = (plus: number) => `SELECT 'x' AS kind, range + ${plus} AS n FROM range(10)`;
    const diff = await diffOf(counts(0), counts(8));
    expect(diff).toMatchObject({ key: [], added: 8, removed: 8, changed: 0, moves: [] });
    expect(diff).not.toHaveProperty("keyFrom");
  });

  test("is none where it is unique among the first rows only", async () => {
    const late = (extra: string) => `SELECT least(range, 19999) AS id ${extra} FROM range(20005)`;
    expect(await diffOf(late(""), late(""))).toMatchObject({ key: [], added: 0, removed: 0 });
  });
});

test("a key that one side has twice is not used, nor one value that fills a side", async () => {
  const twice = "SELECT unnest([1, 1, 2]) AS id, 'x' AS kind";
  expect(await diffOf(twice, "SELECT unnest([1, 2, 3]) AS id, 'x' AS kind", byId)).toMatchObject({
    ...{ key: [], added: 1, removed: 1 },
  });
  const full = "SELECT 1 AS id, 'x' AS kind FROM range(100000)";
  expect(await diffOf(full, full, byId)).toMatchObject({ key: [], added: 0, removed: 0 });
});

test("whole rows are counted as often as they are there", async () => {
  const diff = await diffOf(
    "SELECT unnest(['a', 'a', 'b', NULL]) AS x, 1 AS old",
    "SELECT unnest(['a', 'b', 'b', 'b', 'c']) AS x, 1 AS fresh",
  );
  expect(diff).toMatchObject({ key: [], added: 3, removed: 2, examples: { columns: [{ name: "x" }] } });
  expect(diff.examples).toMatchObject({ added: [["b"], ["b"], ["c"]], removed: [["a"], [null]] });
});

test("sides that have no column in common, or no row, are compared too", async () => {
  expect(await diffOf("SELECT unnest([1, 2]) AS a", "SELECT 1 AS b")).toMatchObject({ added: 1, removed: 2 });
  const none = "SELECT 1 AS id, 'x' AS kind WHERE false";
  expect(await diffOf(none, "SELECT 1 AS id, 'x' AS kind", byId)).toMatchObject({ added: 1, removed: 0 });
  expect(await diffOf(none, none)).toMatchObject({ added: 0, removed: 0, changed: 0 });
});

test("what is told is what an independent comparison finds", { timeout: 60_000 }, async () => {
  const random = seededRandom("diffs");
  for (let round = 0; round < 4; round++) {
    const side = () => {
      const rows = new Map<number, number | null>();
      for (let n = 0; n < 60; n++)
        if (random.next() < 0.8) rows.set(n, random.next() < 0.1 ? null : Math.floor(random.next() * 3));
      return rows;
    };
    const [before, after] = [side(), side()];
    const sql = (rows: ReadonlyMap<number, number | null>) =>
      `SELECT * FROM (VALUES ${[...rows].map(([id, n]) => `(${id}, ${String(n)})`).join(", ")}) AS t(id, n)`;
    const kept = [...before].filter(([id]) => after.has(id));
    expect(await diffOf(sql(before), sql(after), byId)).toMatchObject({
      added: after.size - kept.length,
      removed: before.size - kept.length,
      changed: kept.filter(([id, n]) => after.get(id) !== n).length,
    });
    const multiset = (rows: ReadonlyMap<number, number | null>) => {
      const counts = new Map<string, number>();
      for (const n of rows.values()) counts.set(String(n), (counts.get(String(n)) ?? 0) + 1);
      return counts;
    };
    const [old, now] = [multiset(before), multiset(after)];
    const more = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>) =>
      [...a].reduce((sum, [n, count]) => sum + Math.max(0, count - (b.get(n) ?? 0)), 0);
    const withoutId = (rows: ReadonlyMap<number, number | null>) => `SELECT n FROM (${sql(rows)})`;
    expect(await diffOf(withoutId(before), withoutId(after))).toMatchObject({
      ...{ key: [], added: more(now, old), removed: more(old, now) },
    });
  }
});
