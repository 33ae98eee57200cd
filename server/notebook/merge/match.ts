import { diffIndices } from "node-diff3";
import { plain, type Unit } from "./unit.js";

/** Beyond so many comparisons an order is not looked for: what says the same is the same, from the top. */
const MOST_COMPARISONS = 4_000_000;

/** By the index of a unit in `to`: which one of `from` it is. What is new has none. */
export type Matches = ReadonlyMap<number, number>;

/**
 * Which units of two versions are the same. Cells and keys are by their name, prose by its text; then cells by their
 * text, which were renamed, what stands in the same place, which was rewritten, and cells that are alike.
 */
export function matchUnits(from: readonly Unit[], to: readonly Unit[]): Matches {
  const matches = new Map<number, number>();
  pairInOrder(from.map(keyOf), to.map(keyOf), matches);
  pairLeft(from, to, keyOf, matches);
  pairLeft(from, to, namelessOf, matches);
  pairPlaces(from, to, matches);
  pairCells(from, to, matches);
  return matches;
}

/** A cell that was renamed, edited and moved at once: the first that is alike and is left. */
function pairCells(from: readonly Unit[], to: readonly Unit[], matches: Map<number, number>): void {
  const taken = new Set(matches.values());
  to.forEach((unit, index) => {
    if (unit.type !== "cell" || matches.has(index)) return;
    const old = from.findIndex(
      (other, at) => other.type === "cell" && !taken.has(at) && isAlike(other, unit),
    );
    if (old === -1) return;
    matches.set(index, old);
    taken.add(old);
  });
}

function keyOf({ type, name, text }: Unit): string {
  return name === undefined ? `${type} ${plain(text)}` : `${type} ${name}`;
}

/** What a cell says, whatever it is called. */
function namelessOf({ type, name, text }: Unit): string | undefined {
  return type === "cell" && name !== undefined ? replaceNames(plain(text), [[name, ""]]) : undefined;
}

function pairInOrder(from: readonly string[], to: readonly string[], matches: Map<number, number>): void {
  let start = 0;
  while (start < Math.min(from.length, to.length) && from[start] === to[start]) matches.set(start, start++);
  let tail = 0;
  const shorter = Math.min(from.length, to.length) - start;
  while (tail < shorter && from.at(-1 - tail) === to.at(-1 - tail)) tail++;
  for (let back = 1; back <= tail; back++) matches.set(to.length - back, from.length - back);
  const [old, now] = [from.slice(start, from.length - tail), to.slice(start, to.length - tail)];
  if (old.length * now.length > MOST_COMPARISONS) return;
  let [before, after] = [0, 0];
  const passEqual = (end: number): void => {
    for (; before < end; before++, after++) matches.set(start + after, start + before);
  };
  for (const { buffer1, buffer2 } of diffIndices(old, now)) {
    passEqual(buffer1[0]);
    [before, after] = [sum(buffer1), sum(buffer2)];
  }
  passEqual(old.length);
}

function sum([start, length]: readonly [number, number]): number {
  return start + length;
}

/** Those that are left on both sides and are of one key, the first with the first. */
function pairLeft(
  from: readonly Unit[],
  to: readonly Unit[],
  key: (unit: Unit) => string | undefined,
  matches: Map<number, number>,
): void {
  const taken = new Set(matches.values());
  const left = new Map<string, number[]>();
  from.forEach((unit, index) => {
    const own = taken.has(index) ? undefined : key(unit);
    if (own !== undefined) left.set(own, [...(left.get(own) ?? []), index]);
  });
  to.forEach((unit, index) => {
    const found = matches.has(index) ? undefined : left.get(key(unit) ?? "")?.shift();
    if (found !== undefined) matches.set(index, found);
  });
}

/** Between two that are the same: what stands there now is what stood there, where as many stand there or it is alike. */
function pairPlaces(from: readonly Unit[], to: readonly Unit[], matches: Map<number, number>): void {
  const taken = new Set(matches.values());
  for (let index = 0; index < to.length; index++) {
    if (matches.has(index)) continue;
    const first = (matches.get(index - 1) ?? -1) + 1;
    if (index > 0 && !matches.has(index - 1)) continue;
    const [fresh, gone] = [runFrom(index, to.length, matches), runFrom(first, from.length, taken)];
    for (const [old, now] of pairAlike(from.slice(first, first + gone), to.slice(index, index + fresh))) {
      matches.set(index + now, first + old);
      taken.add(first + old);
    }
    index += fresh - 1;
  }
}

function runFrom(start: number, end: number, known: { has(index: number): boolean }): number {
  let length = 0;
  while (start + length < end && !known.has(start + length)) length++;
  return length;
}

function pairAlike(from: readonly Unit[], to: readonly Unit[]): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  let next = 0;
  // Cells that were deleted or added beside it take nothing from a paragraph that is alone.
  const isAlone = [from, to].every((units) => units.filter(({ type }) => type === "prose").length === 1);
  from.forEach((unit, old) => {
    const now = to.findIndex((other, index) => {
      const isPlace = from.length === to.length ? index === old : true;
      const isRewritten = isAlone && unit.type === "prose";
      const isSame = unit.type === other.type && (isRewritten || (isPlace && isAlike(unit, other)));
      return index >= next && isSame;
    });
    if (now === -1) return;
    pairs.push([old, now]);
    next = now + 1;
  });
  return pairs;
}

/** At least half of the words of either. A key is its name: under another one it is another key. */
function isAlike(one: Unit, other: Unit): boolean {
  if (one.type === "key") return false;
  const [words, others] = [wordsOf(one.text), wordsOf(other.text)];
  const common = [...words].filter((word) => others.has(word)).length;
  return 2 * common >= Math.max(words.size, others.size);
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/[\p{L}\p{N}_]+/gu));
}

/** Each name is replaced where it stands as a word of its own. */
export function replaceNames(text: string, names: readonly (readonly [from: string, to: string])[]): string {
  const by = new Map(names);
  if (by.size === 0) return text;
  return text.replace(/[A-Za-z_]\w*/g, (word) => by.get(word) ?? word);
}
