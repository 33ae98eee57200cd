/**
 * A form that somebody filled in while others changed what it was filled from: what was changed in it, and the rest as it
 * is by now. `clashes` names what both changed; it has mine.
 */
export function mergeSettings<T extends object>(
  opened: T,
  mine: T,
  now: T,
): { readonly settings: T; readonly clashes: readonly (keyof T)[] } {
  const isSame = (one: T, other: T, key: keyof T): boolean =>
    JSON.stringify(one[key]) === JSON.stringify(other[key]);
  const keys = Object.keys(mine) as (keyof T)[];
  const changed = keys.filter((key) => !isSame(mine, opened, key));
  return {
    settings: { ...now, ...Object.fromEntries(changed.map((key) => [key, mine[key]])) },
    clashes: changed.filter((key) => !isSame(now, opened, key) && !isSame(now, mine, key)),
  };
}
