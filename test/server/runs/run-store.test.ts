import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
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

test("a record that a power cut left empty hides no other run", async () => {
  const store = await newStore();
  const ids = [store.newId(new Date(0)), store.newId()];
  for (const id of ids) await store.announce(record(id));
  await writeFile(join(store.folderOf(ids[1] ?? ""), "run.json"), "");
  expect((await store.list()).map(({ id }) => id)).toEqual([ids[0]]);
});
