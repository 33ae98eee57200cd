import { checkName, reservedNames } from "../names.js";
import type { CellBase } from "../notebook.js";
import type { Report } from "../report.js";
import type { YamlMap } from "../yaml-tree.js";

type CellName = Pick<CellBase, "name" | "nameSpan">;

/** Reads and judges the name of a cell: the value of the first key. */
export function readCellName(
  file: string,
  map: YamlMap,
  key: string,
  report: Report,
  reserved = reservedNames,
): CellName {
  const name = nameInMap(file, map, key) ?? nameInText(file, map, key);
  checkName(name.name, name.nameSpan, report, reserved);
  return name;
}

function nameInMap(file: string, { entries: [header] }: YamlMap, key: string): CellName | undefined {
  if (header?.key !== key) return undefined;
  const { value } = header;
  const { start, end } = value.span;
  return { name: value.type === "leaf" ? value.source : file.slice(start, end), nameSpan: value.span };
}

/** For YAML too broken to be read. */
function nameInText(file: string, { span }: YamlMap, key: string): CellName {
  const header = new RegExp(`(?:^|[\\r\\n])[ \\t]*(?:--\\|)?[ \\t]*${key}[ \\t]*:[ \\t]*`);
  const match = header.exec(file.slice(span.start, span.end));
  const start = span.start + (match === null ? 0 : match.index + match[0].length);
  const name = /^[^\s,#]*/.exec(file.slice(start, span.end))?.[0] ?? "";
  return { name, nameSpan: { start, end: start + name.length } };
}
