import type { QueryFacts, TableReference } from "../../../graph/query-analysis.js";
import {
  aggregateFunctions,
  droppingReaderOptions,
  fileReaders,
  functionSchemas,
  unnestingFunctions,
  volatileFunctions,
  volatileWords,
} from "./functions.js";
import type { Places } from "./lexer-places.js";
import type { Admission, AdmittedTable } from "./policy.js";
import { groupedBy } from "./grouped-by.js";
import { readerArguments } from "./policy-readers.js";
import type { FoundCall, TreeFindings } from "./references.js";
import { formOf } from "./query-form.js";
import { keepsOrder } from "./row-order.js";
import { isNode, nodesOf, type TreeNode } from "./tree.js";

export interface JudgedStatement {
  readonly statement: TreeNode;
  readonly found: TreeFindings;
  readonly admission: Admission;
  readonly places: Places;
}

/** What is known of a query: its own statement first, then subqueries that were taken out of it. */
export function factsOf(
  statements: readonly JudgedStatement[],
): Omit<QueryFacts, "normalized" | "isInferred"> {
  const query = statements[0];
  const isProjection = query !== undefined && projects(query);
  return {
    tables: mergeTables(statements.flatMap(({ admission }) => admission.tables)),
    files: statements.flatMap(({ admission }) => admission.files).sort((a, b) => a.span.start - b.span.start),
    parameters: parametersOf(statements),
    volatileFunctions: [...new Set(statements.flatMap(({ found }) => findVolatile(found)))].sort(),
    ownSchemas: statements.flatMap(({ admission }) => admission.ownSchemas),
    isProjection,
    keepsEveryRow: isProjection && keepsRows(query),
    groupedBy: groupedBy(query?.statement),
    ...(query !== undefined && statements.length === 1 ? { form: formOf(query.statement) } : {}),
    keepsOrder: query === undefined || keepsOrder(query.statement),
    isOrdered: nodesOf(query?.statement["modifiers"]).some((modifier) => modifier.type === "ORDER_MODIFIER"),
  };
}

function mergeTables(tables: readonly AdmittedTable[]): readonly TableReference[] {
  const merged = new Map<string, TableReference>();
  for (const table of [...tables].sort((a, b) => a.span.start - b.span.start)) {
    const key = JSON.stringify([table.schema ?? "", table.name]);
    const earlier = merged.get(key);
    merged.set(
      key,
      earlier === undefined ? { ...table, count: 1 } : { ...earlier, count: earlier.count + 1 },
    );
  }
  return [...merged.values()];
}

function parametersOf(statements: readonly JudgedStatement[]): QueryFacts["parameters"] {
  const places = new Map<string, Places>();
  for (const statement of statements) {
    for (const { name } of statement.found.parameters) places.set(name, statement.places);
  }
  return [...places]
    .filter(([name]) => !/^\d+$/.test(name))
    .map(([name, place]) => ({ name, span: place.parameter(name) }))
    .sort((a, b) => a.span.start - b.span.start);
}

function findVolatile(found: TreeFindings): readonly string[] {
  const calls = [...found.functions, ...found.tableFunctions].filter(
    (call) => volatileFunctions.has(call.name) || isAgeFromNow(call),
  );
  const names = [...found.plainColumns.keys()].filter((name) => volatileWords.has(name));
  return [...calls.map((call) => call.name), ...names, ...(found.hasRandomSample ? ["sample"] : [])];
}

/** With one argument, `age` counts from today. */
function isAgeFromNow(call: FoundCall): boolean {
  if (call.name !== "age") return false;
  return call.arguments.length + (functionSchemas.has(call.schema) ? 0 : 1) < 2;
}

/** Fields of a SELECT that make it more than a projection. */
const otherClauses = ["group_expressions", "group_sets", "modifiers"];
const otherConditions = ["having", "qualify", "sample"];

function projects({ statement, found }: JudgedStatement): boolean {
  const from = statement["from_table"];
  const ctes = statement["cte_map"];
  return (
    statement.type === "SELECT_NODE" &&
    otherClauses.every((field) => nodesOrLists(statement[field]) === 0) &&
    otherConditions.every((field) => statement[field] === null) &&
    statement["aggregate_handling"] === "STANDARD_HANDLING" &&
    isNode(ctes) &&
    nodesOf(ctes["map"]).length === 0 &&
    isNode(from) &&
    isOneRelation(from) &&
    !found.hasSubquery &&
    !found.hasWindow &&
    !found.functions.some((call) => aggregateFunctions.has(call.name) || unnestingFunctions.has(call.name))
  );
}

function nodesOrLists(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

function isOneRelation(from: TreeNode): boolean {
  if (from["sample"] !== null) return false;
  if (from.type === "BASE_TABLE") return from["at_clause"] === null;
  return (
    from.type === "TABLE_FUNCTION" &&
    readerOf(from) !== undefined &&
    from["with_ordinality"] === "WITHOUT_ORDINALITY"
  );
}

function readerOf(from: TreeNode): TreeNode | undefined {
  const call = from["function"];
  return isNode(call) && fileReaders.has(String(call["function_name"])) ? call : undefined;
}

function keepsRows({ statement, found }: JudgedStatement): boolean {
  if (statement["where_clause"] !== null) return false;
  const options = found.tableFunctions.flatMap((call) => readerArguments(call.arguments).options);
  return !options.some((option) => droppingReaderOptions.has(option));
}
