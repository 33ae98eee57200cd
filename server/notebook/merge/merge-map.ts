import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  parseDocument,
  visit,
  type Document,
  type YAMLMap,
} from "yaml";
import { endOf, isEmpty, lineBefore, startOf } from "../yaml-text.js";
import { pick } from "./pick.js";
import { plain, withTail, type MergedUnits, type Unit } from "./unit.js";

/** Keys as both made them; handed in, since each of them may be a map again. */
export type MergeKeys = (
  base: readonly Unit[],
  mine: readonly Unit[],
  theirs: readonly Unit[],
) => Pick<MergedUnits, "units" | "between">;

/** A key that has a map, in pieces which, one behind the other and with what separates keys, are its text. */
interface KeyedMap {
  readonly head: string;
  readonly keys: readonly Unit[];
  readonly foot: string;
  /** How far keys are indented, or that they stand within braces. */
  readonly style: string;
  readonly separator: string;
}

/** Of texts that are no maps, or that only lines can tell apart: as aliases, or another style. */
export const notByKeys = Symbol("not by keys");

/** A map of the front matter as both made it, key by key. Undefined where both made another thing of one key. */
export function mergeMaps(
  base: string,
  mine: string,
  theirs: string,
  mergeKeys: MergeKeys,
): string | typeof notByKeys | undefined {
  const [before, own, other] = [splitMap(base), splitMap(mine), splitMap(theirs)];
  if (before === undefined || own === undefined || other === undefined) return notByKeys;
  if (own.style !== before.style || other.style !== before.style) return notByKeys;
  const [head, foot] = [pick(before.head, own.head, other.head), pick(before.foot, own.foot, other.foot)];
  const { units, between } = mergeKeys(before.keys, own.keys, other.keys);
  if (head === undefined || foot === undefined || units.some(({ conflict }) => conflict !== undefined))
    return undefined;
  const body = units.map(({ id, unit }, at) => {
    const next = units[at + 1];
    return next === undefined ? unit.text : unit.text + (between(id, next.id) || before.separator);
  });
  const text = plain(head + body.join("") + foot);
  // Whatever was pieced together: it has to have just these keys.
  const names = splitMap(text)?.keys.map(({ name }) => name);
  return names?.join("\n") === units.map(({ unit }) => unit.name).join("\n") ? text : undefined;
}

/** Whether it is YAML, without a key that is there twice. */
export function isYaml(text: string): boolean {
  return parseDocument(text).errors.length === 0;
}

function splitMap(text: string): KeyedMap | undefined {
  const document = parseDocument(text);
  const { contents, errors } = document;
  const map = isMap(contents) && contents.items.length === 1 ? contents.items[0]?.value : undefined;
  if (errors.length > 0 || !isMap(map) || map.items.length === 0 || !isPlain(document)) return undefined;
  if (!map.items.every(({ key }) => isScalar(key) && typeof key.value === "string")) return undefined;
  return map.flow === true ? splitBraces(text, map) : splitLines(text, map);
}

function splitBraces(text: string, { items }: YAMLMap): KeyedMap | undefined {
  if (items.some(({ value }) => !isNode(value) || isEmpty(value))) return undefined;
  const starts = items.map(({ key }) => startOf(key));
  const ends = items.map((pair) => endOf(text, pair.value, pair));
  const gaps = ends.map((end, at) => text.slice(end, starts[at + 1]));
  const foot = gaps.pop() ?? "";
  if (!gaps.every((gap) => /^\s*,\s*$/.test(gap))) return undefined;
  const keys = items.map(({ key }, at) => ({
    type: "key" as const,
    name: nameOf(key),
    text: text.slice(starts[at], ends[at]),
    tail: gaps[at] ?? "",
  }));
  return { head: text.slice(0, starts[0]), keys, foot, style: "braces", separator: ", " };
}

/** Comments belong to the key above them, as those between the keys of the front matter. */
function splitLines(text: string, { items }: YAMLMap): KeyedMap | undefined {
  const indents = items.map(({ key }) => lineBefore(text, startOf(key)));
  const [indent = ""] = indents;
  if (!/^ +$/.test(indent) || indents.some((other) => other !== indent)) return undefined;
  const starts = items.map(({ key }) => startOf(key) - indent.length);
  const keys = items.map(({ key }, at) => ({
    type: "key" as const,
    name: nameOf(key),
    ...withTail(text.slice(starts[at], starts[at + 1])),
  }));
  return { head: text.slice(0, starts[0]), keys, foot: "", style: indent, separator: "\n" };
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : "";
}

/** What stands there is what is meant: no name for a part of it, which is somewhere else. */
function isPlain(document: Document): boolean {
  let isFound = false;
  visit(document, (_, node) => {
    isFound ||= isAlias(node) || ((isCollection(node) || isScalar(node)) && node.anchor !== undefined);
  });
  return !isFound;
}
