import type { CellBase } from "../notebook.js";
import { readCellName } from "./cell-name.js";
import type { Fence } from "../outline.js";
import { parseYaml } from "../parse-yaml.js";
import type { Report } from "../report.js";
import { wholePart } from "../yaml-part.js";
import { toMap, type YamlMap } from "../yaml-tree.js";

export interface YamlCell {
  readonly base: CellBase;
  readonly map: YamlMap;
  /** Where to report what is wrong with the values. */
  readonly following: Report;
}

/** Reads what charts and inputs have in common: a map whose first key names the cell. */
export function parseYamlCell(
  file: string,
  fence: Fence,
  key: string,
  report: Report,
  reserved?: readonly string[],
): YamlCell {
  const { span, bodySpan } = fence;
  const { tree, following } = parseYaml(wholePart(file, bodySpan), report);
  const map = toMap(tree, bodySpan);
  return {
    base: { ...readCellName(file, map, key, report, reserved), span, bodySpan, hasErrors: false },
    map,
    following,
  };
}
