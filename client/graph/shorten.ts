/** Characters that are set as wide as two: the scripts of East Asia, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Leaves the middle of a name out, since names of one family differ at both ends. */
export function shortenMiddle(name: string, width: number): string {
  const characters = Array.from(name);
  if (widthOf(characters) <= width) return name;
  const head: string[] = [];
  const tail: string[] = [];
  let left = width - 1;
  while (characters.length > 0) {
    const isHead = widthOf(head) <= widthOf(tail);
    const character = (isHead ? characters.shift() : characters.pop()) ?? "";
    left -= widthOf([character]);
    if (left < 0) break;
    if (isHead) head.push(character);
    else tail.unshift(character);
  }
  return `${head.join("")}…${tail.join("")}`;
}

function widthOf(characters: readonly string[]): number {
  return characters.reduce((sum, character) => sum + (wide.test(character) ? 2 : 1), 0);
}
