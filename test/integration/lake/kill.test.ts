import { join } from "node:path";
import { expect, test } from "vitest";
import { Lake } from "../../../server/lake/lake.js";
import { verifyLake } from "../../../server/lake/verify.js";
import { seededRandom } from "../../support/seed.js";
import { openLake, withFolder } from "../../server/lake/lake-fixture.js";
import { RUN_DATE, readAll, readFlatFolder, readFolder } from "./rounds.js";
import type { Finding } from "./rounds.js";
import { WriterProcess } from "./writer-process.js";

/** More in a nightly run. */
const KILLS = Number(process.env["LAKE_KILLS"] ?? 60);
const LONGEST_LIFE_MS = 250;
/** What the writer has come to, before the random part of its life begins. */
const moments = ["opening", "opened", "published"] as const;

interface Tally {
  readings: number;
  /** A folder was not there for a reader in the instant between two renames: an error, never a wrong answer. */
  absent: number;
  gone: number;
  torn: number;
}

function count(tally: Tally, findings: Iterable<Finding>): void {
  for (const finding of findings) {
    tally.readings++;
    if (typeof finding === "string") tally[finding]++;
  }
}

/** Lets the writer live for a while, and reads meanwhile. */
async function readUntilKilled(
  writer: WriterProcess,
  read: () => Iterable<Finding>,
  tally: Tally,
  lifeMs: number,
): Promise<void> {
  const end = performance.now() + lifeMs;
  while (performance.now() < end) {
    count(tally, read());
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writer.kill();
}

test(
  `readers always see a whole version, and ${KILLS} kills at random lose nothing that was published`,
  { timeout: 60_000 + KILLS * 10_000 },
  () =>
    withFolder(async (workspace) => {
      const folder = join(workspace, "data_lake");
      await publishFirst(workspace);
      const random = seededRandom("kills of the writer");
      const live: Tally = { readings: 0, absent: 0, gone: 0, torn: 0 };
      const afterKill: Tally = { readings: 0, absent: 0, gone: 0, torn: 0 };
      let [lastRound, repaired, reads] = [0, 0, 0];
      for (let kill = 0; kill < KILLS; kill++) {
        const writer = new WriterProcess(workspace, ["publish"]);
        await writer.until(moments[kill % moments.length] ?? "opened");
        await readUntilKilled(writer, () => readAll(folder), live, random.next() * LONGEST_LIFE_MS);
        count(afterKill, readAll(folder));
        reads += await readThroughLog(folder);

        const lake = await openLake(workspace);
        expect(lake.recovery.problems).toEqual([]);
        if (lake.recovery.projected.length > 0) repaired++;
        expect(await verifyLake(lake, { deep: true })).toEqual([]);
        const round = Number(lake.publication("sales", RUN_DATE)?.record["round"]);
        expect(round).toBeGreaterThanOrEqual(
          Math.max(lastRound, ...writer.of("published").map((event) => event.round ?? 0)),
        );
        lastRound = round;
        // All of one commit, whatever it was killed in.
        expect(new Set([...readAll(folder)].map((finding) => JSON.stringify(finding)))).toEqual(
          new Set([JSON.stringify({ round })]),
        );
        await lake.close();
      }
      console.log("kills", { kills: KILLS, rounds: lastRound, repaired, reads, live, afterKill });
      expect(live.torn + afterKill.torn).toBe(0);
      expect(live.readings).toBeGreaterThan(KILLS);
      expect(lastRound).toBeGreaterThanOrEqual(Math.floor(KILLS / moments.length));
    }),
);

test(
  `readers always see a whole version while it is rolled back and forth, through ${KILLS / 3} kills at random`,
  { timeout: 60_000 + KILLS * 10_000 },
  () =>
    withFolder(async (workspace) => {
      const folder = join(workspace, "data_lake");
      await publishFirst(workspace);
      await publishFirst(workspace);
      const random = seededRandom("kills of a rollback");
      const tally: Tally = { readings: 0, absent: 0, gone: 0, torn: 0 };
      let last = 2;
      for (let kill = 0; kill < KILLS / 3; kill++) {
        const writer = new WriterProcess(workspace, ["roll-back"]);
        await writer.until(moments[kill % moments.length] ?? "opened");
        await readUntilKilled(writer, () => readAll(folder), tally, random.next() * LONGEST_LIFE_MS);
        count(tally, readAll(folder));
        const lake = await openLake(workspace);
        expect(lake.recovery.problems).toEqual([]);
        expect(await verifyLake(lake, { deep: true })).toEqual([]);
        const current = lake.publication("sales", RUN_DATE)!;
        const number = lake.state.numberOf(current);
        expect(number).toBeGreaterThanOrEqual(
          Math.max(last, ...writer.of("published").map((event) => event.round ?? 0)),
        );
        last = number;
        // Back and forth: what is shown follows from how often it was rolled back.
        const round = 2 - (number % 2);
        expect(new Set([...readAll(folder)].map((finding) => JSON.stringify(finding)))).toEqual(
          new Set([JSON.stringify({ round })]),
        );
        for (const tag of lake.state.tags()) expect(tag.name).toBe(`t${lake.state.numberOf(tag)}`);
        await lake.close();
      }
      console.log("kills of a rollback", { publications: last, tally });
      expect(tally.torn).toBe(0);
      expect(last).toBeGreaterThan(KILLS / 3);
    }),
);

/** So that there is something to read from the beginning. */
async function publishFirst(workspace: string): Promise<void> {
  const writer = new WriterProcess(workspace, ["publish", "1"]);
  await writer.ended;
  expect(writer.of("published")).toHaveLength(1);
}

/** Inside the product the lake is read so: the log, the manifest, its files. Nothing is repaired yet. */
async function readThroughLog(folder: string): Promise<number> {
  const reader = await Lake.open(folder, { mode: "read" });
  for (const dataset of reader.datasetNames()) {
    const { version } = reader.resolve(dataset)!;
    const manifest = await reader.manifest(dataset, version);
    const finding = (dataset === "orders" ? readFolder : readFlatFolder)(
      join(reader.versionFolder(dataset, version), "parquet"),
    );
    expect(finding).toEqual({ round: manifest.rows });
  }
  return 1;
}

test("the same harness finds torn datasets where a writer works in place", { timeout: 60_000 }, () =>
  withFolder(async (workspace) => {
    const tally: Tally = { readings: 0, absent: 0, gone: 0, torn: 0 };
    const latest = join(workspace, "data_lake/latest");
    const read = () => [readFolder(join(latest, "orders")), readFlatFolder(join(latest, "stock"))];
    const random = seededRandom("negative control");
    for (let kill = 0; kill < 5; kill++) {
      const writer = new WriterProcess(workspace, ["publish-in-place"]);
      await writer.until("published");
      await readUntilKilled(writer, read, tally, random.next() * LONGEST_LIFE_MS);
    }
    console.log("negative control", tally);
    expect(tally.torn).toBeGreaterThan(0);
  }),
);
