import { AppError } from "../base/errors.js";
import type { EquivalenceFinding, EquivalenceOptions } from "../runs/equivalence.js";
import { formatCount } from "../text/format.js";
import type { NotebookSession } from "./session.js";

/** Fails with code usage where there is nothing to compare. */
export function checkEquivalence(
  { file, manager }: NotebookSession,
  options: EquivalenceOptions,
): Promise<EquivalenceFinding[]> {
  if (manager !== undefined) return manager.checkEquivalence(file.name, options);
  throw new AppError("usage", "The lake is empty: there is nothing to compare.", {
    hint: `Publish it first: lakebook materialize ${file.name}`,
  });
}

export function equivalenceLine(finding: EquivalenceFinding): string {
  const { cell, date, outcome, rows, missing, surplus } = finding;
  if (outcome === "pass")
    return `✓ ${cell}: what was computed in parts for ${date} equals the whole (${formatCount(rows, "row")})\n`;
  return `✗ ${cell}: of what was computed in parts for ${date}, ${formatCount(missing, "row")} of the whole are missing and ${formatCount(surplus, "row")} should not be there\n`;
}
