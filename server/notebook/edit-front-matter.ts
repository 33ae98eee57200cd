import { isMap, isSeq, parseDocument, type Pair, type YAMLMap } from "yaml";
import { AppError } from "../base/errors.js";
import { parseOutline } from "./outline.js";
import { Report } from "./report.js";
import { endOf, isEmpty, lineBefore, nextLine, pairOf, rangeOf, startOf } from "./yaml-text.js";

/** As it is written into YAML. */
export type Written = string | number | boolean | readonly Written[] | { readonly [key: string]: Written };

/**
 * Sets a key of the front matter, or one of a map in it (`schedule`, `cron`); undefined removes it. All other characters
 * stay as they are. Fails with code usage where the front matter has a fault, or is written so that this cannot be done.
 */
export function setInFrontMatter(
  text: string,
  path: readonly [key: string, inner?: string],
  value: Written | undefined,
): string {
  const report = new Report();
  const { frontMatter: span, start } = parseOutline(text, report);
  if (report.diagnostics.some(({ code }) => /^(unclosed|misplaced)-front-matter$/.test(code))) throw faulty();
  const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  if (span === undefined) {
    if (value === undefined) return text;
    const [key, inner] = path;
    const entry = writeEntry(key, inner === undefined ? value : { [inner]: value });
    return `${text.slice(0, start)}${["---", entry, "---", "", ""].join(lineBreak)}${text.slice(start)}`;
  }
  const before = text.slice(span.start, span.end);
  const after = setInYaml(before, path, value, lineBreak);
  if (!isAsMeant(before, after, path, value))
    throw new AppError("usage", "The front matter is written in a way that can only be changed by hand.", {
      hint: "Change it in the notebook's file.",
    });
  return text.slice(0, span.start) + after + text.slice(span.end);
}

function setInYaml(
  yaml: string,
  [key, inner]: readonly [key: string, inner?: string],
  value: Written | undefined,
  lineBreak: string,
): string {
  const { contents } = readMap(yaml);
  if (contents === null) return value === undefined ? yaml : `${yaml}${writeEntry(key, value)}${lineBreak}`;
  if (inner === undefined) return setInMap(yaml, contents, key, value, lineBreak);
  const map = pairOf(contents, key)?.value;
  if (isMap(map)) return setInMap(yaml, map, inner, value, lineBreak);
  return value === undefined ? yaml : setInMap(yaml, contents, key, { [inner]: value }, lineBreak);
}

function readMap(yaml: string): { readonly contents: YAMLMap | null; readonly plain: unknown } {
  const document = parseDocument(yaml, { uniqueKeys: false });
  const { contents, errors } = document;
  if (errors.length > 0 || !(contents === null || isMap(contents) || isEmpty(contents))) throw faulty();
  return { contents: isMap(contents) ? contents : null, plain: document.toJS() };
}

function faulty(): AppError {
  return new AppError("usage", "The front matter of the notebook has a fault.", {
    hint: "Correct it in the notebook's file first.",
  });
}

function setInMap(
  yaml: string,
  map: YAMLMap,
  key: string,
  value: Written | undefined,
  lineBreak: string,
): string {
  const pair = pairOf(map, key);
  if (pair !== undefined) return value === undefined ? remove(yaml, map, pair) : replace(yaml, pair, value);
  if (value === undefined) return yaml;
  const last = map.items.at(-1);
  const entry = writeEntry(key, value);
  const at = last === undefined ? startOf(map) + 1 : endOf(yaml, last.value, last);
  if (map.flow === true) return insert(yaml, at, last === undefined ? entry : `, ${entry}`);
  const next = nextLine(yaml, at);
  const gap = yaml.slice(0, next).endsWith("\n") ? "" : lineBreak;
  return insert(yaml, next, `${gap}${lineBefore(yaml, startOf(map.items[0]?.key))}${entry}${lineBreak}`);
}

function replace(yaml: string, pair: Pair, value: Written): string {
  const { value: old } = pair;
  const end = endOf(yaml, old, pair);
  if (isEmpty(old)) return insert(yaml, end, ` ${write(value)}`);
  const start = rangeOf(old)?.[0] ?? end;
  // A list's dashes may stand below the first letter of its key, where brackets may not.
  const gap = isSeq(old) && old.flow !== true ? "  " : "";
  return `${yaml.slice(0, start)}${gap}${write(value)}${yaml.slice(end)}`;
}

function remove(yaml: string, map: YAMLMap, pair: Pair): string {
  const at = map.items.indexOf(pair);
  const [start, end] = [startOf(pair.key), endOf(yaml, pair.value, pair)];
  if (map.flow !== true) {
    const line = start - lineBefore(yaml, start).length;
    return yaml.slice(0, line) + yaml.slice(nextLine(yaml, end));
  }
  const [previous, next] = [map.items[at - 1], map.items[at + 1]];
  if (next !== undefined) return yaml.slice(0, start) + yaml.slice(startOf(next.key));
  return (
    yaml.slice(0, previous === undefined ? start : endOf(yaml, previous.value, previous)) + yaml.slice(end)
  );
}

function insert(yaml: string, at: number, text: string): string {
  return yaml.slice(0, at) + text + yaml.slice(at);
}

/** That nothing but the key is another one, and that what can be read was read rightly. */
function isAsMeant(
  before: string,
  after: string,
  [key, inner]: readonly [key: string, inner?: string],
  value: Written | undefined,
): boolean {
  const [{ plain: old }, { plain: now }] = [readMap(before), readMap(after)];
  const meant = new Map(entriesOf(old));
  if (inner === undefined) put(meant, key, value);
  else {
    const map = new Map(entriesOf(meant.get(key)));
    put(map, inner, value);
    put(meant, key, Object.fromEntries(map));
  }
  return JSON.stringify([...meant]) === JSON.stringify(entriesOf(now));
}

function entriesOf(plain: unknown): [string, unknown][] {
  return typeof plain === "object" && plain !== null ? Object.entries(plain) : [];
}

function put(map: Map<string, unknown>, key: string, value: unknown): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

function writeEntry(key: string, value: Written): string {
  return `${key}: ${write(value)}`;
}

const readAsOther = /^(true|false|null|yes|no|on|off|y|n)$/i;
const isPlain = /^(?:[A-Za-z_][\w/.+*-]*|\d+(?:ms|s|m|h))$/;

function write(value: Written): string {
  if (typeof value === "string")
    return isPlain.test(value) && !readAsOther.test(value) ? value : JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  if (isList(value)) return `[${value.map(write).join(", ")}]`;
  return `{${Object.entries(value)
    .map(([key, inner]) => writeEntry(key, inner))
    .join(", ")}}`;
}

function isList(value: Written): value is readonly Written[] {
  return Array.isArray(value);
}
