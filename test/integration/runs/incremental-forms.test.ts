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
  ["SELECT r.k, o.city FROM range(1, 9) r(k) LEFT JOIN o USING (k)", true],
  ["SELECT r.k, o.city FROM (VALUES (1), (2), (3), (4), (7)) r(k) LEFT JOIN o ON o.k = r.k", true],
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
        o: dataset(o, "key: k", "incremental: by_key"),
        ...cells,
      });
      await workspace.write("notebooks/sales.md", text);
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
      for (const [index, [sql, isPart]] of forms.entries()) {
        expect([sql, found[index]]).toEqual([sql, await readPublished(workspace, `latest/f${index}`)]);
        const { mode } = cellOf(second, `f${index}`).incremental ?? {};
        expect([sql, mode === "by_key" || mode === "unchanged"]).toEqual([sql, isPart]);
      }
    }));
});
