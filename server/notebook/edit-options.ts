import { AppError } from "../base/errors.js";
import type { Span } from "../base/source.js";
import { editYaml, type YamlEdit } from "./edit-yaml.js";
import { lineBreakOf, splitLines } from "./lines.js";
import type { Cell, CellKind, Notebook } from "./notebook.js";
import { applyEdits, type TextEdit } from "./text-edit.js";
import { optionPart, optionPrefix, toFileSpan, wholePart, type YamlPart } from "./yaml-part.js";

const identityKeys: Readonly<Record<CellKind, string>> = {
  sql: "cell",
  check: "check",
  chart: "chart",
  input: "input",
};

/**
 * Sets an option of a cell, or removes it where the value is undefined. Fails with code usage for the key that
 * names the cell, and with code invalid-notebook where its YAML cannot be understood.
 */
export function setOption(notebook: Notebook, cell: Cell, key: string, value: unknown): string {
  if (key === identityKeys[cell.kind]) {
    throw new AppError("usage", `"${key}" is the name of the cell.`, { hint: "Rename the cell instead." });
  }
  const { text } = notebook.source;
  const isSql = cell.kind === "sql" || cell.kind === "check";
  if (!isSql)
    return editPart(
      text,
      wholePart(text, cell.bodySpan),
      "",
      editYaml(bodyOf(notebook, cell.bodySpan), key, value),
    );
  const part = optionPart(text, cell.optionsSpan);
  const prefix = optionPrefix.exec(text.slice(cell.optionsSpan.start))?.[0].trimEnd() ?? "--|";
  return editPart(text, part, `${prefix} `, editYaml(part.text, key, value));
}

/** Sets a key of the front matter, which is made where there is none, or removes the key. */
export function setFrontMatter(notebook: Notebook, key: string, value: unknown): string {
  const { text } = notebook.source;
  const { span } = notebook.frontMatter;
  if (span !== undefined)
    return editPart(text, wholePart(text, span), "", editYaml(bodyOf(notebook, span), key, value));
  const edit = editYaml("", key, value);
  if (edit?.type !== "lines") return text;
  const start = text.startsWith("\uFEFF") ? 1 : 0;
  const lines = ["---", ...edit.lines, "---", "", ""].join(lineBreakOf(text));
  return applyEdits(text, [{ span: { start, end: start }, text: lines }]);
}

function bodyOf({ source }: Notebook, span: Span): string {
  return source.text.slice(span.start, span.end);
}

function editPart(text: string, part: YamlPart, prefix: string, edit: YamlEdit | undefined): string {
  if (edit === undefined) return text;
  if (edit.type === "value")
    return applyEdits(text, [{ span: toFileSpan(part, edit.start, edit.end), text: edit.text }]);
  return applyEdits(text, [replaceLines(text, part.span, prefix, edit)]);
}

function replaceLines(
  text: string,
  span: Span,
  prefix: string,
  edit: YamlEdit & { readonly type: "lines" },
): TextEdit {
  const lineBreak = lineBreakOf(text);
  const lines = splitLines(text, span);
  const start = lines[edit.first]?.start ?? span.end;
  const end = edit.count === 0 ? start : (lines[edit.first + edit.count - 1]?.next ?? span.end);
  const written = edit.lines.map((line) => (prefix + line).trimEnd() + lineBreak).join("");
  // The last line of an unclosed fence may have no break, and must not get the new line behind it.
  const isOpen = start === span.end && start > span.start && !/[\r\n]/.test(text.charAt(start - 1));
  return { span: { start, end }, text: isOpen ? lineBreak + written.slice(0, -lineBreak.length) : written };
}
