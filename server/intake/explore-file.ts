import { basename } from "node:path";
import type { Engine } from "../engine/engine.js";
import type { CsvOptions } from "../engine/verbs.js";
import { kindOfFile, refusal } from "./file-kind.js";
import { readCsv } from "./read-csv.js";
import { hasLateQuotes, readByName, readEnds } from "./take-in.js";
import { findEncoding } from "./text-encoding.js";
import { Trial } from "./trial.js";

/** How a cell reads a file. */
export interface ExploredFile {
  readonly sql: string;
  /** Undefined of what is no CSV. */
  readonly options?: CsvOptions;
}

export interface FileToExplore {
  /** As SQL names it, with the marks of a pattern escaped. */
  readonly path: string;
  /** Nothing leads out of its folder by a link. */
  readonly absolutePath: string;
}

/**
 * Finds out how a cell reads a file that lies in `input/` already, as `takeIn` does: by its content and by trying, but without a change
 * of it. `root`: of the workspace. Fails with code input, and a sentence what to do, for what cannot be read as it is.
 */
export async function exploreFile(
  engine: Engine,
  root: string,
  { path, absolutePath }: FileToExplore,
): Promise<ExploredFile> {
  const name = basename(absolutePath);
  const file = await readEnds(absolutePath, name);
  const kind = kindOfFile(file);
  if (kind === "workbook")
    throw refusal(
      name,
      "is a workbook",
      "Add it by Add a file: each sheet becomes a file that a cell reads.",
    );
  const trial = new Trial(engine, root, name);
  if (kind !== "csv") return readByName(trial, path, kind, file);
  const { encoding } = await findEncoding(absolutePath, file);
  if (encoding === "windows-1252")
    throw refusal(name, "is Windows-1252, which no cell reads", "Save it as UTF-8, or add it by Add a file.");
  const { sql, options } = await readCsv(trial, path, file, {
    encoding,
    hasLateQuotes: await hasLateQuotes(absolutePath, file),
  });
  return { sql, ...(options === undefined ? {} : { options }) };
}
