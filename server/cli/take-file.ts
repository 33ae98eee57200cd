import { constants } from "node:fs";
import { copyFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { AppError, isSystemError } from "../base/errors.js";
import { takeIn, type ReaderCell, type TakenFile } from "../intake/take-in.js";
import { hashFile } from "../lake/hash-file.js";
import { putIntoInput, toInputName } from "../workspace/upload.js";
import type { Workspace } from "../workspace/workspace.js";
import type { ReadSession } from "./session.js";

export type NotedCell = ReaderCell & { readonly notes?: readonly string[] };

/**
 * Copies a file into `input/`, and returns cells that read it. Fails with code conflict where another file is there under its name,
 * and with code input where it is no table; `isFolder`: of texts, those that look like prose count as such.
 */
export async function takeFile(session: ReadSession, file: string, isFolder: boolean): Promise<NotedCell[]> {
  const copy = (target: string): Promise<void> => copyFile(file, target, constants.COPYFILE_FICLONE);
  return takeIn(session, toInputName(basename(file)), copy, async (taken) => {
    const isProse =
      isFolder && /\.(txt|dat)$/i.test(file) && taken.every(({ delimiter }) => delimiter === undefined);
    if (isProse) throw new AppError("input", `"${basename(file)}" is a text without columns.`);
    const fresh: TakenFile[] = [];
    for (const each of taken) if (await isNewInInput(session.workspace, each)) fresh.push(each);
    await putIntoInput(session.workspace, fresh);
    return taken.map(({ cell, notes }) => ({ ...cell, notes }));
  });
}

/** False where it is there already, as it is. Never over another file. */
async function isNewInInput({ input, root }: Workspace, { name, absolutePath }: TakenFile): Promise<boolean> {
  const target = join(input, name);
  try {
    await stat(target);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return true;
    throw error;
  }
  if (await isSame(absolutePath, target)) return false;
  throw new AppError("conflict", `"input/${name}" is another file in ${root}.`, {
    hint: "Name another folder with --workspace.",
  });
}

async function isSame(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([hashFile(a), hashFile(b)]);
  return JSON.stringify(first) === JSON.stringify(second);
}
