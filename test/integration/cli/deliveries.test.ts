import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lakebook } from "../../support/cli.js";
import { withWorkspace, type TestWorkspace } from "../../support/workspace.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";

const [SEPTEMBER, OCTOBER, NOVEMBER] = ["2026-09-01", "2026-10-01", "2026-11-01"] as const;

const visits = dataset(
  "SELECT id, day, minutes, strftime(day, '%Y-%m') AS month FROM read_csv('input/visits.csv', columns = {id: 'BIGINT', day: 'DATE', minutes: 'BIGINT'})",
  "partition_by: month",
  "incremental: by_partition",
  "event_time: day",
  "allowed_lateness: 60d",
);
const totals = dataset(
  "SELECT id, sum(minutes)::BIGINT AS minutes FROM visits GROUP BY id",
  "key: id",
  "incremental: by_key",
  "checks: [{equivalence: {every: 2}}]",
);
const text = notebook({ visits, totals });

interface Run {
  readonly outcome: string;
  readonly date: string;
  readonly restated?: readonly string[];
  readonly cascade?: readonly Run[];
  readonly published: readonly { readonly dataset: string; readonly rows: number }[];
  readonly checks: readonly { readonly name: string; readonly outcome: string; readonly message: string }[];
  readonly cells: readonly {
    readonly name: string;
    readonly outcome: string;
    readonly notes?: readonly string[];
    readonly incremental?: Readonly<Record<string, unknown>>;
  }[];
}

async function deliver(
  workspace: TestWorkspace,
  date: string,
  lines: readonly string[],
  ...options: readonly string[]
): Promise<Run> {
  await workspace.write("input/visits.csv", `id,day,minutes\n${lines.join("\n")}\n`);
  return materialize(workspace, date, ...options);
}

async function materialize(
  workspace: TestWorkspace,
  date: string,
  ...options: readonly string[]
): Promise<Run> {
  const done = await lakebook(["materialize", "sales", "--date", date, "--json", ...options], { workspace });
  return done.json() as Run;
}

async function rowsOf(workspace: TestWorkspace, relation: string): Promise<unknown> {
  const sql = `FROM ${relation} ORDER BY ALL`;
  const done = await lakebook(["query", sql, "--format", "json"], { workspace });
  return (done.json() as { rows: unknown }).rows;
}

function cell(run: Run, name: string): Run["cells"][number] | undefined {
  return run.cells.find((found) => found.name === name);
}

describe("deliveries, month after month", () => {
  test("rows that come too late are kept apart, and what a later delivery changes is told to the row", () =>
    withWorkspace({ "notebooks/sales.md": text }, async (workspace) => {
      const first = await deliver(workspace, SEPTEMBER, [
        "1,2026-08-02,5",
        "2,2026-07-10,7",
        "3,2026-01-01,1",
      ]);
      expect(first.published).toMatchObject([
        { dataset: "totals", rows: 2 },
        { dataset: "visits", rows: 2 },
        { dataset: "visits__quarantine", rows: 1 },
      ]);
      const second = await deliver(workspace, OCTOBER, [
        "1,2026-08-20,50",
        "4,2026-09-10,2",
        "2,2026-02-01,9",
      ]);
      expect(cell(second, "visits")).toMatchObject({
        notes: ["2 rows came too late and are in visits__quarantine"],
        incremental: {
          ...{ mode: "by_partition", deliveries: 2, rows: { added: 2, changed: 0, removed: 0 } },
          late: { rows: 1, keys: 1, oldest: "2026-08-20" },
          partitions: { written: 2, linked: 1, removed: 0 },
        },
      });
      expect(cell(second, "totals")?.incremental).toMatchObject({
        ...{ mode: "by_key", rows: { added: 1, changed: 1, removed: 0 }, late: { rows: 1, keys: 1 } },
      });
      const compared = [first, second].map(({ checks }) =>
        checks.find(({ name }) => name === "totals.equivalence"),
      );
      expect(compared).toMatchObject([
        { outcome: "pass", message: "not compared with the whole this time" },
        { outcome: "pass", message: "what was computed in parts equals the whole (3 rows)" },
      ]);
      expect(await rowsOf(workspace, "lake.visits__quarantine")).toEqual([
        ["2", "2026-02-01", "9", "2026-02", "day is before 2026-08-02 00:00:00"],
        ["3", "2026-01-01", "1", "2026-01", "day is before 2026-07-03 00:00:00"],
      ]);
      expect(await rowsOf(workspace, "lake.totals")).toEqual([
        ["1", "55"],
        ["2", "7"],
        ["4", "2"],
      ]);
      const again = await materialize(workspace, NOVEMBER);
      expect(cell(again, "totals")).toMatchObject({
        outcome: "reused",
        incremental: { mode: "unchanged", deliveries: 3 },
      });
    }));

  test("a delivery that is replaced restates the later dates, which run again by --cascade", () =>
    withWorkspace({ "notebooks/sales.md": text }, async (workspace) => {
      await deliver(workspace, SEPTEMBER, ["1,2026-08-02,5"]);
      await deliver(workspace, OCTOBER, ["1,2026-08-20,50", "4,2026-09-10,2"]);
      const before = await rowsOf(workspace, `"${OCTOBER}".totals`);
      const replaced = await deliver(workspace, SEPTEMBER, ["1,2026-08-02,6"], "--input", "current");
      expect(replaced).toMatchObject({ outcome: "succeeded", restated: [OCTOBER] });
      expect(await rowsOf(workspace, `"${OCTOBER}".totals`)).toEqual(before);
      const lake = (await lakebook(["lake", "totals", "--json"], { workspace })).json();
      expect(lake).toMatchObject({
        datasets: [{ runDate: OCTOBER, restatedUpstream: [SEPTEMBER] }, { runDate: SEPTEMBER }],
      });
      const cascaded = await materialize(workspace, SEPTEMBER, "--input", "pinned", "--cascade");
      expect(cascaded.cascade).toMatchObject([{ date: OCTOBER, outcome: "succeeded" }]);
      expect(cascaded.cascade?.[0] && cell(cascaded.cascade[0], "visits")?.incremental).toMatchObject({
        ...{ mode: "full", reason: `the delivery of ${SEPTEMBER} was replaced`, late: { rows: 1, keys: 1 } },
      });
      expect(await rowsOf(workspace, "lake.totals")).toEqual([
        ["1", "56"],
        ["4", "2"],
      ]);
      expect((await lakebook(["lake", "--json"], { workspace })).stdout).not.toContain("restatedUpstream");
      const traces = async (): Promise<unknown> => [
        (await lakebook(["runs", "--json"], { workspace })).json(),
        await readdir(workspace.path("data_lake/.lake/versions/totals")),
        await readdir(workspace.path("data_lake/.lake/log")),
      ];
      const untouched = await traces();
      const checked = await lakebook(["check", "sales", "--equivalence", "--json"], { workspace });
      expect(checked).toMatchObject({ code: 0 });
      expect(await traces()).toEqual(untouched);
      expect(checked.json()).toMatchObject({
        equivalence: [
          { cell: "visits", date: OCTOBER, outcome: "pass", rows: 3 },
          { cell: "totals", date: OCTOBER, outcome: "pass", rows: 2 },
        ],
      });
      await workspace.write("notebooks/sales.md", text.replace("sum(minutes)", "max(minutes)"));
      expect(await lakebook(["check", "sales", "--equivalence"], { workspace })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(
          `What ${OCTOBER} published of "totals" cannot be compared: a run would compute it anew (SQL changed).`,
        ) as string,
      });
    }));

  test("says which earlier delivery is no longer kept, and what to do", () =>
    withWorkspace({ "notebooks/sales.md": text }, async (workspace) => {
      await deliver(workspace, SEPTEMBER, ["1,2026-08-02,5"]);
      const inputs = workspace.path("data_lake/.lake/inputs");
      for (const name of await readdir(inputs)) await rm(join(inputs, name));
      const run = await deliver(workspace, OCTOBER, ["1,2026-08-20,50"]);
      expect(run).toMatchObject({ outcome: "failed", published: [] });
      expect(cell(run, "visits")).toMatchObject({
        error: {
          code: "input",
          message: `What was delivered as "input/visits.csv" for ${SEPTEMBER} is no longer kept in data_lake/.lake/inputs.`,
          hint: expect.stringContaining("initial_datasets") as string,
        },
      });
    }));
});
