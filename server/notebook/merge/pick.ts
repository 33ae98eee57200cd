/** What one of both made of it; undefined where both made another thing of it. */
export function pick<T>(base: T, mine: T, theirs: T): T | undefined {
  if (mine === theirs || theirs === base) return mine;
  return mine === base ? theirs : undefined;
}
