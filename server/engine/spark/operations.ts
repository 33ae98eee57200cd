import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { maybeJson, maybeReadText, replaceFile } from "../../base/durable.js";
import { isSystemError } from "../../base/errors.js";

const recordSchema = z.object({
  session: z.uuid(),
  operation: z.uuid(),
  startedAt: z.iso.datetime(),
});

/** An operation on a cluster, by which another process can find it again. */
export type OperationRecord = z.infer<typeof recordSchema>;

/** Where the rows of one computation are written. */
export interface OperationPlace {
  readonly folder: string;
  /** Spark makes it. */
  readonly rows: string;
  /** What a process left that was killed. */
  readonly left?: OperationRecord;
}

const RECORD = "operation.json";
/** Nobody asks any more for what was left that long ago. */
const KEPT_MS = 86_400_000;

/** The operations of this lake. One process writes to a lake at a time, so what it did not begin was left by one that is gone. */
export class Operations {
  readonly #folder: string;
  readonly #active = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** `key`: of what is computed, and from what. What was left of the same is told. */
  async take(key: string): Promise<OperationPlace> {
    let folder = join(this.#folder, key);
    for (let count = 2; this.#active.has(folder); count++)
      folder = join(this.#folder, `${key}-${String(count)}`);
    this.#active.add(folder);
    return toPlace(folder);
  }

  /** Before the operation begins. */
  async begin({ folder }: OperationPlace, record: OperationRecord): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await replaceFile(join(folder, RECORD), JSON.stringify(record));
  }

  /** Takes away what is there. */
  async end({ folder }: OperationPlace): Promise<void> {
    // Whoever still writes there may be faster.
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    this.#active.delete(folder);
  }

  /** What began there. */
  recordOf({ folder }: OperationPlace): Promise<OperationRecord | undefined> {
    return readRecord(folder);
  }

  /** What killed processes left. */
  async left(): Promise<readonly OperationPlace[]> {
    const folders = await this.#folders();
    return Promise.all(folders.filter((folder) => !this.#active.has(folder)).map(toPlace));
  }

  /** The sessions of all that is at work or was left. */
  async sessions(): Promise<ReadonlySet<string>> {
    const records = await Promise.all((await this.#folders()).map(readRecord));
    return new Set(records.flatMap((record) => record?.session ?? []));
  }

  async #folders(): Promise<readonly string[]> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (isSystemError(error, "ENOENT")) return [];
      throw error;
    });
    return names.map((name) => join(this.#folder, name));
  }
}

async function toPlace(folder: string): Promise<OperationPlace> {
  const left = await readRecord(folder);
  return { folder, rows: join(folder, "rows"), ...(left !== undefined && { left }) };
}

/** Whether nobody will ask for it: it is old, or nothing had begun. */
export function isStale({ left }: OperationPlace, now: number): boolean {
  return left === undefined || now - Date.parse(left.startedAt) > KEPT_MS;
}

async function readRecord(folder: string): Promise<OperationRecord | undefined> {
  const text = await maybeReadText(join(folder, RECORD));
  const parsed = recordSchema.safeParse(text === undefined ? undefined : maybeJson(text));
  return parsed.success ? parsed.data : undefined;
}
