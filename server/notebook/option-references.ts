import type { OptionReference } from "./notebook.js";
import { findValue, type YamlLeaf, type YamlMap, type YamlNode } from "./yaml-tree.js";

/** Finds every cell that options name, with the place of the name in the file. */
export function findOptionReferences(options: YamlMap, file: string): OptionReference[] {
  const leaves = [
    ...leavesOf(findValue(options, "depends_on")),
    ...checkTargets(findValue(options, "checks")),
  ];
  return leaves.map((leaf) => toReference(leaf, file));
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

function toReference({ source, span }: YamlLeaf, file: string): OptionReference {
  const cell = source.split(".", 1)[0] ?? "";
  const start = /["']/.test(file[span.start] ?? "") ? span.start + 1 : span.start;
  const exact = { start, end: start + cell.length };
  return { cell, span: file.slice(exact.start, exact.end) === cell ? exact : span };
}
