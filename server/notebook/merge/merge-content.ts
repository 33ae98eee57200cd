import { diff3Merge } from "node-diff3";
import { splitLines } from "../lines.js";
import { replaceNames } from "./match.js";
import { isYaml, mergeMaps, notByKeys, type MergeKeys } from "./merge-map.js";
import { pick } from "./pick.js";
import { plain, type Unit } from "./unit.js";

type Names = readonly (readonly [from: string, to: string])[];

export interface Ancestry {
  /** What each side calls cells now that were called otherwise. */
  readonly myNames: Names;
  readonly theirNames: Names;
  /** Texts of mine which may be what they began with. */
  readonly saved: ReadonlySet<string>;
  readonly mergeKeys: MergeKeys;
}

/** A unit as both made it, or undefined where that cannot be said. */
export function mergeUnit(
  base: Unit | undefined,
  mine: Unit,
  theirs: Unit,
  known: Ancestry,
): Unit | undefined {
  const tail = pick(base?.tail, mine.tail, theirs.tail) ?? mine.tail;
  const text = mergeTexts(base, mine, theirs, known);
  if (text === undefined) return undefined;
  const from = text.of === mine ? mine : theirs;
  const name = text.name ?? from.name;
  const { missing } = from;
  return {
    type: mine.type,
    text: withBreaksOf(text.text, base, mine, theirs),
    tail,
    ...(name === undefined ? {} : { name }),
    ...(missing === undefined ? {} : { missing }),
  };
}

interface Merged {
  readonly of?: Unit;
  readonly text: string;
  readonly name?: string;
}

function mergeTexts(base: Unit | undefined, mine: Unit, theirs: Unit, known: Ancestry): Merged | undefined {
  const [before, own, other] = [base && plain(base.text), plain(mine.text), plain(theirs.text)];
  if (own === other || own === before) return { of: theirs, text: theirs.text };
  if (other === before || known.saved.has(other)) return { of: mine, text: mine.text };
  if (before === undefined || base === undefined) return undefined;
  if (base.type === "prose") return mergeLines(before, own, other);
  if (base.type === "key") return mergeKey(before, own, other, known.mergeKeys);
  return mergeRename(base, mine, theirs, known);
}

/** One of both did nothing to the cell but to call it, or what it reads, by another name. */
function mergeRename(base: Unit, mine: Unit, theirs: Unit, known: Ancestry): Merged | undefined {
  const { myNames, theirNames } = known;
  const isRenamed = base.name !== mine.name && base.name !== theirs.name;
  if (isRenamed && mine.name !== theirs.name) return undefined;
  const [before, own, other] = [plain(base.text), plain(mine.text), plain(theirs.text)];
  const renamed = ({ name }: Unit, names: Names): { name?: string } =>
    name === undefined ? {} : { name: replaceNames(name, names) };
  if (replaceNames(before, myNames) === own)
    return { of: theirs, text: replaceNames(theirs.text, myNames), ...renamed(theirs, myNames) };
  if (replaceNames(before, theirNames) === other)
    return { of: mine, text: replaceNames(mine.text, theirNames), ...renamed(mine, theirNames) };
  return undefined;
}

/** A map key by key; else its lines, as of a list, but never to what is no YAML where all were. */
function mergeKey(base: string, mine: string, theirs: string, mergeKeys: MergeKeys): Merged | undefined {
  const text = mergeMaps(base, mine, theirs, mergeKeys);
  if (text !== notByKeys) return text === undefined ? undefined : { text };
  const merged = mergeLines(base, mine, theirs);
  const isGood = merged === undefined || isYaml(merged.text) || ![base, mine, theirs].every(isYaml);
  return isGood ? merged : undefined;
}

const MOST_LINES = 2000;

function mergeLines(base: string, mine: string, theirs: string): Merged | undefined {
  const [before, own, other] = [base, mine, theirs].map(linesOf) as [string[], string[], string[]];
  if (Math.max(before.length, own.length, other.length) > MOST_LINES) return undefined;
  const regions = diff3Merge(own, before, other, { excludeFalseConflicts: true }) as { ok?: string[] }[];
  const lines = regions.map(({ ok }) => ok);
  return lines.includes(undefined) ? undefined : { text: lines.flat().join("").replace(/\n$/, "") };
}

/** Each but the last is whole; the last one is made so, that two texts differ by what they say. */
function linesOf(text: string): string[] {
  return splitLines(text).map(({ start, end }) => `${text.slice(start, end)}\n`);
}

/** The line breaks of whoever changed them; those of a text that mixes them stay. */
function withBreaksOf(text: string, base: Unit | undefined, mine: Unit, theirs: Unit): string {
  const wanted = pick(breakOf(base?.text), breakOf(mine.text), breakOf(theirs.text)) ?? breakOf(theirs.text);
  return wanted === undefined || breakOf(text) === wanted ? text : plain(text).replace(/\n/g, wanted);
}

function breakOf(text: string | undefined): string | undefined {
  const found = new Set(text?.match(/\r\n|\n|\r/g));
  return found.size === 1 ? [...found][0] : undefined;
}
