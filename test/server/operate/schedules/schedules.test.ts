import { Cron } from "croner";
import { expect, onTestFinished, test, vi } from "vitest";
import { silentLogger } from "../../../../server/base/logger.js";
import { NotebookCache } from "../../../../server/analysis/notebook-cache.js";
import { EventHub } from "../../../../server/runs/events.js";
import type { RunManager } from "../../../../server/runs/run-manager.js";
import { openWorkspace } from "../../../../server/workspace/workspace.js";
import { TestClock } from "../../../support/test-clock.js";
import { createWorkspace, removeWorkspace } from "../../../support/workspace.js";

const counts = vi.hoisted(() => ({ parsed: 0 }));
vi.mock(import("croner"), async (original) => {
  const croner = await original();
  return {
    ...croner,
    Cron: new Proxy(croner.Cron, {
      construct(target, args, newTarget) {
        counts.parsed++;
        return Reflect.construct(target, args, newTarget) as object;
      },
    }),
  };
});

// What another file of tests has loaded already knows nothing of the mock.
vi.resetModules();
const { Schedules } = await import("../../../../server/operate/schedules/schedules.js");

/** Of a notebook that is due at 6 and to be done by 8, in a process that begins runs only in name. */
async function open(clock: TestClock, finished: Promise<void> = Promise.resolve()) {
  const head = 'schedule: {cron: "0 6 * * *", timezone: UTC}\ndeadline: 2h';
  const files = await createWorkspace({ "notebooks/sales.md": `---\n${head}\n---\n` });
  onTestFinished(() => removeWorkspace(files));
  const workspace = await openWorkspace(files.root);
  const cache = new NotebookCache(workspace, {} as never);
  const looks = { atRuns: 0 };
  const begun: string[] = [];
  const manager = {
    services: {
      workspace,
      notebooks: {
        read: (name: string) => cache.read(name),
        analyze: () => Promise.resolve({ graph: { nodes: new Map() } }),
      },
      lake: {},
    },
    events: new EventHub(),
    activeRuns: () => [],
    start: ({ date }: { readonly date: string }) => {
      begun.push(date);
      return Promise.resolve({ id: date, finished });
    },
    store: {
      recent: () => Promise.resolve([]),
      summaries: () => {
        looks.atRuns++;
        return Promise.resolve([]);
      },
    },
  } as unknown as RunManager;
  const told: string[] = [];
  const report = ({ kind, date }: { readonly kind: string; readonly date?: string | undefined }) => {
    told.push(`${kind} ${date ?? ""}`);
    return Promise.resolve();
  };
  const schedules = await Schedules.open({ manager, clock, logger: silentLogger, report });
  onTestFinished(() => schedules.close());
  return { schedules, looks, begun, told, manager, files };
}

test("nothing is worked out before something is due, and a cron expression is parsed once", async () => {
  const next = vi.spyOn(Cron.prototype, "nextRuns");
  const previous = vi.spyOn(Cron.prototype, "previousRuns");
  const workedOut = (): number => next.mock.calls.length + previous.mock.calls.length;
  const clock = new TestClock("2026-11-01T05:00Z");
  const { schedules, looks, told } = await open(clock);
  await schedules.look();
  const { parsed } = counts;
  expect(parsed).toBeGreaterThan(0);
  const lookUntil = async (instant: string, everyMs: number): Promise<number> => {
    const before = workedOut() + looks.atRuns;
    while (clock.now() < Date.parse(instant)) {
      await schedules.look();
      clock.advance(everyMs);
    }
    return workedOut() + looks.atRuns - before;
  };
  expect(await lookUntil("2026-11-01T06:00Z", 60_000)).toBe(0);
  expect(await lookUntil("2026-11-01T06:00:05Z", 1000)).toBeGreaterThan(0);
  expect(await lookUntil("2026-11-01T08:00Z", 60_000)).toBe(0);
  expect(told).toEqual([]);
  await schedules.look();
  expect(told).toEqual(["deadline 2026-11-01"]);
  expect(await lookUntil("2026-11-02T06:00Z", 600_000)).toBe(0);
  await lookUntil("2026-11-02T09:00Z", 60_000);
  expect(told).toEqual(["deadline 2026-11-01", "deadline 2026-11-02"]);
  expect(counts.parsed).toBe(parsed);
});

test("a notebook that is edited while its run goes on is seen to have ended", async () => {
  const clock = new TestClock("2026-11-01T05:00Z");
  let end = (): void => undefined;
  const finished = new Promise<void>((resolve) => (end = resolve));
  const { schedules, manager } = await open(clock, finished);
  await schedules.runNow("sales", "owner");
  manager.events.emit("sales", { type: "notebook-changed", notebook: "sales", etag: "" });
  await schedules.look();
  expect((await schedules.view("sales")).running).toMatchObject({ run: "2026-11-01" });
  end();
  await finished;
  expect((await schedules.view("sales")).running).toBeNull();
});

test("who reads a schedule sees what is due, and begins nothing", async () => {
  const clock = new TestClock("2026-11-01T05:00Z");
  const { schedules, begun, manager, files } = await open(clock);
  await schedules.look();
  clock.set("2026-11-01T06:00:00Z");
  expect(await schedules.view("sales")).toMatchObject({ waiting: [{ date: "2026-11-01" }], missed: [] });
  await files.write("notebooks/orders.md", '---\nschedule: {cron: "0 7 * * *", timezone: UTC}\n---\n');
  manager.events.emit("orders", { type: "notebook-changed", notebook: "orders", etag: "" });
  clock.advance(3000);
  expect(await schedules.list()).toMatchObject([{ notebook: "orders" }, { notebook: "sales", last: null }]);
  expect(begun).toEqual([]);
  await schedules.look();
  clock.advance(3000);
  await schedules.look();
  expect(begun).toEqual(["2026-11-01"]);
});
