import type { Span } from "../../../base/source.js";
import type { QueryAnalysis, QueryFacts, QueryProblem } from "../../../graph/query-analysis.js";
import { analyzeQuery, type Serialize } from "./analyze.js";
import { aggregateFunctions, unnestingFunctions } from "./functions.js";
import { tokenize } from "./lexer.js";
import { Places } from "./lexer-places.js";
import { foldCase } from "../../../text/sql-names.js";
import { isNode, locationOf, nodesOf, parseTree, textOf, withoutLocations, type TreeNode } from "./tree.js";

/*
 * A condition stands in the middle of statements of our own, so it has to be one expression that has one value for
 * each row. It is parsed alone and in brackets, and both must be the same tree: `1, 2` is two expressions alone and
 * one in brackets, `a) OR (b` is none alone, `a FROM t`, `a AS b` and `DISTINCT a` are none in brackets.
 */

const PREFIX = "SELECT (\n";

/** As `analyzeQuery`, for the condition of a check; offsets are into its text. */
export async function analyzeCondition(text: string, serialize: Serialize): Promise<QueryAnalysis> {
  const inBrackets = `${PREFIX}${text}\n)`;
  const analysis = await analyzeQuery(inBrackets, serialize);
  const problems = analysis.ok
    ? await shapeProblems(inBrackets, `SELECT\n${text}\n`, serialize)
    : analysis.problems;
  const move = <T extends { readonly span: Span }>(item: T): T => ({
    ...item,
    span: within(item.span, text),
  });
  if (!analysis.ok || problems.length > 0) return { ok: false, problems: problems.map(move) };
  const { facts } = analysis;
  const moved: Partial<QueryFacts> = {
    tables: facts.tables.map(move),
    files: facts.files.map(move),
    parameters: facts.parameters.map(move),
  };
  return { ok: true, facts: { ...facts, ...moved } };
}

function within({ start, end }: Span, text: string): Span {
  const clamp = (offset: number): number => Math.min(Math.max(offset - PREFIX.length, 0), text.length);
  return { start: clamp(start), end: clamp(end) };
}

async function shapeProblems(
  inBrackets: string,
  alone: string,
  serialize: Serialize,
): Promise<readonly QueryProblem[]> {
  const places = new Places(tokenize(inBrackets));
  const raw = await serialize(inBrackets);
  const parsed = parseTree(raw);
  const expressions = parsed.ok ? nodesOf(parsed.statements[0]?.["select_list"]) : [];
  const [expression] = expressions;
  const isSame = withoutLocations(raw) === withoutLocations(await serialize(alone));
  if (!isSame || expressions.length !== 1 || expression === undefined || isRow(expression))
    return [
      problem(
        "A condition is one expression that is true or false.",
        places.whole,
        "Join several by AND: a > 0 AND b > 0.",
      ),
    ];
  return nodesOutsideSubqueries(expression).flatMap((node) => nodeProblem(node, places) ?? []);
}

/** `(1, 2)` */
function isRow(expression: TreeNode): boolean {
  return expression.class === "FUNCTION" && foldCase(textOf(expression["function_name"])) === "row";
}

/** A subquery has rows of its own. */
function nodesOutsideSubqueries(expression: TreeNode): readonly TreeNode[] {
  const nodes: TreeNode[] = [];
  const stack: unknown[] = [expression];
  while (stack.length > 0) {
    const value = stack.pop();
    if (Array.isArray(value)) for (const item of value) stack.push(item);
    if (!isNode(value) || value.class === "CONSTANT") continue;
    nodes.push(value);
    for (const [field, child] of Object.entries(value)) if (field !== "subquery") stack.push(child);
  }
  return nodes;
}

/** What has not one value for each row. */
function nodeProblem(node: TreeNode, places: Places): QueryProblem | undefined {
  const name = foldCase(textOf(node["function_name"]));
  const span = places.name(locationOf(node), name);
  if (node.class === "STAR") {
    const message = "A condition has one value for each row, and this stands for several columns.";
    return problem(message, span, "Name each column: a IS NOT NULL AND b IS NOT NULL.");
  }
  const what =
    node.class === "WINDOW"
      ? "looks at other rows too"
      : node.class === "FUNCTION" && isAggregate(node, name)
        ? "is one of many rows"
        : node.class === "FUNCTION" && unnestingFunctions.has(name)
          ? "makes several rows of one"
          : undefined;
  if (what === undefined) return undefined;
  return problem(
    `A condition has one value for each row, and "${name}" ${what}.`,
    span,
    "Write a check cell, whose rows are the wrong ones.",
  );
}

function isAggregate(call: TreeNode, name: string): boolean {
  const orders = isNode(call["order_bys"]) ? nodesOf(call["order_bys"]["orders"]) : [];
  return (
    aggregateFunctions.has(name) || isNode(call["filter"]) || call["distinct"] === true || orders.length > 0
  );
}

function problem(message: string, span: Span, hint: string): QueryProblem {
  return { code: "not-a-condition", message, span, hint };
}
