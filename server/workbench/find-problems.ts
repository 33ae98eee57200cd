import type { GraphDiagnostic } from "../graph/diagnostic-codes.js";
import { compareDiagnostics, hasErrors, type Diagnostic } from "../base/diagnostic.js";
import { EditedText } from "../text/edited-text.js";
import type { AppError } from "../base/errors.js";
import { isAppError } from "../base/errors.js";
import { giveWay } from "../base/give-way.js";
import { suggest } from "../text/suggest.js";
import type { BindItem, BindResult, Column, Engine, QueryScope, Relation } from "../engine/engine.js";
import { checksOf, queryOf } from "../notebook/kinds/kinds.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import type { CheckSpec } from "../notebook/check-spec.js";
import { isCumulative, isDataset, type Cell, type SqlCell } from "../notebook/notebook.js";
import { stampOf, type Stamp } from "../lake/input-file.js";
import type { Lake } from "../lake/lake.js";
import type { Workspace } from "../workspace/workspace.js";
import type { NotebookCache } from "../analysis/notebook-cache.js";
import { matchInputFiles, withoutSkipped } from "../runs/skipped-files.js";
import { placeInCondition, type AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { toRelation } from "../runs/cell-result.js";
import { findOtherOwner, takenHint, takenMessage } from "../runs/dataset-owner.js";
import { filesOf, lakeReference } from "../runs/run-context.js";
import { columnDiagnostics } from "./column-problems.js";
import { BIND_TIMEOUT_MS, bindCells, withAncestors, type Surroundings } from "./bind-cells.js";
import { testProblems } from "./tests/test-problems.js";
import { misfitDiagnostics } from "./misfits.js";
import { missingDataset } from "./missing-dataset.js";
import { withoutOwnSchemas } from "../runs/query-scope.js";
import { ofSomeFiles, virtualColumn, virtualColumnError } from "../runs/virtual-columns.js";
import type { DeliveredFiles } from "../engine/verbs.js";
import { isSystemSchema, systemRelationNames, systemRelationShape } from "../runs/system-relations.js";
import { awaitedDiagnostics } from "./find-awaited.js";
import { requireContent, type InputView } from "../runs/run-inputs.js";

export interface FoundProblems {
  readonly diagnostics: readonly Diagnostic[];
  /** Columns of every SQL cell that could be bound. */
  readonly columns: ReadonlyMap<string, readonly Column[]>;
}

export interface ProblemServices {
  readonly workspace: Workspace;
  readonly notebooks: NotebookCache;
  readonly lake: Lake | undefined;
  readonly engine: Engine;
  readonly view: InputView;
}

/** Binds every cell without running any: names, types, files, contracts, the columns that options name. */
export async function findProblems(
  services: ProblemServices,
  analyzed: AnalyzedNotebook,
): Promise<FoundProblems> {
  const diagnostics: Diagnostic[] = [...analyzed.diagnostics];
  const broken = new Set<string>();
  const relations = new Map<string, Relation>();
  const stamps = new Map<string, Stamp>();
  for (const node of analyzed.graph.nodes.values()) {
    await giveWay();
    const found = [
      ...(await fileDiagnostics(services.workspace, node, stamps)),
      ...(await lakeDiagnostics(services.lake, node, relations)),
    ];
    diagnostics.push(...found);
    if (node.isBroken || hasErrors(found)) broken.add(node.cell.name);
  }
  diagnostics.push(...(await ownershipDiagnostics(services, analyzed)));
  diagnostics.push(...(await awaitedDiagnostics(services.notebooks, analyzed)));
  const scope = scopeOf(services.view, analyzed, [...relations.values()]);
  const written = bindItems(analyzed, broken);
  const texts = await readableTexts(services.engine, services.workspace, analyzed, written);
  const items = written.map((item) => ({ ...item, sql: texts.get(item.name)?.text ?? item.sql }));
  await giveWay();
  const key = JSON.stringify([items, scope, [...stamps]]);
  const known = boundNotebooks.get(analyzed);
  const bound =
    known?.key === key ? known.bound : bindNotebook(services, { scope, stamps }, items, texts, analyzed);
  boundNotebooks.set(analyzed, { key, bound });
  const { problems, columns, isWhole } = await bound.catch((error: unknown) => {
    boundNotebooks.delete(analyzed);
    throw error;
  });
  if (!isWhole) boundNotebooks.delete(analyzed);
  diagnostics.push(...problems, ...(await testProblems(services, analyzed, columns)));
  return { diagnostics: diagnostics.sort(compareDiagnostics), columns };
}

/** The engine looks for the files of a pattern itself, so what must be left out cannot stand there. */
async function readableTexts(
  engine: Engine,
  workspace: Workspace,
  { graph }: AnalyzedNotebook,
  items: readonly BindItem[],
): Promise<Texts> {
  const texts = items.map(async ({ name, sql }) => {
    const facts = graph.nodes.get(name)?.facts;
    // A file that went away meanwhile is told of by the engine.
    const text = await withoutSkipped(engine, workspace, sql, facts).catch(() => new EditedText(sql, []));
    return [name, text] as const;
  });
  return new Map(await Promise.all(texts));
}

/** By the cell's name, what is bound in place of its query. */
type Texts = ReadonlyMap<string, EditedText>;

function toOriginalPlaces(result: BindResult, texts: Texts): BindResult {
  const text = texts.get(result.name);
  if (result.ok || text === undefined) return result;
  const problems = result.problems.map((problem) => ({ ...problem, span: text.toOriginal(problem.span) }));
  return { ...result, problems };
}

interface BoundNotebook {
  readonly problems: readonly Diagnostic[];
  readonly columns: ReadonlyMap<string, readonly Column[]>;
  /** False where a cell was given up, which may go well the next time. */
  readonly isWhole: boolean;
}

/** Nothing has to be bound again while neither the notebook nor what it reads has changed. */
const boundNotebooks = new WeakMap<
  AnalyzedNotebook,
  { readonly key: string; readonly bound: Promise<BoundNotebook> }
>();

async function bindNotebook(
  { engine, workspace }: ProblemServices,
  surroundings: Surroundings,
  items: readonly BindItem[],
  texts: Texts,
  analyzed: AnalyzedNotebook,
): Promise<BoundNotebook> {
  const { scope } = surroundings;
  const { results: found, isWhole } = await bindCells(engine, surroundings, items, analyzed);
  const results = found.map((result) => toOriginalPlaces(result, texts));
  const columns = new Map(
    results.flatMap((result) => (result.ok ? [[result.name, result.columns] as const] : [])),
  );
  const problems = results.flatMap((result) => bindDiagnostics(analyzed, result));
  problems.push(...(await misfitDiagnostics(engine, scope, analyzed, columns)));
  for (const cell of analyzed.notebook.cells) {
    await giveWay();
    problems.push(...(await columnDiagnostics(engine, scope, cell, columns)));
    if (columns.has(cell.name) && isCumulative(cell))
      problems.push(...(await virtualDiagnostics({ engine, workspace }, scope, items, analyzed, cell)));
  }
  return { problems, columns, isWhole };
}

/** A column that is there in each file and not in what several deliveries are together. */
async function virtualDiagnostics(
  { engine, workspace }: Pick<ProblemServices, "engine" | "workspace">,
  scope: QueryScope,
  items: readonly BindItem[],
  { graph, notebook }: AnalyzedNotebook,
  cell: SqlCell,
): Promise<GraphDiagnostic[]> {
  const node = graph.nodes.get(cell.name);
  const column = virtualColumn(cell.sql);
  const references = node?.facts?.files ?? [];
  if (node === undefined || column === undefined || references.length === 0) return [];
  const files: DeliveredFiles[] = [];
  for (const reference of references) {
    const paths = (await matchInputFiles(workspace, reference.path)).files.map(({ path }) => path);
    files.push({ reference, all: paths, only: paths, isUniform: false });
  }
  const sql = ofSomeFiles(engine, withoutOwnSchemas(cell.sql, node.facts), files);
  const above = withAncestors([{ name: cell.name, sql }], items, graph).filter(
    ({ name }) => name !== cell.name,
  );
  const control = { label: notebook.name, timeoutMs: BIND_TIMEOUT_MS };
  const results = await engine.bind(scope, [...above, { name: cell.name, sql }], control).catch(() => []);
  if (results.at(-1)?.ok !== false) return [];
  const { message, hint } = virtualColumnError(cell.name, column.name, files);
  const start = (queryOf(cell)?.span.start ?? 0) + column.start;
  return [
    {
      code: "virtual-column",
      severity: "error",
      message,
      cell: cell.name,
      span: { start, end: start + column.name.length },
      ...(hint === undefined ? {} : { hint }),
    },
  ];
}

/** Cells in topological order whose ancestors can all be bound. */
function bindItems(analyzed: AnalyzedNotebook, broken: ReadonlySet<string>): BindItem[] {
  const left = new Set<string>();
  return analyzed.graph.order.flatMap((name) => {
    const node = analyzed.graph.nodes.get(name);
    const query = node === undefined ? undefined : queryOf(node.cell);
    if (node === undefined || query === undefined) return [];
    const isLeft = broken.has(name) || node.parents.some((parent) => left.has(parent));
    if (isLeft) left.add(name);
    if (isLeft) return [];
    const checks = checksOf(node.cell).filter((spec) => !analyzed.refusedChecks.has(spec.name));
    const conditions = checks.flatMap((spec) => spec.conditions.map(({ sql }) => sql));
    const rules = checks.map(({ name, rule }) => ({ name, rule }));
    return [
      {
        name,
        sql: query.sql,
        ...(isDataset(node.cell) && { isStored: true }),
        ...(conditions.length > 0 && { conditions }),
        ...(rules.length > 0 && { rules }),
      },
    ];
  });
}

function scopeOf(view: InputView, analyzed: AnalyzedNotebook, relations: readonly Relation[]): QueryScope {
  const definitions = [...analyzed.graph.nodes.values()].flatMap((node) => node.parameters);
  const unique = new Map(definitions.map((definition) => [definition.name, definition]));
  const parameters = [...unique.values()].map((definition) => ({
    definition,
    value: definition.defaultValue,
  }));
  return { root: view.root, readable: view.readable, relations, parameters };
}

async function fileDiagnostics(
  workspace: Workspace,
  node: GraphNode,
  stamps: Map<string, Stamp>,
): Promise<Diagnostic[]> {
  const offset = queryOf(node.cell)?.span.start ?? 0;
  const found = await Promise.all(
    (node.facts?.files ?? []).map(async (file): Promise<Diagnostic[]> => {
      const { error, skipped } = await inputProblems(workspace, file.path, stamps);
      const toDiagnostic = ({
        message,
        hint,
      }: AppError): Omit<Diagnostic, "severity" | "message"> & Pick<AppError, "message"> => ({
        code: "input-file",
        message,
        cell: node.cell.name,
        span: { start: file.span.start + offset, end: file.span.end + offset },
        ...(hint === undefined ? {} : { hint }),
      });
      if (error !== undefined) return [{ ...toDiagnostic(error), severity: "error" }];
      return skipped.map((problem) => ({
        ...toDiagnostic(problem),
        severity: "warning",
        message: `"${file.path}" leaves out what cannot be read: ${problem.message}`,
      }));
    }),
  );
  return found.flat();
}

async function inputProblems(
  workspace: Workspace,
  path: string,
  stamps: Map<string, Stamp>,
): Promise<{ readonly error?: AppError; readonly skipped: readonly AppError[] }> {
  try {
    const { files, skipped } = await matchInputFiles(workspace, path);
    for (const file of files) {
      const stamp = await stampOf(file);
      stamps.set(file.absolutePath, stamp);
      requireContent([{ path: file.path, bytes: Number(stamp.size) }]);
    }
    return { skipped };
  } catch (error) {
    if (isAppError(error)) return { error, skipped: [] };
    throw error;
  }
}

async function lakeDiagnostics(
  lake: Lake | undefined,
  node: GraphNode,
  relations: Map<string, Relation>,
): Promise<GraphDiagnostic[]> {
  const offset = queryOf(node.cell)?.span.start ?? 0;
  const diagnostics: GraphDiagnostic[] = [];
  for (const { schema, name, span } of node.facts?.tables ?? []) {
    if (schema === undefined) continue;
    const relation = await lakeRelation(lake, schema, name);
    if (relation !== undefined) {
      relations.set(lakeReference(schema, name), relation);
      continue;
    }
    diagnostics.push({
      code: "unknown-dataset",
      severity: "error",
      ...(isSystemSchema(schema) ? missingRelation(schema, name) : missingDataset(lake, schema, name)),
      cell: node.cell.name,
      span: { start: span.start + offset, end: span.end + offset },
    });
  }
  return diagnostics;
}

function missingRelation(schema: string, name: string): { readonly message: string; readonly hint: string } {
  const near = suggest(name, systemRelationNames);
  return {
    message: `System relation "${schema}.${name}" does not exist.`,
    hint: near === undefined ? "List what there is with: lakebook lake" : `Did you mean "${schema}.${near}"?`,
  };
}

async function lakeRelation(
  lake: Lake | undefined,
  schema: string,
  name: string,
): Promise<Relation | undefined> {
  if (isSystemSchema(schema)) return systemRelationShape(name);
  const found = lake?.find(name, schema);
  if (lake === undefined || found === undefined) return undefined;
  return toRelation(name, filesOf(lake, await lake.manifest(name, found.version)), schema);
}

async function ownershipDiagnostics(
  { notebooks, lake }: ProblemServices,
  { notebook }: AnalyzedNotebook,
): Promise<GraphDiagnostic[]> {
  const found: GraphDiagnostic[] = [];
  for (const cell of notebook.cells) {
    if (lake === undefined || !isDataset(cell)) continue;
    const owner = await findOtherOwner({ notebooks, lake }, notebook.name, cell.name);
    if (owner === undefined) continue;
    found.push({
      code: "dataset-taken",
      severity: "error",
      cell: cell.name,
      span: cell.nameSpan,
      message: takenMessage(cell.name, owner),
      hint: takenHint(owner),
    });
  }
  return found;
}

function bindDiagnostics(analyzed: AnalyzedNotebook, result: BindResult): Diagnostic[] {
  const cell = analyzed.graph.nodes.get(result.name)?.cell;
  if (cell === undefined) return [];
  if (result.ok)
    return checksOf(cell).flatMap((spec) => [
      ...conditionDiagnostics(analyzed, cell, spec, result),
      ...ruleDiagnostics(cell, spec, result),
    ]);
  const offset = queryOf(cell)?.span.start ?? 0;
  return result.problems.map((problem) => ({
    code: problem.code,
    severity: "error",
    message: problem.message,
    cell: cell.name,
    span: { start: problem.span.start + offset, end: problem.span.end + offset },
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
  }));
}

function conditionDiagnostics(
  { notebook }: AnalyzedNotebook,
  cell: Cell,
  { name, conditions }: CheckSpec,
  { conditionProblems }: Extract<BindResult, { ok: true }>,
): Diagnostic[] {
  return conditionProblems.flatMap(({ condition, message, hint, span }) =>
    conditions
      .filter(({ sql }) => sql === condition)
      .map((text) => ({
        code: "query-error",
        severity: "error",
        message: `Check "${name}": ${message}`,
        cell: cell.name,
        span: placeInCondition(notebook.source, text, span),
        ...(hint === undefined ? {} : { hint }),
      })),
  );
}

function ruleDiagnostics(
  cell: Cell,
  { name, rule, span }: CheckSpec,
  { ruleProblems }: Extract<BindResult, { ok: true }>,
): Diagnostic[] {
  const problem = ruleProblems.find((each) => each.name === name);
  if (problem === undefined) return [];
  const message = `Check "${name}": ${problem.message}`;
  const hint = ruleHints[rule.kind];
  return [{ code: "query-error", severity: "error", message, cell: cell.name, span, ...(hint && { hint }) }];
}

const TIME_HINT = "The column has to be a date or a timestamp; to_timestamp(x) makes one of epoch seconds.";

/** Of rules that do not fit the type of their column. */
const ruleHints: Partial<Readonly<Record<CheckSpec["rule"]["kind"], string>>> = {
  freshness: TIME_HINT,
  not_in_future: TIME_HINT,
  pattern: "Regular expressions are those of RE2: no look-ahead, no back references.",
};
