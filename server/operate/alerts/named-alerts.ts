import { AppError, isSystemError } from "../../base/errors.js";
import type { Alerts } from "../../notebook/alerts.js";
import { listNotebooks, readNotebookFile, type NotebookFile } from "../../workspace/notebook-files.js";
import { currentAlerts, type Workspace } from "../../workspace/workspace.js";
import { distinct, recipientsOf, type Recipient } from "./recipients.js";

/** Who names somebody: notebooks by their name, the workspace without one. */
export interface NamedAlerts {
  readonly notebook?: string;
  readonly alerts: Alerts;
}

/** The workspace first, then notebooks in their order. */
export async function namedAlerts(
  workspace: Workspace,
  files: readonly NotebookFile[],
): Promise<NamedAlerts[]> {
  const own = files.flatMap(({ name, parsed }) => {
    const { alerts } = parsed.notebook.frontMatter;
    return alerts === undefined ? [] : [{ notebook: name, alerts }];
  });
  const alerts = await currentAlerts(workspace);
  return alerts === undefined ? own : [{ alerts }, ...own];
}

/** For a process that keeps none. One that cannot be read is left out. */
export async function readNotebooks(workspace: Workspace): Promise<NotebookFile[]> {
  const files: NotebookFile[] = [];
  for (const name of await listNotebooks(workspace)) {
    const file = await unlessUnreadable(() => readNotebookFile(workspace, name));
    if (file !== undefined) files.push(file);
  }
  return files;
}

export async function unlessUnreadable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AppError || isSystemError(error)) return undefined;
    throw error;
  }
}

/** Everybody who is named anywhere, once. */
export function everybody(named: readonly NamedAlerts[]): Recipient[] {
  const sources = named.map(({ notebook, alerts }) =>
    notebook === undefined ? { workspace: alerts } : { notebook: alerts },
  );
  return distinct(sources.flatMap((source) => recipientsOf(source, undefined)));
}
