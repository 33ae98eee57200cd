import { writeText } from "./edit-options.js";

interface NamedCheck {
  readonly kind: string;
  readonly column: string;
  /** An entry of `checks:` as it is written. */
  readonly check: string;
}

/** Entries of `checks:`, with one `not_null` for all of its columns: as somebody would write them by hand. */
export function mergeSuggestions(suggestions: readonly NamedCheck[]): readonly string[] {
  const named = suggestions.filter(({ kind }) => kind === "not_null").map(({ column }) => writeText(column));
  const others = suggestions.filter(({ kind }) => kind !== "not_null").map(({ check }) => check);
  return named.length === 0 ? others : [`not_null: [${named.join(", ")}]`, ...others];
}
