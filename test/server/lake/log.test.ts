import { readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { silentLogger } from "../../../server/base/logger.js";
import { checkpointFile, readCheckpoint } from "../../../server/lake/checkpoint.js";
import { CommitLog } from "../../../server/lake/log.js";
import type { StoreDraft } from "../../../server/lake/log.js";
import { entryFile, formatEntry, parseEntry } from "../../../server/lake/log-file.js";
import type { StoreEntry } from "../../../server/lake/model.js";
import { LakeState } from "../../../server/lake/state.js";
import { withFolder } from "./lake-fixture.js";

const now = () => new Date("2026-11-01T06:00:00.000Z");

async function openLog(folder: string, isWriter = true): Promise<CommitLog> {
  const [log, temporaryFolder] = [join(folder, "log"), join(folder, "tmp")];
  await mkdir(log, { recursive: true });
  await mkdir(temporaryFolder, { recursive: true });
  return CommitLog.open({
    folder: log,
    temporaryFolder,
    isWriter,
    logger: silentLogger,
    now,
    assertOwner: async () => {},
  });
}

function draft(version: string): StoreDraft {
  const hash = "0".repeat(64);
  return {
    type: "store",
    dataset: "orders",
    version,
    fingerprint: `f-${version}`,
    notebook: "sales",
    rows: 1,
    bytes: 1,
    contentHash: hash,
    manifestSha256: hash,
  };
}

function toEntry(seq: number): StoreEntry {
  return { format: 1, seq, at: now().toISOString(), ...draft(`v${seq}`) };
}

/** As a log of so many entries lies on disk, without the time that it takes to commit each. */
function writeEntries(folder: string, count: number): void {
  for (let seq = 1; seq <= count; seq++)
    writeFileSync(entryFile(join(folder, "log"), seq), formatEntry(toEntry(seq)));
}

describe("CommitLog", () => {
  test("numbers its entries from 1 and folds them again", () =>
    withFolder(async (folder) => {
      const log = await openLog(folder);
      await log.append(draft("a"));
      await log.append(draft("b"));
      expect(readdirSync(join(folder, "log"))).toEqual([
        "00000000000000000001.json",
        "00000000000000000002.json",
      ]);
      expect((await openLog(folder)).state.toFolded()).toEqual(log.state.toFolded());
      expect(readdirSync(join(folder, "tmp"))).toEqual([]);
    }));

  test("gives a number to one of two writers, and the other one the next", () =>
    withFolder(async (folder) => {
      const [first, second] = [await openLog(folder), await openLog(folder)];
      await Promise.all(
        [...Array(20).keys()].map((i) => (i % 2 === 0 ? first : second).append(draft(`v${i}`))),
      );
      first.refresh();
      second.refresh();
      expect(first.state.seq).toBe(20);
      expect(first.state.toFolded()).toEqual(second.state.toFolded());
    }));

  test("asks before each try, on the state that the entry would follow", () =>
    withFolder(async (folder) => {
      const [first, second] = [await openLog(folder), await openLog(folder)];
      await first.append(draft("a"));
      const seen: number[] = [];
      await second.append(draft("b"), (state) => void seen.push(state.seq));
      expect(seen).toEqual([0, 1]);
      await first.append(draft("c"));
      const refuse = (state: LakeState): void => {
        if (state.seq > 2) throw new Error("too late");
      };
      await expect(second.append(draft("d"), refuse)).rejects.toThrow("too late");
      expect(second.state.seq).toBe(3);
    }));

  test("reads nothing that a writer may be writing, and sees it once it is whole", () =>
    withFolder(async (folder) => {
      const writer = await openLog(folder);
      await writer.append(draft("a"));
      const path = entryFile(join(folder, "log"), 2);
      writeFileSync(path, formatEntry(toEntry(2)).slice(0, 40));
      const reader = await openLog(folder, false);
      expect(reader.state.seq).toBe(1);
      expect(reader.refresh()).toEqual([]);
      writeFileSync(path, formatEntry(toEntry(2)));
      expect(reader.refresh()).toHaveLength(1);
    }));

  test("moves aside a last entry that is cut short at any byte", () =>
    withFolder(async (folder) => {
      await openLog(folder);
      writeEntries(folder, 2);
      const last = entryFile(join(folder, "log"), 3);
      const whole = formatEntry(toEntry(3));
      for (let length = 0; length < whole.length; length++) {
        writeFileSync(last, whole);
        truncateSync(last, length);
        const log = await openLog(folder);
        expect(log.state.seq).toBe(2);
        expect(log.movedAside).toEqual(["damaged-3-2026-11-01T06-00-00-000Z"]);
      }
      expect((await (await openLog(folder)).append(draft("again"))).seq).toBe(3);
    }));

  test.each([
    ["zeros", (bytes: Buffer) => bytes.fill(0)],
    ["zeros from the middle on", (bytes: Buffer) => bytes.fill(0, bytes.length / 2)],
    ["another number", () => Buffer.from(formatEntry(toEntry(7)))],
    ["other text", () => Buffer.from("<html>")],
  ])("moves aside a last entry that is %s", (_name, damage) =>
    withFolder(async (folder) => {
      await openLog(folder);
      writeEntries(folder, 3);
      const last = entryFile(join(folder, "log"), 3);
      writeFileSync(last, damage(readFileSync(last)));
      expect((await openLog(folder)).state.seq).toBe(2);
    }),
  );

  test("finds any bit that was turned over", () => {
    const bytes = Buffer.from(formatEntry(toEntry(3)));
    for (let at = 0; at < bytes.length; at++) {
      const turned = Buffer.from(bytes);
      turned[at] = (turned[at] ?? 0) ^ 1;
      expect(parseEntry(turned.toString(), 3)).toBeUndefined();
    }
  });

  test("refuses a log with a damaged entry before its last, and changes nothing", () =>
    withFolder(async (folder) => {
      await openLog(folder);
      writeEntries(folder, 3);
      truncateSync(entryFile(join(folder, "log"), 2), 10);
      const before = readdirSync(join(folder, "log"));
      await expect(openLog(folder)).rejects.toMatchObject({ code: "damaged" });
      await expect(openLog(folder, false)).rejects.toThrow("00000000000000000002.json");
      expect(readdirSync(join(folder, "log"))).toEqual(before);
    }));

  test("refuses a log with a gap", () =>
    withFolder(async (folder) => {
      await openLog(folder);
      writeEntries(folder, 3);
      rmSync(entryFile(join(folder, "log"), 2));
      await expect(openLog(folder)).rejects.toThrow('00000000000000000002.json" is missing');
    }));

  test("refuses an entry of a newer format, also as the last one, and changes nothing", () =>
    withFolder(async (folder) => {
      await openLog(folder);
      writeEntries(folder, 2);
      const newer = { ...toEntry(3), format: 3, type: "unheard-of" };
      writeFileSync(entryFile(join(folder, "log"), 3), formatEntry(newer as unknown as StoreEntry));
      await expect(openLog(folder)).rejects.toMatchObject({
        code: "damaged",
        message: '"entry 3 of the log" has format 3; this Lakebook knows formats up to 2',
      });
      expect(readdirSync(join(folder, "log"))).toHaveLength(3);
    }));
});

describe("the checkpoint", () => {
  async function withLongLog(use: (folder: string) => Promise<void>): Promise<void> {
    await withFolder(async (folder) => {
      await openLog(folder);
      writeEntries(folder, 600);
      await openLog(folder);
      await use(folder);
    });
  }

  test("is written at an opening that read many entries, and used at the next", () =>
    withLongLog(async (folder) => {
      expect((await readCheckpoint(join(folder, "log")))?.state.seq).toBe(600);
      truncateSync(entryFile(join(folder, "log"), 17), 0);
      expect((await openLog(folder)).state.seq).toBe(600);
    }));

  test("gives the same state as the whole log", () =>
    withLongLog(async (folder) => {
      const folded = (await openLog(folder)).state.toFolded();
      expect(folded).toEqual(
        LakeState.fold([...Array(600).keys()].map((index) => toEntry(index + 1))).toFolded(),
      );
    }));

  test("is written by a long-lived writer too", () =>
    withFolder(async (folder) => {
      await openLog(folder);
      writeEntries(folder, 499);
      const log = await openLog(folder);
      await log.append(draft("a"));
      expect((await readCheckpoint(join(folder, "log")))?.state.seq).toBe(500);
    }));

  test.each([
    ["cut short", (text: string) => text.slice(0, -20)],
    ["changed", (text: string) => text.replace('"v17"', '"v71"')],
    ["empty", () => ""],
  ])("is ignored when it is %s", (_name, damage) =>
    withLongLog(async (folder) => {
      const path = checkpointFile(join(folder, "log"));
      writeFileSync(path, damage(readFileSync(path, "utf8")));
      const log = await openLog(folder, false);
      expect(log.state.store("orders", "v17")).toBeDefined();
      expect(log.state.seq).toBe(600);
    }),
  );

  test("is ignored when it is of another log", () =>
    withLongLog(async (folder) => {
      const other = { ...toEntry(600), version: "another" };
      writeFileSync(entryFile(join(folder, "log"), 600), formatEntry(other));
      expect((await openLog(folder)).state.store("orders", "another")).toBeDefined();
    }));

  test("tells that the log has lost its end", () =>
    withLongLog(async (folder) => {
      rmSync(entryFile(join(folder, "log"), 600));
      await expect(openLog(folder)).rejects.toMatchObject({ code: "damaged" });
    }));

  test("goes when the entry it ends with is moved aside", () =>
    withLongLog(async (folder) => {
      truncateSync(entryFile(join(folder, "log"), 600), 10);
      expect((await openLog(folder)).state.seq).toBe(599);
      expect((await openLog(folder)).state.seq).toBe(599);
    }));
});
