import { AppError } from "../../base/errors.js";
import type { Logger } from "../../base/logger.js";
import { restoreCell } from "../../notebook/restore-cell.js";
import { suggest } from "../../text/suggest.js";
import { parseNotebookText, readNotebookFile, writeNotebookFile } from "../notebook-files.js";
import type { Workspace } from "../workspace.js";
import type { NotebookHistory, NotedText } from "./notebook-history.js";

export interface SavingServices {
  readonly workspace: Workspace;
  readonly history: NotebookHistory;
  readonly logger: Logger;
}

export interface Saving extends Pick<NotedText, "by" | "restored"> {
  readonly name: string;
  readonly text: string;
  /** As `writeNotebookFile` has it. */
  readonly expected: string | null;
}

/**
 * Saves a text, and has the history know it, and the one before. Returns the etag; fails as `writeNotebookFile` does. A
 * history that cannot be written stops nobody. Takes the desk's turn by whoever calls.
 */
export async function saveNotebook(
  { workspace, history, logger }: SavingServices,
  { name, text, expected, ...noted }: Saving,
): Promise<string> {
  const orWarn = (error: unknown): void => {
    logger.warn("a notebook's history cannot be written", { error });
  };
  await history.noteFile(name, expected ?? undefined).catch(orWarn);
  const etag = await writeNotebookFile(workspace, name, text, expected);
  await history.note(name, text, { kind: "save", ...noted }).catch(orWarn);
  return etag;
}

/**
 * What a notebook has to be saved as, so that it has an entry's text again, or one cell of it. Fails with code not-found,
 * naming the cell that was probably meant.
 */
export async function textToRestore(
  { workspace, history }: Pick<SavingServices, "workspace" | "history">,
  name: string,
  id: string,
  cell: string | undefined,
): Promise<string> {
  const { text } = await history.find(name, id);
  if (cell === undefined) return text;
  const { parsed: now } = await readNotebookFile(workspace, name);
  const then = await parseNotebookText(name, text);
  const restored = restoreCell(now.notebook, then.notebook, cell);
  if (restored !== undefined) return restored;
  const near = suggest(
    cell,
    then.notebook.cells.map((other) => other.name),
  );
  throw new AppError("not-found", `Entry "${id}" of "${name}" has no cell "${cell}".`, {
    ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
  });
}
