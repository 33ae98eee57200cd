import { isRelation } from "../notebook/cell-kinds.js";
import { isAppError } from "../base/errors.js";
import type { Lake } from "../lake/lake.js";
import type { NotebookCache } from "../analysis/notebook-cache.js";

/**
 * The other notebook that a dataset belongs to: the last one that published it, as long as its file has a cell of
 * that name. So a notebook can be renamed, and a cell can move to another one.
 */
export async function findOtherOwner(
  { notebooks, lake }: { readonly notebooks: NotebookCache; readonly lake: Lake },
  notebook: string,
  dataset: string,
): Promise<string | undefined> {
  const [newest] = lake
    .publications()
    .filter((entry) => Object.hasOwn(entry.datasets, dataset))
    .sort((a, b) => b.seq - a.seq);
  if (newest === undefined || newest.notebook === notebook) return undefined;
  return (await hasCell(notebooks, newest.notebook, dataset)) ? newest.notebook : undefined;
}

async function hasCell(notebooks: NotebookCache, notebook: string, name: string): Promise<boolean> {
  try {
    const { cells } = (await notebooks.read(notebook)).parsed.notebook;
    return cells.some((cell) => isRelation(cell) && cell.name === name);
  } catch (error) {
    if (isAppError(error, "not-found")) return false;
    throw error;
  }
}

export function takenMessage(dataset: string, owner: string): string {
  return `Dataset "${dataset}" belongs to notebook "${owner}": a name is unique in the workspace.`;
}

export function takenHint(owner: string): string {
  return `Give the cell another name, or remove the one in ${owner}.`;
}
