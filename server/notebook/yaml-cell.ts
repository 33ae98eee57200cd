import { checkName } from "./names.js";
import type { CellBase } from "./notebook.js";
import type { Fence } from "./outline.js";
import { parseYaml } from "./parse-yaml.js";
import type { Report } from "./report.js";
import { wholePart } from "./yaml-part.js";
import type { YamlMap } from "./yaml-tree.js";

/** Reads what charts and inputs have in common: a map whose first key names the cell. */
export function parseYamlCell(
  file: string,
  fence: Fence,
  key: "chart" | "input",
  report: Report,
): [CellBase, YamlMap] {
  const part = wholePart(file, fence.bodySpan);
  const tree = parseYaml(part, report);
  const map: YamlMap = tree?.type === "map" ? tree : { type: "map", entries: [], span: part.span, size: 1 };
  const { name, nameSpan } = nameOf(map, key, part.text, part.span.start);
  checkName(name, nameSpan, report);
  return [{ name, nameSpan, span: fence.span, bodySpan: fence.bodySpan, hasErrors: false }, map];
}

/** The name in the map, or in the text where that is too broken to be read. */
function nameOf(
  map: YamlMap,
  key: string,
  text: string,
  offset: number,
): Pick<CellBase, "name" | "nameSpan"> {
  const header = map.entries[0];
  if (header?.key === key) {
    const { value } = header;
    const { start, end } = value.span;
    return {
      name: value.type === "leaf" ? value.source : text.slice(start - offset, end - offset),
      nameSpan: value.span,
    };
  }
  const match = new RegExp(`(?:^|[\\r\\n])([ \\t]*${key}[ \\t]*:[ \\t]*)(\\S*)`).exec(text);
  const start = offset + (match === null ? 0 : match.index + match[0].length - (match[2]?.length ?? 0));
  const name = match?.[2] ?? "";
  return { name, nameSpan: { start, end: start + name.length } };
}
