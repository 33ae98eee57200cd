import { existsSync } from "node:fs";
import { messageOf } from "../base/errors.js";
import { canonicalJson } from "../base/hash.js";
import { checkpointFile, readCheckpoint } from "./checkpoint.js";
import type { Lake } from "./lake.js";
import { entryFile, entryNumbers, readEntry } from "./log-file.js";
import type { LogEntry } from "./model.js";
import { RESTORE_LOG, problemAt } from "./problem.js";
import type { Problem } from "./problem.js";
import { LakeState } from "./state.js";
import type { FoldedState } from "./state.js";
import { otherTurns } from "./tree.js";

const ENTRIES_PER_TURN = 500;

/** Reads the whole log, and compares what it folds to with the checkpoint and with what the lake believes. */
export async function verifyLog(lake: Lake): Promise<Problem[]> {
  const folder = lake.paths.log;
  const checkpoint = await readCheckpoint(folder);
  const entries: LogEntry[] = [];
  const last = Math.max(0, ...entryNumbers(folder).slice(-1));
  for (let seq = 1; seq <= last; seq++) {
    if (seq % ENTRIES_PER_TURN === 0) await otherTurns();
    const read = maybeEntry(folder, seq);
    if (typeof read === "string")
      return [problemAt(lake, "log-damaged", entryFile(folder, seq), read, RESTORE_LOG)];
    entries.push(read);
  }
  const problems = findUnknownVersions(lake, LakeState.fold(entries));
  if (!isFoldOf(lake.state.toFolded(), entries)) {
    problems.push(
      problemAt(lake, "log-damaged", folder, "is not what this process has read", "Start it again."),
    );
  }
  const isDamaged = checkpoint === undefined && existsSync(checkpointFile(folder));
  if (isDamaged || (checkpoint !== undefined && !isFoldOf(checkpoint.state, entries))) {
    problems.push(
      problemAt(
        lake,
        "checkpoint-wrong",
        checkpointFile(folder),
        "is not what the log says",
        "Delete it: it is made anew.",
      ),
    );
  }
  return problems;
}

/** Returns the entry, or what is wrong with it. */
function maybeEntry(folder: string, seq: number): LogEntry | string {
  try {
    const read = readEntry(folder, seq);
    if (read === undefined) return "is missing";
    return read === "unreadable" ? "is not the entry that was written" : read.entry;
  } catch (error) {
    return `cannot be used: ${messageOf(error)}`;
  }
}

function isFoldOf(folded: FoldedState, entries: readonly LogEntry[]): boolean {
  if (folded.seq > entries.length) return false;
  const expected = LakeState.fold(entries.slice(0, folded.seq)).toFolded();
  return canonicalJson(expected) === canonicalJson(folded);
}

function findUnknownVersions(lake: Lake, state: LakeState): Problem[] {
  return state.publications().flatMap((publication) =>
    Object.entries(publication.datasets)
      .filter(([dataset, version]) => state.store(dataset, version) === undefined)
      .map(([dataset, version]) => {
        const { notebook, runDate } = publication;
        const what = `is published by "${notebook}" for ${runDate} and is not in the log`;
        return problemAt(lake, "unknown-version", lake.versionFolder(dataset, version), what, RESTORE_LOG);
      }),
  );
}
