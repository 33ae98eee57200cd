import { freeName } from "../../text/free-name.js";
import { matchUnits, replaceNames, type Matches } from "./match.js";
import { mergeUnit, type Ancestry } from "./merge-content.js";
import { mergeOrder } from "./merge-order.js";
import { pick } from "./pick.js";
import { plain, type MergedUnit, type MergedUnits, type Unit } from "./unit.js";

/** A version: its units, and by which numbers they are known in all versions. */
interface Version {
  readonly units: readonly Unit[];
  readonly ids: readonly number[];
}

export function mergeUnits(
  base: readonly Unit[],
  mine: readonly Unit[],
  theirs: readonly Unit[],
  saved: ReadonlySet<string>,
): MergedUnits {
  const [myMatches, theirMatches] = [matchUnits(base, mine), matchUnits(base, theirs)];
  const own = numbered(mine, myMatches, base.length);
  const other = numberedAsMine(theirs, theirMatches, own, base.length, saved);
  const names = { myNames: namesOf(base, mine, myMatches), theirNames: namesOf(base, theirs, theirMatches) };
  const known: Ancestry = { ...names, saved, mergeKeys: (...versions) => mergeUnits(...versions, new Set()) };
  const [myUnits, theirUnits] = [byId(own), byId(other)];
  const merged = new Map<number, MergedUnit>();
  for (const id of new Set([...own.ids, ...other.ids])) {
    const found = mergeOne(base[id], myUnits.get(id), theirUnits.get(id), known);
    if (found !== undefined) merged.set(id, { id, ...found });
  }
  const order = mergeOrder(
    base.map((_, id) => id),
    own.ids.filter((id) => merged.has(id)),
    other.ids.filter((id) => merged.has(id)),
  );
  const tails = new Map(order.map((id) => [id, merged.get(id)?.unit.tail]));
  const [myTails, theirTails] = [tailsOf(own), tailsOf(other)];
  const ends = [base, mine, theirs].map((units) => units.at(-1)?.tail);
  return {
    units: withFreeNames(
      order.flatMap((id) => merged.get(id) ?? []),
      (id) =>
        id < base.length ? "base" : !theirUnits.has(id) ? "mine" : !myUnits.has(id) ? "theirs" : "both",
    ),
    between: (first, second) => {
      const pair = `${String(first)} ${String(second)}`;
      const [my, their] = [myTails.get(pair), theirTails.get(pair)];
      return my === undefined || their === undefined ? (my ?? their) : tails.get(first);
    },
    end: pick(ends[0], ends[1], ends[2]) ?? ends[2] ?? "",
  };
}

/** By two that stand one behind the other. */
function tailsOf({ units, ids }: Version): ReadonlyMap<string, string> {
  return new Map(ids.slice(1).map((id, at) => [`${String(ids[at])} ${String(id)}`, units[at]?.tail ?? ""]));
}

function mergeOne(
  base: Unit | undefined,
  mine: Unit | undefined,
  theirs: Unit | undefined,
  known: Ancestry,
): Omit<MergedUnit, "id"> | undefined {
  if (mine === undefined || theirs === undefined) {
    const unit = mine ?? theirs;
    if (unit === undefined || base === undefined) return unit && { unit };
    const isSame = plain(unit.text) === plain(base.text);
    if (isSame || (mine === undefined && known.saved.has(plain(unit.text)))) return undefined;
    return {
      unit,
      conflict:
        mine === undefined ? { kind: "deleted-by-me", theirs: unit } : { kind: "deleted-by-them", mine },
    };
  }
  const unit = mergeUnit(base, mine, theirs, known);
  if (unit !== undefined) return { unit };
  const conflict = { kind: "edited", mine, theirs } as const;
  return { unit: theirs.type === "prose" ? bothOf(theirs, mine) : theirs, conflict };
}

/** Two paragraphs: of prose nothing runs, so that both may stand there until somebody decides. */
function bothOf(theirs: Unit, mine: Unit): Unit {
  const eol = theirs.text.includes("\r\n") ? "\r\n" : "\n";
  return { ...theirs, text: theirs.text + eol + eol + mine.text };
}

function numbered(units: readonly Unit[], matches: Matches, from: number): Version {
  let next = from;
  return { units, ids: units.map((_, index) => matches.get(index) ?? next++) };
}

/** What both added, and is the same, is known by one number. */
function numberedAsMine(
  units: readonly Unit[],
  matches: Matches,
  mine: Version,
  from: number,
  saved: ReadonlySet<string>,
): Version {
  const left = mine.ids.flatMap((id, at) =>
    id < from ? [] : [{ id, unit: mine.units[at] as Unit, before: mine.ids[at - 1] }],
  );
  const isMentioned = (cell: Unit): boolean => mine.units.some((unit) => unit !== cell && reads(unit, cell));
  let next = from + mine.units.length;
  const ids: number[] = [];
  for (const [index, unit] of units.entries()) {
    const before = ids.at(-1);
    const at = left.findIndex(
      (other) => isOne(other.unit, unit) && (unit.type !== "prose" || other.before === before),
    );
    const [same] = matches.has(index) || at === -1 ? [] : left.splice(at, 1);
    ids.push(matches.get(index) ?? same?.id ?? next++);
  }
  return { units, ids };

  function isOne(own: Unit, other: Unit): boolean {
    if (own.type !== other.type || own.name !== other.name) return false;
    const text = plain(other.text);
    if (plain(own.text) === text || own.type === "key") return true;
    return own.type === "cell" && (saved.has(text) || isMentioned(own));
  }
}

/** A cell of mine that others of mine read is not renamed without a question. */
function reads(unit: Unit, { name }: Unit): boolean {
  return name !== undefined && replaceNames(unit.text, [[name, ""]]) !== unit.text;
}

function namesOf(
  from: readonly Unit[],
  to: readonly Unit[],
  matches: Matches,
): (readonly [string, string])[] {
  return to.flatMap(({ name }, index) => {
    const before = from[matches.get(index) ?? -1]?.name;
    return before === undefined || name === undefined || before === name ? [] : [[before, name] as const];
  });
}

/** A new cell of mine gets a name that is free where a new one of theirs has its name. */
function withFreeNames(
  units: readonly MergedUnit[],
  originOf: (id: number) => "base" | "both" | "mine" | "theirs",
): readonly MergedUnit[] {
  const theirs = new Set(
    units.flatMap(({ id, unit }) => (originOf(id) === "theirs" ? (unit.name ?? []) : [])),
  );
  const taken = new Set(units.flatMap(({ unit }) => unit.name ?? []));
  return units.map((merged) => {
    const { id, unit } = merged;
    if (unit.type !== "cell" || unit.name === undefined) return merged;
    if (originOf(id) !== "mine" || !theirs.has(unit.name)) return merged;
    const name = freeName(unit.name, (candidate) => taken.has(candidate));
    taken.add(name);
    return { ...merged, unit: renamed(unit, name), wasNamed: unit.name };
  });
}

/** Only where the cell is named: what it reads by that name is another one. */
function renamed(unit: Unit, name: string): Unit {
  const from = unit.name ?? "";
  const at = unit.text.indexOf(from, unit.text.indexOf(":"));
  return { ...unit, name, text: unit.text.slice(0, at) + name + unit.text.slice(at + from.length) };
}

function byId({ units, ids }: Version): ReadonlyMap<number, Unit> {
  return new Map(ids.map((id, at) => [id, units[at] as Unit]));
}
