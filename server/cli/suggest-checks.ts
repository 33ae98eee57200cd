import type { CheckSuggestion } from "../rows/suggest-checks.js";
import { mergeSuggestions } from "../notebook/merge-checks.js";
import { isAppError } from "../base/errors.js";
import { AgentLakebook } from "./agent-lakebook.js";
import type { Console } from "./console.js";
import { formatTable } from "./format.js";

export interface CellSuggestions {
  readonly cell: string;
  readonly suggestions: readonly CheckSuggestion[];
}

/** Of each of the cells that has rows; by the server that holds the lake, where there is one. */
export function findSuggestions(
  workspace: string,
  { notebook, cell: only }: { readonly notebook: string; readonly cell: string | undefined },
  signal: AbortSignal,
): Promise<readonly CellSuggestions[]> {
  return new AgentLakebook(workspace).use("read", { agent: "", signal }, async (ask) => {
    const found: CellSuggestions[] = [];
    const view = await ask("GET /api/notebooks/{name}", { params: { name: notebook } }, signal);
    const cells = only === undefined ? view.cells.filter(({ kind }) => kind === "sql").map(nameOf) : [only];
    for (const cell of cells) {
      const params = { name: notebook, cell };
      const path = "GET /api/notebooks/{name}/cells/{cell}/suggestions";
      const answer = await ask(path, { params, query: {} }, signal).catch((error: unknown) => {
        if (isAppError(error, "not-found") && only === undefined) return { suggestions: [] };
        throw error;
      });
      if (answer.suggestions.length > 0) found.push({ cell, suggestions: answer.suggestions });
    }
    return found;
  });
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

export function printSuggestions(console: Console, found: readonly CellSuggestions[]): void {
  if (found.length === 0) console.out("Nothing to suggest: no rows, or each check is there.\n");
  for (const { cell, suggestions } of found) {
    const rows = suggestions.map(({ column, reason }) => [column, reason]);
    const lines = mergeSuggestions(suggestions).map((check) => `--|   - ${check}\n`);
    console.out(`${cell}\n\n${formatTable(["column", "in its rows"], rows)}\n\n`);
    console.out(`To be written at its head:\n\n--| checks:\n${lines.join("")}\n`);
  }
}
