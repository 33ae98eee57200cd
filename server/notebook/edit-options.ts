import { isMap, isNode, isScalar, isSeq, parseDocument, type YAMLSeq } from "yaml";
import { endOf, findPair, isEmpty, lineBefore, rangeOf, startOf } from "./yaml-text.js";

/** Reads the texts of an option: of a list, or of the one value that stands for it. Undefined: it is neither. */
export function listOption(yaml: string, key: string): readonly string[] | undefined {
  const value = findPair(yaml, key)?.value;
  const nodes = isSeq(value) ? value.items : value === undefined || isEmpty(value) ? [] : [value];
  const texts = nodes.flatMap((node) => (isScalar(node) ? [String(node.value)] : []));
  return texts.length === nodes.length ? texts : undefined;
}

/** Whether the options can be edited key by key. */
export function isEditable(yaml: string): boolean {
  const { errors, contents } = parseDocument(yaml, { uniqueKeys: false });
  return errors.length === 0 && isMap(contents) && contents.flow !== true;
}

/** As `listOption`, but as they are written, with their quotes: `08001` is no number to a notebook. */
export function listSources(yaml: string, key: string): readonly string[] {
  const pair = findPair(yaml, key);
  if (pair === undefined || isEmpty(pair.value)) return [];
  const nodes = isSeq(pair.value) ? pair.value.items : [pair.value];
  return nodes.map((node) => yaml.slice(startOf(node), endOf(yaml, node, pair)));
}

export function isListOption(yaml: string, key: string): boolean {
  return isSeq(findPair(yaml, key)?.value);
}

export function hasOption(yaml: string, key: string): boolean {
  return findPair(yaml, key) !== undefined;
}

/** Sets an option to what is written, or removes it where that is nothing. All other characters stay as they are. */
export function setOption(yaml: string, key: string, written: string | undefined): string {
  const pair = findPair(yaml, key);
  if (pair === undefined) return written === undefined ? yaml : addOption(yaml, `${key}: ${written}`);
  const { value } = pair;
  const at = endOf(yaml, value, pair);
  const isBlock = (isSeq(value) || isMap(value)) && value.flow !== true && value.items.length > 0;
  if (written === undefined || isBlock) {
    const indent = /^ */.exec(lineBefore(yaml, startOf(pair.key)))?.[0] ?? "";
    const lines = written === undefined ? [] : [`${indent}${key}: ${written}`];
    return replaceLines(yaml, startOf(pair.key), at, lines);
  }
  const range = rangeOf(value);
  const [start, end] = range && range[1] > range[0] ? [range[0], at] : [at, at];
  const gap = /\s/.test(yaml.charAt(start - 1)) ? "" : " ";
  return yaml.slice(0, start) + gap + written + yaml.slice(end);
}

/** Sets the texts of an option, or removes it where there are none. All other characters stay as they are. */
export function setListOption(yaml: string, key: string, texts: readonly string[]): string {
  const pair = findPair(yaml, key);
  if (pair === undefined) return texts.length === 0 ? yaml : addOption(yaml, `${key}: ${writeList(texts)}`);
  const { value } = pair;
  if (texts.length === 0) return replaceLines(yaml, startOf(pair.key), endOf(yaml, value, pair), []);
  if (isBlockList(value)) {
    const sources = new Map(value.items.map((item, at) => [textOf(item), listSources(yaml, key)[at]]));
    return replaceItems(
      yaml,
      value,
      texts.map((text) => sources.get(text) ?? writeText(text)),
    );
  }
  return setOption(yaml, key, writeList(texts));
}

/** As `setListOption`, of values as they are written; one value is a list too. */
export function setListSources(yaml: string, key: string, sources: readonly string[]): string {
  const value = findPair(yaml, key)?.value;
  if (sources.length > 0 && isBlockList(value)) return replaceItems(yaml, value, sources);
  return setOption(yaml, key, sources.length === 0 ? undefined : `[${sources.join(", ")}]`);
}

function isBlockList(value: unknown): value is YAMLSeq {
  return isSeq(value) && value.flow !== true && value.items.length > 0;
}

function textOf(item: unknown): string | undefined {
  return isScalar(item) ? String(item.value) : undefined;
}

/** Sets what an option says of one name, in a map, or removes it there; the map is written on one line. */
export function setMapOption(yaml: string, key: string, name: string, text: string | undefined): string {
  const value = findPair(yaml, key)?.value;
  const others = (isMap(value) ? value.items : []).flatMap((pair) =>
    isScalar(pair.key) && isScalar(pair.value) && String(pair.key.value) !== name
      ? [[String(pair.key.value), String(pair.value.value)] as const]
      : [],
  );
  const entries = text === undefined ? others : [...others, [name, text] as const];
  const written = entries.map(([column, shown]) => `${writeText(column)}: ${writeText(shown)}`).join(", ");
  return setOption(yaml, key, entries.length === 0 ? undefined : `{${written}}`);
}

/** Adds a check, such as `row_count: {min: 1}` with a line for each further key, behind those that are there. */
export function addCheck(yaml: string, check: string): string {
  const pair = findPair(yaml, "checks");
  if (pair === undefined) return addOption(yaml, `checks:\n${asItem(check, "  ")}`);
  const { value } = pair;
  const last = isSeq(value) ? value.items.at(-1) : undefined;
  if (isSeq(value) && value.flow === true) {
    const at = last === undefined ? (rangeOf(value)?.[0] ?? 0) + 1 : endOf(yaml, last, pair);
    return `${yaml.slice(0, at)}${last === undefined ? "" : ", "}${asFlow(check)}${yaml.slice(at)}`;
  }
  const at = endOf(yaml, last, pair);
  const indent = isSeq(value) && last !== undefined ? dashIndent(yaml, value) : "  ";
  const lineEnd = yaml.indexOf("\n", at);
  const end = lineEnd < 0 ? yaml.length : lineEnd;
  return `${yaml.slice(0, end)}\n${asItem(check, indent)}${yaml.slice(end)}`;
}

export interface WrittenCheck {
  /** As it stands there. */
  readonly text: string;
  readonly value: unknown;
}

/** The entries of `checks:`, in their order; undefined where there is something else. */
export function listChecks(yaml: string): readonly WrittenCheck[] | undefined {
  const pair = findPair(yaml, "checks");
  if (pair === undefined || isEmpty(pair.value)) return [];
  const { value } = pair;
  if (!isSeq(value)) return undefined;
  return value.items.map((item) => ({
    text: yaml.slice(startOf(item), endOf(yaml, item, pair)),
    value: isNode(item) ? (item.toJS(parseDocument(yaml)) as unknown) : undefined,
  }));
}

/** Writes another check in the place of one, or removes it; all other characters stay as they are. */
export function replaceCheck(yaml: string, index: number, check: string | undefined): string {
  const pair = findPair(yaml, "checks");
  const list = pair?.value;
  if (pair === undefined || !isSeq(list) || list.items[index] === undefined) return yaml;
  const item = list.items[index];
  const [start, end] = [startOf(item), endOf(yaml, item, pair)];
  if (check === undefined && list.items.length === 1)
    return replaceLines(yaml, startOf(pair.key), endOf(yaml, list, pair), []);
  if (list.flow !== true)
    return replaceLines(yaml, start, end, check === undefined ? [] : [asItem(check, dashIndent(yaml, list))]);
  if (check !== undefined) return yaml.slice(0, start) + asFlow(check) + yaml.slice(end);
  // With the comma before it, or of the first one with that behind it.
  const before = list.items[index - 1];
  const [from, to] =
    before === undefined ? [start, startOf(list.items[index + 1])] : [endOf(yaml, before, pair), end];
  return yaml.slice(0, from) + yaml.slice(to);
}

function asItem(check: string, indent: string): string {
  return `${indent}- ${check.replaceAll("\n", `\n${indent}  `)}`;
}

function asFlow(check: string): string {
  return `{${check.replaceAll("\n", ", ")}}`;
}

/** The option `columns:` with what is there. */
export function contractOf(columns: readonly { readonly name: string; readonly type: string }[]): string {
  const lines = columns.map(({ name, type }) => `  ${writeText(name)}: ${writeType(type)}`);
  return ["columns:", ...lines].join("\n");
}

/** A comma or a bracket within it would end the value in some places. */
function writeType(type: string): string {
  return /^[A-Za-z_][\w ]*$/.test(type) ? type : JSON.stringify(type);
}

const readAsOther = /^(true|false|null|yes|no|on|off|y|n)$/i;

/** As a value of YAML that is read as this text. */
export function writeText(text: string): string {
  return /^[A-Za-z_]\w*$/.test(text) && !readAsOther.test(text) ? text : JSON.stringify(text);
}

function writeList(texts: readonly string[]): string {
  const [first = ""] = texts;
  return texts.length === 1 ? writeText(first) : `[${texts.map(writeText).join(", ")}]`;
}

/** What stands before the dashes of a list. */
function dashIndent(yaml: string, { items }: YAMLSeq): string {
  return /^[ ]*/.exec(lineBefore(yaml, startOf(items[0])))?.[0] ?? "";
}

/** An item that stays keeps its line, with its comment. */
function replaceItems(yaml: string, list: YAMLSeq, sources: readonly string[]): string {
  const indent = dashIndent(yaml, list);
  const all = yaml.split("\n");
  const kept = new Map<string, string>();
  for (const item of list.items)
    kept.set(yaml.slice(startOf(item), rangeOf(item)?.[1]), all[lineAt(yaml, startOf(item))] ?? "");
  const lines = sources.map((source) => kept.get(source) ?? `${indent}- ${source}`);
  return replaceLines(yaml, startOf(list.items[0]), startOf(list.items.at(-1)), lines);
}

function replaceLines(yaml: string, start: number, end: number, lines: readonly string[]): string {
  const all = yaml.split("\n");
  const first = lineAt(yaml, start);
  return [...all.slice(0, first), ...lines, ...all.slice(lineAt(yaml, end) + 1)].join("\n");
}

function lineAt(yaml: string, offset: number): number {
  return yaml.slice(0, offset).split("\n").length - 1;
}

/** Adds an option that is not there yet, of one or more lines, as far to the right as the first line. */
export function addOption(yaml: string, lines: string): string {
  const indent = /^ */.exec(yaml)?.[0] ?? "";
  return `${yaml.replace(/\n$/, "")}\n${lines.replace(/^/gm, indent)}`;
}
