import { rename } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { silentLogger } from "../../../server/base/logger.js";
import { Backfills } from "../../../server/operate/backfills.js";
import type { RunManager } from "../../../server/runs/run-manager.js";
import { lookTwice, watch } from "../../support/watched-schedules.js";
import { TestClock } from "../../support/test-clock.js";
import { useRuns, type Runs } from "../../support/workspace-runs.js";

const withRuns = useRuns();

const notebook = (schedule: string, sql = "SELECT 1 AS n", head = ""): string =>
  `---\nschedule: ${schedule}\n${head}---\n\n\`\`\`sql\n--| cell: sales\n--| materialize: parquet\n${sql}\n\`\`\`\n`;
const daily = (options = ""): string => `{cron: "0 6 * * *", timezone: Europe/Madrid${options}}`;

describe("a schedule", () => {
  test("runs each date once, under the date of its time zone, and nothing before it was first seen", () =>
    withRuns({ "notebooks/sales.md": notebook(daily()) }, async ({ manager, lake }) => {
      const clock = new TestClock("2026-11-01T12:00Z");
      const watched = await watch(manager, clock);
      await lookTwice(watched, clock);
      expect(await watched.dates()).toEqual([]);
      clock.set("2026-11-02T05:00:01Z");
      await lookTwice(watched, clock);
      clock.set("2026-11-03T05:00:00Z");
      await lookTwice(watched, clock);
      await lookTwice(watched, clock);
      expect(await watched.dates()).toEqual(["2026-11-02", "2026-11-03"]);
      expect(lake.publications().map(({ runDate }) => runDate)).toEqual(["2026-11-02", "2026-11-03"]);
      expect(await watched.schedules.view("sales")).toMatchObject({
        last: { date: "2026-11-03", outcome: "started" },
        next: [{ date: "2026-11-04", at: "2026-11-04T05:00:00.000Z" }, {}, {}, {}, {}],
        missed: [],
      });
      expect(watched.told).toEqual([]);
    }));

  test.each([
    ["none", [], ["2026-11-02", "2026-11-03", "2026-11-04"]],
    ["latest", ["2026-11-04"], ["2026-11-02", "2026-11-03"]],
    ["all", ["2026-11-02", "2026-11-03", "2026-11-04"], []],
  ])("after three days without a server, catch_up %s makes up for what it says", (catchUp, run, missed) =>
    withRuns({ "notebooks/sales.md": notebook(daily(`, catch_up: ${catchUp}`)) }, async (runs) => {
      const clock = new TestClock("2026-11-01T12:00Z");
      await (await watch(runs.manager, clock)).schedules.close();
      await runs.restart();
      clock.set("2026-11-04T12:00Z");
      const watched = await watch(runs.manager, clock);
      await lookTwice(watched, clock);
      await lookTwice(watched, clock);
      await lookTwice(watched, clock);
      expect(await watched.dates()).toEqual(run);
      expect(watched.told.map(({ kind, date, error }) => [kind, date, error?.message])).toEqual(
        missed.length === 0 ? [] : [["missed", missed.at(-1), expect.stringContaining(missed.join(", "))]],
      );
      expect((await watched.schedules.view("sales")).missed.map(({ date }) => date)).toEqual(missed);
    }),
  );

  test("that is paused begins nothing; resumed it makes up for what it says", () =>
    withRuns({ "notebooks/sales.md": notebook(daily()) }, async ({ manager }) => {
      const clock = new TestClock("2026-11-01T12:00Z");
      const watched = await watch(manager, clock);
      expect(await watched.schedules.pause("sales", true)).toMatchObject({ isPaused: true });
      clock.set("2026-11-03T05:00:01Z");
      await lookTwice(watched, clock);
      expect(await watched.dates()).toEqual([]);
      clock.set("2026-11-03T08:00:01Z");
      await watched.schedules.pause("sales", false);
      await lookTwice(watched, clock);
      expect(await watched.dates()).toEqual(["2026-11-03"]);
    }));

  test("that was due and not written down as begun is not begun again", () =>
    withRuns({ "notebooks/sales.md": notebook(daily()) }, async (runs) => {
      const clock = new TestClock("2026-11-01T12:00Z");
      const watched = await watch(runs.manager, clock);
      clock.set("2026-11-02T05:00:01Z");
      await watched.schedules.look();
      await watched.schedules.close();
      // As if the process had been killed right after the run's record was written.
      const { id } = await startAs(runs.manager, "2026-11-02T05:00:00.000Z");
      await runs.restart();
      const again = await watch(runs.manager, clock);
      await lookTwice(again, clock);
      expect(await again.dates()).toEqual(["2026-11-02"]);
      expect((await again.schedules.view("sales")).last).toMatchObject({ run: id, outcome: "started" });
    }));

  test("whose run ended with the process is gone on with: the same run, another attempt", () =>
    withRuns(
      { "notebooks/sales.md": notebook(daily(), "SELECT sum(range) AS n FROM range(20_000_000_000)") },
      async (runs) => {
        const clock = new TestClock("2026-11-01T12:00Z");
        const watched = await watch(runs.manager, clock);
        clock.set("2026-11-02T05:00:01Z");
        await watched.schedules.look();
        clock.advance(3000);
        await watched.schedules.look();
        const [run] = runs.manager.activeRuns();
        await watched.schedules.close();
        await runs.restart();
        expect(await runs.manager.view(run?.id ?? "")).toMatchObject({ outcome: "interrupted" });
        const again = await watch(runs.manager, clock);
        await again.schedules.look();
        expect(runs.manager.activeRuns()).toMatchObject([{ id: run?.id, attempts: [{}, { attempt: 2 }] }]);
        await runs.manager.cancel(run?.id ?? "");
      },
    ));

  test("keeps a date that waits when what it waits for is corrected, and all of it when the notebook gets another name", () =>
    withRuns(
      { "notebooks/sales.md": notebook(daily(", on_input: [input/slip.csv]")), "input/a.csv": "a\n1\n" },
      async ({ manager, workspace }) => {
        const clock = new TestClock("2026-11-01T12:00Z");
        const watched = await watch(manager, clock);
        const { schedules } = watched;
        clock.set("2026-11-02T05:00:01Z");
        await watched.settle();
        await schedules.pause("sales", true);
        await schedules.move("sales", "sold", () =>
          rename(join(workspace.root, "notebooks/sales.md"), join(workspace.root, "notebooks/sold.md")),
        );
        expect(await schedules.view("sold")).toMatchObject({
          isPaused: true,
          waiting: [{ date: "2026-11-02" }],
        });
        await expect(schedules.view("sales")).rejects.toMatchObject({ code: "not-found" });
        await workspace.write("notebooks/sold.md", notebook(daily(", on_input: [input/a.csv]")));
        manager.events.emit("sold", { type: "notebook-changed", notebook: "sold", etag: "" });
        await schedules.pause("sold", false);
        await lookTwice(watched, clock, 31);
        await lookTwice(watched, clock, 31);
        expect(await watched.dates()).toEqual(["2026-11-02"]);
        clock.set("2026-11-03T05:00:01Z");
        await watched.settle();
        await workspace.write("notebooks/sold.md", notebook('{cron: "0 7 * * *"}'));
        manager.events.emit("sold", { type: "notebook-changed", notebook: "sold", etag: "" });
        await lookTwice(watched, clock, 31);
        expect(await watched.dates()).toEqual(["2026-11-02"]);
        expect(schedules.notesOf("sold").get("2026-11-03")).toBe("skipped: its schedule was changed");
      },
    ));

  test("whose notebook has errors tells so, and goes on with the next date", () =>
    withRuns(
      { "notebooks/sales.md": notebook(daily(), "SELECT FROM nowhere") },
      async ({ manager, workspace }) => {
        const clock = new TestClock("2026-11-01T12:00Z");
        const watched = await watch(manager, clock);
        clock.set("2026-11-02T05:00:01Z");
        await lookTwice(watched, clock);
        expect(watched.told).toMatchObject([
          { kind: "failed", notebook: "sales", date: "2026-11-02", error: { code: "invalid-notebook" } },
        ]);
        expect((await watched.schedules.view("sales")).last).toMatchObject({
          date: "2026-11-02",
          outcome: "failed",
        });
        await workspace.write("notebooks/sales.md", notebook(daily()));
        manager.events.emit("sales", { type: "notebook-changed", notebook: "sales", etag: "" });
        clock.set("2026-11-03T05:00:01Z");
        await lookTwice(watched, clock);
        expect(await watched.dates()).toEqual(["2026-11-03"]);
      },
    ));

  test("waits for its input, and until it has not changed for 30 seconds", () =>
    withRuns(
      {
        "notebooks/sales.md": notebook(
          daily(", on_input: true"),
          "FROM read_csv('input/*.csv')",
          "deadline: 2h\n",
        ),
      },
      async ({ manager, workspace }) => {
        const clock = new TestClock("2026-11-01T12:00Z");
        const watched = await watch(manager, clock);
        clock.set("2026-11-02T05:00:01Z");
        await lookTwice(watched, clock, 31);
        expect((await watched.schedules.view("sales")).waiting).toMatchObject([
          { date: "2026-11-02", reason: '"input/*.csv" is not there' },
        ]);
        clock.set("2026-11-02T07:00:02Z");
        await watched.settle();
        await watched.settle();
        expect(watched.told).toMatchObject([{ kind: "deadline", date: "2026-11-02" }]);
        await workspace.write("input/a.csv", "a\n1\n");
        await lookTwice(watched, clock, 20);
        await workspace.write("input/a.csv", "a\n1\n2\n");
        await lookTwice(watched, clock, 20);
        expect(await watched.dates()).toEqual([]);
        await lookTwice(watched, clock, 20);
        await watched.settle();
        expect(await watched.dates()).toEqual(["2026-11-02"]);
        expect(watched.told).toHaveLength(1);
      },
    ));

  test("without a clock, before any input was there, runs for the first", () =>
    withRuns(
      { "notebooks/sales.md": notebook("{on_input: true}", "FROM read_csv('input/*.csv')") },
      async (runs) => {
        const clock = new TestClock("2026-11-01T12:00Z");
        const watched = await watch(runs.manager, clock);
        await lookTwice(watched, clock, 6);
        await runs.workspace.write("input/b.csv", "a\n2\n");
        for (let looks = 0; looks < 3; looks++) await lookTwice(watched, clock, 31);
        expect(await watched.dates()).toEqual(["2026-11-01"]);
      },
    ));

  test("without a clock runs when input arrives, not for what lay there before", () =>
    withRuns(
      {
        "notebooks/sales.md": notebook("{on_input: true}", "FROM read_csv('input/*.csv')"),
        "input/a.csv": "a\n1\n",
      },
      async ({ manager, workspace }) => {
        const clock = new TestClock("2026-11-01T12:00Z");
        const watched = await watch(manager, clock);
        await lookTwice(watched, clock, 31);
        await lookTwice(watched, clock, 31);
        expect(await watched.dates()).toEqual([]);
        await workspace.write("input/b.csv", "a\n2\n");
        await lookTwice(watched, clock, 6);
        expect(await watched.dates()).toEqual([]);
        await lookTwice(watched, clock, 31);
        await lookTwice(watched, clock, 31);
        await lookTwice(watched, clock, 31);
        expect(await watched.dates()).toEqual(["2026-11-01"]);
      },
    ));

  test("that follows another notebook runs under its date, once it has published", () =>
    withRuns(
      {
        "notebooks/orders.md": notebook(daily()).replace("cell: sales", "cell: orders"),
        "notebooks/sales.md": notebook("{after: orders}", "FROM lake.orders"),
      },
      async ({ manager }) => {
        const clock = new TestClock("2026-11-01T12:00Z");
        const watched = await watch(manager, clock);
        clock.set("2026-11-02T05:00:01Z");
        await lookTwice(watched, clock, 6);
        await lookTwice(watched, clock, 6);
        await lookTwice(watched, clock, 6);
        const runs = (await manager.store.summaries()).map((run) => [
          run.notebook,
          run.date,
          run.trigger?.kind,
        ]);
        expect(runs.reverse()).toEqual([
          ["orders", "2026-11-02", "schedule"],
          ["sales", "2026-11-02", "after"],
        ]);
      },
    ));

  test.each([
    ["queue", ["2026-11-02", "2026-11-03"]],
    ["skip", ["2026-11-02"]],
  ])("with overlap %s, whose run before goes on", (overlap, dates) =>
    withRuns(
      {
        "notebooks/sales.md": notebook(
          daily(`, overlap: ${overlap}`),
          "SELECT sum(range) AS n FROM range(20_000_000_000)",
        ),
      },
      async ({ manager }) => {
        const clock = new TestClock("2026-11-01T12:00Z");
        const watched = await watch(manager, clock);
        const look = async (): Promise<void> => {
          await watched.schedules.look();
          clock.advance(3000);
          await watched.schedules.look();
        };
        clock.set("2026-11-02T05:00:01Z");
        await look();
        clock.set("2026-11-03T05:00:01Z");
        await look();
        expect(await watched.dates()).toEqual(["2026-11-02"]);
        for (const { id } of manager.activeRuns()) await manager.cancel(id);
        await look();
        expect(await watched.dates()).toEqual(dates);
        for (const { id } of manager.activeRuns()) await manager.cancel(id);
      },
    ),
  );

  test("is begun at once where somebody wants it", () =>
    withRuns({ "notebooks/sales.md": notebook(daily()) }, async ({ manager }) => {
      const watched = await watch(manager, new TestClock("2026-11-01T23:30Z"));
      const run = await (await watched.schedules.runNow("sales", "owner")).finished;
      expect(run).toMatchObject({ date: "2026-11-02", outcome: "succeeded", trigger: { kind: "schedule" } });
      await expect(watched.schedules.runNow("other", "owner")).rejects.toMatchObject({ code: "not-found" });
    }));
});

function startAs(manager: RunManager, at: string): Promise<{ readonly id: string }> {
  return manager
    .start({ notebook: "sales", mode: "materialize", date: "2026-11-02", trigger: { kind: "schedule", at } })
    .then(({ finished }) => finished);
}

describe("a backfill", () => {
  const monthly = '{cron: "0 6 1 * *", timezone: Europe/Madrid}';
  const open = ({ manager }: Runs): Backfills =>
    new Backfills({ manager, clock: new TestClock("2026-11-20T12:00Z"), logger: silentLogger });
  const request = { notebook: "sales", from: "2026-06-01", to: "2026-12-31", mode: "missing" } as const;

  test("says which of its dates succeeded with warnings", () => {
    const warning = `${notebook(monthly)}\n\`\`\`sql\n--| check: none\n--| severity: warn\nSELECT 1 AS wrong\n\`\`\`\n`;
    return withRuns({ "notebooks/sales.md": warning }, async (runs) => {
      const backfills = open(runs);
      const { id } = await backfills.start({ ...request, to: "2026-06-30" });
      const { state, dates } = await backfills.finished(id);
      expect([state, dates]).toMatchObject(["succeeded", [{ state: "succeeded", warned: true }]]);
    });
  });

  test("lists what it would run, runs it in order, and has nothing left to do then", () =>
    withRuns({ "notebooks/sales.md": notebook(monthly) }, async (runs) => {
      await runs.materialize({ date: "2026-08-01" });
      const backfills = open(runs);
      const plan = (await backfills.plan(request)).map(({ date, state, reason }) => [date, state, reason]);
      expect(plan).toEqual([
        ["2026-06-01", "waiting", "never run"],
        ["2026-07-01", "waiting", "never run"],
        ["2026-08-01", "skipped", "its last run succeeded"],
        ["2026-09-01", "waiting", "never run"],
        ["2026-10-01", "waiting", "never run"],
        ["2026-11-01", "waiting", "never run"],
      ]);
      const { id } = await backfills.start(request);
      await expect(backfills.start(request)).rejects.toMatchObject({ code: "conflict" });
      const done = await backfills.finished(id);
      expect([done.state, done.dates.filter(({ state }) => state === "succeeded").length]).toEqual([
        "succeeded",
        5,
      ]);
      const order = (await runs.manager.store.summaries()).map(({ date }) => date).reverse();
      expect(order).toEqual([
        "2026-08-01",
        "2026-06-01",
        "2026-07-01",
        "2026-09-01",
        "2026-10-01",
        "2026-11-01",
      ]);
      expect((await backfills.plan(request)).every(({ state }) => state === "skipped")).toBe(true);
    }));

  test("goes on after the process ended, with the run that was cut off", () =>
    withRuns(
      { "notebooks/sales.md": notebook(monthly, "SELECT sum(range) AS n FROM range(20_000_000_000)") },
      async (runs) => {
        const before = open(runs);
        const { id } = await before.start({ ...request, to: "2026-07-01" });
        const [first] = await begun(runs.manager);
        before.close();
        await runs.restart();
        const after = open(runs);
        await after.goOn();
        const [again] = await begun(runs.manager);
        expect(again?.id).toBe(first?.id);
        const done = await after.cancel(id);
        expect([done.state, done.dates.map(({ state }) => state)]).toEqual([
          "cancelled",
          ["cancelled", "cancelled"],
        ]);
      },
    ));

  test.each([
    ["a date that is none", { from: "2026-02-30" }, "2026-02-30"],
    ["a range without dates", { from: "2026-06-02", to: "2026-06-30" }, "no date"],
    ["another notebook", { notebook: "sale" }, "sale"],
  ])("says what is wrong with %s", (_name, change, message) =>
    withRuns({ "notebooks/sales.md": notebook(monthly) }, async (runs) => {
      await expect(open(runs).plan({ ...request, ...change })).rejects.toThrow(message);
    }),
  );
});

function begun(manager: RunManager): Promise<ReturnType<RunManager["activeRuns"]>> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (manager.activeRuns().length === 0) return;
      unsubscribe();
      resolve(manager.activeRuns());
    };
    const unsubscribe = manager.events.subscribe(look);
    look();
  });
}
