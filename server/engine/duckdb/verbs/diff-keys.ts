import type { StoredColumn } from "../../engine.js";
import type { TypeKind } from "../../../text/type-kind.js";

/** Pairs are made of so many columns. */
const PAIRED = 6;

/** How likely values of this kind name a row; others never do. */
const ranks: Partial<Record<TypeKind, number>> = { uuid: 1, text: 2, date: 3, timestamp: 3, integer: 4 };

/**
 * What may be a key of both sides, the likeliest first: a column called like one, then identifiers and texts, dates, and
 * at last whole numbers, which may be counts. A number is in a pair only if it is called like a key.
 */
export function candidateKeys(
  before: readonly StoredColumn[],
  after: readonly StoredColumn[],
  size: 1 | 2,
): readonly (readonly string[])[] {
  const types = new Map(before.map(({ name, type }) => [name, type]));
  const ranked = after
    .filter(({ name, type, kind }) => types.get(name) === type && ranks[kind] !== undefined)
    .map(({ name, kind }) => ({ name, rank: isCalledKey(name) ? 0 : (ranks[kind] ?? 9) }))
    .sort((a, b) => a.rank - b.rank);
  if (size === 1) return ranked.map(({ name }) => [name]);
  const paired = ranked.filter(({ rank }) => rank < 4).slice(0, PAIRED);
  return paired.flatMap(({ name }, index) => paired.slice(index + 1).map((other) => [name, other.name]));
}

/** `id`, `order_id`, `orderId`, `line_no`, `key`. */
function isCalledKey(name: string): boolean {
  return /(^|_)(id|key|uuid|no|nr|code)$/i.test(name) || /[a-z](Id|ID|Key|No|Code)$/.test(name);
}
