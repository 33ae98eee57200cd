import { z } from "zod";
import { maybeJson, maybeReadText, replaceFile } from "../base/durable.js";
import { isSameStamp } from "./input-file.js";
import type { Stamp } from "./input-file.js";

const rememberedSchema = z.object({
  size: z.string(),
  mtimeNs: z.string(),
  ctimeNs: z.string(),
  ino: z.string(),
  sha256: z.string(),
});
const stampsSchema = z.record(z.string(), rememberedSchema);
type Remembered = z.infer<typeof rememberedSchema>;

/** A file that changed so shortly before it was read may change again without another stamp. */
const SETTLED_MS = 2000;

/** Hashes of files by path and stamp, so that a file which has not changed is not read again. */
export class StampCache {
  readonly #byPath = new Map<string, Remembered>();
  #isDirty = false;

  /** A file that cannot be read is ignored: it only saves work. */
  async load(path: string): Promise<void> {
    const stamps = stampsSchema.safeParse(maybeJson((await maybeReadText(path)) ?? "")).data ?? {};
    for (const [file, remembered] of Object.entries(stamps)) this.#byPath.set(file, remembered);
  }

  /** Does nothing if nothing was learnt since. */
  async save(path: string, temporaryFolder: string): Promise<void> {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    await replaceFile(path, JSON.stringify(Object.fromEntries(this.#byPath)), { temporaryFolder });
  }

  find(absolutePath: string, stamp: Stamp): string | undefined {
    const remembered = this.#byPath.get(absolutePath);
    return remembered !== undefined && isSameStamp(remembered, stamp) ? remembered.sha256 : undefined;
  }

  /** `now` is the time before the file was read. */
  remember(absolutePath: string, stamp: Stamp, sha256: string, now: Date): void {
    if (!isSettled(stamp, now)) return;
    this.#byPath.set(absolutePath, { ...stamp, sha256 });
    this.#isDirty = true;
  }
}

function isSettled({ mtimeNs, ctimeNs }: Stamp, now: Date): boolean {
  const changedMs = Math.max(Number(BigInt(mtimeNs) / 1_000_000n), Number(BigInt(ctimeNs) / 1_000_000n));
  return now.getTime() - changedMs >= SETTLED_MS;
}
