import { describe, expect, test } from "vitest";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { readPublished } from "../../support/workspace-parquet.js";
import { cellOf, outcomes, runDate, useRuns, type Runs } from "../../support/workspace-runs.js";

const withRuns = useRuns();

const files = {
  "input/orders.csv": "id\n1\n2\n",
  "input/visits/a.csv": "id\n1\n",
  "input/visits/b.csv": "id\n2\n",
  "notebooks/sales.md": notebook({
    orders: dataset("SELECT count(*) AS n FROM read_csv('input/orders.csv')"),
    visits: dataset("SELECT count(*) AS n FROM read_csv('input/visits/*.csv')"),
  }),
};

/** Fails in `second` for as long as `input/switch.csv` holds anything but a number. */
const failing = {
  "input/orders.csv": "id\n1\n2\n",
  "input/switch.csv": "value\noff\n",
  "notebooks/sales.md": notebook({
    first: dataset("SELECT count(*) AS n FROM read_csv('input/orders.csv')"),
    second: dataset(
      "SELECT n, CAST(value AS INTEGER) AS value FROM first, read_csv('input/switch.csv', columns = {value: 'VARCHAR'})",
    ),
  }),
};

async function count({ workspace }: Runs, folder: string): Promise<unknown> {
  return (await readPublished(workspace, folder))[0]?.["n"];
}

test("a file whose header holds a NUL byte is named, also by a cell that reads it through another", () =>
  withRuns(
    {
      "input/nul.csv": "i\0d\n1\n",
      "notebooks/sales.md": notebook({ raw: "FROM 'input/nul.csv'", rows: dataset("FROM raw") }),
    },
    async (runs) => {
      const { error } = cellOf(await runs.materialize(), "rows");
      expect(error).toMatchObject({ code: "input", hint: expect.stringContaining("header") as string });
      expect(error?.message).toContain('"input/nul.csv" has a column with a NUL byte in its name: "i\\0d"');
    },
  ));

describe("a date that was published from other input", () => {
  test.each([
    ["changed", { "input/orders.csv": "id\n1\n2\n3\n" }, ["input/orders.csv"]],
    ["was added to a glob", { "input/visits/c.csv": "id\n3\n" }, ["input/visits/c.csv"]],
    ["changed in a glob", { "input/visits/b.csv": "id\n2\n3\n" }, ["input/visits/b.csv"]],
    ["was taken from a glob", { "input/visits/b.csv": "" }, ["input/visits/b.csv"]],
    ["is gone", { "input/orders.csv": "" }, ["input/orders.csv"]],
  ])("needs a choice where a file %s", (_name, changes, named) =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      for (const [path, text] of Object.entries(changes))
        await (text === "" ? runs.workspace.remove(path) : runs.workspace.write(path, text));
      const choice = await runs.materialize().catch((error: unknown) => error);
      expect(choice).toMatchObject({ code: "choice-needed", details: { files: named } });
      expect((choice as Error).message).toContain(named[0]);
      expect((choice as { hint: string }).hint).toMatch(/pinned.*current/);
    }),
  );

  test("takes what was published with pinned", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await runs.workspace.write("input/orders.csv", "id\n1\n2\n3\n");
      await runs.workspace.write("input/visits/c.csv", "id\n3\n");
      await runs.workspace.replace(
        "notebooks/sales.md",
        "count(*) AS n FROM read_csv('input/o",
        "-count(*) AS n FROM read_csv('input/o",
      );
      const view = await runs.materialize({ input: "pinned" });
      expect(outcomes(view)).toEqual({ orders: "succeeded", visits: "reused" });
      expect(await count(runs, "latest/orders")).toBe("-2");
      expect(await count(runs, "latest/visits")).toBe("2");
    }));

  test("takes input/ as it is with current", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await runs.workspace.write("input/orders.csv", "id\n1\n2\n3\n");
      await runs.materialize({ input: "current" });
      expect(await count(runs, "latest/orders")).toBe("3");
    }));

  test("takes what was published although the file is gone", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await runs.workspace.remove("input/orders.csv");
      await runs.restart();
      expect((await runs.materialize({ input: "pinned", force: true })).outcome).toBe("succeeded");
      expect(await count(runs, "latest/orders")).toBe("2");
    }));

  test("needs no choice for another date, for a draft, or where the same bytes came again", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      await runs.workspace.write("input/orders.csv", "id\n1\n2\n");
      expect((await runs.materialize()).outcome).toBe("succeeded");
      await runs.workspace.write("input/orders.csv", "id\n1\n2\n3\n");
      expect((await runs.run()).outcome).toBe("succeeded");
      expect((await runs.materialize({ date: "2026-12-01" })).outcome).toBe("succeeded");
      expect(await count(runs, "2026-11-01/orders")).toBe("2");
      expect(await count(runs, "2026-12-01/orders")).toBe("3");
      expect(await count(runs, "latest/orders")).toBe("3");
    }));
});

describe("initial_datasets", () => {
  test("holds the input files that were read, byte for byte", () =>
    withRuns(files, async (runs) => {
      await runs.materialize();
      const folder = `data_lake/${runDate}/initial_datasets`;
      expect(await runs.workspace.files(folder)).toEqual(["orders.csv", "visits/a.csv", "visits/b.csv"]);
      await runs.workspace.write("input/orders.csv", "id\n");
      expect(await runs.workspace.read(`${folder}/orders.csv`)).toBe("id\n1\n2\n");
    }));
});

describe("a run that failed", () => {
  test("is retried with the input and the SQL that it was created with", () =>
    withRuns(failing, async (runs) => {
      await runs.workspace.replace("notebooks/sales.md", "CAST(value AS INTEGER)", "CAST(value AS DATE)");
      const first = await runs.materialize();
      expect(outcomes(first)).toEqual({ first: "succeeded", second: "failed" });
      await runs.workspace.write("input/switch.csv", "value\n2026-01-01\n");
      await runs.workspace.write("input/orders.csv", "id\n");
      await runs.workspace.replace("notebooks/sales.md", "CAST(value AS DATE)", "value");
      await runs.restart();
      const again = await runs.retry(first.id);
      expect(outcomes(again)).toEqual({ first: "reused", second: "failed" });
      expect(again).toMatchObject({ id: first.id, date: first.date, inputs: first.inputs });
      expect(again.attempts.map((attempt) => attempt.outcome)).toEqual(["failed", "failed"]);
      expect(again.cells[1]?.error).toEqual(first.cells[1]?.error);
      expect(first.note).toBeUndefined();
      expect(again.note).toContain('read "input/orders.csv", "input/switch.csv" as before');
      expect(again.note).toContain(`lakebook materialize sales --date ${runDate} --input current`);
    }));

  test("or has succeeded is run again from a cell on, under its own date; what stands before it is found", () =>
    withRuns(failing, async (runs) => {
      await runs.workspace.write("input/switch.csv", "value\n1\n");
      const first = await runs.materialize();
      expect(outcomes(first)).toEqual({ first: "succeeded", second: "succeeded" });
      await expect(runs.manager.retry(first.id)).rejects.toMatchObject({ code: "conflict" });
      await expect(runs.manager.retry(first.id, { from: "secnd" })).rejects.toMatchObject({
        code: "usage",
        hint: 'Did you mean "second"?',
      });
      const again = await (await runs.manager.retry(first.id, { from: "second" })).finished;
      expect(outcomes(again)).toEqual({ first: "reused", second: "succeeded" });
      expect(again).toMatchObject({ id: first.id, date: first.date, outcome: "succeeded" });
      expect(cellOf(again, "second").reason).toBe("forced");
      const all = await (await runs.manager.retry(first.id, { from: "first" })).finished;
      expect(outcomes(all)).toEqual({ first: "succeeded", second: "succeeded" });
      expect(all.attempts.map(({ outcome }) => outcome)).toEqual(["succeeded", "succeeded", "succeeded"]);
    }));

  test("is what --resume finds, until one succeeds", () =>
    withRuns(failing, async (runs) => {
      const first = await runs.materialize();
      expect((await runs.manager.resumable("sales", runDate))?.id).toBe(first.id);
      expect(await runs.manager.resumable("sales", "2026-12-01")).toBeUndefined();
      await runs.workspace.write("input/switch.csv", "value\n1\n");
      expect((await runs.materialize()).outcome).toBe("succeeded");
      expect(await runs.manager.resumable("sales", runDate)).toBeUndefined();
    }));

  test("cannot be retried once another one has published its date", () =>
    withRuns(failing, async (runs) => {
      const first = await runs.materialize();
      await runs.workspace.write("input/switch.csv", "value\n1\n");
      const second = await runs.materialize();
      const refused = await runs.retry(first.id).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: "conflict" });
      expect((refused as Error).message).toContain(second.id);
      expect(await count(runs, "latest/second")).toBe("2");
    }));

  test("is no other than one that succeeded: that one cannot be retried", () =>
    withRuns(files, async (runs) => {
      const { id } = await runs.materialize();
      await expect(runs.retry(id)).rejects.toMatchObject({ code: "conflict" });
      await expect(runs.retry("20260101-000000-000000")).rejects.toMatchObject({ code: "not-found" });
    }));

  test("was not published, and its retry is", () =>
    withRuns(
      {
        "notebooks/sales.md": notebook({
          runs: "SELECT count(*) AS n FROM lakebook.runs",
          orders: dataset("SELECT n, CAST(CASE WHEN n < 2 THEN 'no' ELSE '1' END AS INTEGER) AS v FROM runs"),
        }),
      },
      async (runs) => {
        const first = await runs.materialize();
        expect(first).toMatchObject({ outcome: "failed", published: [] });
        await runs.run({ cells: ["runs"] });
        const again = await runs.retry(first.id);
        expect(again).toMatchObject({ id: first.id, outcome: "succeeded" });
        expect(again.published.map((item) => item.dataset)).toEqual(["orders"]);
        const published = await runs.workspace.readJson(`data_lake/${runDate}/_runs/sales.json`);
        expect(published).toMatchObject({ id: first.id });
        expect(JSON.stringify(published)).toContain('"attempt":2');
      },
    ));
});
