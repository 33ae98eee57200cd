import { castTo, coerced } from "./casts.js";
import type { Piece } from "./piece.js";
import { sql, joined } from "./piece.js";
import type { Printing } from "./printing.js";
import { refuse } from "./refusal.js";
import { childrenOf } from "./scope.js";
import { constantOf, textConstant, textOf, wholeConstant, type TreeNode } from "./tree.js";
import {
  isExact,
  isInteger,
  isNumber,
  isSameType,
  isShortInteger,
  isTime,
  nameOf,
  sparkType,
  type SqlType,
} from "./types.js";

/** A call of a function, or an operator, as a rule looks at it. */
export class Call {
  readonly name: string;
  readonly node: TreeNode;
  readonly nodes: readonly TreeNode[];
  readonly printing: Printing;

  constructor(node: TreeNode, printing: Printing) {
    this.node = node;
    this.name = textOf(node.function_name);
    this.nodes = childrenOf(node);
    this.printing = printing;
  }

  get count(): number {
    return this.nodes.length;
  }

  /** Refuses another number of arguments. */
  takes(...counts: readonly number[]): this {
    return counts.includes(this.count) ? this : refuse(`${this.name}() with ${this.count} arguments`);
  }

  nodeAt(index: number): TreeNode {
    return this.nodes[index] ?? refuse(`${this.name}() with ${this.count} arguments`);
  }

  arg(index: number): Piece {
    return this.printing.expression(this.nodeAt(index));
  }

  args(): Piece {
    return joined(this.nodes.map((node) => this.printing.expression(node)));
  }

  type(index: number): SqlType {
    return this.printing.typeOf(this.nodeAt(index));
  }

  result(): SqlType {
    return this.printing.typeOf(this.node);
  }

  /** An argument, of a kind that the rule holds for; a NULL is of any. */
  of(index: number, isKind: (type: SqlType) => boolean, hint?: string): Piece {
    const type = this.type(index);
    if (type.kind !== "null" && !isKind(type)) this.refuseType(index, hint);
    return this.arg(index);
  }

  refuseType(index: number, hint?: string): never {
    return refuse(`${this.title} of ${nameOf(this.type(index))}`, hint);
  }

  get title(): string {
    return /^\w+$/.test(this.name) ? `${this.name}()` : this.name;
  }

  text(index: number): Piece {
    return this.of(index, isText, "cast it to VARCHAR");
  }

  /** As a text, of what both engines write alike. */
  asText(index: number): Piece {
    const type = this.type(index);
    if (isText(type) || isInteger(type) || type.kind === "null") return this.arg(index);
    const isKnown = isExact(type) || ["boolean", "date", "timestamp"].includes(type.kind);
    return isKnown
      ? castTo(this.arg(index), type, { kind: "text" })
      : this.refuseType(index, "cast it to VARCHAR");
  }

  short(index: number): Piece {
    return this.of(index, isShortInteger);
  }

  number(index: number): Piece {
    return this.of(index, isNumber);
  }

  /** As a DOUBLE. */
  double(index: number): Piece {
    const type = this.type(index);
    const piece = this.number(index);
    return type.kind === "double" ? piece : sql`CAST(${piece} AS DOUBLE)`;
  }

  exact(index: number): Piece {
    return this.of(index, isExact);
  }

  time(index: number): Piece {
    return this.of(index, isTime);
  }

  isConstant(index: number): boolean {
    const constant = constantOf(this.nodes[index]);
    return constant !== undefined && !constant.isNull;
  }

  textConstant(index: number, what: string): string {
    return textConstant(this.nodes[index]) ?? refuse(`${this.title} with ${what} that is not a constant`);
  }

  whole(index: number, what: string, least: number): number {
    const value = wholeConstant(this.nodes[index]);
    if (value === undefined || value < least)
      return refuse(`${this.title} with ${what} that is not a number from ${least}`, "write the number");
    return value;
  }

  coerced(index: number, to: SqlType): Piece {
    return coerced(this.nodeAt(index), to, this.printing);
  }

  /** The result of Spark's function, of the type that DuckDB's has. */
  typed(piece: Piece): Piece {
    const type = this.result();
    const name = sparkType(type) ?? refuse(`${this.title} that gives ${nameOf(type)}`);
    return sql`CAST(${piece} AS ${name})`;
  }

  cast(piece: Piece, from: SqlType): Piece {
    const to = this.result();
    return isSameType(from, to) ? piece : castTo(piece, from, to);
  }
}

export function isText(type: SqlType): boolean {
  return type.kind === "text";
}

/** How a function of DuckDB's is written for Spark. */
export type Rule = (call: Call) => Piece;
export type Rules = Readonly<Record<string, Rule>>;
