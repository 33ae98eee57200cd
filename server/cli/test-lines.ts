import { formatCount } from "../text/format.js";
import type { ShownDifferences, TestResult, TestRun } from "../workbench/tests/run-tests.js";
import { escapeControls, formatTable } from "./format.js";

const signs = { passed: "✓", failed: "✗", error: "!" } as const;

/** What became of the tests of a notebook, with the rows that differ. */
export function testLines(notebook: string, { tests, passed, failed }: TestRun): string {
  const ended = failed === 0 ? "passed" : `passed, ${String(failed)} did not`;
  return `${tests.map(testLine).join("")}${notebook}: ${formatCount(passed, "test")} ${ended}\n`;
}

function testLine({ name, cell, outcome, message, hint, place, differences }: TestResult): string {
  const of = `${signs[outcome]} ${name} (${cell})`;
  if (message === undefined) return `${of}\n`;
  const at = place === undefined ? "" : ` at ${String(place.line)}:${String(place.column)}`;
  const more = hint === undefined ? "" : ` ${hint}`;
  const table = differences === undefined ? "" : `${indented(differenceTable(differences))}\n`;
  return `${of}${at}: ${escapeControls(message + more)}\n${table}`;
}

function differenceTable({ columns, missing, unexpected, changed }: ShownDifferences): string {
  const rows = [
    ...changed.flatMap(({ expected, actual, columns: names }) => {
      const mark = (row: readonly unknown[]): unknown[] =>
        row.map((value, index) => (names.includes(columns[index]?.name ?? "") ? value : "·"));
      return [
        ["expected", ...expected],
        ["  but is", ...mark(actual)],
      ];
    }),
    ...missing.map((row) => ["missing", ...row]),
    ...unexpected.map((row) => ["unexpected", ...row]),
  ];
  return formatTable(["", ...columns.map(({ name }) => name)], rows);
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}
