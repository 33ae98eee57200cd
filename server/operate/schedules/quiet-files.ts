import { stat } from "node:fs/promises";
import { isAppError, isSystemError } from "../../base/errors.js";
import { findInputFiles } from "../../workspace/input-files.js";
import type { Workspace } from "../../workspace/workspace.js";

export interface QuietLook {
  /** Paths and patterns that name no file. */
  readonly missing: readonly string[];
  /** Since when nothing was seen to change. */
  readonly quietMs: number;
  /** Differs where anything changed. */
  readonly stamp: string;
}

/**
 * Whether files still grow, by looking at them again: their own times may be those of the machine that they were copied
 * from, or of a clock that runs ahead.
 */
export class QuietFiles {
  readonly #workspace: Workspace;
  readonly #seen = new Map<string, { readonly stamp: string; readonly since: number }>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** `now` in milliseconds. What `key` names is looked at for the first time: it is quiet for 0 ms. */
  async look(key: string, paths: readonly string[], now: number): Promise<QuietLook> {
    const found = await Promise.all(paths.map((path) => stampsOf(this.#workspace, path)));
    const missing = paths.filter((_path, index) => found[index]?.length === 0);
    const stamp = found.flat().join("\n");
    const before = this.#seen.get(key);
    const since = before?.stamp === stamp ? Math.min(before.since, now) : now;
    this.#seen.set(key, { stamp, since });
    return { missing, quietMs: now - since, stamp };
  }

  forget(key: string): void {
    this.#seen.delete(key);
  }
}

async function stampsOf(workspace: Workspace, path: string): Promise<string[]> {
  try {
    const files = await findInputFiles(workspace, path);
    const stamps = await Promise.all(
      files.map(async ({ absolutePath }) => {
        const { size, mtimeMs, ctimeMs, ino } = await stat(absolutePath);
        return [absolutePath, size, mtimeMs, ctimeMs, ino].join(" ");
      }),
    );
    return stamps;
  } catch (error) {
    if (isAppError(error) || isSystemError(error)) return [];
    throw error;
  }
}
