/**
 * Their order with what I moved and added where I put it: behind that which stands before it in mine. Of numbers that
 * name units; `base` and `theirs` have those that they know.
 */
export function mergeOrder(
  base: readonly number[],
  mine: readonly number[],
  theirs: readonly number[],
): readonly number[] {
  const places = new Map(base.map((id, place) => [id, place]));
  const stays = new Set(
    longestRising(
      mine.filter((id) => places.has(id)),
      (id) => places.get(id) ?? 0,
    ),
  );
  const known = new Set(theirs);
  const isPlaced = (id: number): boolean => !known.has(id) || (places.has(id) && !stays.has(id));
  const placed = new Set(mine.filter(isPlaced));
  const behind = new Map<number | undefined, number[]>();
  let last: number | undefined;
  for (const id of mine) {
    if (placed.has(id)) behind.set(last, [...(behind.get(last) ?? []), id]);
    else last = id;
  }
  const rest = theirs.filter((id) => !placed.has(id));
  return [...(behind.get(undefined) ?? []), ...rest.flatMap((id) => [id, ...(behind.get(id) ?? [])])];
}

/** The most of them that stand in rising order. */
function longestRising(items: readonly number[], placeOf: (item: number) => number): readonly number[] {
  const ends: number[] = [];
  const before = new Map<number, number | undefined>();
  for (const item of items) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (placeOf(ends[middle] as number) < placeOf(item)) low = middle + 1;
      else high = middle;
    }
    before.set(item, ends[low - 1]);
    ends[low] = item;
  }
  const found: number[] = [];
  for (let item = ends.at(-1); item !== undefined; item = before.get(item)) found.push(item);
  return found.reverse();
}
