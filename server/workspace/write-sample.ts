import { existsSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../base/errors.js";
import type { Chunk } from "./sample/generate.js";
import { generateMessages, generateOrders } from "./sample/generate.js";

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
  const messagesFile = join(folder, "customer_courier_chat_messages.json");
  const ordersFile = join(folder, "orders.json");
  if (keepsFiles) for (const file of [messagesFile, ordersFile]) refuseToReplace(file);
  await mkdir(folder, { recursive: true });
  const messages = await replaceFile(messagesFile, generateMessages(sample));
  const orders = await replaceFile(ordersFile, generateOrders(sample));
  return { messages, orders, files: [messagesFile, ordersFile] };
}

function refuseToReplace(path: string): void {
  if (!existsSync(path)) return;
  throw new AppError("usage", `"${path}" exists already.`, {
    hint: "Name the folder with --out DIR, where files are replaced.",
  });
}

async function replaceFile(path: string, chunks: Iterable<Chunk>): Promise<number> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const rows = await writeChunks(temporary, chunks);
    await rename(temporary, path);
    return rows;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Generates a chunk while the one before it is written; never more than these two are in memory. */
async function writeChunks(path: string, chunks: Iterable<Chunk>): Promise<number> {
  const file = await open(path, "w");
  let rows = 0;
  let writing = Promise.resolve();
  try {
    for (const chunk of chunks) {
      const bytes = Buffer.from(chunk.text, "latin1"); // the text is ASCII
      await writing;
      writing = file.writeFile(bytes);
      rows += chunk.rows;
    }
    await writing;
  } finally {
    await file.close();
  }
  return rows;
}
