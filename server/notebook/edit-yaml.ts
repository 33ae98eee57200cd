import { Document, isCollection, isMap, isNode, isScalar, type Pair } from "yaml";
import { AppError } from "../base/errors.js";
import { composeYaml } from "./compose-yaml.js";

const widestLine = 80;

/** A change of one key in a piece of YAML: of a value within its line, or of whole lines, counted from 0. */
export type YamlEdit =
  | { readonly type: "value"; readonly start: number; readonly end: number; readonly text: string }
  | {
      readonly type: "lines";
      readonly first: number;
      readonly count: number;
      readonly lines: readonly string[];
    };

/**
 * Sets one key, or removes it where the value is undefined. Other keys and all comments stay as they are, but
 * those within a value that is replaced. Fails with code invalid-notebook where the YAML cannot be understood.
 */
export function editYaml(yaml: string, key: string, value: unknown): YamlEdit | undefined {
  const document = composeYaml(yaml);
  const problem = typeof document === "string" ? document : document.errors[0]?.message;
  const contents = typeof document === "string" ? null : document.contents;
  const isEmpty = contents === null || (isScalar(contents) && contents.value === null);
  if (problem !== undefined || !(isEmpty || (isMap(contents) && contents.flow !== true))) {
    const hint = "Correct the YAML in the text, with one key on a line, then set the option again.";
    throw new AppError(
      "invalid-notebook",
      `Key "${key}" cannot be set: ${problem ?? "not one key on each line"}.`,
      { hint },
    );
  }
  const pairs = isMap(contents) ? contents.items : [];
  const pair = pairs.find((item) => isScalar(item.key) && String(item.key.value) === key);
  const indent = " ".repeat(columnOf(yaml, startOf(pairs[0])));
  if (pair !== undefined) return replacePair(yaml, pair, key, value, indent);
  const lineCount = lineAt(yaml, yaml.length) + (yaml === "" || /[\r\n]$/.test(yaml) ? 0 : 1);
  return value === undefined
    ? undefined
    : { type: "lines", first: lineCount, count: 0, lines: writePair(key, value, indent) };
}

function replacePair(yaml: string, pair: Pair, key: string, value: unknown, indent: string): YamlEdit {
  const lines = value === undefined ? [] : writePair(key, value, indent);
  const start = startOf(pair);
  const range = valueRange(pair, yaml);
  const isOnOneLine =
    lines.length === 1 && range !== undefined && !/[\r\n]/.test(yaml.slice(start, range.end));
  // What else stands in the line, a comment mostly, stays there.
  if (isOnOneLine && !hasTag(pair)) {
    return {
      type: "value",
      ...range,
      text: (lines[0] ?? "").slice(indent.length + writeKey(key).length + 2),
    };
  }
  const first = lineAt(yaml, start);
  const last = lineAt(yaml, Math.max(start, (range?.end ?? start) - 1));
  return { type: "lines", first, count: last - first + 1, lines };
}

/** Nothing for a key without a value. */
function valueRange(pair: Pair, yaml: string): { readonly start: number; readonly end: number } | undefined {
  const range = isNode(pair.value) ? pair.value.range : undefined;
  const length = range ? yaml.slice(range[0], range[1]).trimEnd().length : 0;
  return range && length > 0 ? { start: range[0], end: range[0] + length } : undefined;
}

/** A tag such as `!!str` stands before the value and would decide the new one's type. */
function hasTag({ value }: Pair): boolean {
  return isNode(value) && value.tag !== undefined;
}

function writePair(key: string, value: unknown, indent: string): string[] {
  const document = new Document({ [key]: value });
  const node = document.get(key, true);
  if (isCollection(node)) node.flow = true;
  const options = { lineWidth: 0, flowCollectionPadding: false };
  let text = document.toString(options);
  if (isCollection(node) && (text.length > widestLine || text.trimEnd().includes("\n"))) {
    node.flow = false;
    text = document.toString(options);
  }
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => (line === "" ? "" : indent + line));
}

function writeKey(key: string): string {
  return new Document({ [key]: 0 }).toString().replace(/: 0\n$/, "");
}

function startOf(pair: Pair | undefined): number {
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? 0) : 0;
}

function columnOf(yaml: string, offset: number): number {
  return (
    offset - Math.max(yaml.slice(0, offset).lastIndexOf("\n"), yaml.slice(0, offset).lastIndexOf("\r")) - 1
  );
}

function lineAt(yaml: string, offset: number): number {
  return yaml.slice(0, offset).split(/\r\n|\n|\r/).length - 1;
}
