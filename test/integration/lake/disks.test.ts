import { readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isAppError } from "../../../server/base/errors.js";
import { Lake } from "../../../server/lake/lake.js";
import { planVacuum, vacuum } from "../../../server/lake/vacuum.js";
import { verifyLake } from "../../../server/lake/verify.js";
import { openLake, storeVersion, withFolder, writeBelow } from "../../server/lake/lake-fixture.js";
import { RUN_DATE, publishRound, readAll } from "./rounds.js";
import { canMount, mountTmpfs, remount, unmount } from "./tools.js";

async function withDisk(size: string, use: (workspace: string) => Promise<void>): Promise<void> {
  await withFolder(async (workspace) => {
    mountTmpfs(workspace, size);
    try {
      await use(workspace);
    } finally {
      unmount(workspace);
    }
  });
}

/** Leaves so many bytes free, by a file that is not the lake's; `hasBallast`: the lake can still give up its own. */
function fill(workspace: string, freeBytes: number, hasBallast = false): void {
  if (!hasBallast) rmSync(join(workspace, "data_lake/.lake/ballast"), { force: true });
  const { bavail, bsize } = statfsSync(workspace);
  writeFileSync(join(workspace, "ballast"), Buffer.alloc(Math.max(0, bavail * bsize - freeBytes)));
}

describe.skipIf(!canMount)("a full disk", () => {
  test(
    "fails a publication with a clear error, wherever the space ends, and harms nothing",
    { timeout: 120_000 },
    () =>
      withDisk("20m", async (workspace) => {
        const first = await openLake(workspace);
        await publishRound(first, 1);
        await first.close();
        let [round, failures, successes] = [1, 0, 0];
        for (let freeKilobytes = 0; freeKilobytes <= 640; freeKilobytes += 16) {
          fill(workspace, freeKilobytes * 1024);
          const isDone = await tryRound(workspace, round + 1);
          if (isDone) successes++;
          else failures++;
          rmSync(join(workspace, "ballast"));
          round = await expectWhole(workspace, round);
        }
        console.log("full disk", { failures, successes });
        expect(failures).toBeGreaterThan(10);
        expect(successes).toBeGreaterThan(2);
      }),
  );

  test("does not keep the lake from being opened after a crash, nor vacuum from freeing it", () =>
    withDisk("20m", async (workspace) => {
      const killed = await openLake(workspace);
      await publishRound(killed, 1);
      const draft = await storeVersion(killed, {
        dataset: "unused",
        files: { "parquet/a": "x".repeat(6_000_000) },
      });
      // What a process leaves that is killed: its lock, and a disk that somebody else fills.
      writeFileSync(killed.paths.lock, "{}");
      fill(workspace, 0, true);
      const lake = await openLake(workspace, { now: () => new Date(Date.now() + 7_200_000) });
      expect(lake.recovery.problems).toEqual([]);
      const plan = await planVacuum(lake, { maxDraftBytes: 0 });
      expect(plan.versions.map(({ version }) => version)).toEqual([draft.version]);
      await vacuum(lake, plan);
      const { bavail, bsize } = statfsSync(workspace);
      expect(bavail * bsize).toBeGreaterThan(5_000_000);
      await publishRound(lake, 2);
      expect(await verifyLake(lake, { deep: true })).toEqual([]);
      await lake.close();
    }));

  test("fails the pinning of an input and leaves no part of it", () =>
    withDisk("20m", async (workspace) => {
      const lake = await openLake(workspace);
      const absolutePath = await writeBelow(workspace, "input/big", "x".repeat(8_000_000));
      fill(workspace, 4_000_000);
      const pinning = lake.pinInput({ absolutePath, path: "input/big", snapshot: true });
      await expect(pinning).rejects.toMatchObject({ code: "disk", details: { errno: "ENOSPC" } });
      expect(readdirSync(lake.paths.inputs)).toEqual([]);
      expect(readdirSync(lake.paths.tmp)).toEqual([]);
      await lake.close();
    }));
});

/** Returns false for an error that says that the disk is full. */
async function tryRound(workspace: string, round: number): Promise<boolean> {
  let lake: Lake | undefined;
  try {
    lake = await openLake(workspace);
    await publishRound(lake, round);
    return true;
  } catch (error) {
    // What the test itself writes into the build fails as any program's writing does.
    const isOwn = error instanceof Error && "code" in error && error.code === "ENOSPC";
    if (!isOwn && !(isAppError(error, "disk") && error.message.includes("the disk is full"))) throw error;
    return false;
  } finally {
    await lake?.close();
  }
}

async function expectWhole(workspace: string, atLeast: number): Promise<number> {
  const lake = await openLake(workspace);
  expect(lake.recovery.problems).toEqual([]);
  expect(await verifyLake(lake, { deep: true })).toEqual([]);
  const round = Number(lake.publication("sales", RUN_DATE)?.record["round"]);
  expect(round).toBeGreaterThanOrEqual(atLeast);
  for (const finding of readAll(lake.folder)) expect(finding).toEqual({ round });
  await lake.close();
  return round;
}

describe.skipIf(!canMount)("a read-only disk", () => {
  test("can be read and proved, and says why it cannot be written", () =>
    withDisk("20m", async (workspace) => {
      const writer = await openLake(workspace);
      await publishRound(writer, 1);
      await writer.close();
      remount(workspace, "ro");
      await expect(openLake(workspace)).rejects.toMatchObject({
        code: "disk",
        details: { errno: "EROFS" },
        hint: "Make it writable; commands that only read work without.",
      });
      const reader = await Lake.open(join(workspace, "data_lake"), { mode: "read" });
      expect(reader.datasetNames()).toEqual(["orders", "stock"]);
      expect(await verifyLake(reader, { deep: true })).toEqual([]);
    }));

  test("that it became while the lake was open fails what is written then", () =>
    withDisk("20m", async (workspace) => {
      const lake = await openLake(workspace);
      const { version } = await storeVersion(lake);
      remount(workspace, "ro");
      const publishing = lake.publish({
        notebook: "sales",
        runDate: RUN_DATE,
        run: "1",
        attempt: 1,
        datasets: { orders: version },
        inputs: [],
        record: {},
      });
      await expect(publishing).rejects.toMatchObject({ code: "disk" });
      await expect(lake.createBuild()).rejects.toMatchObject({ code: "disk" });
      remount(workspace, "rw");
      await publishRound(lake, 2);
      expect(await verifyLake(lake, { deep: true })).toEqual([]);
      await lake.close();
    }));
});
