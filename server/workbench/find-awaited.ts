import { isAppError, isSystemError } from "../base/errors.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import type { NotebookCache } from "../analysis/notebook-cache.js";
import type { GraphDiagnostic } from "../graph/diagnostic-codes.js";

/** Of the notebooks that a schedule waits for: those that do not exist, and those that wait for this one, so that none ever runs. */
export async function awaitedDiagnostics(
  notebooks: Pick<NotebookCache, "read">,
  { notebook }: AnalyzedNotebook,
): Promise<GraphDiagnostic[]> {
  const { schedule, span } = notebook.frontMatter;
  if (span === undefined) return [];
  const found: GraphDiagnostic[] = [];
  const warn = (code: "unknown-notebook" | "cycle", message: string, hint: string): void => {
    found.push({ code, severity: "warning", span, message, hint });
  };
  for (const name of new Set(schedule?.after)) {
    if ((await awaitedBy(notebooks, name)) === undefined)
      warn(
        "unknown-notebook",
        `The schedule waits for "${name}", which does not exist.`,
        "It begins nothing. Name the notebook as it is called now.",
      );
    else if (await waitsFor(notebooks, name, notebook.name))
      warn(
        "cycle",
        `The schedule waits for "${name}", which waits for "${notebook.name}".`,
        "Neither begins anything: take one out of after.",
      );
  }
  return found;
}

async function waitsFor(notebooks: Pick<NotebookCache, "read">, from: string, to: string): Promise<boolean> {
  const seen = new Set([from]);
  // A set is walked to its end, what is added on the way included.
  for (const name of seen) {
    if (name === to) return true;
    for (const next of (await awaitedBy(notebooks, name)) ?? []) seen.add(next);
  }
  return false;
}

/** Undefined where there is no such notebook. */
async function awaitedBy(
  notebooks: Pick<NotebookCache, "read">,
  name: string,
): Promise<readonly string[] | undefined> {
  try {
    return (await notebooks.read(name)).parsed.notebook.frontMatter.schedule?.after ?? [];
  } catch (error) {
    if (isAppError(error, "not-found")) return undefined;
    if (isAppError(error) || isSystemError(error)) return [];
    throw error;
  }
}
