import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { EventHub } from "../../../server/runs/events.js";
import { RunIndex } from "../../../server/runs/run-index.js";
import type { RunRecord } from "../../../server/runs/run-record.js";
import { RunStore } from "../../../server/runs/run-store.js";

function record(id: string): RunRecord {
  return {
    format: 1,
    id,
    notebook: "sales",
    mode: "run",
    date: "2026-11-01",
    intervalStart: "2026-10-01T00:00:00.000Z",
    intervalEnd: "2026-11-01T00:00:00.000Z",
    parameters: {},
    force: false,
    text: "",
    inputs: [],
    lakeVersions: {},
    basedOn: null,
    createdAt: "2026-11-01T00:00:00.000Z",
    attempts: [{ attempt: 1, startedAt: "2026-11-01T00:00:00.000Z", outcome: "none" }],
    outcome: "none",
    isRunning: true,
    cells: [],
    checks: [],
    published: [],
    removing: [],
    removed: [],
  };
}

async function newStore(): Promise<RunStore> {
  const folder = await mkdtemp(join(tmpdir(), "lakebook-runs-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return new RunStore(join(folder, "runs"));
}

test("the ids of runs sort by the time of their creation, within a second too", () => {
  const store = new RunStore("runs");
  const times = [0, 1, 9, 10, 15, 16, 255, 256, 999, 1000].map((ms) => new Date(1_800_000_000_000 + ms));
  const ids = times.map((time) => store.newId(time));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test("a run that was only announced is there for others, and is interrupted if its process ends", async () => {
  const store = await newStore();
  const id = store.newId();
  await store.announce(record(id));
  expect(await store.load(id)).toEqual(record(id));
  await new RunStore(store.folder).recover();
  expect(await store.load(id)).toMatchObject({ outcome: "interrupted", isRunning: false });
});

/** An attempt that begins now, whatever the clock says. */
async function begin(store: RunStore, time: Date, more: Partial<RunRecord> = {}): Promise<RunRecord> {
  const id = store.newId(time);
  const run = { ...record(id), ...more };
  return attempt(store, run);
}

async function attempt(store: RunStore, run: RunRecord): Promise<RunRecord> {
  const startedAt = run.createdAt;
  const sequence = await store.nextSequence();
  const attempts = [...run.attempts.filter((one) => one.sequence !== undefined)];
  attempts.push({ attempt: attempts.length + 1, sequence, startedAt, outcome: "none" });
  const begun = { ...run, attempts, isRunning: true, outcome: "none" as const };
  await store.announce(begun);
  return begun;
}

function end(store: RunStore, run: RunRecord, outcome: RunRecord["outcome"] = "failed"): Promise<void> {
  return store.save({ ...run, outcome, isRunning: false });
}

describe("after the clock was ahead and is right again", () => {
  const future = new Date("2028-01-03T00:00:00Z");
  const now = new Date("2026-11-29T00:00:00Z");

  test("the runs that came later are the newest, after a restart and without the ledger too", async () => {
    const store = await newStore();
    const runs = [await begin(store, future), await begin(store, now), await begin(store, now)];
    for (const run of runs) await end(store, run);
    const newestFirst = runs.map(({ id }) => id).reverse();
    expect((await store.list()).map(({ id }) => id)).toEqual(newestFirst);
    const again = new RunStore(store.folder);
    expect((await again.list(2)).map(({ id }) => id)).toEqual(newestFirst.slice(0, 2));
    await rm(join(store.folder, "ledger.jsonl"));
    expect((await new RunStore(store.folder).list()).map(({ id }) => id)).toEqual(newestFirst);
    const { id } = await begin(again, now);
    expect((await again.summaries())[0]?.id).toBe(id);
  });

  test("a retry makes an old run the newest for whoever asks what was done last, not in the list", async () => {
    const store = await newStore();
    const [old, other] = [await begin(store, future), await begin(store, now)];
    for (const run of [old, other]) await end(store, run);
    await attempt(store, old);
    for (const one of [store, new RunStore(store.folder)]) {
      expect((await one.summaries()).map(({ id }) => id)).toEqual([other.id, old.id]);
      expect((await one.recent()).map(({ id }) => id)).toEqual([old.id, other.id]);
    }
  });

  test("the last rows of a cell are those of the later run, after a restart too", async () => {
    const store = await newStore();
    const cell = { name: "orders", kind: "sql", status: "idle", outcome: "succeeded" } as const;
    for (const [time, fingerprint] of [
      [future, "first"],
      [now, "second"],
    ] as const) {
      const run = await begin(store, time, { cells: [{ ...cell, fingerprint }] });
      await end(store, run, "succeeded");
    }
    const index = new RunIndex(new RunStore(store.folder), new EventHub());
    expect((await index.cell("sales", "orders"))?.cell.fingerprint).toBe("second");
  });
});

test("runs of before attempts were counted come after all that were, by the time of their creation", async () => {
  const store = await newStore();
  const old = [store.newId(new Date("2030-01-01")), store.newId(new Date("2031-01-01"))];
  for (const id of old) await store.save({ ...record(id), isRunning: false, outcome: "failed" });
  const { id } = await begin(new RunStore(store.folder), new Date("2026-11-29"));
  expect((await new RunStore(store.folder).list()).map((run) => run.id)).toEqual([id, old[1], old[0]]);
});

test("the ledger may be cut short, spoilt or behind: what it does not say is read from the records", async () => {
  const store = await newStore();
  const ledger = join(store.folder, "ledger.jsonl");
  const [ended, cut] = [await begin(store, new Date()), await begin(store, new Date())];
  await end(store, ended, "succeeded");
  await end(store, cut, "succeeded");
  const text = await readFile(ledger, "utf8");
  await writeFile(ledger, text.slice(0, -20));
  const after = new RunStore(store.folder);
  expect((await after.summaries()).map(({ outcome }) => outcome)).toEqual(["succeeded", "succeeded"]);
  await end(after, await begin(after, new Date()), "failed");
  expect((await new RunStore(store.folder).summaries())[0]?.outcome).toBe("failed");
  await rm(store.folderOf(ended.id), { recursive: true });
  const left = await new RunStore(store.folder).summaries();
  expect(left.map(({ id }) => id)).not.toContain(ended.id);
  expect(left).toHaveLength(2);
});

test("a start reads no record of a run that has ended", async () => {
  const store = await newStore();
  for (let count = 0; count < 3; count++) await end(store, await begin(store, new Date()), "succeeded");
  const known = await store.summaries();
  // Unreadable from now on: whoever looked into them would not find the runs.
  for (const { id } of known) await writeFile(join(store.folderOf(id), "run.json"), "");
  const started = new RunStore(store.folder);
  await started.recover();
  expect(await started.summaries()).toEqual(known);
});

test("a record that a power cut left empty hides no other run", async () => {
  const store = await newStore();
  const ids = [store.newId(new Date(0)), store.newId()];
  for (const id of ids) await store.announce(record(id));
  await writeFile(join(store.folderOf(ids[1] ?? ""), "run.json"), "");
  expect((await store.list()).map(({ id }) => id)).toEqual([ids[0]]);
});

test("a run that has ended is parsed again only where its file has changed", async () => {
  const store = await newStore();
  const ended = { ...record(store.newId()), outcome: "failed" as const, isRunning: false };
  await store.save(ended);
  const read = await store.load(ended.id);
  expect(await store.load(ended.id)).toBe(read);
  await store.save({ ...ended, outcome: "succeeded" });
  expect(await store.load(ended.id)).toMatchObject({ outcome: "succeeded" });
  const file = join(store.folderOf(ended.id), "run.json");
  await writeFile(file, JSON.stringify({ ...ended, outcome: "cancelled", text: "SELECT 1" }));
  expect(await store.load(ended.id)).toMatchObject({ outcome: "cancelled" });
  await rm(file);
  expect(await store.find(ended.id)).toBeUndefined();
});
