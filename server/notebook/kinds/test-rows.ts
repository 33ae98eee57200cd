import { formatCount } from "../../text/format.js";
import { readCsvText, type CsvField } from "../../text/read-csv-text.js";
import type { Span } from "../../base/source.js";
import type { PlacedName, TestRow, TestRows, TestValue } from "../notebook.js";
import type { Report } from "../report.js";
import {
  numberText,
  toJson,
  type YamlLeaf,
  type YamlList,
  type YamlMap,
  type YamlNode,
} from "../yaml-tree.js";

/** Reads rows: a list of maps, CSV text, or the path of a file below `input/`. Reports what is none of these. */
export function readTestRows(
  file: string,
  node: YamlNode,
  key: string,
  report: Report,
): TestRows | undefined {
  if (node.type === "list") return readMaps(node, key, report);
  if (node.type === "leaf" && node.value === null) return { type: "rows", columns: [], rows: [] };
  if (node.type === "leaf" && typeof node.value === "string") return readText(file, node, key, report);
  reportNoRows(node.span, key, report);
  return undefined;
}

function reportNoRows(span: Span, key: string, report: Report): void {
  const hint = `For example: ${key}: [{id: 1}]; or CSV text below "|", or a file such as input/rows.csv.`;
  report.error(
    "invalid-option",
    span,
    `The rows of "${key}" must be a list of maps, CSV text or a file`,
    hint,
  );
}

function readMaps({ items }: YamlList, key: string, report: Report): TestRows | undefined {
  const wrong = items.find((item) => item.type !== "map");
  if (wrong !== undefined) {
    reportNoRows(wrong.span, key, report);
    return undefined;
  }
  const maps = items as readonly YamlMap[];
  for (const { entries } of maps)
    reportTwins(
      entries.map(({ key: name, keySpan: span }) => ({ name, span })),
      report,
    );
  const columns = new Map<string, PlacedName>();
  for (const { entries } of maps)
    for (const { key: name, keySpan: span } of entries)
      if (!columns.has(name.toLowerCase())) columns.set(name.toLowerCase(), { name, span });
  return {
    type: "rows",
    columns: [...columns.values()],
    rows: maps.map((map) => readRow(map, [...columns.keys()])),
  };
}

function reportTwins(names: readonly PlacedName[], report: Report): void {
  const known = new Set<string>();
  for (const { name, span } of names) {
    if (known.has(name.toLowerCase()))
      report.error(
        "duplicate-key",
        span,
        `Key "${name}" is written twice`,
        "Remove one of the two: names of columns have no case.",
      );
    known.add(name.toLowerCase());
  }
}

function readRow({ entries, span }: YamlMap, columns: readonly string[]): TestRow {
  const values = new Map(entries.map(({ key, value }) => [key.toLowerCase(), readValue(value)]));
  return { values: columns.map((name) => values.get(name) ?? null), span };
}

function readValue(node: YamlNode): TestValue {
  if (node.type !== "leaf") return { json: toJson(node) };
  return node.value === null ? null : { value: node.value, text: leafText(node, node.value) };
}

function leafText(leaf: YamlLeaf, value: string | number | boolean): string {
  return typeof value === "number" ? numberText(leaf) : String(value);
}

function readText(file: string, node: YamlLeaf, key: string, report: Report): TestRows | undefined {
  const text = String(node.value);
  if (!text.includes("\n")) return { type: "file", path: text.trim(), span: node.span };
  const [header = [], ...lines] = readCsvText(text);
  const long = lines.findIndex((line) => line.length > header.length);
  if (long !== -1) {
    const [has, wants] = [
      formatCount(lines[long]?.length ?? 0, "value"),
      formatCount(header.length, "column"),
    ];
    const found = `Row ${String(long + 1)} of "${key}" has ${has} for ${wants}`;
    report.error("invalid-option", node.span, found, "A text with a comma in it stands in double quotes.");
    return undefined;
  }
  const columns = header.map(({ text: name }) => ({ name, span: placeOf(file, node.span, name) }));
  reportTwins(columns, report);
  return {
    type: "rows",
    columns,
    rows: lines.map((line) => ({
      values: columns.map((_, index) => csvValue(line[index])),
      span: node.span,
    })),
  };
}

function placeOf(file: string, { start, end }: Span, name: string): Span {
  const at = file.slice(start, end).indexOf(name);
  return at === -1 ? { start, end } : { start: start + at, end: start + at + name.length };
}

/** An empty field is NULL, one in quotes a text. */
function csvValue(field: CsvField | undefined): TestValue {
  if (field === undefined || (field.text === "" && !field.isQuoted)) return null;
  const { text, isQuoted } = field;
  const isNumber = !isQuoted && /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text);
  const isBoolean = !isQuoted && /^(?:true|false)$/i.test(text);
  return { value: isNumber ? Number(text) : isBoolean ? text.toLowerCase() === "true" : text, text };
}
