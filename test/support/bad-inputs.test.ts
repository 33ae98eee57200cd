import { lstat, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeSampleInput } from "../../server/workspace/write-sample.js";
import { badInputs } from "./bad-inputs.js";

const files = ["customer_courier_chat_messages.json", "orders.json"];

describe("badInputs", () => {
  let workspace = "";
  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), "lakebook-bad-input-"));
    await mkdir(join(workspace, "input"));
    await writeSampleInput({ folder: join(workspace, "input"), conversations: 20, seed: 1 });
  });
  afterEach(() => rm(workspace, { recursive: true }));

  test.each(badInputs)("$name spoils one of the two files", async ({ apply }) => {
    const before = await describeFiles();
    await apply(join(workspace, "input"));
    const after = await describeFiles();
    expect(after.filter((text, n) => text !== before[n])).toHaveLength(1);
  });

  /** A FIFO is not opened: nobody would ever write to it. */
  function describeFiles(): Promise<string[]> {
    return Promise.all(
      files.map(async (file) => {
        const path = join(workspace, "input", file);
        const stats = await lstat(path).catch(() => undefined);
        if (stats === undefined) return "missing";
        return stats.isFile() ? await readFile(path, "latin1") : `of mode ${stats.mode}`;
      }),
    );
  }
});
