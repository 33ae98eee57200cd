import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { formatCount } from "../text/format.js";
import { checkParity, type ParityFinding } from "../workbench/parity.js";
import { requireLake, type NotebookSession } from "./session.js";

/** Fails with code usage where no cell asks for Spark, or none is set. */
export async function findParity(
  session: NotebookSession,
  analyzed: AnalyzedNotebook,
  options: { readonly rows: number; readonly signal: AbortSignal },
): Promise<readonly ParityFinding[]> {
  // Both engines have to see it, and what a killed command left there goes when the lake is opened.
  const { tmp } = requireLake(session).paths;
  await mkdir(tmp, { recursive: true });
  const folder = await mkdtemp(join(tmp, "parity-"));
  try {
    return await checkParity(session, analyzed, { ...options, folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function parityLine({ cell, outcome, rows, onlyDuckdb, onlySpark, ...more }: ParityFinding): string {
  if (outcome === "pass") return `✓ ${cell}: ${formatCount(rows, "row")} the same on DuckDB and Spark\n`;
  const { message, examples } = more;
  const what =
    message ??
    `${formatCount(onlyDuckdb, "row")} only on DuckDB, ${formatCount(onlySpark, "row")} only on Spark`;
  return `✗ ${cell}: ${what}\n${examples.map((row) => `    ${JSON.stringify(row)}\n`).join("")}`;
}
