import { execFile } from "node:child_process";
import { mkdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/** A way in which a delivery goes wrong. */
export interface BadInput {
  readonly name: string;
  /** Spoils a folder that holds a good sample. */
  readonly apply: (inputFolder: string) => Promise<void>;
}

const MESSAGES = "customer_courier_chat_messages.json";
const ORDERS = "orders.json";

/**
 * Enough to overflow the stack of DuckDB's JSON reader, which ends its whole process. That happens wherever a query
 * leaves the columns to be guessed; where it names them, it may be an error like others.
 */
const CRASHING_DEPTH = 60_000;

export const badInputs: readonly BadInput[] = [
  { name: "missing file", apply: (folder) => rm(join(folder, MESSAGES)) },
  { name: "empty file", apply: (folder) => truncate(join(folder, MESSAGES), 0) },
  { name: "truncated JSON", apply: truncateByHalf },
  { name: "text instead of a number", apply: replaceFirst(ORDERS, /"orderId":\s*\d+/, '"orderId":"none"') },
  {
    name: "no timestamp",
    apply: replaceFirst(MESSAGES, /"messageSentTime":\s*"[^"]*"/, '"messageSentTime":"at noon"'),
  },
  { name: "deeply nested arrays", apply: (folder) => writeNested(folder, "[", "]") },
  { name: "deeply nested objects", apply: (folder) => writeNested(folder, '{"orderId":', "}") },
  { name: "the same order twice", apply: repeatFirstOrder },
  { name: "invalid UTF-8", apply: breakEncoding },
  { name: "a FIFO", apply: replaceWithFifo },
  { name: "a directory", apply: replaceWithFolder },
  { name: "a symlink that leaves input/", apply: moveOutAndLink },
];

async function truncateByHalf(folder: string): Promise<void> {
  const path = join(folder, MESSAGES);
  const text = await readFile(path);
  await truncate(path, Math.floor(text.length / 2));
}

function replaceFirst(file: string, pattern: RegExp, replacement: string): BadInput["apply"] {
  return async (folder) => {
    const path = join(folder, file);
    const text = await readFile(path, "utf8");
    if (!pattern.test(text)) throw new Error(`"${path}" does not contain ${String(pattern)}`);
    await writeFile(path, text.replace(pattern, replacement));
  };
}

async function writeNested(folder: string, open: string, close: string): Promise<void> {
  const value = `${open.repeat(CRASHING_DEPTH)}1${close.repeat(CRASHING_DEPTH)}`;
  await writeFile(join(folder, MESSAGES), `[${value}]\n`);
}

async function repeatFirstOrder(folder: string): Promise<void> {
  const path = join(folder, ORDERS);
  const orders = JSON.parse(await readFile(path, "utf8")) as unknown[];
  await writeFile(path, JSON.stringify([...orders, ...orders.slice(0, 1)]));
}

/** Puts a byte that no UTF-8 text contains into the name of the first app. */
async function breakEncoding(folder: string): Promise<void> {
  const path = join(folder, MESSAGES);
  const bytes = await readFile(path);
  const at = bytes.indexOf("App");
  if (at < 0) throw new Error(`"${path}" names no app`);
  bytes[at] = 0xff;
  await writeFile(path, bytes);
}

/** Whoever opens it to read waits for somebody who writes. */
async function replaceWithFifo(folder: string): Promise<void> {
  const path = join(folder, MESSAGES);
  await rm(path);
  await promisify(execFile)("mkfifo", [path]);
}

async function replaceWithFolder(folder: string): Promise<void> {
  const path = join(folder, MESSAGES);
  await rm(path);
  await mkdir(path);
}

/** The file itself stays good: all that is wrong is where it lies. */
async function moveOutAndLink(folder: string): Promise<void> {
  const path = join(folder, MESSAGES);
  const outside = join(dirname(folder), "elsewhere.json");
  await rename(path, outside);
  await symlink(outside, path);
}
