import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, constants, openSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import type { InstanceLimits } from "../protocol.js";
import type { ByteRange } from "./array-cuts.js";
import type { FedPart, FeederData } from "./array-feeder.js";

const MOST_PARTS = 32;
/**
 * More than there are threads: then none waits long for the last one, and little is held back: rows keep their order,
 * so what is read of a later part waits in memory for the parts before it.
 */
const PARTS_OF_A_THREAD = 8;
/** A thread that reads JSON holds a piece of the file and what it makes of it. */
const BYTES_OF_A_PART = 128 * 1024 ** 2;

/** Paths of the pipes that an instance is to be allowed to read; none where there is nothing to be won. */
export function pipePaths(
  { threads, memoryLimitBytes }: InstanceLimits,
  tempFolder: string,
): readonly string[] {
  const parts =
    threads === 1
      ? 0
      : Math.min(MOST_PARTS, threads * PARTS_OF_A_THREAD, Math.floor(memoryLimitBytes / BYTES_OF_A_PART));
  const folder = realpathSync(tempFolder);
  // Such names would be taken for patterns, or for columns.
  if (parts < 2 || /[*?[=]/.test(folder)) return [];
  const name = randomUUID();
  return Array.from({ length: parts }, (_, index) => join(folder, `array-${name}-${index}`));
}

/** Named pipes, each of which gives a part of a JSON array, as an array, to the first that opens it. */
export class ArrayPipes {
  readonly #parts: readonly FedPart[];
  readonly #fed: BigInt64Array;
  readonly #feeder: Worker;

  private constructor(file: string, parts: readonly FedPart[]) {
    this.#parts = parts;
    this.#fed = new BigInt64Array(new SharedArrayBuffer(8 * parts.length)).fill(-1n);
    const workerData: FeederData = { file, parts, fed: this.#fed };
    this.#feeder = new Worker(feederScript(), { workerData, trackUnmanagedFds: false });
    this.#feeder.on("error", () => undefined);
    this.#feeder.on("exit", () => {
      this.#release();
    });
  }

  /** Fails where the system has no named pipes. */
  static async open(
    file: string,
    ranges: readonly ByteRange[],
    paths: readonly string[],
  ): Promise<ArrayPipes> {
    const parts = ranges.map((range, index) => ({
      ...range,
      pipe: paths[index] ?? "",
      before: index === 0 ? "" : "[",
      after: index === ranges.length - 1 ? "" : "]",
    }));
    await promisify(execFile)("mkfifo", ["-m", "600", ...parts.map(({ pipe }) => pipe)]);
    return new ArrayPipes(file, parts);
  }

  /** What was read of all that there is. */
  get percent(): number {
    const bytes = [...this.#fed].reduce((sum, fed) => sum + Number(fed > 0n ? fed : 0n), 0);
    return (100 * bytes) / this.#parts.reduce((sum, part) => sum + sizeOf(part), 0);
  }

  /** Each pipe gave all that it has, or none was opened. Otherwise what was read of them is nothing to rely on. */
  get isConsistent(): boolean {
    const fed = [...this.#fed];
    return (
      fed.every((bytes) => bytes === -1n) ||
      this.#parts.every((part, index) => fed[index] === BigInt(sizeOf(part)))
    );
  }

  /** To be called when nobody reads any more. */
  async close(): Promise<void> {
    await this.#feeder.terminate();
    this.#release();
  }

  /** Takes away what was not opened, and whoever is about to open it finds an end, however its feeder ended. */
  #release(): void {
    for (const [index, { pipe }] of this.#parts.entries()) {
      if (this.#fed[index] !== -1n) continue;
      try {
        const fd = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
        rmSync(pipe, { force: true });
        closeSync(fd);
      } catch {
        rmSync(pipe, { force: true });
      }
    }
  }
}

function sizeOf({ start, end, before, after }: FedPart): number {
  return before.length + end - start + after.length;
}

function feederScript(): string {
  const isSource = import.meta.url.endsWith(".ts");
  return fileURLToPath(new URL(`./array-feeder.${isSource ? "ts" : "js"}`, import.meta.url));
}
