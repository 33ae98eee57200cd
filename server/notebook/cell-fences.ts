import { findKind } from "./headers.js";
import type { CellKind } from "./notebook.js";
import type { Fence } from "./outline.js";
import { splitSwallowed } from "./swallowed-fences.js";

export interface CellFence {
  readonly fence: Fence;
  readonly kind: CellKind;
}

/** The cells that a fence of the file holds: none where it is prose, several where its closing line is forgotten. */
export function cellFences(text: string, fence: Fence): CellFence[] {
  const kind = kindOf(text, fence);
  if (kind === undefined) return [];
  return splitSwallowed(text, fence).map((part) => ({ fence: part, kind: kindOf(text, part) ?? kind }));
}

function kindOf(text: string, { language, bodySpan }: Fence): CellKind | undefined {
  return findKind(language, text.slice(bodySpan.start, bodySpan.end));
}
