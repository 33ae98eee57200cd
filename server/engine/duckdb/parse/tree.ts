/*
 * DuckDB's parse tree as `json_serialize_sql` prints it. Every object has a `type`; those with a `class` are
 * expressions, the others queries (`SELECT_NODE` ...), relations (`BASE_TABLE` ...), modifiers and details.
 */

/** Any object of the tree, with the fields that are read here. */
export interface TreeNode {
  readonly class?: string;
  readonly type?: unknown;
  readonly query_location?: number;
  readonly alias?: string;
  readonly [field: string]: unknown;
}

export type ParsedSql =
  | { readonly ok: true; readonly statements: readonly TreeNode[] }
  | { readonly ok: false; readonly error: ParseFailure };

/** What DuckDB says of a text that it cannot turn into a tree. */
export interface ParseFailure {
  /** E.g. `parser`, `not implemented`, `serialization`. */
  readonly type: string;
  readonly subtype?: string;
  readonly message: string;
  /** Code points for a syntax error, else UTF-8 bytes. */
  readonly position?: number;
}

interface SerializedSql {
  readonly error: boolean;
  readonly statements?: readonly { readonly node: TreeNode }[];
  readonly plans?: readonly TreeNode[];
  readonly error_type?: string;
  readonly error_message?: string;
  readonly error_subtype?: string;
  readonly position?: string;
}

export function parseTree(raw: string): ParsedSql {
  const answer = parseJson(raw);
  if (!answer.error) return { ok: true, statements: (answer.statements ?? []).map(({ node }) => node) };
  return { ok: false, error: failureOf(answer) };
}

export type ParsedPlan =
  | { readonly ok: true; readonly plans: readonly TreeNode[] }
  | { readonly ok: false; readonly error: ParseFailure };

/** The same of what `json_serialize_plan` prints. */
export function parsePlan(raw: string): ParsedPlan {
  const answer = parseJson(raw);
  return answer.error ? { ok: false, error: failureOf(answer) } : { ok: true, plans: answer.plans ?? [] };
}

function failureOf(answer: SerializedSql): ParseFailure {
  return {
    type: answer.error_type ?? "",
    message: answer.error_message ?? "",
    ...(answer.error_subtype === undefined ? {} : { subtype: answer.error_subtype }),
    ...(answer.position === undefined ? {} : { position: Number(answer.position) }),
  };
}

function parseJson(raw: string): SerializedSql {
  try {
    return JSON.parse(raw) as SerializedSql;
  } catch {
    // A constant such as 1e400 is printed as a bare Infinity. Inside of a string, `"value":` has its quotes escaped.
    return JSON.parse(raw.replace(/"value":-?(Infinity|NaN|inf|nan)/gi, '"value":null')) as SerializedSql;
  }
}

/**
 * The text of a tree without places, for fingerprints. It is made from the text since JSON.parse would round
 * constants beyond 2^53. The pattern cannot match inside of a string, where quotes are escaped.
 */
export function withoutLocations(raw: string): string {
  return raw.replace(/"query_location":\d+,?/g, "");
}

export function isNode(value: unknown): value is TreeNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function nodesOf(value: unknown): readonly TreeNode[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The place of a node in UTF-8 bytes, where it has one: 2^64 - 1 stands for none. */
export function locationOf(node: TreeNode): number | undefined {
  const location = node.query_location;
  return location === undefined || location > Number.MAX_SAFE_INTEGER ? undefined : location;
}

/** The query in a subquery, a CTE or a branch: some of them are wrapped. */
export function queryNode(value: unknown): TreeNode | undefined {
  if (!isNode(value)) return undefined;
  return isNode(value["node"]) ? value["node"] : value;
}

/** Keeps its own stack: expressions may be deep. `isClosed`: what it holds does not count. */
export function someNode(
  root: TreeNode,
  isWanted: (node: TreeNode) => boolean,
  isClosed: (node: TreeNode) => boolean = () => false,
): boolean {
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const value = stack.pop();
    if (Array.isArray(value)) for (const item of value) stack.push(item);
    else if (isNode(value)) {
      if (isWanted(value)) return true;
      if (isClosed(value)) continue;
      for (const field of Object.values(value)) if (typeof field === "object") stack.push(field);
    }
  }
  return false;
}
