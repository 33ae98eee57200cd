import { cp, link, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeDeliveries } from "../../server/workspace/write-sample.js";
import { joined } from "./plan.js";
import { BenchServer } from "./server.js";

/** Of the first delivery's messages, how many come with each later one. */
const MONTH_SHARE = 0.02;
const LATE = 0.05;
/** The delivery of a month beside the first one. */
export const NEXT_RATIO = 0.25;
export const SAME_RATIO = 0.02;
/** The last month beside the third, in time and in bytes. */
export const LATER_RATIO = 1.3;

export interface MonthTimes {
  /** Seconds of the first delivery, which is the whole sample. */
  readonly first: number;
  /** Of each month after it. */
  readonly months: readonly number[];
  /** Of the last one again, for another date. */
  readonly same: number;
  /** That the lake grew by, each month; files that versions share count once. */
  readonly bytes: readonly number[];
}

/** The shipped notebook in a running server, month after month, with messages that come late. */
export async function measureMonths(
  main: string,
  home: string,
  root: string,
  { conversations, months }: { readonly conversations: number; readonly months: number },
): Promise<MonthTimes> {
  const folder = join(home, "deliveries");
  const size = { folder, conversations, seed: 1 };
  const monthly = Math.round((MONTH_SHARE / (1 + LATE)) * conversations);
  const deliveries = await writeDeliveries(size, { months, late: LATE, monthly });
  const workspace = join(home, "months");
  for (const name of ["input", "data_lake"]) await mkdir(join(workspace, name), { recursive: true });
  await cp(join(root, "notebooks"), join(workspace, "notebooks"), { recursive: true });
  const server = await BenchServer.start(main, workspace);
  const seconds: number[] = [];
  const bytes: number[] = [];
  try {
    let size = 0;
    for (const delivery of deliveries) {
      await deliver(delivery.folder, join(workspace, "input"));
      seconds.push((await server.materialize(joined, delivery.date)).seconds);
      const now = await bytesBelow(join(workspace, "data_lake"), new Set());
      bytes.push(now - size);
      size = now;
    }
    const same = await server.materialize(joined, dayAfter(deliveries.at(-1)?.date ?? ""));
    const [first = 0, ...later] = seconds;
    return { first, months: later, same: same.seconds, bytes: bytes.slice(1) };
  } finally {
    await server.stop();
  }
}

async function deliver(from: string, input: string): Promise<void> {
  for (const name of await readdir(from)) {
    await rm(join(input, name), { force: true });
    await link(join(from, name), join(input, name));
  }
}

function dayAfter(date: string): string {
  return new Date(Date.parse(date) + 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}

async function bytesBelow(folder: string, seen: Set<number>): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) sum += await bytesBelow(path, seen);
    else if (entry.isFile()) {
      const { ino, size } = await stat(path);
      if (!seen.has(ino)) sum += size;
      seen.add(ino);
    }
  }
  return sum;
}
