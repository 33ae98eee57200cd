import { describe, expect, test } from "vitest";
import type { AnalyzedNotebook } from "../../../server/analysis/analyzed-notebook.js";
import { readParameters } from "../../../server/runs/run-parameters.js";
import { frontMatter, marked, read, readCell, yamlFence } from "./read-notebook.js";

function input(yaml: string) {
  return readCell(yamlFence(`input: p\n${yaml}`), "input");
}

describe("inputs", () => {
  test.each([
    ["type: slider\nmin: 0\nmax: 10", [10, 0, null], [11, -1, "9007199254740993"], "from 0 to 10"],
    ["type: number\nmin: 0", [1e9], [-1], "0 or more"],
    ["type: number", [-1e9], [], ""],
    ["type: number\nmin: 5\nmax: 6\ndefault: 5", [5, 6], [4], "from 5 to 6"],
    ["type: select\noptions: [BCN, MAD]", ["MAD", null], ["mad", "x'; DROP TABLE"], "one of the options"],
    [
      "type: select\noptions: [BCN, MAD]\nmultiple: true",
      [["MAD", "BCN"], []],
      [["MAD", "X"]],
      "one of the options",
    ],
    ["type: select\noptions: [BCN]\ndefault: any", ["BCN", "any"], ["other"], "one of the options"],
    ["type: select\noptions: SELECT 1", ["known only once it has run"], [], ""],
  ])("%j offer some values and no others, whoever gives them", (yaml, offered, others, message) => {
    const { notebook } = read(yamlFence(`input: p\n${yaml}`));
    const give = (p: unknown) => readParameters({ notebook } as AnalyzedNotebook, { p });
    for (const value of offered) expect(give(value)).toEqual({ p: value });
    for (const value of others) expect(() => give(value), String(value)).toThrow(message);
  });

  test("select from a query, whose place is exact", () => {
    const text = yamlFence(
      "input: city\ntype: select\nlabel: City\noptions: SELECT DISTINCT c FROM t\ndefault: BCN",
    );
    const cell = readCell(text, "input");
    expect(cell).toMatchObject({
      inputType: "select",
      label: "City",
      options: { sql: "SELECT DISTINCT c FROM t" },
      parameter: { name: "city", type: "string", isList: false, defaultValue: "BCN", inputCell: "city" },
    });
    expect(
      cell.options &&
        "sql" in cell.options &&
        text.slice(cell.options.sqlSpan.start, cell.options.sqlSpan.end),
    ).toBe("SELECT DISTINCT c FROM t");
    expect(read(text).codes).toEqual([]);
  });

  test("offer a value that is listed twice once", () => {
    expect(input("type: select\noptions: [1, 2.50, 2.5, 1]").options).toEqual({ values: [1, 2.5] });
  });

  test("know the place of a quoted query, and of a block the whole", () => {
    const sqlAt = (yaml: string) => {
      const text = yamlFence(`input: p\ntype: select\n${yaml}`);
      const { options } = readCell(text, "input");
      return options && "sql" in options ? text.slice(options.sqlSpan.start, options.sqlSpan.end) : undefined;
    };
    expect(sqlAt('options: "SELECT 1"')).toBe("SELECT 1");
    expect(sqlAt("options: |\n  SELECT 1\n  FROM t")).toBe("|\n  SELECT 1\n  FROM t");
  });

  test.each([
    ["type: select\noptions: [BCN, MAD]", "string", "BCN"],
    ["type: select\noptions: [1, 2]", "integer", 1],
    ["type: select\noptions: [1, 2.5]\ndefault: 2.5", "number", 2.5],
    ["type: select\noptions: [2026-01-01]", "string", "2026-01-01"],
    ["type: select\noptions: [2026-01-01]\nvalue_type: date", "date", "2026-01-01"],
    ["type: select\noptions: SELECT 1\nvalue_type: integer", "integer", null],
    ["type: select\noptions: SELECT 1\ndefault: 5", "integer", 5],
    ["type: select\noptions: [08001, 08002]\nvalue_type: string", "string", "08001"],
    ["type: text", "string", ""],
    ["type: text\nvalue_type: integer", "integer", null],
    ["type: text\ndefault: 5", "string", "5"],
    ["type: number", "number", 0],
    ["type: number\ndefault: 5", "integer", 5],
    ["type: slider\nmin: 1\nmax: 10", "integer", 1],
    ["type: slider\nmin: 0\nmax: 1\nstep: 0.1", "number", 0],
    ["type: slider\nmin: 0\nmax: 1\nvalue_type: number", "number", 0],
    ["type: date", "date", null],
    ["type: date\ndefault: 2026-11-01", "date", "2026-11-01"],
    ["type: checkbox", "boolean", false],
    ["type: checkbox\ndefault: true", "boolean", true],
  ])("derive from %j the type %s", (yaml, type, defaultValue) => {
    expect(input(yaml).parameter).toMatchObject({ type, defaultValue, isList: false });
    expect(read(yamlFence(`input: p\n${yaml}`)).codes).toEqual([]);
  });

  test("may be multiple", () => {
    expect(input("type: select\nmultiple: true\noptions: [a, b]").parameter).toMatchObject({
      isList: true,
      defaultValue: [],
    });
    expect(
      input("type: select\nmultiple: true\noptions: [a, b]\ndefault: [b]").parameter.defaultValue,
    ).toEqual(["b"]);
  });

  test.each([
    ["options: [a]", "missing-option", "p"],
    ["type: dropdown", "invalid-option", "dropdown"],
    ["type: select", "missing-option", "p"],
    ["type: slider\nmin: 0", "missing-option", "p"],
    ["type: slider\nmin: 9\nmax: 1", "invalid-option", "9"],
    ["type: slider\nmin: 0\nmax: 9\ndefault: 10", "invalid-option", "10"],
    ["type: slider\nmin: 0\nmax: 9\nstep: 0", "invalid-option", "0"],
    ["type: select\noptions: [a, b]\ndefault: c", "invalid-option", "c"],
    ["type: select\noptions: []", "invalid-option", "[]"],
    ["type: select\noptions: [1, 2]\ndefault: x", "invalid-parameter", "x"],
    ["type: checkbox\ndefault: maybe", "invalid-parameter", "maybe"],
    ["type: date\ndefault: 2026-13-01", "invalid-parameter", "2026-13-01"],
    ["type: select\noptions: [2026-01-01, soon]\nvalue_type: date", "invalid-option", "soon"],
    ["type: text\nmin: 1", "unused-option", "min"],
    ["type: text\nlable: x", "unknown-key", "lable"],
  ])("report %j", (yaml, code, at) => {
    const text = yamlFence(`input: p\n${yaml}`);
    expect(read(text).codes[0]).toBe(code);
    expect(marked(text)[0]).toBe(at);
  });

  test("cannot have the name of a parameter, built in or of the front matter", () => {
    expect(read(yamlFence("input: run_date\ntype: date")).codes).toEqual(["reserved-name"]);
    expect(read(frontMatter("parameters: {p: 1}") + yamlFence("input: p\ntype: text")).codes).toEqual([
      "duplicate-parameter",
    ]);
  });
});
