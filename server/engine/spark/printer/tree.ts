import { isComment, tokenizeSql, wideSpace, type Token } from "../../../text/sql-tokens.js";
import type { Span } from "../../../base/source.js";

/*
 * DuckDB's tree of a query as `json_serialize_sql` gives it. It must be made without `skip_default`, `skip_empty` and
 * `skip_null`: these drop `UNION ALL`'s flag, the empty grouping set of a ROLLUP and the constant ''.
 */

/** Any object of the tree. Those with a `class` are expressions; the others queries, relations and modifiers. */
export interface TreeNode {
  readonly class?: string;
  readonly type?: unknown;
  readonly query_location?: number;
  readonly alias?: string;
  /** Of a constant that a number of JavaScript cannot hold: its digits. Only here, not DuckDB's. */
  readonly exact?: string;
  readonly aggregate_handling?: unknown;
  readonly aggregates?: unknown;
  readonly aliases?: unknown;
  readonly arg_orders?: unknown;
  readonly at_clause?: unknown;
  readonly case_checks?: unknown;
  readonly cast_type?: unknown;
  readonly catalog?: unknown;
  readonly catalog_name?: unknown;
  readonly child?: unknown;
  readonly children?: unknown;
  readonly column?: unknown;
  readonly column_name_alias?: unknown;
  readonly column_names?: unknown;
  readonly columns?: unknown;
  readonly comparison_type?: unknown;
  readonly condition?: unknown;
  readonly cte_map?: unknown;
  readonly distinct?: unknown;
  readonly distinct_on_targets?: unknown;
  readonly else_expr?: unknown;
  readonly end?: unknown;
  readonly end_expr?: unknown;
  readonly entries?: unknown;
  readonly exclude_clause?: unknown;
  readonly exclude_list?: unknown;
  readonly export_state?: unknown;
  readonly expr?: unknown;
  readonly expression?: unknown;
  readonly filter?: unknown;
  readonly filter_expr?: unknown;
  readonly from_table?: unknown;
  readonly function?: unknown;
  readonly function_name?: unknown;
  readonly group_expressions?: unknown;
  readonly group_sets?: unknown;
  readonly groups?: unknown;
  readonly having?: unknown;
  readonly id?: unknown;
  readonly identifier?: unknown;
  readonly ignore_nulls?: unknown;
  readonly include_nulls?: unknown;
  readonly index?: unknown;
  readonly input?: unknown;
  readonly is_null?: unknown;
  readonly join_type?: unknown;
  readonly key?: unknown;
  readonly key_targets?: unknown;
  readonly left?: unknown;
  readonly lhs?: unknown;
  readonly limit?: unknown;
  readonly lower?: unknown;
  readonly map?: unknown;
  readonly modifiers?: unknown;
  readonly node?: unknown;
  readonly null_order?: unknown;
  readonly offset?: unknown;
  readonly order_bys?: unknown;
  readonly orders?: unknown;
  readonly partitions?: unknown;
  readonly pivot_enum?: unknown;
  readonly pivot_expressions?: unknown;
  readonly pivots?: unknown;
  readonly qualified_exclude_list?: unknown;
  readonly qualify?: unknown;
  readonly query?: unknown;
  readonly ref_type?: unknown;
  readonly relation_name?: unknown;
  readonly rename_list?: unknown;
  readonly replace_list?: unknown;
  readonly right?: unknown;
  readonly sample?: unknown;
  readonly scale?: unknown;
  readonly schema?: unknown;
  readonly schema_name?: unknown;
  readonly select_list?: unknown;
  readonly setop_all?: unknown;
  readonly setop_type?: unknown;
  readonly show_type?: unknown;
  readonly source?: unknown;
  readonly star_expr?: unknown;
  readonly start?: unknown;
  readonly start_expr?: unknown;
  readonly subquery?: unknown;
  readonly subquery_type?: unknown;
  readonly table?: unknown;
  readonly table_name?: unknown;
  readonly then_expr?: unknown;
  readonly try_cast?: unknown;
  readonly type_info?: unknown;
  readonly union_all?: unknown;
  readonly unpivot_names?: unknown;
  readonly upper?: unknown;
  readonly using_columns?: unknown;
  readonly value?: unknown;
  readonly values?: unknown;
  readonly when_expr?: unknown;
  readonly where_clause?: unknown;
  readonly width?: unknown;
  readonly with_ordinality?: unknown;
  readonly [field: string]: unknown;
}

export type QueryTree =
  { readonly ok: true; readonly node: TreeNode } | { readonly ok: false; readonly reason: string };

interface Serialized {
  readonly error: boolean;
  readonly error_message?: string;
  readonly statements?: readonly { readonly node: TreeNode }[];
}

/** Inside of a string of JSON the quotes are escaped, so that these patterns match fields only. */
const wideConstant = /"value":\{"upper":(-?\d+),"lower":(\d+)\}/g;
const longConstant = /"value":(-?\d{16,})(?=[,}])/g;
const noNumber = /"value":-?(Infinity|NaN|inf|nan)/gi;

export function readTree(raw: string): QueryTree {
  const text = raw
    .replace(wideConstant, (_, upper: string, lower: string) => {
      const exact = (BigInt(upper) << 64n) + BigInt(lower);
      return `"value":{"upper":0,"lower":0},"exact":"${exact.toString()}"`;
    })
    .replace(longConstant, (_, digits: string) => `"value":0,"exact":"${digits}"`)
    .replace(noNumber, '"value":null');
  const answer = parse(text);
  if (answer === undefined) return { ok: false, reason: "a constant that is not known" };
  if (answer.error) return { ok: false, reason: reasonOf(answer.error_message ?? "") };
  const [statement, ...others] = answer.statements ?? [];
  if (statement === undefined || others.length > 0) return { ok: false, reason: "what is not one query" };
  return { ok: true, node: statement.node };
}

/** Undefined for a number that JSON cannot have. */
function parse(text: string): Serialized | undefined {
  try {
    return JSON.parse(text) as Serialized;
  } catch {
    return undefined;
  }
}

/** A PIVOT without its values is several statements. */
function reasonOf(message: string): string {
  if (!message.startsWith("Only SELECT")) return message;
  return "a statement that is no SELECT, or a PIVOT without IN (...)";
}

/** Asks for names and types of a tree's columns: a query that DuckDB describes. What is only here is left out. */
export function toDescribed(node: TreeNode): string {
  const statements = [{ node, named_param_map: [] }];
  const text = JSON.stringify({ error: false, statements }, (key, value: unknown) =>
    key === "query_location" || key === "exact" ? undefined : withFraction(value),
  );
  return `FROM query(json_deserialize_sql('${text.replaceAll("'", "''")}'))`;
}

/** JSON has one way to write 1 and 1.0, of which DuckDB takes the first for no DOUBLE. The value does not matter here. */
function withFraction(value: unknown): unknown {
  if (!isNode(value) || typeof value.value !== "number") return value;
  const id = nodeOf(value.type)?.id;
  return id === "DOUBLE" || id === "FLOAT" ? { ...value, value: 0.5 } : value;
}

export function isNode(value: unknown): value is TreeNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function nodeOf(value: unknown): TreeNode | undefined {
  return isNode(value) ? value : undefined;
}

export function nodesOf(value: unknown): readonly TreeNode[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

export function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== null && value !== undefined && value !== false && value !== "";
}

/** The query in a subquery, a CTE or a derived table. */
export function queryOf(holder: unknown): TreeNode {
  return nodeOf(nodeOf(holder)?.node) ?? {};
}

export interface Constant {
  readonly type: string;
  readonly width: number;
  readonly scale: number;
  readonly isNull: boolean;
  readonly value: unknown;
  readonly exact: string | undefined;
}

export function constantOf(node: TreeNode | undefined): Constant | undefined {
  return node?.class === "CONSTANT" ? valueOf(nodeOf(node.value), node.exact) : undefined;
}

export function valueOf(value: TreeNode | undefined, exact: string | undefined): Constant {
  const type = nodeOf(value?.type);
  const info = nodeOf(type?.type_info);
  return {
    type: textOf(type?.id),
    width: Number(info?.width ?? 0),
    scale: Number(info?.scale ?? 0),
    isNull: value?.is_null === true,
    value: value?.value,
    exact: exact ?? value?.exact,
  };
}

export function textConstant(node: TreeNode | undefined): string | undefined {
  const constant = constantOf(node);
  return constant?.type === "VARCHAR" && typeof constant.value === "string" ? constant.value : undefined;
}

/** A whole number that is written there, negative ones too. */
export function wholeConstant(node: TreeNode | undefined): number | undefined {
  if (node?.class === "FUNCTION" && node.function_name === "-" && nodesOf(node.children).length === 1) {
    const number = wholeConstant(nodesOf(node.children)[0]);
    return number === undefined ? undefined : -number;
  }
  const constant = constantOf(node);
  return constant?.exact === undefined && constant?.type === "INTEGER" && Number.isInteger(constant.value)
    ? Number(constant.value)
    : undefined;
}

/** Visits every object below; false as the answer leaves out what is below it. */
export function walk(value: unknown, visit: (node: TreeNode) => boolean): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (isNode(value) && visit(value))
    for (const field of Object.values(value)) if (typeof field === "object") walk(field, visit);
}

/** How deep expressions stand in each other. */
export function depthOf(value: unknown): number {
  if (Array.isArray(value)) return Math.max(0, ...value.map(depthOf));
  if (!isNode(value)) return 0;
  const below = Math.max(0, ...Object.values(value).map(depthOf));
  return value.class === undefined ? below : below + 1;
}

/** A copy in which `change` replaced what it has an answer for. */
export function rewrite(value: unknown, change: (node: TreeNode) => TreeNode | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, change));
  if (!isNode(value)) return value;
  return (
    change(value) ??
    Object.fromEntries(Object.entries(value).map(([key, field]) => [key, rewrite(field, change)]))
  );
}

/** Places of a tree, which counts UTF-8 bytes, in the text. */
export class Places {
  readonly #tokens: readonly Token[];
  readonly #offsets: number[] = [];
  readonly #ends = new Map<number, number>();

  constructor(text: string) {
    const tokens = tokenizeSql(text);
    this.#tokens = tokens.filter((token) => !isComment(token));
    const kept = new Set<number>();
    for (const { kind, start, end } of tokens) {
      this.#ends.set(start, end);
      const isKept = kind === "string" || kind === "quoted" || text.startsWith("--", start);
      if (isKept) for (let at = start; at < end; at++) kept.add(at);
    }
    for (let at = 0; at < text.length;) {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      // DuckDB takes a wide space outside of quotes for one plain space.
      const isPlain = wideSpace.test(character) && !kept.has(at);
      const bytes = isPlain ? 1 : Buffer.byteLength(character);
      for (let byte = 0; byte < bytes; byte++) this.#offsets.push(at);
      at += character.length;
    }
    this.#offsets.push(text.length);
  }

  /** Where the word stands that a reason begins with, e.g. LIMIT; else the whole query. */
  ofWord(reason: string): Span {
    const [, word = ""] = /(?:^|\ba )([A-Z]{2,}|\w+(?=\())|^[*]/.exec(reason) ?? [];
    const wanted = reason.startsWith("*") ? "*" : word.toUpperCase();
    const found = this.#tokens.find(({ value }) => value.toUpperCase() === wanted);
    const [first, last] = [this.#tokens[0], this.#tokens.at(-1)];
    return found === undefined
      ? { start: first?.start ?? 0, end: last?.end ?? 0 }
      : { start: found.start, end: found.end };
  }

  /** The token at which a node begins. Many nodes have no place of their own. */
  of(node: TreeNode): Span | undefined {
    const start = this.#offsets[node.query_location ?? Number.NaN];
    if (start === undefined) return undefined;
    return { start, end: this.#ends.get(start) ?? start };
  }
}
