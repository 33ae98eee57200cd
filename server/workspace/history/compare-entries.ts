import { compareNotebooks, type CellChange } from "../../notebook/compare-notebooks.js";
import { parseNotebookText, readNotebookFile } from "../notebook-files.js";
import type { Workspace } from "../workspace.js";
import type { NotebookHistory } from "./notebook-history.js";

/** The file as it is, where an entry could stand. */
export const NOW = "now";

export interface HistoryDiff {
  readonly from: string;
  readonly to: string;
  readonly changes: readonly CellChange[];
}

/** Two texts by cell; each is an entry or `now`. Fails with code not-found. */
export async function compareEntries(
  services: { readonly workspace: Workspace; readonly history: NotebookHistory },
  name: string,
  from: string,
  to: string,
): Promise<HistoryDiff> {
  const before = await parseNotebookText(name, await readText(services, name, from));
  const after = await parseNotebookText(name, await readText(services, name, to));
  return { from, to, changes: compareNotebooks(before.notebook, after.notebook) };
}

async function readText(
  { workspace, history }: { readonly workspace: Workspace; readonly history: NotebookHistory },
  name: string,
  id: string,
): Promise<string> {
  return id === NOW ? (await readNotebookFile(workspace, name)).text : (await history.find(name, id)).text;
}
