import { existsSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../base/errors.js";
import {
  deliveryDate,
  generateDeliveredMessages,
  generateDeliveredOrders,
  type DeliveriesOptions,
} from "./sample/deliveries.js";
import { generateMessages, generateOrders } from "./sample/generate.js";
import type { Chunk } from "./sample/json-rows.js";

export interface SampleRequest {
  /** Created when it does not exist. */
  readonly folder: string;
  readonly conversations: number;
  readonly seed: number;
  /** Fails with code usage where a file of one of the names is there already. */
  readonly keepsFiles?: boolean;
}

export interface WrittenSample {
  readonly messages: number;
  readonly orders: number;
  /** The two paths, below `folder`. */
  readonly files: readonly string[];
}

/**
 * Writes sample input: `customer_courier_chat_messages.json` and `orders.json`. A file of that name is replaced
 * once the new one is complete; nothing else in the folder is touched. Throws a usage error for numbers out of range.
 */
export async function writeSampleInput({
  folder,
  conversations,
  seed,
  keepsFiles = false,
}: SampleRequest): Promise<WrittenSample> {
  const sample = { conversations, seed };
  const files = sampleFiles(folder);
  if (keepsFiles) for (const file of files) refuseToReplace(file);
  await mkdir(folder, { recursive: true });
  const messages = await replaceFile(files[0], generateMessages(sample));
  const orders = await replaceFile(files[1], generateOrders(sample));
  return { messages: messages.rows, orders: orders.rows, files };
}

export interface WrittenDelivery {
  /** The run date that it is meant for. */
  readonly date: string;
  readonly folder: string;
  readonly messages: WrittenRows;
  readonly orders: WrittenRows;
}

interface WrittenRows {
  readonly rows: number;
  /** Of these, how many belong to an earlier delivery: late ones, and corrected ones. */
  readonly late: number;
}

/**
 * Writes the same two files once for each of so many monthly deliveries, below `folder` in one folder for each run
 * date: the sample, then the months after it. Files are replaced, and numbers refused, as by `writeSampleInput`.
 */
export async function writeDeliveries(
  { folder, keepsFiles = false, ...size }: SampleRequest,
  { months, late, monthly }: { readonly months: number } & Pick<DeliveriesOptions, "late" | "monthly">,
): Promise<WrittenDelivery[]> {
  const numbers = Array.from({ length: months }, (_, number) => number);
  const folderOf = (number: number): string => join(folder, deliveryDate(number));
  if (keepsFiles) for (const number of numbers) sampleFiles(folderOf(number)).forEach(refuseToReplace);
  const written: WrittenDelivery[] = [];
  for (const number of numbers) {
    const own = folderOf(number);
    const [messagesFile, ordersFile] = sampleFiles(own);
    const options = { ...size, late, monthly };
    await mkdir(own, { recursive: true });
    const messages = await replaceFile(messagesFile, generateDeliveredMessages(options, number));
    const orders = await replaceFile(ordersFile, generateDeliveredOrders(options, number));
    written.push({ date: deliveryDate(number), folder: own, messages, orders });
  }
  return written;
}

function sampleFiles(folder: string): readonly [string, string] {
  return [join(folder, "customer_courier_chat_messages.json"), join(folder, "orders.json")];
}

function refuseToReplace(path: string): void {
  if (!existsSync(path)) return;
  throw new AppError("usage", `"${path}" exists already.`, {
    hint: "Name the folder with --out DIR, where files are replaced.",
  });
}

async function replaceFile(path: string, chunks: Iterable<Chunk>): Promise<WrittenRows> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const written = await writeChunks(temporary, chunks);
    await rename(temporary, path);
    return written;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Generates a chunk while the one before it is written; never more than these two are in memory. */
async function writeChunks(path: string, chunks: Iterable<Chunk>): Promise<WrittenRows> {
  const file = await open(path, "w");
  let [rows, late] = [0, 0];
  let writing = Promise.resolve();
  try {
    for (const chunk of chunks) {
      const bytes = Buffer.from(chunk.text, "latin1"); // the text is ASCII
      await writing;
      writing = file.writeFile(bytes);
      rows += chunk.rows;
      late += chunk.late;
    }
    await writing;
  } finally {
    await file.close();
  }
  return { rows, late };
}
