import { describe, expect, test } from "vitest";
import { until } from "../../support/kill.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { readPublished } from "../../support/workspace-parquet.js";
import { cellOf, outcomes, useRuns, type Runs } from "../../support/workspace-runs.js";

const withRuns = useRuns();

/** Never ends by itself. */
const endless = "SELECT count(*) AS n FROM range(1000000000000) AS a WHERE hash(range) = 1";

async function runningCell(runs: Runs, id: string, name: string): Promise<void> {
  await until(`${name} runs`, async () => cellOf(await runs.manager.view(id), name).status === "running");
}

describe("a cell that fails", () => {
  const files = {
    "notebooks/sales.md": notebook({
      orders: dataset("SELECT 'BCN' AS city"),
      numbers: dataset("SELECT city,\n  CAST(city AS INTEGER) AS n\nFROM orders"),
      sums: dataset("SELECT sum(n) AS n FROM numbers"),
      report: "SELECT * FROM sums, orders",
      other: dataset("SELECT count(*) AS n FROM orders"),
    }),
  };

  test("blocks its descendants, which name it, and nothing else", () =>
    withRuns(files, async (runs) => {
      const view = await runs.run();
      expect(outcomes(view)).toEqual({
        orders: "succeeded",
        numbers: "failed",
        sums: "blocked",
        report: "blocked",
        other: "succeeded",
      });
      expect(cellOf(view, "sums").reason).toBe("blocked by `numbers`");
      expect(cellOf(view, "report").reason).toBe("blocked by `numbers`");
    }));

  test("says what is wrong with which value", () =>
    withRuns(files, async (runs) => {
      const view = await runs.materialize();
      expect(cellOf(view, "numbers").error).toMatchObject({ code: "query" });
      expect(cellOf(view, "numbers").error?.message).toContain("BCN");
      expect(view).toMatchObject({ outcome: "failed", published: [] });
    }));

  test("lets a retry reuse what succeeded", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await runs.workspace.replace("notebooks/sales.md", "CAST(city AS INTEGER)", "length(city)");
      const view = await runs.materialize();
      expect(outcomes(view)).toEqual({
        orders: "reused",
        other: "reused",
        numbers: "succeeded",
        sums: "succeeded",
      });
    }));
});

describe("disabled", () => {
  test("skips the cell and what reads it", () =>
    withRuns(
      {
        "notebooks/sales.md": notebook({
          orders: dataset("SELECT 1 AS id", "disabled: true"),
          total: dataset("SELECT count(*) AS n FROM orders"),
          other: dataset("SELECT 2 AS id"),
        }),
      },
      async (runs) => {
        const view = await runs.materialize();
        expect(outcomes(view)).toEqual({ orders: "skipped", total: "skipped", other: "succeeded" });
        expect(cellOf(view, "orders").reason).toBe("disabled");
        expect(cellOf(view, "total").reason).toBe("`orders` is disabled");
        expect(view.published.map((item) => item.dataset)).toEqual(["other"]);
      },
    ));
});

describe("depends_on", () => {
  test("waits for a cell that the SQL does not name", () =>
    withRuns(
      {
        "notebooks/sales.md": notebook({
          second: dataset("SELECT 2 AS n", "depends_on: [first]"),
          first: dataset("SELECT 1 AS n"),
        }),
      },
      async (runs) => {
        const view = await runs.materialize();
        const [first, second] = [cellOf(view, "first"), cellOf(view, "second")];
        expect(Date.parse(second.startedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(first.finishedAt ?? ""));
      },
    ));

  test("is blocked by it", () =>
    withRuns(
      {
        "notebooks/sales.md": notebook({
          second: dataset("SELECT 2 AS n", "depends_on: [first]"),
          first: dataset("SELECT CAST('x' AS INTEGER) AS n"),
        }),
      },
      async (runs) => {
        expect(outcomes(await runs.materialize())).toEqual({ first: "failed", second: "blocked" });
      },
    ));
});

describe("timeout", () => {
  test.each([
    ["of the cell", "--| timeout: 1s\n", ""],
    ["of the front matter", "", "timeout: 1s"],
  ])("%s stops a cell, and only that", (_name, option, frontMatter) =>
    withRuns(
      {
        "notebooks/sales.md": notebook({ slow: `${option}${endless}`, quick: "SELECT 1 AS n" }, frontMatter),
      },
      async (runs) => {
        const view = await runs.run();
        expect(outcomes(view)).toEqual({ slow: "failed", quick: "succeeded" });
        expect(cellOf(view, "slow").error).toMatchObject({ code: "timeout" });
      },
    ),
  );

  test("stops what cannot be interrupted", () =>
    withRuns(
      {
        "notebooks/sales.md": notebook({
          slow: "--| timeout: 1s\nSELECT levenshtein(repeat('ab', 200000), repeat('ba', 200000)) AS n",
        }),
      },
      async (runs) => {
        expect(cellOf(await runs.run(), "slow").error).toMatchObject({ code: "timeout" });
      },
    ));
});

describe("retries", () => {
  const crashing = "input/deep.json";
  const deep = `[${"[".repeat(60_000)}${"]".repeat(60_000)}]`;

  test("does not try again what fails for good", () =>
    withRuns(
      {
        "notebooks/sales.md": notebook({
          orders: dataset("SELECT CAST('x' AS INTEGER) AS n", "retries: 10"),
        }),
      },
      async (runs) => {
        expect(cellOf(await runs.materialize(), "orders").error?.code).toBe("query");
      },
    ));

  test("tries again what crashed, and gives up", () =>
    withRuns(
      {
        [crashing]: deep,
        "notebooks/sales.md": notebook({
          orders: dataset(`FROM read_json('${crashing}')`, "retries: 1"),
          other: dataset("SELECT 1 AS n"),
        }),
      },
      async (runs) => {
        const view = await runs.materialize();
        expect(outcomes(view)).toEqual({ orders: "failed", other: "succeeded" });
        expect(cellOf(view, "orders").error?.code).toMatch(/engine-crashed|input|query/);
      },
    ));
});

describe("a cancelled run", () => {
  test("stops what runs, starts nothing more and publishes nothing", () =>
    withRuns(
      {
        "notebooks/sales.md": notebook({
          slow: dataset(endless),
          after: dataset("SELECT * FROM slow"),
          quick: dataset("SELECT 1 AS n"),
        }),
      },
      async (runs) => {
        const { id, finished } = await runs.start();
        await runningCell(runs, id, "slow");
        await until(
          "quick is done",
          async () => cellOf(await runs.manager.view(id), "quick").outcome === "succeeded",
        );
        await runs.manager.cancel(id);
        const view = await finished;
        expect(view).toMatchObject({ outcome: "cancelled", published: [] });
        expect(outcomes(view)).toMatchObject({ slow: "cancelled", quick: "succeeded" });
        expect(["cancelled", "blocked"]).toContain(outcomes(view)["after"]);
      },
    ));

  test("can be resumed", () =>
    withRuns(
      {
        "input/limit.csv": "n\n1000000000000\n",
        "notebooks/sales.md": notebook({
          quick: dataset("SELECT 1 AS n"),
          slow: dataset(endless, "timeout: 20m"),
        }),
      },
      async (runs) => {
        const { id, finished } = await runs.start();
        await runningCell(runs, id, "slow");
        await until(
          "quick is done",
          async () => cellOf(await runs.manager.view(id), "quick").outcome === "succeeded",
        );
        await runs.manager.cancel(id);
        await finished;
        await runs.restart();
        const again = await runs.manager.retry(id);
        await runningCell(runs, id, "slow");
        expect(cellOf(await runs.manager.view(id), "quick").outcome).toBe("reused");
        await runs.manager.cancel(id);
        expect((await again.finished).attempts).toHaveLength(2);
      },
    ));
});

describe("one run at a time computes a fingerprint", () => {
  test("and the other reuses it", () =>
    withRuns(
      { "notebooks/sales.md": notebook({ orders: dataset("SELECT sum(range) AS n FROM range(30000000)") }) },
      async (runs) => {
        const [first, second] = await Promise.all([
          runs.materialize({ date: "2026-10-01" }),
          runs.materialize({ date: "2026-11-01" }),
        ]);
        expect([first, second].map((view) => cellOf(view, "orders").outcome).sort()).toEqual([
          "reused",
          "succeeded",
        ]);
        expect(await readPublished(runs.workspace, "2026-10-01/orders")).toEqual(
          await readPublished(runs.workspace, "2026-11-01/orders"),
        );
      },
    ));
});
