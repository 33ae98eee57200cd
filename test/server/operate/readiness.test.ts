import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { silentLogger } from "../../../server/base/logger.js";
import { lakePaths } from "../../../server/lake/layout.js";
import { ReadinessProbe } from "../../../server/operate/readiness.js";

async function openProbe(probe: () => Promise<void> = () => Promise.resolve()) {
  const tmp = await mkdtemp(join(tmpdir(), "lakebook-ready-"));
  onTestFinished(() => rm(tmp, { recursive: true, force: true }));
  const time = { now: 0 };
  const clock = { now: () => time.now, wait: () => Promise.resolve() };
  const lake = { paths: { ...lakePaths(tmp), tmp } };
  const readiness = new ReadinessProbe({ lake, engine: { probe }, clock, logger: silentLogger });
  return { readiness, tmp, time };
}

test("a server is ready between its start and its end", async () => {
  const { readiness } = await openProbe();
  expect(await readiness.look()).toEqual(["It is starting."]);
  readiness.serve();
  expect(await readiness.look()).toEqual([]);
  readiness.end();
  expect(await readiness.look()).toEqual(["It is shutting down."]);
  readiness.serve();
  expect(await readiness.look()).toEqual(["It is shutting down."]);
});

test("a server whose folder is gone or whose workers cannot start says so, without paths", async () => {
  const { readiness, tmp } = await openProbe(() =>
    Promise.reject(new Error(`spawn ${tmpdir()}/node ENOENT`)),
  );
  readiness.serve();
  await chmod(tmp, 0o700);
  await rm(tmp, { recursive: true });
  expect(await readiness.look()).toEqual([
    "The disk of the lake cannot be written.",
    "No worker can be started.",
  ]);
});

test("whoever asks often gets the same answer, for two seconds", async () => {
  let probes = 0;
  const { readiness, time } = await openProbe(() => {
    probes++;
    return Promise.resolve();
  });
  readiness.serve();
  for (time.now = 0; time.now < 2000; time.now += 500) await readiness.look();
  expect(probes).toBe(1);
  await readiness.look();
  expect(probes).toBe(2);
});
