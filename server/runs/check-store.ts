import { randomUUID } from "node:crypto";
import { mkdir, readFile, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isSystemError } from "../base/errors.js";
import type { CheckFinding } from "../engine/engine.js";
import { replaceFile } from "../lake/durable.js";

const findingSchema = z.object({
  name: z.string(),
  failures: z.number(),
  file: z.string().optional(),
  message: z.string(),
});

/** Findings of checks by fingerprint of check and data, so that an unchanged check of unchanged data is not run again. */
export class CheckStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** An empty folder for failing rows. */
  async createFolder(): Promise<string> {
    const folder = join(this.folder, "rows", randomUUID());
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** Most checks pass and leave nothing. */
  async removeIfEmpty(folder: string): Promise<void> {
    await rmdir(folder).catch(() => undefined);
  }

  /** A check that could not run is not kept: the next run tries again. */
  async keep(fingerprint: string, finding: CheckFinding): Promise<void> {
    if (finding.error !== undefined) return;
    await mkdir(join(this.folder, fingerprint), { recursive: true });
    await replaceFile(join(this.folder, fingerprint, "finding.json"), JSON.stringify(finding));
  }

  async find(fingerprint: string): Promise<CheckFinding | undefined> {
    try {
      const { file, ...finding } = findingSchema.parse(
        JSON.parse(await readFile(join(this.folder, fingerprint, "finding.json"), "utf8")),
      );
      return file === undefined ? finding : { ...finding, file };
    } catch (error) {
      if (isSystemError(error) && error.code !== "ENOENT") throw error;
      return undefined;
    }
  }
}
