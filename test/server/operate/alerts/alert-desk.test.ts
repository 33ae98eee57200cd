import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { silentLogger } from "../../../../server/base/logger.js";
import { AlertDesk } from "../../../../server/operate/alerts/alert-desk.js";
import { SendError, type Delivery } from "../../../../server/operate/alerts/delivery.js";
import { EventHub } from "../../../../server/runs/events.js";
import { toRunView, type RunRecord } from "../../../../server/runs/run-record.js";
import { RunStore } from "../../../../server/runs/run-store.js";
import { TestClock } from "../../../support/test-clock.js";

const DATE = "2026-11-01";

/** A desk whose messages go into a list. */
async function newDesk(send?: () => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), "lakebook-desk-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const store = new RunStore(join(folder, "runs"));
  const events = new EventHub();
  const clock = new TestClock("2026-11-01T06:00:00Z");
  const sent: string[] = [];
  const desk = await AlertDesk.open({
    folder: join(folder, "outbox"),
    store,
    events,
    workspaceAlerts: () =>
      Promise.resolve({
        to: ["data@example.com"],
        webhooks: [],
        on: ["failed", "deadline", "missed", "recovered"],
      }),
    alertsOf: () => Promise.resolve(undefined),
    rowsOf: () => Promise.resolve(undefined),
    send: async ({ message }: Delivery) => {
      await send?.();
      sent.push(message.subject.replace("[Lakebook] ", ""));
    },
    clock,
    logger: silentLogger,
  });
  onTestFinished(() => desk.close());
  return { desk, store, events, clock, sent };
}

/** A run that has ended so, and is told. */
async function end({ store, events }: Awaited<ReturnType<typeof newDesk>>, outcome: RunRecord["outcome"]) {
  const at = "2026-11-01T06:00:00.000Z";
  const record: RunRecord = {
    ...{
      format: 1,
      id: store.newId(),
      notebook: "sales",
      mode: "materialize",
      date: DATE,
      text: "",
      force: false,
    },
    ...{ intervalStart: at, intervalEnd: at, createdAt: at, parameters: {}, lakeVersions: {}, basedOn: null },
    ...{ inputs: [], cells: [], checks: [], published: [], removing: [], removed: [] },
    attempts: [{ attempt: 1, sequence: await store.nextSequence(), startedAt: at, outcome }],
    outcome,
    isRunning: false,
  };
  await store.save(record);
  events.emit("sales", { type: "run-finished", run: toRunView(record) });
}

test("what no run tells is told once for each occasion, and recovered once the date is published", async () => {
  const opened = await newDesk();
  const { desk, sent } = opened;
  const error = { code: "invalid-notebook", message: 'Notebook "sales" has 1 error.' };
  for (const occasion of ["06:00", "06:00", "07:00"])
    await desk.report({ kind: "failed", notebook: "sales", date: DATE, error, occasion });
  await desk.report({ kind: "deadline", notebook: "sales", date: DATE });
  await end(opened, "succeeded");
  await end(opened, "succeeded");
  expect(await desk.settle(undefined, 1000)).toBe(0);
  expect(sent).toEqual([
    `sales failed for ${DATE}`,
    `sales failed for ${DATE}`,
    `sales for ${DATE} is not published by its deadline`,
    `sales for ${DATE} is published, recovered`,
  ]);
});

test("a command does not wait longer than it may for who does not answer", async () => {
  let isAsked = (): void => undefined;
  const asked = new Promise<void>((resolve) => (isAsked = resolve));
  let giveUp = (): void => undefined;
  const opened = await newDesk(() => {
    isAsked();
    return new Promise((_, reject) => {
      giveUp = () => {
        reject(new SendError("It was broken off."));
      };
    });
  });
  await end(opened, "failed");
  const settled = opened.desk.settle(undefined, 1000);
  await asked;
  opened.clock.advance(1000);
  giveUp();
  expect(await settled).toBe(1);
  expect(opened.sent).toEqual([]);
});

test("a day of failures and their end reach somebody in their order, whatever fails on the way", async () => {
  let failures = 3;
  const opened = await newDesk(() =>
    --failures >= 0 ? Promise.reject(new Error("down")) : Promise.resolve(),
  );
  opened.desk.start(undefined);
  for (const outcome of ["failed", "failed", "succeeded", "interrupted"] as const) await end(opened, outcome);
  await expect
    .poll(() => {
      opened.clock.advance(60_000);
      return opened.sent;
    })
    .toEqual([
      `sales failed for ${DATE}`,
      `sales failed for ${DATE}`,
      `sales for ${DATE} is published, recovered`,
      `sales failed for ${DATE}`,
    ]);
});
