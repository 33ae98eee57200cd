import { spawn } from "node:child_process";
import { once } from "node:events";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Lake } from "../../../server/lake/lake.js";
import { verifyLake } from "../../../server/lake/verify.js";
import { lakebook, runOf, startLakebook, type RunningCli } from "../../support/cli.js";
import { bundle } from "../../support/bundle.js";
import { hasProc, kill, until, untilNoWorker, workersOf } from "../../support/kill.js";
import { seededRandom } from "../../support/seed.js";
import { withWorkspace, type TestWorkspace } from "../../support/workspace.js";
import { judge, OutsideReader, storedFiles } from "./reader.js";
import {
  deliver,
  deliverEvents,
  deliveriesBefore,
  incrementalDatasets,
  incrementalFiles,
  materializeArgs,
  publishedRound,
  roundDatasets,
  roundFiles,
} from "./rounds.js";

/** More in a nightly run. */
const kills = Number(process.env["FAULT_KILLS"] ?? 60);
const inPlaceWriter = await bundle(fileURLToPath(new URL("in-place-writer.ts", import.meta.url)));
const targets = ["command", "worker", "both"] as const;

if (!hasProc) process.stderr.write("SKIPPED: kills are not tested: there is no /proc here\n");

describe.skipIf(!hasProc)("kill -9", () => {
  test(
    `at ${kills} random moments of publications, incremental ones and others, of the command, a worker or both, never shows half a dataset`,
    { timeout: 120_000 + kills * 20_000 },
    () =>
      withWorkspace(incrementalFiles, async (workspace) => {
        const random = seededRandom("kills");
        const first = ["materialize", "sales", "--date", deliveriesBefore];
        const published = await lakebook(first, { workspace });
        expect(published.code, published.stderr).toBe(0);
        const before = await filesOfDate(workspace, deliveriesBefore);
        await deliverEvents(workspace, 1);
        const started = performance.now();
        expect((await lakebook(materializeArgs, { workspace })).code).toBe(0);
        const wholeRunMs = performance.now() - started;
        const reader = new OutsideReader(workspace, incrementalDatasets);
        await reader.ready();

        let [shown, round] = [1, 1];
        const tally = { survived: 0, published: 0, repaired: 0, ended: 0, again: 0 };
        for (let n = 0; n < kills; n++) {
          // Every second time, what was killed is computed to its end, from what it had come to.
          if (shown === round || random.next() < 0.5) await deliverEvents(workspace, ++round);
          else tally.again++;
          const running = startLakebook(materializeArgs, { workspace });
          await passSomeTime(running, n, random.next() * wholeRunMs);
          if (!killSome(workspace, running, targets[n % targets.length] ?? "both", random.next()))
            tally.survived++;
          const { code } = await running.finished;
          if (code === 0) tally.ended++;
          await untilNoWorker(workspace);

          const lake = await Lake.open(workspace.path("data_lake"), { mode: "write" });
          expect(lake.recovery.problems).toEqual([]);
          if (lake.recovery.projected.length > 0) tally.repaired++;
          expect(await verifyLake(lake, { deep: true })).toEqual([]);
          await lake.close();
          const now = await publishedRound(workspace, incrementalDatasets);
          // A commit counts from the moment on that it is in the log, whether or not the command lived to say so.
          expect(now === round || (now === shown && code !== 0), `round ${now} after ${shown}`).toBe(true);
          if (now !== shown) tally.published++;
          shown = now;
          expect(await filesOfDate(workspace, deliveriesBefore)).toEqual(before);
        }

        await deliverEvents(workspace, ++round);
        const last = await lakebook([...materializeArgs, "--json"], { workspace });
        expect(last.code, last.stderr).toBe(0);
        expect(await publishedRound(workspace, incrementalDatasets)).toBe(round);
        const { cells } = runOf(last);
        expect(
          cells.flatMap(({ name, incremental }) => (incremental ? [[name, incremental]] : [])),
        ).toMatchObject([
          ["events", { mode: "by_partition", partitions: { written: 2, linked: 3 } }],
          ["keys", { mode: "by_key", partitions: { written: 1, linked: 4 } }],
        ]);
        expect((await lakebook(["verify"], { workspace })).code).toBe(0);
        // What was just replaced stays for a while, for those who read it.
        const leftovers = (await workspace.files("data_lake/.lake/tmp")).filter(
          (path) => !path.startsWith("old-"),
        );
        expect(leftovers).toEqual([]);
        expect(await workspace.files("data_lake/.lake/build")).toEqual([]);

        const { readings } = await reader.end();
        const { whole, torn, absent, gone } = await judge(reader.sightings, await storedFiles(workspace));
        console.log("kills", {
          kills,
          ...tally,
          readings,
          states: { whole, torn: torn.length, absent, gone },
        });
        expect(torn).toEqual([]);
        expect(whole).toBeGreaterThan(tally.published);
        expect(readings).toBeGreaterThan(kills);
        expect(tally.published).toBeLessThan(kills);
      }),
  );

  test("finds torn datasets where a writer works in place: the test above can fail", () =>
    withWorkspace(roundFiles, async (workspace) => {
      for (const round of [1, 2]) {
        await deliver(workspace, round);
        expect((await lakebook(materializeArgs, { workspace })).code).toBe(0);
      }
      const kept = await storedFiles(workspace);
      const versions = readdirSync(workspace.path("data_lake/.lake/versions/orders")).map((version) =>
        workspace.path(`data_lake/.lake/versions/orders/${version}/parquet`),
      );
      expect(versions.map((folder) => dirname(folder))).toHaveLength(2);
      const reader = new OutsideReader(workspace, roundDatasets);
      await reader.ready();
      for (let n = 0; n < 5; n++) {
        const seen = reader.sightings.length;
        const writer = startInPlace([workspace.path("data_lake/latest/orders"), ...versions]);
        await until("the reader sees what is written", () => reader.sightings.length > seen + 3);
        kill(writer.pid ?? 0);
        await once(writer, "close");
      }
      await reader.end();
      const { torn } = await judge(reader.sightings, kept);
      console.log("negative control", { torn: torn.length, states: reader.sightings.length });
      expect(torn.length).toBeGreaterThan(0);
    }));
});

/** Where a run has come to, and which share of its time the moment of a kill lies in from there on. */
const moments: readonly (readonly [shown: string | RegExp | undefined, share: number])[] = [
  // A round that is run again may find there what was computed before the kill.
  [/[✓=] keys/, 0.1],
  [undefined, 0.8],
  [/[✓=] keys/, 0.1],
  [/events: running|= events/, 0.3],
];

/** Every second time the moment lies around the publication, which is short; else among what is computed in parts, or anywhere in the run. */
async function passSomeTime(running: RunningCli, n: number, ms: number): Promise<void> {
  const [shown, share] = moments[n % moments.length] ?? [undefined, 1];
  if (shown !== undefined) await running.shows(shown);
  await pause(share * ms);
}

/** The inode and the hash of each file of a run date by its path. */
async function filesOfDate(workspace: TestWorkspace, date: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const file of await workspace.files(`data_lake/${date}`)) {
    const path = workspace.path(`data_lake/${date}/${file}`);
    const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
    found[file] = `${String(statSync(path).ino)} ${hash}`;
  }
  return found;
}

/** False where nothing was left to kill. Of several workers, `chance` (0 <= chance < 1) chooses one. */
function killSome(
  workspace: TestWorkspace,
  running: RunningCli,
  target: (typeof targets)[number],
  chance: number,
): boolean {
  const workers = workersOf(workspace);
  const one = workers[Math.floor(chance * workers.length)];
  if (target === "worker") return one !== undefined && kill(one);
  const isCommandKilled = kill(running.pid);
  return target === "command"
    ? isCommandKilled
    : workers.map((pid) => kill(pid)).some(Boolean) || isCommandKilled;
}

function startInPlace(args: readonly string[]) {
  return spawn(process.execPath, [inPlaceWriter, ...args], { stdio: ["ignore", "ignore", "inherit"] });
}

/** Not to wait for something: the moment of a kill has to be any. */
function pause(ms: number): Promise<void> {
  return new Promise((resolvePromise) => setTimeout(resolvePromise, ms));
}
