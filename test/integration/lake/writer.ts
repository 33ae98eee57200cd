/**
 * A writer in a process of its own, to be killed, starved or raced:
 * `writer.ts <workspace> <what> [count or path]`.
 * It says on standard output what it has done, one line each.
 */
import { mkdirSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "../../../server/base/errors.js";
import type { Lake } from "../../../server/lake/lake.js";
import { rollBack } from "../../../server/lake/rollback.js";
import { planVacuum, vacuum } from "../../../server/lake/vacuum.js";
import { openLake } from "../../server/lake/lake-fixture.js";
import { RUN_DATE, datasets, filesOfRound, publishRound } from "./rounds.js";

const [workspace = "", what = "", argument = "Infinity"] = process.argv.slice(2);
const count = Number(argument);

const unlocked = {
  acquireLock: () => Promise.resolve({ assertHeld: async () => {}, release: async () => {} }),
};

const commands: Readonly<Record<string, () => Promise<void>>> = {
  publish: publishRounds,
  "publish-reopening": publishReopening,
  "publish-in-place": publishInPlace,
  race: raceForDate,
  lock: holdLock,
  pin: pinInput,
  "roll-back": rollBackAndForth,
};

await commands[what]?.();

function say(event: string, fields: object = {}): void {
  writeSync(1, `${JSON.stringify({ event, ...fields })}\n`);
}

function sayError(error: unknown): void {
  if (error instanceof AppError) {
    const { code, message, hint, details } = error;
    say("failed", { code, message, hint, details });
  } else if (error instanceof Error && error.stack?.includes("writeBelow") === true) {
    say("starved");
  } else {
    say("crashed", { message: error instanceof Error ? error.stack : String(error) });
  }
}

/** Every few rounds it vacuums too. */
async function publishRounds(): Promise<void> {
  say("opening");
  const lake = await openLake(workspace);
  say("opened");
  const first = lastRound(lake) + 1;
  for (let round = first; round < first + count; round++) {
    await publishRound(lake, round);
    say("published", { round });
    if (round % 5 === 0) await vacuum(lake, await planVacuum(lake, { maxDraftBytes: 100_000 }));
  }
  await lake.close();
}

/** Goes on after any failure, as the next command would. */
async function publishReopening(): Promise<void> {
  for (let round = 1; round <= count; round++) {
    let lake: Lake | undefined;
    try {
      lake = await openLake(workspace);
      const next = lastRound(lake) + 1;
      await publishRound(lake, next);
      say("published", { round: next });
    } catch (error) {
      sayError(error);
    } finally {
      await lake?.close().catch(sayError);
    }
  }
}

function lastRound(lake: Lake): number {
  return Number(lake.publication("sales", RUN_DATE)?.record["round"] ?? 0);
}

/** What everybody does first: delete the folder, write the files into it. */
async function publishInPlace(): Promise<void> {
  say("opened");
  for (let round = 1; ; round++) {
    for (const dataset of datasets) {
      const folder = join(workspace, "data_lake", "latest", dataset);
      rmSync(folder, { recursive: true, force: true });
      for (const [path, text] of Object.entries(filesOfRound(round, dataset))) {
        if (!path.startsWith("parquet/")) continue;
        const file = join(folder, path.slice("parquet/".length));
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    }
    say("published", { round });
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Does not know of the other writer: only the log stands between them. */
async function raceForDate(): Promise<void> {
  const lake = await openLake(workspace, unlocked);
  say("opened");
  await new Promise((resolve) => process.stdin.once("data", resolve));
  for (let round = 1; round <= count; round++) {
    await lake.refresh();
    try {
      const { entry } = await publishRound(lake, round, {
        expectedTxn: lake.publication("sales", RUN_DATE)?.txn ?? null,
      });
      say("published", { seq: entry.seq });
    } catch (error) {
      sayError(error);
    }
  }
  process.exit(0);
}

/** Two rounds are published already. */
async function rollBackAndForth(): Promise<void> {
  say("opening");
  const lake = await openLake(workspace);
  say("opened");
  for (;;) {
    const { number } = await rollBack(lake, { notebook: "sales", date: RUN_DATE });
    await lake.tag({ notebook: "sales", date: RUN_DATE, name: `t${number}` });
    say("published", { round: number });
  }
}

async function holdLock(): Promise<void> {
  try {
    await openLake(workspace);
    say("opened", { pid: process.pid });
    await new Promise((resolve) => process.stdin.once("data", resolve));
  } catch (error) {
    sayError(error);
  }
  process.exit(0);
}

async function pinInput(): Promise<void> {
  const lake = await openLake(workspace);
  try {
    await lake.pinInput({ absolutePath: join(workspace, argument), path: argument, snapshot: true });
    say("published");
  } catch (error) {
    sayError(error);
  }
  await lake.close();
}
