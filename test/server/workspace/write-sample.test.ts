import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeSampleInput } from "../../../server/workspace/write-sample.js";

describe("writeSampleInput", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lakebook-sample-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("writes two files and says how many rows they have", async () => {
    const { messages, orders, files } = await writeSampleInput({ folder, conversations: 50, seed: 1 });
    expect(files).toEqual([join(folder, "customer_courier_chat_messages.json"), join(folder, "orders.json")]);
    expect(await readRows("customer_courier_chat_messages.json")).toHaveLength(messages);
    expect(await readRows("orders.json")).toHaveLength(orders);
  });

  test("makes the folder when it is not there", async () => {
    await writeSampleInput({ folder: join(folder, "deep/input"), conversations: 1, seed: 1 });
    expect(await readdir(join(folder, "deep/input"))).toHaveLength(2);
  });

  test("replaces its own two files and leaves others alone", async () => {
    await writeFile(join(folder, "orders.json"), "old");
    await writeFile(join(folder, "notes.txt"), "mine");
    await writeSampleInput({ folder, conversations: 5, seed: 1 });
    expect(await readFile(join(folder, "notes.txt"), "utf8")).toBe("mine");
    expect(await readRows("orders.json")).not.toHaveLength(0);
    expect(await readdir(folder)).toHaveLength(3);
  });

  test("keeps what was delivered where it is asked to", async () => {
    await writeFile(join(folder, "orders.json"), "delivered");
    await expect(
      writeSampleInput({ folder, conversations: 5, seed: 1, keepsFiles: true }),
    ).rejects.toMatchObject({ code: "usage", hint: expect.stringContaining("--out") as string });
    expect(await readdir(folder)).toEqual(["orders.json"]);
    expect(await readFile(join(folder, "orders.json"), "utf8")).toBe("delivered");
  });

  test("touches no file when the numbers are wrong", async () => {
    await writeFile(join(folder, "orders.json"), "old");
    await expect(writeSampleInput({ folder, conversations: -1, seed: 1 })).rejects.toThrow(/"conversations"/);
    expect(await readdir(folder)).toEqual(["orders.json"]);
    expect(await readFile(join(folder, "orders.json"), "utf8")).toBe("old");
  });

  async function readRows(file: string): Promise<unknown[]> {
    return JSON.parse(await readFile(join(folder, file), "utf8")) as unknown[];
  }
});
