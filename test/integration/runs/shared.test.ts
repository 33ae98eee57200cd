import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readPage } from "../../../server/rows/result-pages.js";
import { leaseResult } from "../../../server/rows/stored-rows.js";
import { until } from "../../support/kill.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { readPublished } from "../../support/workspace-parquet.js";
import { cellOf, outcomes, useRuns, type Runs } from "../../support/workspace-runs.js";

const withRuns = useRuns();

/** Never ends by itself. */
const endless = "SELECT count(*) AS n FROM range(1000000000000) AS a WHERE hash(range) = 1";

const numbers = "SELECT range AS id, hash(range) AS h FROM range(300000)";
const twins = notebook({
  a: numbers,
  b: numbers,
  c: numbers,
  ...Object.fromEntries(
    ["a", "b", "c"].flatMap((name) =>
      [0, 1, 2].map((n) => [`${name}${String(n)}`, `SELECT count(*) + ${String(n)} AS n FROM ${name}`]),
    ),
  ),
});

async function runningCell(runs: Runs, id: string, name: string): Promise<void> {
  await until(`${name} runs`, async () => cellOf(await runs.manager.view(id), name).status === "running");
}

async function resultsOnDisk({ lake }: Runs): Promise<string[]> {
  return (await readdir(lake.paths.scratch)).filter((name) => !name.startsWith("."));
}

/** `lakebook.yaml` with a cap that the notebook's results do not fit into. */
const small = { "lakebook.yaml": "result_limit: 1MB\n" };

describe("cells with the same SQL", () => {
  test.each([
    ["", {}],
    [", also where no result fits into the cap", small],
  ])("are computed once, whoever runs them at the same time%s", (_name, settings) =>
    withRuns({ "notebooks/sales.md": twins, ...settings }, async (runs) => {
      for (let round = 0; round < 4; round++) {
        const request = { mode: "run", force: round % 2 === 1 } as const;
        const started = await Promise.all([1, 2, 3].map(() => runs.start(request)));
        const views = await Promise.all(started.map(({ finished }) => finished));
        expect(views.map(({ outcome }) => outcome)).toEqual(["succeeded", "succeeded", "succeeded"]);
        const computed = views.flatMap((view) =>
          ["a", "b", "c"].filter((name) => cellOf(view, name).outcome === "succeeded"),
        );
        if (round === 0) expect(computed).toHaveLength(1);
        if (round === 2 && settings === small) expect(computed.length).toBeGreaterThan(0);
      }
      // What reads them is the same thrice too.
      expect(await resultsOnDisk(runs)).toHaveLength(settings === small ? 3 : 4);
    }),
  );

  test("that are different each time do not share", () =>
    withRuns(
      { "notebooks/sales.md": notebook({ a: "SELECT uuid() AS u", b: "SELECT uuid() AS u" }) },
      async (runs) => {
        const view = await runs.run();
        expect(cellOf(view, "a").fingerprint).not.toBe(cellOf(view, "b").fingerprint);
      },
    ));
});

describe("different cells of one name", () => {
  const files = {
    "notebooks/slow.md": notebook({ t: endless, u: "FROM t", v: "FROM t" }),
    "notebooks/sales.md": notebook({ t: "SELECT 1 AS one", u: "FROM t", v: "FROM t" }),
  };

  test("do not wait for each other", () =>
    withRuns(files, async (runs) => {
      const slow = await runs.start({ notebook: "slow", mode: "run" });
      await runningCell(runs, slow.id, "t");
      expect((await runs.run()).outcome).toBe("succeeded");
      expect((await runs.manager.view(slow.id)).isRunning).toBe(true);
      await runs.manager.cancel(slow.id);
    }));
});

describe("a run that waits for what another one computes", () => {
  const files = {
    "input/orders.csv": "id\n1\n2\n",
    "notebooks/sales.md": notebook({ t: endless, u: "FROM t", v: "FROM t" }),
    // It reads input through the view of the run that began it.
    "notebooks/shared.md": notebook({
      base: "SELECT id, count(*) AS n FROM read_csv('input/orders.csv') GROUP BY id",
      t: "SELECT sum(b.id * hash(range)::DOUBLE) > 0 AS ok FROM base b, range(100000000)",
      u: "FROM t, base",
      v: "FROM t, base",
    }),
  };

  test("is cancelled without a word to the other, and the other one without a word to it", () =>
    withRuns(files, async (runs) => {
      const first = await runs.start({ mode: "run" });
      await runningCell(runs, first.id, "t");
      const second = await runs.start({ mode: "run" });
      await runningCell(runs, second.id, "t");
      expect((await runs.manager.cancel(second.id)).outcome).toBe("cancelled");
      expect(cellOf(await runs.manager.view(first.id), "t").status).toBe("running");

      const third = await runs.start({ mode: "run" });
      await runningCell(runs, third.id, "t");
      expect((await runs.manager.cancel(first.id)).outcome).toBe("cancelled");
      expect(cellOf(await runs.manager.view(third.id), "t").status).toBe("running");
      expect((await runs.manager.cancel(third.id)).outcome).toBe("cancelled");
    }));

  test("gets the result when the run that began it is cancelled", () =>
    withRuns({ ...files, ...small }, async (runs) => {
      const first = await runs.start({ mode: "run", notebook: "shared" });
      await runningCell(runs, first.id, "t");
      const second = await runs.start({ mode: "run", notebook: "shared" });
      await runningCell(runs, second.id, "t");
      const [cancelled, view] = await Promise.all([runs.manager.cancel(first.id), second.finished]);
      expect(cancelled.outcome).toBe("cancelled");
      expect(view.outcome).toBe("succeeded");
      expect(outcomes(view)).toMatchObject({ base: "reused", t: "reused" });
      expect(await readdir(join(runs.lake.paths.runs, first.id))).toEqual(["run.json"]);
    }));
});

describe("a result that is read", () => {
  test("stays although it is computed anew and there is no room for it", () =>
    withRuns(
      { "notebooks/sales.md": notebook({ a: numbers, other: `${numbers} WHERE range > 7` }), ...small },
      async (runs) => {
        const { results, engine } = runs.manager.services;
        const fingerprint = cellOf(await runs.run({ cells: ["a"] }), "a").fingerprint ?? "";
        const reading = await leaseResult(results, fingerprint);
        if (reading === undefined) throw new Error("The result is gone");
        await runs.run({ force: true });
        await runs.run({ cells: ["other"], force: true });
        await runs.manager.vacuum({ dryRun: false, keepDates: 12 });
        const page = { offset: 299_999, limit: 1, sort: [], filter: [] };
        expect((await readPage({ engine }, reading, page)).rows[0]?.[0]).toBe("299999");
        reading.lease.release();
        await runs.lake.leases.settle();
        // What reads them is the same thrice too.
        expect(await resultsOnDisk(runs)).toHaveLength(1);
      },
    ));

  test("is found after a restart, and what was left beside it goes", () =>
    withRuns({ "notebooks/sales.md": notebook({ a: numbers }) }, async (runs) => {
      const { results } = runs.manager.services;
      const fingerprint = cellOf(await runs.run(), "a").fingerprint ?? "";
      const reading = await results.find(fingerprint);
      await runs.run({ force: true });
      await results.createBuild();
      // What reads them is the same thrice too.
      expect(await resultsOnDisk(runs)).toHaveLength(2);
      await runs.restart();
      expect(await readdir(runs.lake.paths.scratch)).toHaveLength(3);
      // What reads them is the same thrice too.
      expect(await resultsOnDisk(runs)).toHaveLength(1);
      expect(cellOf(await runs.run(), "a").outcome).toBe("reused");
      reading?.lease.release();
    }));
});

describe("two materializations of one notebook and date", () => {
  const files = {
    "input/orders.csv": "id\n1\n2\n",
    "notebooks/sales.md": notebook({
      orders: dataset("FROM read_csv('input/orders.csv')"),
      total: dataset("SELECT count(*) AS n FROM orders"),
    }),
  };

  test("follow each other, and the second finds everything", () =>
    withRuns(files, async (runs) => {
      const started = await Promise.all([1, 2, 3].map(() => runs.start()));
      const views = await Promise.all(started.map(({ finished }) => finished));
      expect(views.map(({ outcome }) => outcome)).toEqual(["succeeded", "succeeded", "succeeded"]);
      expect(views.map((view) => Object.values(outcomes(view)).join()).sort()).toEqual([
        "reused,reused",
        "reused,reused",
        "succeeded,succeeded",
      ]);
      expect(runs.lake.history()).toHaveLength(1);
    }));

  test("replace each other also where they differ, in the order of their start", () =>
    withRuns(files, async (runs) => {
      const first = await runs.start();
      await runs.workspace.replace("notebooks/sales.md", "count(*)", "10 * count(*)");
      const second = await runs.start();
      expect((await first.finished).outcome).toBe("succeeded");
      expect((await second.finished).outcome).toBe("succeeded");
      expect(await readPublished(runs.workspace, "latest/total")).toEqual([{ n: "20" }]);
    }));

  test("do not replace what stands on other input without a choice", () =>
    withRuns(files, async (runs) => {
      const first = await runs.start();
      await runs.workspace.write("input/orders.csv", "id\n1\n2\n3\n");
      const [second, chosen] = [await runs.start(), await runs.start({ input: "current" })];
      expect((await first.finished).outcome).toBe("succeeded");
      expect(await second.finished).toMatchObject({ outcome: "failed", error: { code: "conflict" } });
      expect((await chosen.finished).outcome).toBe("succeeded");
      expect(await readPublished(runs.workspace, "latest/total")).toEqual([{ n: "3" }]);
    }));

  test("one that gives up while it waits lets nobody go before its turn", () =>
    withRuns({ ...files, "notebooks/sales.md": notebook({ t: dataset(endless) }) }, async (runs) => {
      const first = await runs.start();
      await runningCell(runs, first.id, "t");
      const [second, third] = [await runs.start(), await runs.start()];
      expect((await runs.manager.cancel(second.id)).outcome).toBe("cancelled");
      expect(cellOf(await runs.manager.view(third.id), "t").status).toBe("queued");
      expect((await runs.manager.cancel(third.id)).outcome).toBe("cancelled");
      await runs.manager.cancel(first.id);
    }));
});

describe("the outcome of a run", () => {
  test("is none until it has ended: then its datasets are there, and it can be retried", () =>
    withRuns(
      { "notebooks/sales.md": notebook({ orders: dataset("SELECT 1 AS id"), "check none": "FROM orders" }) },
      async (runs) => {
        const seen: string[] = [];
        const handle = await runs.start();
        for (
          let view = await runs.manager.view(handle.id);
          view.isRunning;
          view = await runs.manager.view(handle.id)
        ) {
          const [stored] = await runs.manager.store.list();
          seen.push(
            view.outcome,
            view.attempts[0]?.outcome ?? "",
            stored?.isRunning === true ? stored.outcome : "none",
          );
          await new Promise((resolve) => setImmediate(resolve));
        }
        expect(new Set(seen)).toEqual(new Set(["none"]));
        expect((await runs.manager.view(handle.id)).outcome).toBe("failed");
        expect((await runs.manager.retry(handle.id)).id).toBe(handle.id);
      },
    ));
});
