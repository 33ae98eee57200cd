import { availableParallelism, totalmem } from "node:os";
import type { InstanceLimits } from "../protocol.js";

const GIGABYTE = 1024 ** 3;
const MEGABYTE = 1024 ** 2;

/** What Node and DuckDB's bookkeeping need beside the memory that DuckDB counts itself. */
const DATA_HEADROOM_BYTES = 1.5 * GIGABYTE;

/** Below, what it takes to begin is more than what is won. */
const SPLIT_FROM_BYTES = 30 * MEGABYTE;

export interface EngineLimits {
  /** Cells that are computed at the same time. */
  readonly concurrency: number;
  /** Of each cell. */
  readonly cell: InstanceLimits;
  /** Of each preview, of which there are `PREVIEW_WORKERS` at a time. */
  readonly preview: InstanceLimits;
}

export interface LimitOptions {
  readonly concurrency?: number;
  /** For all cells that are computed at the same time; default 60 % of the machine's memory. */
  readonly memoryLimitBytes?: number;
  /** Threads of each cell; default: all cores. */
  readonly threads?: number;
  /** What one cell may spill to disk; default 100 GB. */
  readonly maxTempBytes?: number;
  /** For tests: the size from which on more than one thread reads a JSON array. */
  readonly splitFromBytes?: number;
}

export const PREVIEW_WORKERS = 2;

export function toEngineLimits(options: LimitOptions): EngineLimits {
  const cores = availableParallelism();
  const concurrency = options.concurrency ?? Math.max(2, cores);
  const total = options.memoryLimitBytes ?? Math.floor(availableMemory() * 0.6);
  const threads = options.threads ?? cores;
  const maxTempBytes = options.maxTempBytes ?? 100 * GIGABYTE;
  const splitFromBytes = options.splitFromBytes ?? SPLIT_FROM_BYTES;
  const memoryLimitBytes = Math.max(128 * MEGABYTE, Math.floor(total / concurrency));
  return {
    concurrency,
    cell: { memoryLimitBytes, threads, maxTempBytes, splitFromBytes },
    preview: {
      memoryLimitBytes: Math.min(memoryLimitBytes, 2 * GIGABYTE),
      threads,
      maxTempBytes: Math.min(maxTempBytes, 10 * GIGABYTE),
      splitFromBytes,
    },
  };
}

/** A container's limit counts where there is one; without one, Node answers 0 or more than there is. */
function availableMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** `memory_limit` does not bound everything that DuckDB allocates (one big list, one big string): this does. */
export function dataLimitBytes(limits: InstanceLimits): number {
  return limits.memoryLimitBytes + DATA_HEADROOM_BYTES;
}
