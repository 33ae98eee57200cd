import { describe, expect, test } from "vitest";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { readPublished } from "../../support/workspace-parquet.js";
import { cellOf, useRuns } from "../../support/workspace-runs.js";

const withRuns = useRuns();

const m = "SELECT * FROM read_csv('input/m.csv', columns = {k: 'BIGINT', g: 'BIGINT', v: 'BIGINT'})";
const o =
  "SELECT * FROM read_csv('input/o.csv', columns = {k: 'BIGINT', city: 'VARCHAR', w: 'BIGINT', t: 'VARCHAR', l: 'BIGINT[]'})";

/** Queries with the key `k`, and whether only what changed is computed. */
const forms: readonly (readonly [sql: string, isPart: boolean])[] = [
  ["SELECT k, sum(v) AS v FROM m GROUP BY k", true],
  ["SELECT s.k, o.city FROM (SELECT k FROM (FROM m ORDER BY ALL) GROUP BY k) s LEFT JOIN o USING (k)", true],
  // What gives the key is of no known form, or no relation.
  ["SELECT s.k, o.city FROM (SELECT k FROM m GROUP BY k ORDER BY k OFFSET 0) s LEFT JOIN o USING (k)", false],
  ["SELECT s.k, o.city FROM (SELECT k FROM n LIMIT 100) s LEFT JOIN o USING (k)", true],
  ["SELECT r.k, o.city FROM range(1, 9) r(k) LEFT JOIN o USING (k)", false],
  ["SELECT r.k, o.city FROM (VALUES (1), (2), (3), (4), (7)) r(k) LEFT JOIN o ON o.k = r.k", false],
  // A text and a number are equal that are not the same key.
  [
    "SELECT t.k, any_value(m.v) AS v FROM (SELECT t AS k, w FROM o) t JOIN m ON m.k = t.k GROUP BY t.k",
    false,
  ],
  ["SELECT t.t AS k, max(m.v) AS v FROM o t LEFT JOIN m ON m.k = t.t GROUP BY ALL", false],
  ["SELECT m.k::DOUBLE AS k, count(*) AS n FROM m GROUP BY 1", false],
  // A name that two columns have.
  ["SELECT x.k, count(*) AS n FROM (SELECT g AS k, * FROM m) x GROUP BY x.k", false],
  ["SELECT x.k, count(*) AS n FROM (SELECT *, g AS k FROM m) x GROUP BY x.k", false],
  ["SELECT x.k, count(*) AS n FROM (SELECT COLUMNS('g') AS k, * FROM m) x GROUP BY x.k", false],
  ["SELECT x.k, count(*) AS n FROM (SELECT s.k, m.* FROM m, (SELECT {k: 1} AS s)) x GROUP BY x.k", false],
  ["SELECT x.k, count(*) AS n FROM (SELECT unnest({k: g}), * FROM m) x GROUP BY x.k", false],
  // Columns of a star behind joins.
  [
    "SELECT k, sum(n) AS n FROM (SELECT * FROM (SELECT m.k AS a, g AS b FROM m JOIN o USING (k)) x JOIN (SELECT k, 1 AS n FROM m) y ON x.a = y.k UNION ALL SELECT g, k, v, 1 FROM m) GROUP BY k",
    false,
  ],
  [
    "SELECT k, count(*) AS n FROM (SELECT * FROM (SELECT v, g FROM m) a SEMI JOIN o ON a.g = o.k UNION ALL SELECT k, g FROM m) x(k, y) GROUP BY k",
    false,
  ],
  [
    "SELECT k, count(*) AS n FROM (SELECT * FROM (SELECT v AS z, g FROM m) a SEMI JOIN (SELECT k, city FROM o) o ON a.g = o.k JOIN (SELECT k FROM m) c ON c.k = a.g UNION ALL SELECT k, v, g FROM m) GROUP BY k",
    false,
  ],
  // Columns that are called as what is added.
  ['SELECT k, sum(v) AS "lakebook key 0", 1 AS "lakebook part" FROM m GROUP BY k', true],
  ['SELECT "K", count(*) AS N FROM M GROUP BY "K"', true],
  [
    "WITH e AS (SELECT k, sum(v) AS v FROM m GROUP BY k) SELECT a.k, a.v, b.v AS w FROM e a LEFT JOIN e b ON b.k = a.v",
    false,
  ],
  ["WITH m AS (SELECT k, city FROM o) SELECT k, city FROM m", true],
  ["SELECT k, w FROM o UNION SELECT k, max(w) FROM o GROUP BY k", true],
  ["SELECT k, l, city FROM o", true],
];

describe("a dataset of which the changed keys are computed", () => {
  test("is what all of it gives, whatever its query is like", () =>
    withRuns({}, async (runs) => {
      const { workspace } = runs;
      const cells = Object.fromEntries(
        forms.map(([sql], index) => [`f${index}`, dataset(sql, "key: k", "incremental: by_key")]),
      );
      const text = notebook({
        m: dataset(m, "partition_by: g", "incremental: by_partition"),
        n: dataset(m.replace("m.csv", "n.csv"), "partition_by: g", "incremental: by_partition"),
        o: dataset(o, "key: k", "incremental: by_key"),
        ...cells,
      });
      await workspace.write("notebooks/sales.md", text);
      await workspace.write("input/n.csv", "k,g,v\n1,1,1\n2,2,2\n7,3,1\n8,4,1\n");
      await workspace.write("input/m.csv", "k,g,v\n1,1,1\n2,1,5\n3,2,2\n4,3,1\n7,4,1\n");
      await workspace.write("input/o.csv", "k,city,w,t,l\n1,BCN,1,1,\n2,MAD,2,02,[]\n7,BCN,1,7,\n");
      const first = await runs.materialize({ date: "2026-01-01" });
      expect(first).toMatchObject({ outcome: "succeeded" });
      await workspace.write("input/m.csv", "k,g,v\n1,1,7\n5,2,1\n");
      await workspace.write("input/o.csv", "k,city,w,t,l\n2,VLC,2,2,\n4,BCN,3,4,\n");
      const second = await runs.materialize({ date: "2026-02-01" });
      expect(second.cells.map(({ error }) => error?.message)).toEqual(second.cells.map(() => undefined));
      expect(second).toMatchObject({ outcome: "succeeded" });
      const found = await Promise.all(forms.map((_, index) => readPublished(workspace, `latest/f${index}`)));
      expect(await runs.materialize({ date: "2026-02-01", force: true })).toMatchObject({
        outcome: "succeeded",
      });
      const isInPart = (index: number): boolean =>
        ["by_key", "unchanged"].includes(cellOf(second, `f${index}`).incremental?.mode ?? "");
      expect(forms.map(([sql], index) => [sql, isInPart(index)])).toEqual(forms);
      for (const [index, [sql]] of forms.entries()) {
        expect([sql, found[index]]).toEqual([sql, await readPublished(workspace, `latest/f${index}`)]);
      }
    }));

  test("reads lists of paths, by the reader's own name too, of which a delivery brings some", () =>
    withRuns({}, async (runs) => {
      const { workspace } = runs;
      const from = "read_csv(['input/a/*.csv', 'input/b.csv'])";
      const text = notebook({
        rows: dataset(
          `SELECT read_csv.k, v FROM ${from} WHERE read_csv.k > 0`,
          "partition_by: v",
          "incremental: by_partition",
        ),
        newest: dataset(`SELECT x.k, x.v FROM ${from} x`, "key: k", "incremental: by_key"),
        sums: dataset(`SELECT k, sum(v) AS v FROM ${from} GROUP BY k`, "key: k", "incremental: by_key"),
        typed: dataset(
          `SELECT k, v FROM ${from.replace("])", "], columns = {k: 'BIGINT', v: 'BIGINT'})")}`,
          "key: k",
          "incremental: by_key",
        ),
      });
      await workspace.write("notebooks/sales.md", text);
      await workspace.write("input/a/1.csv", "k,v\n1,1\n");
      await workspace.write("input/b.csv", "k,v\n2,1\n");
      expect(await runs.materialize({ date: "2026-01-01" })).toMatchObject({ outcome: "succeeded" });
      await workspace.write("input/b.csv", "k,v\n2,7\n");
      await runs.materialize({ date: "2026-02-01" });
      await workspace.write("input/a/2.csv", "k,v\n3,1\n1,2\n");
      const last = await runs.materialize({ date: "2026-03-01" });
      expect(last.cells.map(({ error }) => error?.message)).toEqual(last.cells.map(() => undefined));
      const published = async (name: string): Promise<unknown> =>
        (await readPublished(workspace, `latest/${name}`)).map(({ k, v }) => [k, v].join(" ")).sort();
      expect(await published("rows")).toEqual(["1 1", "1 2", "2 1", "2 7", "3 1"]);
      for (const name of ["newest", "typed"]) expect(await published(name)).toEqual(["1 2", "2 7", "3 1"]);
      expect(await published("sums")).toEqual(["1 3", "2 8", "3 1"]);
      expect(cellOf(last, "sums").incremental).toMatchObject({
        mode: "by_key",
        rows: { added: 1, changed: 1 },
      });
    }));

  test("is refused where it reads a column that only single files have", () =>
    withRuns({}, async (runs) => {
      const { workspace } = runs;
      const sql = "SELECT k, filename AS f FROM read_csv('input/x.csv')";
      await workspace.write(
        "notebooks/sales.md",
        notebook({ x: dataset(sql, "key: k", "incremental: by_key") }),
      );
      await workspace.write("input/x.csv", "k\n1\n");
      const run = await runs.materialize({ date: "2026-01-01" });
      expect(cellOf(run, "x").error).toMatchObject({
        message: '"x" adds deliveries up, whose files together have no column filename.',
        hint: "Name it where the file is read: read_csv('input/x.csv', filename = true).",
      });
      await workspace.write(
        "notebooks/sales.md",
        notebook({ x: dataset(sql.replace("')", "', filename = true)"), "key: k", "incremental: by_key") }),
      );
      expect(await runs.materialize({ date: "2026-01-01" })).toMatchObject({ outcome: "succeeded" });
    }));

  test("has the rows of a file that has a column called filename", () =>
    withRuns({}, async (runs) => {
      const { workspace } = runs;
      const sql = "SELECT k, filename FROM read_csv('input/x.csv')";
      await workspace.write(
        "notebooks/sales.md",
        notebook({ x: dataset(sql, "key: k", "incremental: by_key") }),
      );
      await workspace.write("input/x.csv", "k,filename\n1,a\n");
      await runs.materialize({ date: "2026-01-01" });
      await workspace.write("input/x.csv", "k,filename\n2,b\n");
      await runs.materialize({ date: "2026-02-01" });
      expect(await readPublished(workspace, "latest/x")).toEqual([
        { k: "1", filename: "a" },
        { k: "2", filename: "b" },
      ]);
    }));
});
