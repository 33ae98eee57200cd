import type { Span } from "../../../base/source.js";
import { foldCase } from "../../../text/sql-names.js";
import type { BoundParameter } from "../../scope.js";
import { printExpression } from "./expressions.js";
import { printTable } from "./from.js";
import { bindParameters, unfoldMethods } from "./parameters.js";
import { flatten, placed, type Piece, type PrintedText } from "./piece.js";
import type { Printing } from "./printing.js";
import { printQuery } from "./query.js";
import { NotPrinted, type Refusal } from "./refusal.js";
import { resolveQuery, type Describe, type DescribedColumn, type ResolvedQuery } from "./resolve.js";
import { depthOf, Places, readTree, type TreeNode } from "./tree.js";
import { unknownType, type SqlType } from "./types.js";

export { placeOf } from "./piece.js";

/*
 * Prints DuckDB's tree of a query as SQL of Spark 4.3 that means the same. What is not listed here is refused, with a reason and
 * a place: nothing is ever passed on in the hope that it is right. It runs nothing, and knows no engine: what it has to know of
 * types it asks by `describe`. The session must have ANSI mode, the time zone UTC and `timestampType=TIMESTAMP_NTZ`.
 */

export interface PrintInput {
  /** The cell's text, for places. */
  readonly sql: string;
  /** What `json_serialize_sql` says of it, without any `skip_…` option. */
  readonly tree: string;
  readonly describe: Describe;
  /**
   * Spark's names of what the cell may read, as its SQL writes them, by the names that the cell uses (`lake.orders`); or why
   * Spark cannot read it.
   */
  readonly relations: ReadonlyMap<string, string | Refusal>;
  /** What stands for calls that read files, by `FileRead.key`. */
  readonly files?: ReadonlyMap<string, string | Refusal>;
  readonly parameters: readonly BoundParameter[];
}

export type PrintResult =
  | {
      readonly ok: true;
      readonly printed: PrintedText;
      /** What DuckDB says of the result. */
      readonly columns: readonly DescribedColumn[];
    }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** Each part of an expression is asked with all that is below it. */
const MAX_DEPTH = 150;
const tooDeep: Refusal = {
  reason: "an expression that is nested too deeply",
  hint: "compute a part of it in a subquery",
};

/** Never throws for what a query says; what `describe` throws goes through. */
export async function printSpark(input: PrintInput): Promise<PrintResult> {
  try {
    return await print(input);
  } catch (error) {
    if (error instanceof RangeError) return refused([tooDeep]);
    throw error;
  }
}

async function print({
  sql,
  tree,
  describe,
  relations,
  files,
  parameters,
}: PrintInput): Promise<PrintResult> {
  const parsed = readTree(tree);
  const places = new Places(sql);
  if (!parsed.ok) return refused(told([{ reason: parsed.reason }], places));
  if (depthOf(parsed.node) > MAX_DEPTH) return refused(told([tooDeep], places));
  const resolved = await resolveQuery(bindParameters(unfoldMethods(parsed.node), parameters), describe);
  const printer = new Printer(resolved, { relations, files }, places);
  const piece = printer.query(resolved.node);
  const problems = resolved.problems.map((problem) => problemAt(problem, places));
  const refusals = told([...problems, ...printer.refusals], places);
  if (refusals.length > 0) return refused(refusals);
  const columns = resolved.columns.get(resolved.node);
  if (columns === undefined)
    return refused(told([{ reason: "a query that DuckDB does not accept" }], places));
  return { ok: true, printed: flatten(piece), columns };
}

function refused(refusals: readonly Refusal[]): PrintResult {
  return { ok: false, refusals };
}

function problemAt({ node, reason, hint }: ResolvedQuery["problems"][number], places: Places): Refusal {
  return refusalOf(reason, hint, places.of(node));
}

function refusalOf(reason: string, hint: string | undefined, span: Span | undefined): Refusal {
  return { reason, ...(hint !== undefined && { hint }), ...(span !== undefined && { span }) };
}

/** Each once and with a place; types that are unknown because of another one are not told. */
function told(refusals: readonly Refusal[], places: Places): readonly Refusal[] {
  const causes = refusals.filter(({ reason }) => !reason.includes("unknown type"));
  const known = causes.length > 0 ? causes : refusals;
  const withPlaces = known.map((refusal) => ({
    ...refusal,
    span: refusal.span ?? places.ofWord(refusal.reason),
  }));
  return [...new Map(withPlaces.map((refusal) => [JSON.stringify(refusal), refusal])).values()];
}

class Printer implements Printing {
  readonly refusals: Refusal[] = [];
  readonly #resolved: ResolvedQuery;
  readonly #relations = new Map<string, string | Refusal>();
  readonly #files: PrintInput["files"];
  readonly #places: Places;
  readonly #names = { table: [] as string[], lambda: [] as string[] };
  /** The nearest places around. */
  readonly #around: (Span | undefined)[] = [];

  constructor(
    resolved: ResolvedQuery,
    { relations, files }: { relations: PrintInput["relations"]; files: PrintInput["files"] },
    places: Places,
  ) {
    this.#resolved = resolved;
    this.#files = files;
    this.#places = places;
    for (const [name, spark] of relations) this.#relations.set(foldCase(name), spark);
  }

  expression(node: TreeNode): Piece {
    return this.#at(node, () => printExpression(node, this));
  }

  query(node: TreeNode): Piece {
    return this.#at(node, () => printQuery(node, this));
  }

  table(node: TreeNode): Piece {
    return this.#at(node, () => printTable(node, this));
  }

  typeOf(node: TreeNode | undefined): SqlType {
    return (node === undefined ? undefined : this.#resolved.types.get(node)) ?? unknownType;
  }

  columnsOf(node: TreeNode): readonly DescribedColumn[] | undefined {
    return this.#resolved.columns.get(node);
  }

  isCorrelated(node: TreeNode): boolean {
    return this.#resolved.correlated.has(node);
  }

  relation(name: string): string | Refusal | undefined {
    return this.#relations.get(foldCase(name));
  }

  file(key: string): string | Refusal | undefined {
    return this.#files?.get(key);
  }

  within<T>(kind: "table" | "lambda", names: readonly string[], run: () => T): T {
    const known = this.#names[kind];
    known.push(...names.map(foldCase));
    try {
      return run();
    } finally {
      known.length -= names.length;
    }
  }

  isLambda(name: string): boolean {
    return this.#names.lambda.includes(foldCase(name));
  }

  isCommonTable(name: string): boolean {
    return this.#names.table.includes(foldCase(name));
  }

  /** Refusals are kept, and printing goes on, so that all of them are told. */
  #at(node: TreeNode, print: () => Piece): Piece {
    const place = this.#places.of(node);
    this.#around.push(place ?? this.#around.at(-1));
    try {
      return placed(print(), place);
    } catch (error) {
      if (!(error instanceof NotPrinted)) throw error;
      const own = error.node === undefined ? undefined : this.#places.of(error.node);
      this.refusals.push(refusalOf(error.message, error.hint, own ?? this.#around.at(-1)));
      return "NULL";
    } finally {
      this.#around.pop();
    }
  }
}
