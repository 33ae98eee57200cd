import { onTestFinished } from "vitest";
import { silentLogger } from "../../server/base/logger.js";
import type { Incident } from "../../server/operate/alerts/alert-desk.js";
import { Schedules } from "../../server/operate/schedules/schedules.js";
import type { RunManager } from "../../server/runs/run-manager.js";
import type { TestClock } from "./test-clock.js";

/** Schedules that look when a test says so. */
export interface Watch {
  readonly schedules: Schedules;
  readonly told: Incident[];
  /** Looks, as often as it takes until nothing changes any more, and waits for what has begun. */
  settle(): Promise<void>;
  dates(): Promise<string[]>;
}

/** `report` is told beside the list. */
export async function watch(
  manager: RunManager,
  clock: TestClock,
  report: (incident: Incident) => Promise<void> = () => Promise.resolve(),
): Promise<Watch> {
  const told: Incident[] = [];
  const schedules = await Schedules.open({
    manager,
    clock,
    logger: silentLogger,
    report: (incident) => {
      told.push(incident);
      return report(incident);
    },
  });
  onTestFinished(() => schedules.close());
  const dates = async (): Promise<string[]> =>
    (await manager.store.summaries())
      .filter(({ trigger }) => trigger !== undefined)
      .map(({ date }) => date)
      .reverse();
  const settle = async (): Promise<void> => {
    for (let before = -1, now = 0; before !== now; now = (await dates()).length) {
      before = (await dates()).length;
      await schedules.look();
      await ended(manager);
    }
  };
  return { schedules, told, settle, dates };
}

async function ended(manager: RunManager): Promise<void> {
  const running = manager.activeRuns().map(({ id }) => manager.view(id));
  await Promise.all(running);
  for (const { id } of manager.activeRuns()) await until(manager, id);
}

function until(manager: RunManager, id: string): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = manager.events.subscribe((_notebook, event) => {
      if (event.type !== "run-finished" || event.run.id !== id) return;
      unsubscribe();
      resolve();
    });
    if (!manager.activeRuns().some((run) => run.id === id)) {
      unsubscribe();
      resolve();
    }
  });
}

/** `quiet`: the input is looked at until it counts as complete. */
export async function lookTwice(
  watched: Pick<Watch, "settle">,
  clock: TestClock,
  quietSeconds = 3,
): Promise<void> {
  await watched.settle();
  clock.advance(quietSeconds * 1000);
  await watched.settle();
}
