import type { AnalyzedNotebook } from "../../analysis/analyzed-notebook.js";
import { AppError } from "../../base/errors.js";
import type { Span } from "../../base/source.js";
import type { QueryScope, Relation } from "../../engine/engine.js";
import type { GivenCall, GivenTable } from "../../engine/given.js";
import type { GraphNode } from "../../graph/dependency-graph.js";
import type { FileReference } from "../../graph/query-analysis.js";
import { queryOf } from "../../notebook/kinds/kinds.js";
import type { TestCell } from "../../notebook/notebook.js";
import { intervalOf, today } from "../../runs/interval.js";
import { withoutOwnSchemas } from "../../runs/query-scope.js";
import { bindParameters } from "../../runs/run-context.js";
import { readParameters } from "../../runs/run-parameters.js";
import type { EditedText } from "../../text/edited-text.js";
import { writtenRows } from "./read-rows-file.js";
import { sourcesOf, type BoundColumns, type TestServices, type TestSource } from "./test-sources.js";
import { NO_ROWS, toGivenTable, type WrittenRows } from "./test-table.js";

/** A test that is ready for the engine: the cell's query over nothing but the rows of the test. */
export interface PreparedTest {
  readonly sql: EditedText;
  readonly scope: QueryScope;
  readonly runDate: string;
  /** What each thing that is given became, with its place in the file. */
  readonly tables: readonly { readonly table: GivenTable; readonly span: Span }[];
  /** Rows of each path that the query reads. */
  readonly scannedRows: Readonly<Record<string, number>>;
}

interface Filled {
  readonly source: TestSource;
  readonly rows: WrittenRows;
  readonly span: Span;
}

/** Fails with code usage where rows are lacking or are none. */
export async function prepareTest(
  services: TestServices,
  analyzed: AnalyzedNotebook,
  { test, node, bound }: { readonly test: TestCell; readonly node: GraphNode; readonly bound: BoundColumns },
  signal: AbortSignal,
): Promise<PreparedTest> {
  const { engine, view } = services;
  const filled: Filled[] = [];
  for (const source of await sourcesOf(services, node, bound, test)) {
    const given = test.given.find(({ name }) => name.toLowerCase() === source.key.toLowerCase());
    const rows = given === undefined ? NO_ROWS : await writtenRows(services, given.rows, signal);
    if (source.columns === undefined && rows.columns.length === 0) throw unknownColumns(source);
    filled.push({ source, rows, span: given?.span ?? test.nameSpan });
  }
  const sql = withoutOwnSchemas(queryOf(node.cell)?.sql ?? "", node.facts);
  const shown = test.cte === undefined ? sql : (engine.commonTables(sql).sqlOf(test.cte.name) ?? sql);
  const relations = filled.flatMap(({ source: { key, relation, columns }, rows, span }) =>
    relation === undefined ? [] : [{ relation, table: toGivenTable(engine, rows, columns, key), span }],
  );
  const isShown = ({ call, span }: FileReference): boolean =>
    (call ?? span).end <= shown.length &&
    sql.slice(0, (call ?? span).end) === shown.slice(0, (call ?? span).end);
  const calls = givenCalls(services, filled).filter(({ reference }) => isShown(reference));
  const runDate = test.runDate ?? today();
  const { start, end } = intervalOf(runDate, analyzed.notebook.frontMatter.schedule, []);
  const given = Object.fromEntries(test.parameters.map(({ name, value }) => [name, value]));
  const record = {
    date: runDate,
    intervalStart: start,
    intervalEnd: end,
    parameters: readParameters(analyzed, given),
  };
  return {
    sql: engine.nameGiven(shown, calls),
    scope: {
      root: view.root,
      readable: [],
      relations: relations.map(({ relation, table }): Relation => ({ type: "given", ...relation, table })),
      parameters: bindParameters(record, node.parameters),
    },
    runDate,
    tables: [...relations, ...calls],
    scannedRows: Object.fromEntries(
      filled.flatMap(({ source, rows }) =>
        source.references.length === 0 ? [] : [[source.key, rows.rows.length * source.references.length]],
      ),
    ),
  };
}

function unknownColumns({ key }: TestSource): AppError {
  return new AppError("usage", `The columns of "${key}" are not known.`, {
    hint: `Give it rows: given: {${key.includes("/") ? `"${key}"` : key}: [{...}]}.`,
  });
}

/** A call reads one path or several: it has the rows of all. */
function givenCalls(
  { engine }: TestServices,
  filled: readonly Filled[],
): (GivenCall & { readonly span: Span })[] {
  const groups = new Map<string, { readonly reference: FileReference; readonly parts: Filled[] }>();
  for (const each of filled)
    for (const reference of each.source.references) {
      const { call } = reference;
      if (call === undefined)
        throw new AppError("usage", `How the query reads "${reference.path}" can't be told.`, {
          hint: "Read it in a cell of its own, and test what reads that.",
        });
      const key = `${String(call.start)}-${String(call.end)}`;
      const group = groups.get(key) ?? { reference, parts: [] };
      group.parts.push(each);
      groups.set(key, group);
    }
  return [...groups.values()].map(({ reference, parts }) => {
    const columns = parts.find(({ source }) => source.columns !== undefined)?.source.columns;
    return {
      reference,
      table: toGivenTable(
        engine,
        together(parts.map(({ rows }) => rows)),
        columns,
        parts.map(({ source }) => source.key).join(", "),
      ),
      span: (parts.find(({ rows }) => rows.rows.length > 0) ?? parts[0])?.span ?? reference.span,
    };
  });
}

function together(parts: readonly WrittenRows[]): WrittenRows {
  const columns = [...new Set(parts.flatMap((part) => part.columns.map((name) => name.toLowerCase())))];
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const rows = parts.flatMap((part) => {
    const places = columns.map((name) => part.columns.findIndex((other) => other.toLowerCase() === name));
    return part.rows.map(({ values }) => ({ values: places.map((place) => values[place] ?? null) }));
  });
  return { columns, rows };
}
