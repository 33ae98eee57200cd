import { expect, test } from "vitest";
import { createRandom } from "../../../server/workspace/sample/random.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { readPublished } from "../../support/workspace-parquet.js";
import { cellOf, useRuns, type Runs } from "../../support/workspace-runs.js";

const withRuns = useRuns();

const SEEDS = (process.env["LAKEBOOK_SEEDS"] ?? "1-1").split("-").map(Number);
const EDITS = 4;

/** What may stand for each column of the parent; several give the same values. */
const expressions: Readonly<Record<string, readonly string[]>> = {
  a: ["i", "i + 0", "i % 5", "CASE WHEN i > 3 THEN i ELSE i END"],
  b: ["i % 3", "(i * 4) % 3", "i % 2", "NULL::BIGINT"],
  c: ["'c' || i % 4", "concat('c', i % 4)", "'C' || i % 4", "NULL::VARCHAR"],
  d: ["i / 2.0", "CAST(i AS DOUBLE) / 2", "-0.0", "[i]", "{'x': i}", "DATE '2026-01-01' + i::INTEGER"],
  e: ["1", "true"],
  f: ["i"],
};
const always = ["a", "b", "c"];
const rowsOf = [
  "range(12) t(i)",
  "range(12) t(i) WHERE i >= 0",
  "range(11) t(i)",
  "range(12) t(i) ORDER BY i DESC",
];

const children: Readonly<Record<string, string>> = {
  value: "SELECT max(a) AS n, min(c) AS c FROM parent",
  filter: "SELECT c FROM parent WHERE b > 0",
  grouped: "SELECT b, count(*) AS n, list(a) AS all_a FROM parent GROUP BY b ORDER BY b NULLS FIRST",
  counted: "SELECT count(*) AS n FROM parent",
  every: "SELECT * FROM parent",
  matched: "SELECT max(COLUMNS(x -> x <> 'd')) FROM parent",
  natural: "SELECT count(*) AS n FROM parent NATURAL JOIN (SELECT a, 1 AS e FROM parent)",
  names: "SELECT count(*) AS n FROM (DESCRIBE parent)",
  meant: "SELECT a + 1 AS e, e AS n FROM parent",
  outer_name: "SELECT (SELECT f FROM parent LIMIT 1) AS n FROM (SELECT 7 AS f)",
  some: "SELECT a FROM parent LIMIT 3",
  asked: "SELECT p.a FROM parent p WHERE EXISTS (SELECT 1 FROM parent q WHERE q.b = p.a)",
  ordered: "SELECT a FROM parent ORDER BY c, a LIMIT 5",
  windows: "SELECT a, lag(a) OVER () AS before, sum(b) OVER (ORDER BY a) AS s FROM parent",
  through: "SELECT sum(x) AS n FROM query_cell",
  first_of: "SELECT first(c) AS c FROM query_cell_kept",
  last_of: "SELECT last(b) AS b FROM query_cell_kept",
  no_column: "SELECT 1 AS one FROM parent WHERE false",
  united: "SELECT a, c FROM parent UNION BY NAME SELECT 1 AS a",
};

type Random = ReturnType<typeof createRandom>;

function pick<T>(random: Random, items: readonly T[]): T {
  return items[random.integer(0, items.length - 1)] as T;
}

function parentOf(random: Random): string {
  const names = [
    ...always,
    ...Object.keys(expressions).filter((name) => !always.includes(name) && random.chance(0.5)),
  ];
  if (random.chance(0.3)) names.reverse();
  const columns = names.map((name) => {
    const choice = random.chance(0.7) ? 0 : random.integer(0, (expressions[name]?.length ?? 1) - 1);
    return `${expressions[name]?.[choice] ?? ""} AS ${name}`;
  });
  const rows = random.chance(0.8) ? rowsOf[0] : pick(random, rowsOf);
  return `SELECT ${columns.join(", ")} FROM ${rows ?? ""}`;
}

function textOf(parent: string): string {
  return notebook({
    parent: dataset(parent),
    query_cell: "SELECT a + 1 AS x FROM parent WHERE c <> 'c1'",
    query_cell_kept: "SELECT DISTINCT ON (b) b, c FROM parent ORDER BY b, a, c",
    ...Object.fromEntries(Object.entries(children).map(([name, sql]) => [name, dataset(sql)])),
  });
}

/** As texts, in their order; undefined where the cell failed. */
async function rowsOfAll(runs: Runs): Promise<Record<string, unknown>> {
  const rows: Record<string, unknown> = {};
  for (const name of Object.keys(children)) {
    const resolved = runs.lake.resolve(name);
    rows[name] = resolved && (await readPublished(runs.workspace, `latest/${name}`));
  }
  return rows;
}

const seeds = Array.from(
  { length: (SEEDS[1] ?? 1) - (SEEDS[0] ?? 1) + 1 },
  (_, index) => (SEEDS[0] ?? 1) + index,
);

test.each(seeds)("what is reused below a changed parent is what a full run computes (seed %i)", (seed) =>
  withRuns({ "notebooks/sales.md": textOf("SELECT 1 AS a, 2 AS b, 'c' AS c") }, async (runs) => {
    const random = createRandom(seed, 1);
    let reused = 0;
    for (let edit = 0; edit < EDITS; edit++) {
      const parent = parentOf(random);
      await runs.workspace.write("notebooks/sales.md", textOf(parent));
      const view = await runs.materialize();
      expect(view.outcome, JSON.stringify([parent, view.cells.filter(({ error }) => error)])).toBe(
        "succeeded",
      );
      const found = await rowsOfAll(runs);
      reused += Object.keys(children).filter((name) =>
        cellOf(view, name).reason?.includes("not in the columns"),
      ).length;
      await runs.materialize({ force: true });
      expect(await rowsOfAll(runs), parent).toEqual(found);
    }
    expect(reused).toBeGreaterThan(0);
  }),
);
