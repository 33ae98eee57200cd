import { z } from "zod";
import { moveSpan, type Span } from "../../base/source.js";
import { field, readFields } from "../fields.js";
import type { Expectation, GivenRows, PlacedName, TestCell, TestRows } from "../notebook.js";
import type { Fence } from "../outline.js";
import type { Report } from "../report.js";
import { asExpected, nameSchema, textSchema } from "../schemas.js";
import { isRunDate } from "../../base/run-date.js";
import { findValue, toPlain, type YamlMap, type YamlNode } from "../yaml-tree.js";
import type { Kind } from "./kind.js";
import { readTestRows } from "./test-rows.js";
import { parseYamlCell } from "./yaml-cell.js";

export const testKind: Kind<TestCell> = {
  parse: parseTest,
  move: moveTest,
  options: ({ cell, cte, runDate, expected }) => ({
    cell,
    ...(cte !== undefined && { cte: cte.name }),
    ...(runDate !== undefined && { runDate }),
    ...(expected !== undefined && { expects: expected.type }),
  }),
  description: ({ description }) => description,
  parents: ({ cell: name, cellSpan: span }) => (name === "" ? [] : [{ name, span }]),
  references: ({ cell, cellSpan, given }, name) => [
    ...(cell === name ? [cellSpan] : []),
    ...given.filter((each) => each.name.toLowerCase() === name).map(({ span }) => span),
  ],
};

const outcomes = ["pass", "warn", "fail", "error"] as const;

const checkSchema = z.union([
  z.strictObject({ name: textSchema.optional(), outcome: z.enum(outcomes) }),
  z.enum(outcomes).transform((outcome) => ({ name: undefined, outcome })),
]);

const dateSchema = z.string().refine(isRunDate, { message: asExpected });

const fields = {
  description: field("description", textSchema, "a text", "Two messages of one second"),
  cell: field("cell", nameSchema, "the name of a cell", "orders"),
  cte: field("cte", textSchema, "the name of a CTE of the cell", "messages"),
  runDate: field("run_date", dateSchema, "a date, written as YYYY-MM-DD", "2026-11-01"),
  ordered: field("ordered", z.boolean(), "true or false", "true"),
  expectError: field(
    "expect_error",
    z.union([z.literal(true), textSchema]),
    "true or a part of the message",
    "Could not convert",
  ),
  expectCheck: field(
    "expect_check",
    checkSchema,
    `{name, outcome}, of an outcome that is one of ${outcomes.join(", ")}`,
    "{name: orders.not_null_id, outcome: fail}",
  ),
};

const expectations = ["expect", "expect_error", "expect_check"] as const;

/** Reads a `test:` fence. Whether what it names exists is for the graph and the engine to say. */
function parseTest(file: string, fence: Fence, report: Report): TestCell {
  const { base, map, following } = parseYamlCell(file, fence, "test", report);
  const handled = ["test", "given", "parameters", "expect"];
  const values = readFields(map, fields, { report: following, noun: "Test option", handled });
  reportMissing(map, base.nameSpan, following);
  const cellNode = findValue(map, "cell");
  const expected = readExpectation(file, map, values, following);
  return {
    ...base,
    kind: "test",
    ...(values.description !== undefined && { description: values.description }),
    cell: values.cell ?? "",
    cellSpan: cellNode?.span ?? base.nameSpan,
    ...placed("cte", values.cte, map),
    given: readGiven(file, map, following),
    parameters: readParameters(map, following),
    ...(values.runDate !== undefined && { runDate: values.runDate }),
    ...(expected !== undefined && { expected }),
  };
}

function placed(key: "cte", name: string | undefined, map: YamlMap): { readonly cte?: PlacedName } {
  return name === undefined ? {} : { [key]: { name, span: findValue(map, key)?.span ?? map.span } };
}

function reportMissing(map: YamlMap, span: Span, report: Report): void {
  const message = (key: string): string => `A test needs key "${key}"`;
  if (findValue(map, "cell") === undefined)
    report.error("missing-option", span, message("cell"), "For example: cell: orders");
  const written = map.entries.filter(({ key }) => (expectations as readonly string[]).includes(key));
  const [, second] = written;
  if (written.length === 0) {
    const hint = "For example: expect: [{id: 1}]; or expect_error, or expect_check.";
    report.error("missing-option", span, message("expect"), hint);
  } else if (second !== undefined) {
    const text = `A test has one expectation, and "${second.key}" is another one`;
    report.error("invalid-option", second.keySpan, text, "Write a second test.");
  }
  const ordered = map.entries.find(({ key }) => key === "ordered");
  if (ordered !== undefined && findValue(map, "expect") === undefined)
    report.warn("unused-option", ordered.keySpan, 'Key "ordered" has no effect without "expect"');
}

interface ExpectationValues {
  readonly ordered?: boolean;
  readonly expectError?: string | true;
  readonly expectCheck?: { readonly name?: string | undefined; readonly outcome: (typeof outcomes)[number] };
}

function readExpectation(
  file: string,
  map: YamlMap,
  { ordered = false, expectError, expectCheck }: ExpectationValues,
  report: Report,
): Expectation | undefined {
  const key = expectations.find((each) => findValue(map, each) !== undefined);
  const node = key && findValue(map, key);
  if (node === undefined) return undefined;
  const { span } = node;
  if (key === "expect") {
    const rows = readTestRows(file, node, "expect", report);
    return rows && { type: "rows", rows, isOrdered: ordered, span };
  }
  if (key === "expect_error")
    return expectError === undefined
      ? undefined
      : { type: "error", text: expectError === true ? undefined : expectError, span };
  if (expectCheck === undefined) return undefined;
  const { name, outcome } = expectCheck;
  const nameSpan = (node.type === "map" ? findValue(node, "name")?.span : undefined) ?? span;
  return { type: "check", ...(name !== undefined && { check: { name, span: nameSpan } }), outcome, span };
}

function readGiven(file: string, map: YamlMap, report: Report): GivenRows[] {
  return entriesOf(map, "given", "{orders: [{id: 1}]}", report).flatMap(({ key, keySpan, value }) => {
    const rows = readTestRows(file, value, key, report);
    return rows === undefined ? [] : [{ name: key, span: keySpan, rows }];
  });
}

function readParameters(map: YamlMap, report: Report): TestCell["parameters"] {
  return entriesOf(map, "parameters", "{city: BCN}", report).map(({ key, keySpan, value }) => ({
    name: key,
    span: keySpan,
    value: plainValue(value),
  }));
}

/** A number that was written for a text keeps its digits. */
function plainValue(node: YamlNode): unknown {
  return node.type === "leaf" && typeof node.value === "number" ? node.source : toPlain(node);
}

function entriesOf(map: YamlMap, key: string, example: string, report: Report): YamlMap["entries"] {
  const node = findValue(map, key);
  if (node === undefined || (node.type === "leaf" && node.value === null)) return [];
  if (node.type === "map") return node.entries;
  report.error(
    "invalid-option",
    node.span,
    `Test option "${key}" must be a map`,
    `For example: ${key}: ${example}`,
  );
  return [];
}

function moveTest(cell: TestCell, by: number): TestCell {
  const moved = <T extends { readonly span: Span }>(each: T): T => ({
    ...each,
    span: moveSpan(each.span, by),
  });
  const movedRows = (rows: TestRows): TestRows =>
    rows.type === "file"
      ? moved(rows)
      : { ...rows, columns: rows.columns.map(moved), rows: rows.rows.map(moved) };
  const { expected, cte } = cell;
  return {
    ...cell,
    cellSpan: moveSpan(cell.cellSpan, by),
    ...(cte !== undefined && { cte: moved(cte) }),
    given: cell.given.map((each) => ({ ...moved(each), rows: movedRows(each.rows) })),
    parameters: cell.parameters.map(moved),
    ...(expected !== undefined && { expected: moveExpectation(expected) }),
  };

  function moveExpectation(each: Expectation): Expectation {
    if (each.type === "rows") return { ...moved(each), rows: movedRows(each.rows) };
    if (each.type === "check" && each.check !== undefined)
      return { ...moved(each), check: moved(each.check) };
    return moved(each);
  }
}
