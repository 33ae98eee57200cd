import { join } from "node:path";
import { expect, test } from "vitest";
import { Lake } from "../../../server/lake/lake.js";
import type { PastPublication } from "../../../server/lake/model.js";
import { verifyLake } from "../../../server/lake/verify.js";
import { openLake, withFolder } from "../../server/lake/lake-fixture.js";
import { WriterProcess } from "./writer-process.js";

const CANDIDATES = 4;
const GENERATIONS = 4;
const ROUNDS = 15;

test(
  "one of several processes gets the lake, the others name it, and one of them gets it after its death",
  { timeout: 120_000 },
  () =>
    withFolder(async (workspace) => {
      for (let generation = 0; generation < GENERATIONS; generation++) {
        const candidates = [...Array(CANDIDATES).keys()].map(() => new WriterProcess(workspace, ["lock"]));
        await Promise.all(candidates.map((candidate) => untilDecided(candidate)));
        const owners = candidates.filter((candidate) => candidate.of("opened").length > 0);
        expect(owners).toHaveLength(1);
        const refused = candidates.flatMap((candidate) => candidate.of("failed"));
        expect(refused).toHaveLength(CANDIDATES - 1);
        for (const { code, message } of refused) {
          expect(code).toBe("locked");
          expect(message).toContain(`process ${owners[0]!.child.pid}`);
        }
        // The next generation finds the lock of a dead process.
        await Promise.all(candidates.map((candidate) => candidate.kill()));
      }
      const lake = await openLake(workspace);
      expect(await verifyLake(lake, { deep: true })).toEqual([]);
      await lake.close();
    }),
);

async function untilDecided(candidate: WriterProcess): Promise<void> {
  await Promise.race(
    [candidate.until("opened"), candidate.until("failed")].map((event) => event.catch(() => undefined)),
  );
}

test(
  "two writers that the lock does not hold apart still make one line of commits",
  { timeout: 120_000 },
  () =>
    withFolder(async (workspace) => {
      const first = new WriterProcess(workspace, ["publish", "1"]);
      await first.ended;
      const writers = [0, 1].map(() => new WriterProcess(workspace, ["race", String(ROUNDS)]));
      for (const writer of writers) await writer.until("opened");
      for (const writer of writers) writer.child.stdin?.write("go");
      await Promise.all(writers.map((writer) => writer.ended));

      const failures = writers.flatMap((writer) => writer.of("failed"));
      const conflicts = failures.filter(({ code }) => code === "conflict");
      const late = failures.filter(({ details }) => details?.isCommitted === true);
      const published = writers.flatMap((writer) => writer.of("published")).length;
      console.log("race", { published, conflicts: conflicts.length, committedButNotShown: late.length });
      expect(writers.flatMap((writer) => writer.of("crashed"))).toEqual([]);
      expect(conflicts.length + late.length).toBe(failures.length);
      expect(published + failures.length).toBe(2 * ROUNDS);

      const lake = await openLake(workspace);
      expect(await verifyLake(lake, { deep: true })).toEqual([]);
      expect(lake.history()).toHaveLength(1 + published + late.length);
      expectEachPlannedOnTheLast(lake.history());
      await lake.close();
    }),
);

/** Nobody published over what they had not seen: the numbers only ever grow, and no two are the same. */
function expectEachPlannedOnTheLast(history: readonly PastPublication[]): void {
  const numbers = history.map(({ seq }) => seq);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  expect(new Set(history.map(({ txn }) => txn)).size).toBe(history.length);
}

test("a reader that opens the lake while it is written finds whole versions", { timeout: 60_000 }, () =>
  withFolder(async (workspace) => {
    const writer = new WriterProcess(workspace, ["publish"]);
    await writer.until("published");
    const folder = join(workspace, "data_lake");
    const seen = new Set<number>();
    while (seen.size < 5) {
      const reader = await Lake.open(folder, { mode: "read" });
      const { dataset, version } = reader.resolve("orders")!;
      seen.add((await reader.manifest(dataset, version)).rows);
      expect(
        (await verifyLake(reader, { deep: false })).filter(({ code }) => code.startsWith("log")),
      ).toEqual([]);
    }
    await writer.kill();
  }),
);
