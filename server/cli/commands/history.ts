import { AppError } from "../../base/errors.js";
import { owner } from "../../people/person.js";
import { formatCount } from "../../text/format.js";
import { diffLines } from "../../text/line-diff.js";
import { compareEntries, NOW, type HistoryDiff } from "../../workspace/history/compare-entries.js";
import type { HistoryEntry } from "../../workspace/history/history-line.js";
import { NotebookHistory } from "../../workspace/history/notebook-history.js";
import { saveNotebook, textToRestore } from "../../workspace/history/save-notebook.js";
import { readNotebookFile, toNotebookName } from "../../workspace/notebook-files.js";
import { openWorkspace, type Workspace } from "../../workspace/workspace.js";
import { parseWholeNumber } from "../arguments.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import type { Console } from "../console.js";
import { escapeControls, formatTable } from "../format.js";
import { workOnLake } from "../lake-writer.js";
import { callServer } from "../run-client.js";
import { stderrLogger } from "../session.js";
import { noWaitOption, turnOf, type Turn } from "../take-turn.js";

const DEFAULT_ENTRIES = 50;

export const history = defineCommand({
  summary: "earlier texts of a notebook, and who saved or ran them; show, compare or restore one",
  arguments: "<notebook> [ID]",
  positionals: { min: 1, max: 2 },
  options: {
    show: { type: "string", value: "ID", help: "print that text, byte for byte" },
    diff: {
      type: "string",
      value: "ID",
      help: "compare that text by cell with the ID behind it, or with the file as it is",
    },
    restore: { type: "string", value: "ID", help: "save the notebook with that text again" },
    cell: { type: "string", value: "NAME", help: "with --restore: only this cell" },
    limit: { type: "string", value: "N", help: `entries at most; default: ${String(DEFAULT_ENTRIES)}` },
    ...noWaitOption,
    ...jsonOption,
    ...workspaceOption,
  },
  async run({ positionals, values, console, signal }) {
    const [notebook = "", to] = positionals;
    const { show, diff, restore, cell } = values;
    requireOne(values, to);
    const name = toNotebookName(notebook);
    const folder = values.workspace ?? ".";
    const say = (value: unknown, print: () => void): 0 => {
      if (values.json === true) console.out(`${JSON.stringify(value, null, 2)}\n`);
      else print();
      return 0;
    };
    if (restore !== undefined) {
      const restored = await restoreText(
        folder,
        { name, id: restore, cell },
        turnOf(values, console, signal),
      );
      return say(restored, () => {
        const what = cell === undefined ? `"${name}"` : `Cell "${cell}" of "${name}"`;
        console.out(`${what} is as in entry ${restore} again.\n`);
      });
    }
    const workspace = await openWorkspace(folder);
    const texts = new NotebookHistory(workspace);
    if (show !== undefined) {
      const { entry, text } = await texts.find(name, show);
      return say({ ...entry, text }, () => {
        console.out(text);
      });
    }
    if (diff !== undefined) {
      const compared = await compareEntries({ workspace, history: texts }, name, diff, to ?? NOW);
      return say(compared, () => {
        printDiff(console, compared);
      });
    }
    const limit = parseWholeNumber(values.limit ?? String(DEFAULT_ENTRIES), "limit", 1, 1_000_000);
    const listed = await list(workspace, texts, name, limit);
    return say(listed, () => {
      printList(console, listed);
    });
  },
});

interface Listed {
  readonly etag: string;
  readonly total: number;
  readonly entries: readonly HistoryEntry[];
}

async function list(
  workspace: Workspace,
  texts: NotebookHistory,
  name: string,
  limit: number,
): Promise<Listed> {
  const { etag } = await readNotebookFile(workspace, name);
  const entries = await texts.list(name);
  return { etag, total: entries.length, entries: entries.slice(0, limit) };
}

function requireOne(
  values: Readonly<Partial<Record<"show" | "diff" | "restore" | "cell" | "limit", string>>>,
  to: string | undefined,
): void {
  const { show, diff, restore, cell } = values;
  const acts = [show, diff, restore].filter((act) => act !== undefined);
  if (acts.length > 1)
    throw new AppError("usage", "One of --show, --diff and --restore can be done at a time.");
  if (cell !== undefined && restore === undefined)
    throw new AppError("usage", "--cell says what --restore restores.", {
      hint: "Usage: lakebook history <notebook> --restore ID --cell NAME",
    });
  if (to !== undefined && diff === undefined)
    throw new AppError("usage", `What "${to}" is for is not said.`, {
      hint: "Usage: lakebook history <notebook> --diff ID ID",
    });
}

interface Wanted {
  readonly name: string;
  readonly id: string;
  readonly cell: string | undefined;
}

function restoreText(
  folder: string,
  { name, id, cell }: Wanted,
  turn: Turn,
): Promise<{ readonly name: string; readonly etag: string }> {
  const what = { notebook: name, entry: id, ...(cell === undefined ? {} : { cell }) };
  return workOnLake({
    workspace: folder,
    turn,
    audit: { what: "restore text", ...what },
    byServer: async (server) => {
      const { etag } = await callServer(server, "POST /api/notebooks/{name}/history/{entry}/restore", {
        params: { name, entry: id },
        body: { etag: "*", ...(cell === undefined ? {} : { cell }) },
      });
      return { name, etag };
    },
    here: async () => {
      const workspace = await openWorkspace(folder);
      const services = { workspace, history: new NotebookHistory(workspace), logger: stderrLogger };
      const { etag: expected } = await readNotebookFile(workspace, name);
      const text = await textToRestore(services, name, id, cell);
      const saving = { name, text, expected, by: owner.name, restored: id };
      return { name, etag: await saveNotebook(services, saving) };
    },
  });
}

function printList(console: Console, { etag, total, entries }: Listed): void {
  if (total === 0) {
    console.out("Nothing was saved or run yet.\n");
    return;
  }
  const rows = entries.map((entry) => [
    entry.id,
    (entry.until ?? entry.at).slice(0, 19).replace("T", " "),
    entry.by ?? "another program",
    whatOf(entry),
    entry.etag === etag ? "as it is now" : "",
  ]);
  console.out(`${formatTable(["entry", "when (UTC)", "who", "what", ""], rows, 60)}\n`);
  if (total > entries.length) console.out(`${formatCount(total, "entry", "entries")} in all: --limit\n`);
}

function whatOf({ kind, count = 1, run, restored }: HistoryEntry): string {
  const times = count === 1 ? "" : ` (${String(count)} times)`;
  if (kind === "run") return `ran${times}, ${run ?? ""}`;
  return restored === undefined ? `saved${times}` : `restored ${restored}`;
}

/** Of lines that both sides have, so many are shown around a change. */
const AROUND = 3;

function printDiff(console: Console, { from, to, changes }: HistoryDiff): void {
  if (changes.length === 0) console.out(`${from} and ${to} have the same text.\n`);
  for (const { cell, before, after } of changes) {
    const what = before === undefined ? " (added)" : after === undefined ? " (removed)" : "";
    console.out(`── ${cell ?? "outside of cells"}${what}\n`);
    const lines = diffLines(before ?? "", after ?? "");
    const isNear = lines.map((_, index) =>
      lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ side }) => side !== "both"),
    );
    for (const [index, { side, text }] of lines.entries()) {
      if (isNear[index] !== true) continue;
      const sign = side === "both" ? " " : side === "before" ? "-" : "+";
      console.out(`${sign} ${escapeControls(text)}\n`);
    }
  }
}
