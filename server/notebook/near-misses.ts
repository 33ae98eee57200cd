import type { Span } from "../base/source.js";
import { keysOf, kindOfKey } from "./cell-kinds.js";
import { findKind, isOptionLine, isSql, isYaml } from "./headers.js";
import { isBlank, splitLines } from "./lines.js";
import { toName } from "./names.js";
import type { Fence, Outline } from "./outline.js";
import type { Report } from "./report.js";

const code = "not-a-cell";

const anyPrefix = new RegExp(
  `^\\s*(?:--\\s*\\|+|--!|#\\|)\\s*(${keysOf("sql")})\\b\\s*[:=]?\\s*([^\\s#]*)`,
  "i",
);
const plainComment = new RegExp(`^\\s*--\\s*(${keysOf("sql")})\\s*:\\s*(\\w+)\\s*$`, "i");
const yamlKey = new RegExp(
  `^\\s*(?:--\\s*\\|\\s*)?\\{?\\s*"?((?:${keysOf("yaml")})s?)"?\\s*:\\s*([^\\s#,}]*)`,
  "i",
);

/**
 * Warns about a fence that is prose but was probably meant as a cell. Without a word from us it would
 * look right on the page and never run.
 */
export function warnNearMiss(fence: Fence, text: string, report: Report): void {
  const lines = splitLines(text, fence.bodySpan)
    .map((line) => ({ span: { start: line.start, end: line.end }, text: text.slice(line.start, line.end) }))
    .filter((line) => !isBlank(line.text));
  const first = lines[0];
  if (first === undefined) return;
  if (isSql(fence.language)) warnSql(lines, first, report);
  else if (isYaml(fence.language)) warnYaml(lines, report);
  else {
    const language = languageMeant(fence.language, first.text);
    if (language === undefined) return;
    const written = fence.language === "" ? "has no language" : `is of language "${fence.language}"`;
    report.warn(
      code,
      fence.openingSpan,
      `This fence ${written}, so it is not a cell`,
      `Open it with ${fence.marker}${language}.`,
    );
  }
}

/** YAML of anything else may begin with such a key too, so that the language has to say what is meant. */
function languageMeant(language: string, firstLine: string): "sql" | "yaml" | undefined {
  if (findKind("sql", firstLine) !== undefined) return "sql";
  return kindOfKey("yaml", language.toLowerCase()) !== undefined && yamlKey.test(firstLine)
    ? "yaml"
    : undefined;
}

/** Tells that a fence within a list or a quotation never runs. */
export function informNested(nested: Outline["nested"][number], report: Report): void {
  if (findKind(nested.language, nested.firstLine) === undefined) return;
  const message = "A fence in a list or a quotation is prose and never runs";
  report.inform("nested-cell", nested.span, message, "Begin the fence at the margin to make it a cell.");
}

interface BodyLine {
  readonly text: string;
  readonly span: Span;
}

function warnSql(lines: readonly BodyLine[], first: BodyLine, report: Report): void {
  const header = lines.find((line) => findKind("sql", line.text) !== undefined);
  if (header !== undefined) {
    report.warn(
      code,
      header.span,
      `A cell's header is the first line of its fence`,
      "Move this line to the top.",
    );
    return;
  }
  const misspelt = lines
    .map((line) => findMisspelling(line, line === first))
    .find((found) => found !== undefined);
  if (misspelt !== undefined) {
    report.warn(code, misspelt.span, `"${misspelt.text.trim()}" does not start a cell`, misspelt.hint);
    return;
  }
  const option = lines.find((line) => isOptionLine(line.text));
  if (option === undefined) return;
  const message = "Options without a cell: the first line of a cell names it";
  report.warn(code, option.span, message, "Write --| cell: name above it.");
}

function findMisspelling(
  line: BodyLine,
  isFirst: boolean,
): (BodyLine & { readonly hint: string }) | undefined {
  const match =
    anyPrefix.exec(line.text) ??
    /^\s*--\s*\|\s*(name)\s*[:=]\s*([^\s#]+)/i.exec(line.text) ??
    (isFirst ? plainComment.exec(line.text) : null);
  if (match === null) return undefined;
  const written = match[1]?.toLowerCase() ?? "";
  const key = kindOfKey("sql", written) === undefined ? "cell" : written;
  const name = match[2] ?? "";
  const hint = name === "" ? `Give it a name: --| ${key}: orders` : `Write --| ${key}: ${toName(name)}`;
  return { ...line, hint };
}

function warnYaml(lines: readonly BodyLine[], report: Report): void {
  const first = lines.find((line) => !line.text.trimStart().startsWith("#"));
  const match = yamlKey.exec(first?.text ?? "");
  const key = match?.[1] ?? "";
  const name = match?.[2] ?? "";
  const isExact = kindOfKey("yaml", key) !== undefined;
  // `inputs:` with a map below is YAML of another program.
  if (first === undefined || key === "" || (!isExact && !/^\w+$/.test(name))) return;
  const right = key.toLowerCase().replace(/s$/, "");
  const example = `${right}: ${/^\w/.test(name) ? toName(name) : `my_${right}`}`;
  report.warn(code, first.span, `"${first.text.trim()}" does not start a cell`, `Write ${example}`);
}
