import { chmod, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeIncrement, describeWritten } from "../../../server/text/describe-increment.js";
import { describeTouched } from "../../../server/text/describe-touched.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { readPublished } from "../../support/workspace-parquet.js";
import { cellOf, useRuns, type Runs } from "../../support/workspace-runs.js";

const withRuns = useRuns();

const files = {
  "notebooks/sales.md": notebook({
    messages: dataset(
      "SELECT * FROM read_csv('input/m.csv', columns = {k: 'BIGINT', g: 'BIGINT', v: 'BIGINT'})",
      "partition_by: g",
      "incremental: by_partition",
    ),
    sums: dataset("SELECT k, sum(v) AS v FROM messages GROUP BY k", "key: k", "incremental: by_key"),
    plain: dataset("SELECT 1 AS one"),
  }),
  "notebooks/report.md": notebook({
    by_run: dataset(
      "SELECT late_rows, restated FROM lakebook.runs WHERE notebook = 'sales' ORDER BY run_date, created_at",
    ),
    by_dataset: dataset(
      `SELECT dataset, since::VARCHAR AS since, late_rows, late_of, restated, added, changed, partitions_linked AS linked
       FROM lakebook.increments WHERE run_date = '2026-02-01' ORDER BY dataset`,
    ),
  }),
};

async function deliver(runs: Runs, date: string, rows: string) {
  await runs.workspace.write("input/m.csv", `k,g,v\n${rows}\n`);
  return runs.materialize({ date });
}

describe("what was late and restated", () => {
  test("is told in one sentence, as rows of lakebook, and in catalog.json", () =>
    withRuns(files, async (runs) => {
      await deliver(runs, "2026-01-01", "1,1,1\n2,1,5\n3,2,2\n4,3,1");
      const second = await deliver(runs, "2026-02-01", "1,1,7\n2,1,0\n9,5,1");
      const told = ["messages", "sums"].map((name) => {
        const { incremental } = cellOf(second, name);
        return incremental && [describeIncrement(incremental), describeWritten(incremental)];
      });
      expect(told).toEqual([
        ["2 late rows restated 1 partition; 3 new", "2 partitions written, 2 kept"],
        ["2 late rows restated 2 keys; 1 new, 1 changed", ""],
      ]);
      expect(cellOf(second, "plain").incremental).toBeUndefined();

      await runs.materialize({ notebook: "report", date: "2026-02-01" });
      expect(await readPublished(runs.workspace, "latest/by_run")).toEqual([
        { late_rows: "0", restated: "0" },
        { late_rows: "2", restated: "2" },
      ]);
      const base = { since: "2026-01-01", late_rows: "2" };
      expect(await readPublished(runs.workspace, "latest/by_dataset")).toEqual([
        {
          ...base,
          dataset: "messages",
          late_of: "partition",
          restated: "1",
          added: "3",
          changed: "0",
          linked: "2",
        },
        { ...base, dataset: "sums", late_of: "key", restated: "2", added: "1", changed: "1", linked: "0" },
      ]);

      const catalog = JSON.parse(
        await readFile(`${runs.workspace.root}/data_lake/catalog.json`, "utf8"),
      ) as unknown;
      expect(catalog).toMatchObject({
        datasets: expect.arrayContaining([
          expect.objectContaining({
            name: "sums",
            runDates: [
              { runDate: "2026-01-01" },
              { runDate: "2026-02-01", incremental: cellOf(second, "sums").incremental },
            ].map((date) => expect.objectContaining(date) as unknown),
          }),
        ]) as unknown,
      });
    }));

  test("counts a late row of each thing that is joined, and the keys of all of them", () => {
    const text = notebook({
      messages: dataset(
        "SELECT * FROM read_csv('input/m.csv', columns = {k: 'BIGINT', g: 'BIGINT', v: 'BIGINT'})",
        "incremental: by_partition",
        "partition_by: g",
      ),
      orders: dataset(
        "SELECT * FROM read_csv('input/o.csv', columns = {k: 'BIGINT', city: 'VARCHAR'})",
        "key: k",
        "incremental: by_key",
      ),
      sums: dataset("SELECT k, sum(v) AS v FROM messages GROUP BY k", "key: k", "incremental: by_key"),
      joined: dataset(
        "SELECT s.k, s.v, o.city FROM sums s LEFT JOIN orders o ON o.k = s.k",
        "key: k",
        "incremental: by_key",
      ),
    });
    return withRuns({ "notebooks/sales.md": text }, async (runs) => {
      await runs.workspace.write("input/o.csv", "k,city\n1,A\n2,A\n3,A\n");
      const keys = Array.from({ length: 20 }, (_, k) => `${String(k)},1,1`).join("\n");
      await deliver(runs, "2026-01-01", keys);
      // A late message of 4, an order that came late (5) and one that is corrected (1).
      await runs.workspace.write("input/o.csv", "k,city\n1,B\n5,A\n");
      const second = await deliver(runs, "2026-02-01", "4,1,1\n40,1,1");
      expect(cellOf(second, "joined").incremental).toMatchObject({
        rows: { added: 1, changed: 3, removed: 0 },
        late: { rows: 3, keys: 3 },
      });
    });
  });

  test("counts only rows of this delivery, and tells the oldest, where all of it is computed again", () => {
    const messages = (least: number) =>
      dataset(
        `SELECT * FROM read_csv('input/m.csv', columns = {k: 'BIGINT', g: 'BIGINT', v: 'BIGINT'}) WHERE v >= ${String(least)}`,
        "partition_by: g",
        "incremental: by_partition",
        "event_time: v",
      );
    const sums = dataset("SELECT k, sum(v) AS v FROM messages GROUP BY k", "key: k", "incremental: by_key");
    const halves = dataset(
      "SELECT k, v, g // 2 AS half FROM messages",
      "partition_by: half",
      "incremental: by_partition",
    );
    const totals = dataset("SELECT k, max(v) AS v FROM sums GROUP BY k", "key: k", "incremental: by_key");
    const text = (least: number): string => notebook({ messages: messages(least), sums, halves, totals });
    return withRuns({ "notebooks/sales.md": text(2) }, async (runs) => {
      const first = "1,1,1\n1,1,5\n2,2,1\n2,2,6\n3,3,1\n3,4,7\n4,5,1\n4,6,8\n5,7,9";
      await deliver(runs, "2026-01-01", first);
      await runs.workspace.write("notebooks/sales.md", text(1));
      const rebuilt = await deliver(runs, "2026-02-01", "1,1,3\n1,1,11\n9,1,4\n8,9,2");
      const late = ["messages", "sums", "halves", "totals"].map((name) => {
        const { incremental } = cellOf(rebuilt, name);
        return incremental && [name, incremental.late, incremental.since];
      });
      const since = "2026-01-01";
      expect(late).toEqual([
        ["messages", { rows: 3, keys: 1, oldest: "3" }, since],
        ["sums", { rows: 2, keys: 1, oldest: "3" }, since],
        ["halves", { rows: 3, keys: 1, oldest: "3" }, since],
        ["totals", { rows: 2, keys: 1, oldest: "3" }, since],
      ]);
      await runs.workspace.replace("notebooks/sales.md", "max(v)", "min(v)");
      await runs.workspace.replace("notebooks/sales.md", "sum(v)", "max(v)");
      const again = await runs.materialize({ date: "2026-02-01" });
      expect(cellOf(again, "sums").incremental).toMatchObject({ mode: "full", late: { rows: 2, keys: 1 } });
      expect(cellOf(again, "totals").incremental).toMatchObject({ mode: "full", late: { rows: 2, keys: 1 } });
    });
  });

  test("is forecast: which part is computed, or why all of it", () =>
    withRuns(files, async (runs) => {
      const forecast = async () => {
        const { cells } = await runs.manager.forecast({
          notebook: "sales",
          mode: "materialize",
          date: "2026-02-01",
        });
        return cells.filter(({ action }) => action === "run").map(({ name, reason }) => [name, reason]);
      };
      await deliver(runs, "2026-01-01", "1,1,1\n2,1,5\n3,2,2\n4,3,1");
      await runs.workspace.write("input/m.csv", "k,g,v\n1,1,7\n");
      expect(await forecast()).toEqual([
        ["messages", "input/m.csv changed; only the partitions that new rows touch"],
        ["sums", "`messages` runs; only the keys of changed rows"],
      ]);
      await runs.run({ date: "2026-02-01", cells: ["messages"] });
      expect(await forecast()).toEqual([["sums", "`messages` changed; only the keys of changed rows"]]);
      await runs.workspace.replace("notebooks/sales.md", "sum(v)", "max(v)");
      expect(await forecast()).toEqual([
        ["sums", "SQL changed, `messages` changed; whole rebuild: SQL changed"],
      ]);
      const run = await runs.materialize({ date: "2026-02-01" });
      expect(cellOf(run, "sums").incremental).toMatchObject({ mode: "full", reason: "SQL changed" });

      // February stood on what January had delivered before.
      await runs.workspace.write("input/m.csv", "k,g,v\n1,1,2\n2,1,5\n3,2,2\n4,3,1\n");
      await runs.materialize({ date: "2026-01-01", input: "current" });
      await runs.workspace.write("input/m.csv", "k,g,v\n1,1,7\n");
      const reason = "the delivery of 2026-01-01 was replaced";
      const told = await forecast();
      expect(told.map(([name]) => name)).toEqual(["messages", "sums"]);
      for (const [name, words] of told)
        expect([name, words]).toEqual([name, expect.stringContaining(reason)]);
      const again = await runs.materialize({ date: "2026-02-01" });
      for (const name of ["messages", "sums"])
        expect(cellOf(again, name).incremental).toMatchObject({ mode: "full", reason });
    }));

  test("is forecast in numbers, of parents that run first too, each content once", () =>
    withRuns(
      {
        "notebooks/sales.md": notebook({
          messages: dataset(
            "SELECT * FROM read_csv('input/m.csv', columns = {k: 'BIGINT', g: 'BIGINT', v: 'BIGINT'})",
            "partition_by: g",
            "incremental: by_partition",
          ),
          orders: dataset(
            "SELECT * FROM read_csv('input/orders.csv', columns = {k: 'BIGINT', city: 'VARCHAR'})",
            "key: k",
            "incremental: by_key",
          ),
          sums: dataset("SELECT k, sum(v) AS v FROM messages GROUP BY k", "key: k", "incremental: by_key"),
          cities: dataset(
            "SELECT s.k, o.city, s.v FROM sums s LEFT JOIN orders o USING (k)",
            "key: k",
            "partition_by: city",
            "incremental: by_key",
          ),
          by_city: dataset(
            "SELECT city, sum(v) AS v FROM cities GROUP BY city",
            "key: city",
            "incremental: by_key",
          ),
        }),
        "input/orders.csv": "k,city\n1,BCN\n2,BCN\n3,MAD\n4,VLC\n",
      },
      async (runs) => {
        const forecast = async (countMs = 60_000) => {
          const request = { notebook: "sales", mode: "materialize", date: "2026-02-01" } as const;
          const { cells } = await runs.manager.forecast(request, countMs);
          return cells.map(({ name, touched }) => [name, touched && describeTouched(touched)]);
        };
        await deliver(runs, "2026-01-01", "1,1,1\n2,1,5\n3,2,2\n4,3,1");
        await runs.workspace.write("input/m.csv", "k,g,v\n1,1,7\n9,4,7\n");
        await runs.workspace.write("input/orders.csv", "k,city\n3,BCN\n");
        const told = [
          ["messages", "1 of 3 partitions, 1 new"],
          ["orders", "1 of 4 keys"],
          ["sums", "1 of 4 keys, 1 new"],
          ["cities", "at most 2 of 4 keys, 1 new; 2 of 3 partitions"],
          // Rows that go may be of another city than those that come.
          ["by_city", undefined],
        ];
        expect(await forecast(0)).toEqual(told.map(([name]) => [name, undefined]));
        expect(await forecast()).toEqual(told);
        expect(await forecast(0)).toEqual(told);
        await runs.run({ date: "2026-02-01", cells: ["cities"] });
        expect(await forecast()).toEqual([
          ...["messages", "orders", "sums", "cities"].map((name) => [name, undefined]),
          ["by_city", "2 of 3 keys, 1 new"],
        ]);
        expect(await runs.workspace.files("data_lake/.lake/tmp")).toEqual([]);
      },
    ));

  test("is copied where it did not change, though most partitions are written again", () =>
    withRuns(
      {
        "notebooks/sales.md": notebook({
          messages: dataset(
            "SELECT * FROM read_csv('input/m.csv', columns = {k: 'BIGINT', g: 'BIGINT', v: 'BIGINT'})",
            "partition_by: g",
            "incremental: by_partition",
          ),
          sums: dataset(
            "SELECT k, any_value(g) AS g, sum(v) AS v FROM messages GROUP BY k",
            "key: k",
            "partition_by: g",
            "incremental: by_key",
            "checks: [{equivalence: {every: 1}}]",
          ),
        }),
      },
      async (runs) => {
        const rows = Array.from({ length: 20 }, (_, k) => `${String(k)},${String(k % 4)},1`);
        await deliver(runs, "2026-01-01", rows.join("\n"));
        const few = await deliver(runs, "2026-02-01", "0,0,5\n1,1,5\n22,2,5");
        const many = await deliver(runs, "2026-03-01", rows.filter((_, k) => k % 4 < 3).join("\n"));
        const told = { mode: "full", reason: "3 of 4 partitions are touched" };
        const partitions = [few, many].map((run) => {
          for (const name of ["messages", "sums"])
            expect(cellOf(run, name).incremental, name).toMatchObject(told);
          return ["messages", "sums"].map((name) => cellOf(run, name).incremental?.partitions);
        });
        const [part, whole] = [
          { written: 3, linked: 1, removed: 0 },
          { written: 4, linked: 0, removed: 0 },
        ];
        expect(partitions).toEqual([
          [part, part],
          [whole, whole],
        ]);
        expect(few.checks.map(({ message }) => message)).toContain(
          "what was computed in parts equals the whole (21 rows)",
        );
        const published = await readPublished(runs.workspace, "2026-02-01/sums");
        expect(published.filter(({ v }) => v !== "1")).toHaveLength(3);
        const sentences = [few, many].map((run) => {
          const { incremental } = cellOf(run, "sums");
          return incremental && describeIncrement(incremental);
        });
        expect(sentences).toEqual([
          "2 late rows restated 2 keys; 1 new, 2 changed (3 of 4 partitions are touched; other rows are copied)",
          "15 late rows restated 15 keys; 15 changed (whole rebuild: 3 of 4 partitions are touched)",
        ]);
        expect(cellOf(few, "sums").incremental?.rows).toEqual({ added: 1, changed: 2, removed: 0 });
      },
    ));
});

const [JANUARY, FEBRUARY, MARCH] = ["2026-01-01", "2026-02-01", "2026-03-01"] as const;

describe("what deliveries are added up to, in a state that went wrong", () => {
  const text = notebook({
    messages: dataset(
      "SELECT * FROM read_csv('input/m.csv', columns = {k: 'BIGINT', g: 'BIGINT', v: 'BIGINT'})",
      "partition_by: g",
      "incremental: by_partition",
    ),
    newest: dataset(
      "SELECT * FROM read_csv('input/m.csv', columns = {k: 'BIGINT', g: 'BIGINT', v: 'BIGINT'})",
      "key: k",
      "incremental: by_key",
    ),
  });

  const twoMonths = (test: (runs: Runs) => Promise<void>): Promise<void> =>
    withRuns({ "notebooks/sales.md": text }, async (runs) => {
      await deliver(runs, JANUARY, "1,1,1\n2,2,5");
      await deliver(runs, FEBRUARY, "3,3,3\n4,4,4");
      await test(runs);
    });

  /** The first file of what February published. */
  const fileOf = async (runs: Runs, name: string): Promise<string> => {
    const { version } = runs.lake.resolve(name, FEBRUARY)!;
    const folder = runs.lake.versionFolder(name, version);
    const manifest = await runs.lake.manifest(name, version);
    return join(folder, manifest.files[0]!.path);
  };

  test("goes on from the deliveries where the version before lost a file or was cut short, and computes it again by its date", () =>
    twoMonths(async (runs) => {
      await rm(await fileOf(runs, "messages"));
      const cut = await fileOf(runs, "newest");
      await chmod(cut, 0o644);
      await truncate(cut, 40);
      const march = await deliver(runs, MARCH, "1,1,9");
      for (const name of ["messages", "newest"]) {
        const { incremental, outcome } = cellOf(march, name);
        expect([name, outcome]).toEqual([name, "succeeded"]);
        expect(incremental).toMatchObject({
          mode: "full",
          since: FEBRUARY,
          reason: `what ${FEBRUARY} published is damaged`,
        });
      }
      expect(await readPublished(runs.workspace, `${MARCH}/newest`, "k")).toHaveLength(4);
      expect(await readPublished(runs.workspace, `${MARCH}/messages`, "k")).toHaveLength(5);

      const again = await runs.materialize({ date: FEBRUARY, input: "pinned" });
      expect(again).toMatchObject({ outcome: "succeeded" });
      expect(cellOf(again, "messages").outcome).toBe("succeeded");
      expect(await readPublished(runs.workspace, `${FEBRUARY}/messages`, "k")).toHaveLength(4);
    }));

  test("copies no row of a file that was edited in place and kept its size", () =>
    twoMonths(async (runs) => {
      const edited = await fileOf(runs, "newest");
      const bytes = await readFile(edited);
      const place = bytes.indexOf("sales");
      expect(place).toBeGreaterThan(0);
      bytes.write("SALES", place);
      await chmod(edited, 0o644);
      await writeFile(edited, bytes);
      const march = await deliver(runs, MARCH, "1,1,9");
      expect(cellOf(march, "newest").incremental).toMatchObject({
        mode: "full",
        reason: `what ${FEBRUARY} published is damaged`,
      });
      expect(await readPublished(runs.workspace, `${MARCH}/newest`, "k")).toHaveLength(4);
    }));

  test("fails where a delivery is not kept as it was, says so in the forecast, and is right once that was delivered again", () =>
    twoMonths(async (runs) => {
      const delivered = runs.lake.publication("sales", JANUARY)!.inputs[0]!;
      const kept = runs.lake.inputFile(delivered.sha256);
      await chmod(kept, 0o644);
      await writeFile(kept, "k,g,v\n1,1,1\n");
      await runs.workspace.write("input/m.csv", "k,g,v\n5,5,5\n");
      const message = `What was delivered as "input/m.csv" for ${JANUARY} is no longer kept as it was in data_lake/.lake/inputs.`;
      const march = { notebook: "sales", mode: "materialize", date: MARCH } as const;
      const { cells } = await runs.manager.forecast(march);
      expect(cells.map(({ reason }) => reason)).toEqual([
        expect.stringContaining(`it would fail: ${message}`),
        expect.stringContaining(message),
      ]);
      const failed = await runs.materialize(march);
      expect(failed).toMatchObject({ outcome: "failed", published: [] });
      expect(cellOf(failed, "newest").error).toMatchObject({
        code: "input",
        message,
        hint: `Deliver it for ${JANUARY} again, from data_lake/${JANUARY}/initial_datasets if that is still there, and materialize that date with --input current.`,
      });
      await runs.workspace.write("input/m.csv", "k,g,v\n1,1,1\n2,2,5\n");
      expect(await runs.materialize({ date: JANUARY, input: "current" })).toMatchObject({
        outcome: "succeeded",
      });
      expect((await deliver(runs, MARCH, "5,5,5")).outcome).toBe("succeeded");
      expect(await readPublished(runs.workspace, `${MARCH}/newest`, "k")).toHaveLength(5);
    }));

  test("refuses two rows of one key and leaves what was published; a key that changed is the reason of a whole rebuild", () =>
    twoMonths(async (runs) => {
      const twice = await deliver(runs, MARCH, "1,1,7\n1,1,8");
      expect(twice).toMatchObject({ outcome: "failed", published: [] });
      expect(twice.checks.find(({ name }) => name === "newest.key_unique")).toMatchObject({
        outcome: "fail",
        message: "1 value of k occurs more than once, in 2 rows",
      });
      expect(runs.lake.publication("sales", MARCH)).toBeUndefined();
      await runs.workspace.write("notebooks/sales.md", text.replace("key: k", "key: [k, v]"));
      const other = await runs.materialize({ date: MARCH });
      expect(cellOf(other, "newest").incremental).toMatchObject({ reason: "its key is now `k`, `v`" });
      expect(await readPublished(runs.workspace, `${MARCH}/newest`, "k")).toHaveLength(6);
    }));
});
