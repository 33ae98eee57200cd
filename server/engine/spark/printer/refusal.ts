import type { Span } from "../../../base/source.js";
import type { TreeNode } from "./tree.js";

/** What cannot be printed so that it means the same. */
export interface Refusal {
  /** What it is, e.g. `ASOF JOIN`. */
  readonly reason: string;
  /** What to write instead, where that is known. */
  readonly hint?: string;
  /** In the cell's text, where the place is known. */
  readonly span?: Span;
}

/** Never leaves the printer: where it is caught it becomes a refusal, and printing goes on. */
export class NotPrinted extends Error {
  readonly hint: string | undefined;
  /** Where it is, if not at what is being printed. */
  readonly node: TreeNode | undefined;

  constructor(reason: string, hint?: string, node?: TreeNode) {
    super(reason);
    this.hint = hint;
    this.node = node;
  }
}

export function refuse(reason: string, hint?: string, node?: TreeNode): never {
  throw new NotPrinted(reason, hint, node);
}
