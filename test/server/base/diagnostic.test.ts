import { describe, expect, test } from "vitest";
import {
  compareDiagnostics,
  formatDiagnostic,
  hasErrors,
  locate,
  type Diagnostic,
} from "../../../server/base/diagnostic.js";
import { SourceText } from "../../../server/base/source.js";
import { markSource } from "../../support/mark-source.js";

function diagnose(overrides: Partial<Diagnostic>): Diagnostic {
  const span = { start: 0, end: 1 };
  return { code: "unknown-table", severity: "error", message: "Table is not defined", span, ...overrides };
}

describe("formatDiagnostic", () => {
  test("draws the line with a caret under the place, and the hint", () => {
    const { text, spans } = markSource`-- orders\nselect * from ${"ordres"}\n`;
    const diagnostic = diagnose({ span: spans[0]!, hint: 'Did you mean "orders"?' });
    expect(formatDiagnostic(diagnostic, new SourceText("notebooks/sales.md", text))).toBe(
      [
        "error[unknown-table]: Table is not defined",
        "  --> notebooks/sales.md:2:15",
        "  |",
        "2 | select * from ordres",
        "  |               ^^^^^^",
        '  = Did you mean "orders"?',
      ].join("\n"),
    );
  });

  test("marks only the first line of a longer place, and one column of an empty one", () => {
    const source = new SourceText("a.md", "ab\ncd");
    expect(formatDiagnostic(diagnose({ span: { start: 1, end: 5 } }), source)).toMatch(/ {2}\|  \^$/);
    expect(formatDiagnostic(diagnose({ span: { start: 5, end: 5 } }), source)).toMatch(/ {2}\|   \^$/);
  });
});

describe("locate", () => {
  test("replaces the span by lines and columns", () => {
    const located = locate(diagnose({ span: { start: 1, end: 4 } }), new SourceText("a.md", "ab\ncd"));
    expect(located).toMatchObject({ line: 1, column: 2, endLine: 2, endColumn: 2 });
    expect(located).not.toHaveProperty("span");
  });
});

describe("compareDiagnostics", () => {
  test("sorts by place, then by code", () => {
    const late = diagnose({ span: { start: 5, end: 6 } });
    const b = diagnose({ code: "b" });
    const a = diagnose({ code: "a" });
    expect([late, b, a].sort(compareDiagnostics)).toEqual([a, b, late]);
  });
});

describe("hasErrors", () => {
  test("does not count warnings", () => {
    expect(hasErrors([diagnose({ severity: "warning" })])).toBe(false);
    expect(hasErrors([diagnose({ severity: "warning" }), diagnose({})])).toBe(true);
  });
});
