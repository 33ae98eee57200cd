import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AnalyzedNotebook } from "../../analysis/analyzed-notebook.js";
import type { Diagnostic } from "../../base/diagnostic.js";
import { AppError, isAppError } from "../../base/errors.js";
import type { Span } from "../../base/source.js";
import type { CheckQuery, Column, QueryResult } from "../../engine/engine.js";
import type { GivenTable } from "../../engine/given.js";
import type { GraphNode } from "../../graph/dependency-graph.js";
import { queryOf } from "../../notebook/kinds/kinds.js";
import type { CheckOutcome, Expectation, TestCell } from "../../notebook/notebook.js";
import { outcomeOf, ruleOfRun } from "../../runs/check-step.js";
import { formatCount } from "../../text/format.js";
import { foldCase } from "../../text/sql-names.js";
import { unknownName } from "../../text/unknown-name.js";
import { findProblems, type ProblemServices } from "../find-problems.js";
import { comparable, compareTestRows, type ChangedTestRow, type TestDifferences } from "./compare-rows.js";
import { prepareTest, type PreparedTest } from "./prepare-test.js";
import { MAX_TEST_ROWS, tooManyRows, writtenRows } from "./read-rows-file.js";
import { rowKey } from "./row-key.js";
import { checkOf, testedNode, type BoundColumns } from "./test-sources.js";
import { namedColumns, toGivenTable, type WrittenRows } from "./test-table.js";

/** The differing rows of a test; of many, the first. */
export interface ShownDifferences extends Omit<TestDifferences, "columns"> {
  readonly columns: readonly Pick<Column, "name" | "type">[];
  readonly counts: { readonly missing: number; readonly unexpected: number; readonly changed: number };
}

export interface TestResult {
  readonly name: string;
  readonly cell: string;
  /** `error`: it could not be found out. */
  readonly outcome: "passed" | "failed" | "error";
  readonly durationMs: number;
  /** Why it did not pass, in a sentence. */
  readonly message?: string;
  readonly hint?: string;
  /** What that is about, in the notebook's file; counted from 1. */
  readonly place?: { readonly line: number; readonly column: number };
  readonly differences?: ShownDifferences;
}

export interface TestRun {
  /** In the order of the file. */
  readonly tests: readonly TestResult[];
  readonly passed: number;
  /** That did not pass, for whatever reason. */
  readonly failed: number;
}

const TEST_TIMEOUT_MS = 60_000;
/** Rows of each kind that are told of. */
const MAX_SHOWN = 100;

/** Carries out the tests of a notebook, or those named. Fails with code not-found for a name that is no test. */
export async function runTests(
  services: ProblemServices,
  analyzed: AnalyzedNotebook,
  names: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<TestRun> {
  const all = analyzed.notebook.cells.filter((cell): cell is TestCell => cell.kind === "test");
  for (const name of names ?? []) {
    if (all.some((test) => test.name === name)) continue;
    const message = `Notebook "${analyzed.notebook.name}" has no test "${name}".`;
    throw unknownName(
      "not-found",
      message,
      name,
      all.map((test) => test.name),
    );
  }
  const wanted = names === undefined ? all : all.filter(({ name }) => names.includes(name));
  if (wanted.length === 0) return { tests: [], passed: 0, failed: 0 };
  const { diagnostics, columns } = await findProblems(services, analyzed);
  const tests: TestResult[] = [];
  for (const test of wanted) {
    const runner = new TestRunner(services, analyzed, test, columns, signal);
    tests.push(await runner.run(diagnostics));
  }
  const passed = tests.filter(({ outcome }) => outcome === "passed").length;
  return { tests, passed, failed: tests.length - passed };
}

type Verdict = Pick<TestResult, "message" | "hint" | "differences"> & {
  readonly outcome: TestResult["outcome"];
  readonly span?: Span;
};

const PASSED: Verdict = { outcome: "passed" };

class TestRunner {
  readonly #services: ProblemServices;
  readonly #analyzed: AnalyzedNotebook;
  readonly #test: TestCell;
  readonly #bound: BoundColumns;
  readonly #signal: AbortSignal;

  constructor(
    services: ProblemServices,
    analyzed: AnalyzedNotebook,
    test: TestCell,
    bound: BoundColumns,
    signal: AbortSignal,
  ) {
    this.#services = services;
    this.#analyzed = analyzed;
    this.#test = test;
    this.#bound = bound;
    this.#signal = signal;
  }

  async run(diagnostics: readonly Diagnostic[]): Promise<TestResult> {
    const startedAt = performance.now();
    const { name, cell } = this.#test;
    const { span, ...verdict } = await this.#judge(diagnostics).catch((error: unknown) => {
      if (!isAppError(error) || error.code === "cancelled") throw error;
      return toVerdict(error, (error.details?.["span"] as Span | undefined) ?? this.#test.nameSpan);
    });
    const { source } = this.#analyzed.notebook;
    const { line, column } = source.positionAt(span?.start ?? 0);
    return {
      name,
      cell,
      durationMs: Math.round(performance.now() - startedAt),
      ...verdict,
      ...(span !== undefined && { place: { line, column } }),
    };
  }

  async #judge(diagnostics: readonly Diagnostic[]): Promise<Verdict> {
    const { name, cell, expected } = this.#test;
    const wrong = diagnostics.find((each) => each.severity === "error" && each.cell === name);
    if (wrong !== undefined) return toVerdict({ ...wrong, message: withStop(wrong.message) }, wrong.span);
    const node = testedNode(this.#analyzed, this.#test);
    if (node?.facts === undefined || expected === undefined || node.isBroken) {
      const first = diagnostics.find((each) => each.severity === "error" && each.cell === cell);
      const message = `Cell "${cell}" cannot be tested${first === undefined ? "." : `: ${first.message}`}`;
      return { outcome: "error", message, span: first?.span ?? this.#test.cellSpan };
    }
    const target = { test: this.#test, node, bound: this.#bound };
    const prepared = await prepareTest(this.#services, this.#analyzed, target, this.#signal);
    switch (expected.type) {
      case "rows":
        return this.#judgeRows(prepared, node, expected);
      case "error":
        return this.#judgeError(prepared, node, expected);
      case "check":
        return this.#judgeCheck(prepared, node, expected);
    }
  }

  async #judgeRows(
    prepared: PreparedTest,
    node: GraphNode,
    expected: Extract<Expectation, { type: "rows" }>,
  ): Promise<Verdict> {
    const actual = await this.#query(prepared).catch((error: unknown) =>
      this.#explain(error, prepared, node),
    );
    if ("outcome" in actual) return actual;
    if (actual.truncated) throw tooManyRows(this.#test.cell);
    const written = await writtenRows(this.#services, expected.rows, this.#signal);
    const missing = written.columns.find((name) => namedColumns(actual.columns, [name]).length === 0);
    if (missing !== undefined) return noColumn(missing, actual.columns, expected);
    // Of no row that is expected no column is named: all are told.
    const columns =
      written.rows.length === 0 ? actual.columns : namedColumns(actual.columns, written.columns);
    const wanted = await this.#expectedRows(written, columns, expected);
    if ("outcome" in wanted) return wanted;
    const places = columns.map(({ name }) => actual.columns.findIndex((column) => column.name === name));
    const rows = comparable(
      columns,
      actual.rows.map((row) => places.map((place) => row[place])),
    );
    const names = columns.map(({ name }) => name);
    const key = rowKey(node).map(foldCase);
    const found = compareTestRows(
      names,
      comparable(columns, wanted.rows),
      rows,
      expected.isOrdered,
      // A test that leaves out a part of the key says nothing of it.
      key.every((name) => names.some((other) => foldCase(other) === name))
        ? names.filter((name) => key.includes(foldCase(name)))
        : [],
    );
    if (found === undefined) return PASSED;
    const differences = toShown(found, columns);
    return { outcome: "failed", message: describeDifferences(differences), differences, span: expected.span };
  }

  /** As the engine writes values of the types that the cell's columns have. */
  async #expectedRows(
    written: WrittenRows,
    columns: readonly Column[],
    { span, rows }: Extract<Expectation, { type: "rows" }>,
  ): Promise<Pick<QueryResult, "rows"> | Verdict> {
    if (columns.length === 0 || written.rows.length === 0) return { rows: written.rows.map(() => []) };
    const { engine } = this.#services;
    const table = toGivenTable(engine, written, columns, "expect");
    const failure = await this.#failureOf(table);
    if (failure !== undefined)
      return toVerdict(failure, rows.type === "rows" ? this.#placeOfValue(failure, span) : span);
    return this.#queryRows(table);
  }

  async #judgeError(
    prepared: PreparedTest,
    node: GraphNode,
    { text, span }: Extract<Expectation, { type: "error" }>,
  ): Promise<Verdict> {
    const error = await this.#query(prepared).then(
      () => undefined,
      (failure: unknown) => failure,
    );
    if (error === undefined)
      return { outcome: "failed", message: "An error is expected, and there was none.", span };
    const verdict = await this.#explain(error, prepared, node);
    if (!isAppError(error, "query", "input") || verdict.hint === GIVEN_HINT) return verdict;
    if (text === undefined || error.message.toLowerCase().includes(text.toLowerCase())) return PASSED;
    return { outcome: "failed", message: `Another error is expected than: ${error.message}`, span };
  }

  async #judgeCheck(
    prepared: PreparedTest,
    node: GraphNode,
    { outcome, span }: Extract<Expectation, { type: "check" }>,
  ): Promise<Verdict> {
    const found = await this.#check(prepared, node);
    if (found.outcome === outcome) return PASSED;
    const message = `The check is expected to ${words[outcome]}, and it ${pastWords[found.outcome]}: ${found.message}`;
    return { outcome: "failed", message, span };
  }

  async #check(
    prepared: PreparedTest,
    { cell, ...node }: GraphNode,
  ): Promise<{ readonly outcome: CheckOutcome; readonly message: string }> {
    const spec = checkOf(this.#test, { cell, ...node });
    const judge = cell.kind === "check" ? cell : spec;
    if (judge === undefined) throw new AppError("usage", "There is no such check.");
    const { engine } = this.#services;
    const sql = prepared.sql.text;
    const { scope, runDate, scannedRows } = prepared;
    const refused = this.#analyzed.refusedChecks.get(judge.name);
    if (refused !== undefined) throw new AppError("usage", refused.message);
    const query: CheckQuery =
      spec === undefined
        ? { type: "query", name: judge.name, sql }
        : {
            type: "rule",
            name: spec.name,
            on: cell.name,
            spec: { ...spec, rule: ruleOfRun(spec, runDate) },
            scannedRows,
          };
    const relations =
      spec === undefined
        ? scope.relations
        : [...scope.relations, { type: "query" as const, name: cell.name, sql }];
    const folder = await mkdtemp(join(tmpdir(), "lakebook-test-"));
    try {
      const task = { scope: { ...scope, relations }, checks: [query], folder, maxRows: 1 };
      const [finding] = await engine.check(task, this.#control());
      if (finding === undefined) throw new AppError("internal", "The check gave no answer.");
      return { outcome: outcomeOf(judge, finding), message: finding.message };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  #control(): { readonly label: string; readonly signal: AbortSignal; readonly timeoutMs: number } {
    return { label: this.#test.name, signal: this.#signal, timeoutMs: TEST_TIMEOUT_MS };
  }

  #query({ sql, scope }: PreparedTest): Promise<QueryResult> {
    return this.#services.engine.query({ sql: sql.text, scope, limit: MAX_TEST_ROWS }, this.#control());
  }

  #queryRows(table: GivenTable): Promise<QueryResult> {
    const { engine, view } = this.#services;
    const scope = { root: view.root, readable: [], relations: [], parameters: [] };
    return engine.query({ sql: engine.rowsSql(table), scope, limit: MAX_TEST_ROWS }, this.#control());
  }

  async #failureOf(table: GivenTable): Promise<AppError | undefined> {
    try {
      await this.#queryRows(table);
      return undefined;
    } catch (error) {
      if (isAppError(error, "query")) return error;
      throw error;
    }
  }

  /** Says whether the rows or the cell is to blame, and where. */
  async #explain(error: unknown, { tables, sql }: PreparedTest, node: GraphNode): Promise<Verdict> {
    if (!isAppError(error) || error.code === "cancelled") throw error;
    for (const { table, span } of tables) {
      const failure = await this.#failureOf(table);
      if (failure !== undefined)
        return { ...toVerdict(failure, this.#placeOfValue(failure, span)), hint: GIVEN_HINT };
    }
    const place = error.details?.["span"] as Span | undefined;
    const start = queryOf(node.cell)?.span.start ?? 0;
    const found = place === undefined ? undefined : sql.toOriginal(place);
    return toVerdict(
      error,
      found === undefined ? this.#test.cellSpan : { start: start + found.start, end: start + found.end },
    );
  }

  /** The engine names a value that does not fit; it stands below the name of what it was given to. */
  #placeOfValue({ message }: AppError, span: Span): Span {
    const { source } = this.#analyzed.notebook;
    const value = /'([^']+)'/.exec(message)?.[1] ?? /"([^"]+)"/.exec(message)?.[1];
    const text = source.text.slice(span.start, this.#test.bodySpan.end);
    const at = value === undefined ? -1 : text.indexOf(value);
    if (at === -1 || value === undefined) return span;
    return { start: span.start + at, end: span.start + at + value.length };
  }
}

const GIVEN_HINT = "A value does not fit the type of its column.";

const words: Readonly<Record<CheckOutcome, string>> = {
  pass: "pass",
  warn: "warn",
  fail: "fail",
  error: "be unable to run",
};
const pastWords: Readonly<Record<CheckOutcome, string>> = {
  pass: "passed",
  warn: "warned",
  fail: "failed",
  error: "could not run",
};

/** Diagnostics of options are no whole sentences. */
function withStop(message: string): string {
  return /[.!?:]$/.test(message) ? message : `${message}.`;
}

function toVerdict(
  { message, hint }: { readonly message: string; readonly hint?: string },
  span: Span,
): Verdict {
  return { outcome: "error", message, ...(hint !== undefined && { hint }), span };
}

function noColumn(
  name: string,
  columns: readonly Column[],
  { rows, span }: Extract<Expectation, { type: "rows" }>,
): Verdict {
  const place = rows.type === "rows" ? rows.columns.find((column) => column.name === name)?.span : undefined;
  const names = columns.map((column) => column.name);
  const { message, hint = `Its columns are ${names.join(", ")}.` } = unknownName(
    "usage",
    `Column "${name}" is not a column of the result.`,
    name,
    names,
  );
  return { outcome: "error", message, hint, span: place ?? span };
}

function toShown(found: TestDifferences, columns: readonly Column[]): ShownDifferences {
  const { missing, unexpected, changed, isOrderOnly } = found;
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    counts: { missing: missing.length, unexpected: unexpected.length, changed: changed.length },
    missing: missing.slice(0, MAX_SHOWN),
    unexpected: unexpected.slice(0, MAX_SHOWN),
    changed: changed.slice(0, MAX_SHOWN),
    isOrderOnly,
  };
}

function describeDifferences({ counts, changed, isOrderOnly }: ShownDifferences): string {
  if (isOrderOnly) return "The rows are the expected ones in another order.";
  const parts = [
    counts.changed === 0
      ? []
      : [
          `${formatCount(counts.changed, "row")} ${counts.changed === 1 ? "differs" : "differ"} in ${namesOf(changed)}`,
        ],
    counts.missing === 0 ? [] : [`${formatCount(counts.missing, "row")} missing`],
    counts.unexpected === 0 ? [] : [`${formatCount(counts.unexpected, "row")} unexpected`],
  ];
  return `${parts.flat().join(", ")}.`;
}

function namesOf(changed: readonly ChangedTestRow[]): string {
  return [...new Set(changed.flatMap(({ columns }) => columns))].join(", ");
}
