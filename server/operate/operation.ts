import type { Logger } from "../base/logger.js";
import type { RunManager } from "../runs/run-manager.js";
import type { AlertDesk } from "./alerts/alert-desk.js";
import { Backfills } from "./backfills.js";
import { systemClock, type Clock } from "./clock.js";
import { Measures } from "./measures/measures.js";
import { ReadinessProbe } from "./readiness.js";
import { Schedules } from "./schedules/schedules.js";

/** What a server does by itself. */
export interface Operation {
  readonly schedules: Schedules;
  readonly backfills: Backfills;
  readonly measures: Measures;
  readonly readiness: ReadinessProbe;
  /** Goes on with what a process before this one has begun, and begins to look at the clock. */
  start(): Promise<void>;
  /** Nothing begins any more. To be called before the runs are stopped. */
  close(): Promise<void>;
}

export interface OperationOptions {
  readonly manager: RunManager;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly alerts: Pick<AlertDesk, "report">;
}

/** Begins nothing. */
export async function openOperation({
  manager,
  logger,
  clock = systemClock,
  alerts,
}: OperationOptions): Promise<Operation> {
  const schedules = await Schedules.open({
    manager,
    clock,
    logger,
    report: (incident) => alerts.report(incident),
  });
  const backfills = new Backfills({ manager, clock, logger });
  const measures = new Measures({ manager, clock, backlog: () => schedules.backlog() });
  const { lake, engine } = manager.services;
  const readiness = new ReadinessProbe({ lake, engine, clock, logger });
  return {
    schedules,
    backfills,
    measures,
    readiness,
    start: async () => {
      measures.start();
      await backfills.goOn();
      schedules.tick();
      readiness.serve();
    },
    close: async () => {
      readiness.end();
      measures.stop();
      backfills.close();
      await schedules.close();
    },
  };
}
