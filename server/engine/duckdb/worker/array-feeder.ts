import { closeSync, constants, openSync, readSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import { isSystemError } from "../../../base/errors.js";
import type { ByteRange } from "./array-cuts.js";

// A thread of its own, which feeds the parts of an array to whoever opens their pipes, and ends when all are fed. It
// waits for no reader: DuckDB's threads are never kept from what they need by one another, nor by the main thread.

export interface FedPart extends ByteRange {
  readonly pipe: string;
  /** What makes an array of the range. */
  readonly before: string;
  readonly after: string;
}

export interface FeederData {
  readonly file: string;
  readonly parts: readonly FedPart[];
  /** Bytes that each part was given; -1 until somebody opens its pipe. */
  readonly fed: BigInt64Array;
}

const CHUNK_BYTES = 1024 ** 2;
const POLL_MS = 2;

const { file, parts, fed } = workerData as FeederData;
const input = openSync(file, "r");
try {
  await Promise.all(parts.map((part, index) => feed(part, index)));
} finally {
  closeSync(input);
}

/** Ends early where nobody reads on. What was given tells how far it came. */
async function feed({ pipe, start, end, before, after }: FedPart, index: number): Promise<void> {
  const fd = await openForReader(pipe);
  // Whoever opens it once more shall fail, not wait for ever.
  rmSync(pipe, { force: true });
  Atomics.store(fed, index, 0n);
  const socket = new Socket({ fd, readable: false, writable: true });
  const write = (bytes: string | Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      socket.write(bytes, (error) => {
        if (error) {
          reject(error);
          return;
        }
        Atomics.add(fed, index, BigInt(bytes.length));
        resolve();
      });
    });
  socket.on("error", () => undefined);
  try {
    if (before !== "") await write(before);
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - start));
    for (let at = start; at < end;) {
      const length = readSync(input, chunk, 0, Math.min(chunk.length, end - at), at);
      if (length === 0) return;
      await write(chunk.subarray(0, length));
      at += length;
    }
    if (after !== "") await write(after);
  } catch {
    // The main thread sees that it is not whole.
  } finally {
    socket.destroy();
  }
}

async function openForReader(pipe: string): Promise<number> {
  for (;;) {
    try {
      return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      // There is no reader yet.
      if (!isSystemError(error, "ENXIO")) throw error;
    }
    await sleep(POLL_MS);
  }
}
