import type { Span } from "../../base/source.js";
import { isCheckKind, ruleReaders } from "../check-rules.js";
import type { ColumnReference, OptionReference } from "../notebook.js";
import { findValue, type YamlLeaf, type YamlMap, type YamlNode } from "../yaml-tree.js";

/** Finds every cell that options name, with the place of the name in the file. */
export function findOptionReferences(options: YamlMap, file: string): OptionReference[] {
  const leaves = [
    ...leavesOf(findValue(options, "depends_on")),
    ...checkTargets(findValue(options, "checks")),
  ];
  return leaves.map((leaf) => toReference(leaf, file));
}

/** Finds every column that options name, with the place of the name in the file. */
export function findColumnReferences(options: YamlMap, file: string): ColumnReference[] {
  const checks = findValue(options, "checks");
  const arguments_ = checks?.type === "list" ? checks.items.flatMap(columnArguments) : [];
  const own = [...leavesAt(options, "partition_by"), ...leavesAt(options, "key"), ...arguments_];
  const others = checkTargets(checks).filter(({ source }) => source.includes("."));
  const formats = findValue(options, "format");
  return [
    ...own.map((leaf) => ({ column: leaf.source, span: placeOf(leaf.source, leaf, file) })),
    ...(formats?.type === "map"
      ? formats.entries.map(({ key, keySpan }) => ({ column: key, span: keySpan }))
      : []),
    ...others.map((leaf) => {
      const dot = leaf.source.indexOf(".");
      const column = leaf.source.slice(dot + 1);
      return { cell: leaf.source.slice(0, dot), column, span: placeOf(column, leaf, file, dot + 1) };
    }),
  ];
}

/** Of `not_null: a`, `not_null: [a]`, `unique: {columns: [a]}`, `range: {column: a}` ... */
function columnArguments(check: YamlNode): YamlLeaf[] {
  if (check.type !== "map") return [];
  return check.entries.flatMap(({ key, value }) => [
    ...(namesColumns(key) ? leavesOf(value) : []),
    ...leavesAt(value, "columns"),
    ...leavesAt(value, "column"),
  ]);
}

/** Whether a value without a map names columns. */
function namesColumns(key: string): boolean {
  const shorthand = isCheckKind(key) ? ruleReaders[key].shorthand : undefined;
  return shorthand === "column" || shorthand === "columns";
}

function checkTargets(checks: YamlNode | undefined): YamlLeaf[] {
  if (checks?.type !== "list") return [];
  return checks.items.flatMap((check) => {
    if (check.type !== "map") return [];
    const relationships = findValue(check, "relationships");
    const matches = findValue(check, "row_count_matches");
    return [
      ...leavesAt(relationships, "to"),
      ...(matches?.type === "leaf"
        ? [matches]
        : [...leavesAt(matches, "cell"), ...leavesAt(matches, "distinct")]),
    ];
  });
}

function leavesAt(node: YamlNode | undefined, key: string): YamlLeaf[] {
  return node?.type === "map" ? leavesOf(findValue(node, key)) : [];
}

function leavesOf(node: YamlNode | undefined): YamlLeaf[] {
  if (node?.type === "list") return node.items.flatMap(leavesOf);
  return node?.type === "leaf" && typeof node.value === "string" ? [node] : [];
}

function toReference(leaf: YamlLeaf, file: string): OptionReference {
  const cell = leaf.source.split(".", 1)[0] ?? "";
  return { cell, span: placeOf(cell, leaf, file) };
}

/** Where a part of a text stands, without quotes; all of it where it is written in another way. */
function placeOf(text: string, { span }: YamlLeaf, file: string, offset = 0): Span {
  const quote = /["']/.test(file[span.start] ?? "") ? 1 : 0;
  const start = span.start + quote + offset;
  const exact = { start, end: start + text.length };
  return file.slice(exact.start, exact.end) === text ? exact : span;
}
