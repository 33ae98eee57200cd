import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { HistoryEntry } from "../../../server/workspace/history/history-line.js";
import { thin } from "../../../server/workspace/history/history-rules.js";
import { historyFolder, NotebookHistory } from "../../../server/workspace/history/notebook-history.js";
import { deleteNotebook, moveNotebook, restoreNotebook } from "../../../server/workspace/manage-notebooks.js";
import { openWorkspace, type Workspace } from "../../../server/workspace/workspace.js";
import { seededRandom } from "../../support/seed.js";

let root = "";
let workspace: Workspace;
let history: NotebookHistory;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lakebook-history-"));
  await mkdir(join(root, "notebooks/team"), { recursive: true });
  workspace = await openWorkspace(root);
  history = new NotebookHistory(workspace);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const begin = Date.parse("2026-11-01T08:00:00Z");
const after = (minutes: number): Date => new Date(begin + minutes * 60_000);
const saveBy = (by: string, minutes: number) => ({ kind: "save" as const, by, at: after(minutes) });

async function textsOf(name: string): Promise<string[]> {
  const entries = await new NotebookHistory(workspace).list(name);
  return Promise.all(entries.map(async ({ id }) => (await history.find(name, id)).text));
}

describe("the history of a notebook", () => {
  test("gives every text back byte for byte, whatever was edited, and after a restart", async () => {
    const source = seededRandom("history");
    const random = (): number => source.next();
    const lines = ["```sql\r\n", "SELECT 1\r\n", "\uFEFFé\n", "```\n", "\r", "😀 prose", "", "x\n"];
    let text = "\uFEFF---\r\ntitle: A\r\n---\r\n" + "a line that stays\n".repeat(50);
    const written: string[] = [];
    for (let turn = 0; turn < 120; turn++) {
      const at = Math.floor(random() * text.length);
      const line = lines[Math.floor(random() * lines.length)] ?? "";
      text = text.slice(0, at) + line + text.slice(at + Math.floor(random() * 9));
      if (random() < 0.05) text = Array.from({ length: 200 }, () => `${String(random())}\n`).join("");
      // Half a character becomes another one in a file.
      text = Buffer.from(text).toString("utf8");
      if (random() < 0.1) history = new NotebookHistory(workspace);
      if (written.at(-1) !== text) written.push(text);
      await history.note("sales", text, saveBy("ana", turn * 2));
    }
    expect(await textsOf("sales")).toEqual(written.reverse());
  });

  test("makes one entry of what a person saves within a minute, and of no more", async () => {
    await history.note("sales", "a", saveBy("ana", 0));
    await history.note("sales", "b", saveBy("ana", 0.5));
    await history.note("sales", "b", saveBy("ana", 0.6));
    await history.note("sales", "c", saveBy("ben", 0.7));
    await history.note("sales", "d", saveBy("ben", 1.8));
    await history.note("sales", "e", { kind: "save", at: after(1.9) });
    await history.note("sales", "f", { kind: "save", at: after(1.95) });
    const entries = (await history.list("sales")).map(({ by, count }) => [by, count]);
    expect(entries).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      ["ben", undefined],
      ["ben", undefined],
      ["ana", 2],
    ]);
    expect(await textsOf("sales")).toEqual(["f", "e", "d", "c", "b"]);
  });

  test("keeps what ran as it ran, and counts it when it runs again", async () => {
    await history.note("sales", "a", saveBy("ana", 0));
    await history.note("sales", "a", { kind: "run", by: "ana", run: "r1", at: after(0.1) });
    await history.note("sales", "a", { kind: "run", by: "ana", run: "r2", at: after(9) });
    await history.note("sales", "b", saveBy("ana", 9.1));
    await history.note("sales", "a", saveBy("ana", 9.2));
    const entries = await history.list("sales");
    expect(entries.map(({ kind, run, count }) => [kind, run, count])).toEqual([
      ["save", undefined, 2],
      ["run", "r2", 2],
      ["save", undefined, undefined],
    ]);
    expect(await textsOf("sales")).toEqual(["a", "a", "a"]);
  });

  test("loses one entry at most to a line that was cut short, and goes on behind it", async () => {
    const base = "a line that stays\n".repeat(20);
    for (let turn = 0; turn < 4; turn++)
      await history.note("sales", `${base}${String(turn)}`, saveBy("ana", turn * 2));
    const file = join(historyFolder(workspace, "sales"), "entries.jsonl");
    await truncate(file, (await stat(file)).size - 10);
    await history.note("sales", `${base}4`, saveBy("ana", 10));
    await appendFile(file, "\n\0\0\0");
    await history.note("sales", `${base}5`, saveBy("ana", 12));
    expect(await textsOf("sales")).toEqual([5, 4, 2, 1, 0].map((turn) => `${base}${String(turn)}`));
  });

  test("says which text is damaged, and gives no other instead", async () => {
    await history.note("sales", "a\n".repeat(900), saveBy("ana", 0));
    const folder = historyFolder(workspace, "sales");
    const [whole = ""] = (await readdir(folder)).filter((name) => name.endsWith(".gz"));
    await writeFile(join(folder, whole), "no gzip");
    const [entry] = await history.list("sales");
    await expect(history.find("sales", entry?.id ?? "")).rejects.toMatchObject({ code: "damaged" });
    await history.note("sales", "b", saveBy("ana", 5));
    expect((await history.find("sales", (await history.list("sales"))[0]?.id ?? "")).text).toBe("b");
  });

  test("notes what another program wrote, once and without a name, and no text that is not UTF-8", async () => {
    const file = join(workspace.notebooks, "sales.md");
    await writeFile(file, "\uFEFFby vim\r\n");
    await history.noteFile("sales");
    await history.noteFile("sales");
    await writeFile(file, Buffer.from([0xff, 0xfe, 0x41]));
    await history.noteFile("sales");
    await history.noteFile("absent");
    expect((await history.list("sales")).map(({ kind, by }) => [kind, by])).toEqual([["save", undefined]]);
    expect(await textsOf("sales")).toEqual(["\uFEFFby vim\r\n"]);
  });

  test("goes with a notebook that is renamed, and into the trash and back", async () => {
    await writeFile(join(workspace.notebooks, "sales.md"), "a");
    await history.note("sales", "a", saveBy("ana", 0));
    await moveNotebook(workspace, "sales", "team/sales");
    await history.note("team/sales", "b", saveBy("ana", 5));
    expect(await textsOf("team/sales")).toEqual(["b", "a"]);
    expect(await history.list("sales")).toEqual([]);
    const { id } = await deleteNotebook(workspace, "team/sales");
    expect(await history.list("team/sales")).toEqual([]);
    await history.note("team/sales", "another", saveBy("ben", 6));
    await restoreNotebook(workspace, id);
    expect(await textsOf("team/sales")).toEqual(["b", "a"]);
  });

  test("takes less than 5,000 bytes for a save, although edits add up, and forgets no text by tidying", async () => {
    let text = Array.from(
      { length: 400 },
      (_, line) => `SELECT ${String(line)} AS a, ${String(line * 7919)} AS b\n`,
    ).join("");
    const source = seededRandom("history");
    const random = (): number => source.next();
    const saves = 600;
    for (let turn = 0; turn < saves; turn++) {
      const at = Math.floor(random() * text.length);
      text = `${text.slice(0, at)}${String(turn)}${text.slice(at)}`;
      // Three of four are taken together.
      await history.note("sales", text, saveBy("ana", turn / 4));
    }
    const folder = historyFolder(workspace, "sales");
    const sizes = await Promise.all(
      (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0) / saves).toBeLessThan(5000);
    const entries = await history.list("sales");
    expect(entries).toHaveLength(saves / 4);
    const lines = (await readFile(join(folder, "entries.jsonl"), "utf8")).split("\n");
    expect(lines.length).toBeLessThan(saves);
    expect((await textsOf("sales"))[0]).toBe(text);
  });
});

describe("what stays of a history", () => {
  const entry = (id: number, hours: number, kind: HistoryEntry["kind"] = "save"): HistoryEntry => {
    const at = new Date(begin + hours * 3_600_000).toISOString();
    return { id: String(id), kind, at, etag: String(id) };
  };
  const ids = (entries: readonly HistoryEntry[]): string => entries.map(({ id }) => id).join(" ");
  const roomy = { entries: 100, bytes: 1000 };

  test("is the last save of each hour once a month has passed, and every run", () => {
    const entries = [
      entry(1, 0),
      entry(2, 0.2),
      entry(3, 0.3, "run"),
      entry(4, 0.4),
      entry(5, 1),
      entry(6, 900),
    ];
    const now = begin + 901 * 3_600_000;
    expect(ids(thin(entries, () => 1, now, roomy))).toBe("3 4 5 6");
    expect(ids(thin(entries, () => 1, begin + 3_600_000, roomy))).toBe("1 2 3 4 5 6");
  });

  test("is bounded in entries and bytes: the oldest saves go, runs and the newest stay", () => {
    const entries = [entry(1, 0, "run"), entry(2, 1), entry(3, 2), entry(4, 3)];
    expect(ids(thin(entries, () => 1, begin, { ...roomy, entries: 2 }))).toBe("1 3 4");
    expect(ids(thin(entries, () => 600, begin, roomy))).toBe("1 4");
  });
});
