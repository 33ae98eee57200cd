import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { jsonOption, workspaceOption } from "./command.js";
import type { ExitCode } from "./exit-code.js";
import { openNotebookSession, type NotebookSession } from "./session.js";

/** The head of a command that reads one notebook and prints what it finds. */
export const notebookHead = { arguments: "<notebook>", positionals: { min: 1, max: 1 } } as const;
export const notebookOptions = { ...jsonOption, ...workspaceOption };

interface NotebookInput {
  readonly positionals: readonly string[];
  readonly values: { readonly workspace?: string | undefined };
}

/** The session is closed when `use` has ended. */
export async function withNotebook(
  { positionals, values }: NotebookInput,
  use: (session: NotebookSession, analyzed: AnalyzedNotebook) => ExitCode | Promise<ExitCode>,
): Promise<ExitCode> {
  const session = await openNotebookSession({
    workspace: values.workspace ?? ".",
    notebook: positionals[0] ?? "",
  });
  try {
    return await use(session, await session.notebooks.analyze(session.file));
  } finally {
    await session.close();
  }
}
