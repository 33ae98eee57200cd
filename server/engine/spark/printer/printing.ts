import type { Piece } from "./piece.js";
import type { Refusal } from "./refusal.js";
import type { DescribedColumn } from "./resolve.js";
import type { TreeNode } from "./tree.js";
import type { SqlType } from "./types.js";

/** What rules need of the printer. They refuse by throwing: see refusal.ts. */
export interface Printing {
  expression(node: TreeNode): Piece;
  query(node: TreeNode): Piece;
  /** A relation of FROM. */
  table(node: TreeNode): Piece;
  /** Of an expression; unknown where DuckDB does not say it. */
  typeOf(node: TreeNode | undefined): SqlType;
  /** Of a query or a relation. */
  columnsOf(node: TreeNode): readonly DescribedColumn[] | undefined;
  /** Whether a query names what stands outside of it. */
  isCorrelated(node: TreeNode): boolean;
  /** Spark's name of a relation that the cell may read, as it is written in its SQL; or why it cannot be read there. */
  relation(name: string): string | Refusal | undefined;
  /** What stands for a call that reads files, by the call's key; undefined where that is not known. */
  file(key: string): string | Refusal | undefined;
  /** Inside of `print`, this name is a common table or the parameter of a lambda. */
  within<T>(kind: "table" | "lambda", names: readonly string[], print: () => T): T;
  isLambda(name: string): boolean;
  isCommonTable(name: string): boolean;
}
