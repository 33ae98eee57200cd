import type { LocatedDiagnostic } from "../../server/api/protocol.js";
import {
  controlTypes,
  controlTypesOfKey,
  endlessChoices,
  parameterTypes,
} from "../../server/notebook/control-options.js";
import {
  isListOption,
  listOption,
  listSources,
  setListSources,
  setOption,
  writeText,
} from "../../server/notebook/edit-options.js";
import type { Choice, YamlFormField } from "../elements/yaml-form.js";
import type { ControlType } from "./control-options.js";

/* What the form of a control offers, and how that is written. */

export interface ControlField extends YamlFormField {
  /** No key of its own: where the choices come from. */
  readonly isSource?: true;
}

const typeWords: Readonly<Record<ControlType, string>> = {
  select: "select: one of a list",
  checkbox: "checkbox: yes or no",
  number: "number",
  slider: "slider: a number in a range",
  date: "date",
  text: "text",
};

/** What a new control of that type needs to be one. */
const needed: Readonly<Partial<Record<ControlType, Readonly<Record<string, string>>>>> = {
  select: { options: "[A, B]" },
  slider: { min: "0", max: "100" },
};

const number = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** Undefined: it is more than texts. */
function textsOf(yaml: string, key: string): readonly string[] | undefined {
  const sources = listSources(yaml, key);
  return listOption(yaml, key)?.map((text, at) => {
    const source = sources[at] ?? "";
    return number.test(text) && !/^["']/.test(source) ? source : text;
  });
}

function typeOf(yaml: string): ControlType {
  const [written = ""] = listOption(yaml, "type") ?? [];
  return controlTypes.find((type) => type === written) ?? "text";
}

function isMultiple(yaml: string): boolean {
  return listOption(yaml, "multiple")?.[0] === "true";
}

/** Those that a control of its type has. */
export function fieldsOf(yaml: string): readonly ControlField[] {
  const type = typeOf(yaml);
  const fields: readonly ControlField[] = [
    { key: "type", label: "Type", type: "choice" },
    { key: "label", label: "Label", type: "text" },
    { key: "description", label: "Description", type: "text" },
    { key: "source", label: "Choices from", type: "choice", isSource: true },
    isList(yaml)
      ? { key: "options", label: "Choices, one a line", type: "lines" }
      : { key: "options", label: "Choices: a query of one column", type: "sql" },
    { key: "multiple", label: "several at once", type: "flag" },
    { key: "min", label: "Least", type: "number" },
    { key: "max", label: "Greatest", type: "number" },
    { key: "step", label: "Step", type: "number" },
    defaultField(yaml, type),
    { key: "value_type", label: "Type of its value", type: "choice", none: "automatic" },
  ];
  return fields.filter(({ key, isSource }) => {
    const types = controlTypesOfKey[isSource === true ? "options" : key];
    return types === undefined || types.includes(type);
  });
}

function defaultField(yaml: string, type: ControlType): ControlField {
  const field = { key: "default", label: "Default" };
  if (type === "checkbox") return { ...field, label: "ticked at first", type: "flag" };
  if (type === "number" || type === "slider") return { ...field, type: "number" };
  if (type === "date") return { ...field, type: "date" };
  if (type !== "select") return { ...field, type: "text" };
  if (isMultiple(yaml)) return { ...field, label: "Default, one a line", type: "lines" };
  return isList(yaml) ? { ...field, type: "choice", none: "the first" } : { ...field, type: "text" };
}

function isList(yaml: string): boolean {
  return isListOption(yaml, "options") || listOption(yaml, "options")?.length === 0;
}

/** Why a control of its type stays as it is in a link; undefined: it switches there. */
export function whyFixed(yaml: string): string | undefined {
  const what = endlessChoices[typeOf(yaml)];
  return (
    what &&
    `In shared links and files it stays as it is set: results for every other ${what} would be too many.`
  );
}

export function choicesOf(yaml: string, { key, isSource }: ControlField): readonly Choice[] {
  if (isSource === true)
    return [
      { value: "list", label: "a list" },
      { value: "query", label: "a query" },
    ];
  if (key === "type") return controlTypes.map((type) => ({ value: type, label: typeWords[type] }));
  const values = key === "default" ? (textsOf(yaml, "options") ?? []) : parameterTypes;
  return values.map((value) => ({ value, label: value }));
}

/** Undefined: it is more than a form can say. */
export function readField(yaml: string, { key, type, isSource }: ControlField): string | undefined {
  if (isSource === true) return isList(yaml) ? "list" : "query";
  const texts = textsOf(yaml, key);
  if (type === "lines") return isLines(yaml, key, texts) ? texts.join("\n") : undefined;
  return texts === undefined || texts.length > 1 ? undefined : (texts[0] ?? "");
}

/** Whether each of them is a line that is read back as itself: not nothing, no blanks at its ends. */
function isLines(
  yaml: string,
  key: string,
  texts: readonly string[] | undefined,
): texts is readonly string[] {
  const sources = listSources(yaml, key);
  return (
    texts?.every((text, at) => text === text.trim() && /^.+$/.test(text) && !isNothing(sources[at])) === true
  );
}

function isNothing(source: string | undefined): boolean {
  return source === undefined || /^(~|null)?$/i.test(source);
}

/** All other characters stay as they are; what has no effect on the type that is chosen goes. */
export function writeField(yaml: string, field: ControlField, value: string): string {
  if (field.isSource === true) return setOption(yaml, "options", value === "list" ? "[A, B]" : "SELECT 'A'");
  if (field.key === "type") return writeType(yaml, value);
  if (field.type === "lines") {
    const lines = value.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
    return setListSources(
      yaml,
      field.key,
      lines.map((line) => writeItem(yaml, field.key, line)),
    );
  }
  return setOption(yaml, field.key, written(yaml, field, value));
}

function writeType(before: string, chosen: string): string {
  const type = controlTypes.find((known) => known === chosen) ?? "text";
  const useless = Object.entries(controlTypesOfKey).flatMap(([key, types]) =>
    types.includes(type) ? [] : [key],
  );
  const isNumeric = (known: ControlType): boolean => known === "number" || known === "slider";
  const keepsDefault = isNumeric(type) && isNumeric(typeOf(before));
  let yaml = setOption(before, "type", type);
  for (const key of [...useless, ...(keepsDefault ? [] : ["default"])])
    yaml = setOption(yaml, key, undefined);
  for (const [key, text] of Object.entries(needed[type] ?? {}))
    if (listOption(yaml, key)?.length === 0) yaml = setOption(yaml, key, text);
  return yaml;
}

function written(yaml: string, { key, type }: ControlField, value: string): string | undefined {
  if (value === "") return undefined;
  if (type === "sql") return writeSql(value);
  if (key === "default" && typeOf(yaml) === "select") return writeItem(yaml, "options", value);
  return type === "text" ? writeText(value) : value;
}

/** As it is written already; a new one as a number only among numbers. */
function writeItem(yaml: string, key: string, text: string): string {
  const sources = listSources(yaml, key);
  const known = sources[(textsOf(yaml, key) ?? []).indexOf(text)];
  if (known !== undefined) return known;
  return sources.every((source) => number.test(source)) && number.test(text) ? text : writeText(text);
}

/** Without quotes where YAML reads the same text back. */
function writeSql(sql: string): string {
  if (sql.includes("\n")) return `|-\n${sql.replace(/^(?=.)/gm, "  ")}`;
  return /^[A-Za-z(]/.test(sql) && !/:\s|\s#|:$/.test(sql) ? sql : JSON.stringify(sql);
}

/** The key that a problem is of: the one that it names as absent, or that stands on its line or above that. */
export function keyOf(
  { line, message }: Pick<LocatedDiagnostic, "line" | "message">,
  yaml: string,
  firstLine: number,
): string | undefined {
  const absent = /needs key "(\w+)"/.exec(message)?.[1];
  if (absent !== undefined) return absent;
  const lines = yaml.split("\n").slice(0, line - firstLine + 1);
  return lines.flatMap((text) => /^(\w+):/.exec(text)?.[1] ?? []).at(-1);
}
