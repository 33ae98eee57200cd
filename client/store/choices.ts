import type { NotebookView } from "../../server/api/protocol.js";
import { readSettings, type ControlSettings } from "../controls/control-options.js";

/** What a reader chose on the page, besides the defaults. */
export interface Choices {
  /** By name; without a prototype, since a parameter may have any name. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The run date. */
  readonly date?: string;
}

export interface ReadChoices extends Choices {
  /** What the address names and cannot be taken, in words for people. */
  readonly problems: readonly string[];
}

type Definition = Pick<ControlSettings, "parameter" | "min" | "max">;

/** No parameter can have such a name. */
const DATE = "run-date";
/** Behind a name: no value is chosen, which is not the empty text. */
const NONE = "!";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** A record that takes any name, `__proto__` too. */
export function recordOf(entries: Iterable<readonly [string, unknown]> = []): Record<string, unknown> {
  const record = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of entries) record[name] = value;
  return record;
}

/** As the query of an address: `city=VLC&ids=[1,2]&run-date=2026-11-01`. Lists are JSON. */
export function writeChoices({ parameters, date }: Choices): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (value === null) query.append(`${name}${NONE}`, "");
    else query.append(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  if (date !== undefined) query.append(DATE, date);
  return query.toString();
}

/** What an address says, as far as the notebook has such parameters and the values fit them. */
export function readChoices(query: string, view: Pick<NotebookView, "parameters" | "cells">): ReadChoices {
  const definitions = definitionsOf(view);
  const parameters = recordOf();
  const problems: string[] = [];
  let date: string | undefined;
  for (const [key, text] of new URLSearchParams(query)) {
    if (key === DATE) {
      if (isDay(text)) date = text;
      else problems.push(`"${text}" is no run date.`);
      continue;
    }
    const name = key.endsWith(NONE) ? key.slice(0, -NONE.length) : key;
    const definition = definitions.get(name);
    if (definition === undefined) {
      problems.push(`There is no parameter ${name}.`);
      continue;
    }
    const value = key === name ? read(definition, text) : null;
    if (value === undefined) problems.push(`"${text}" is no value of ${name}.`);
    else if (!isDefault(definition, value)) parameters[name] = value;
  }
  return { parameters, ...(date === undefined ? {} : { date }), problems };
}

/** Choosing what is the default anyway chooses nothing. */
export function withChoice(
  { parameters }: Choices,
  view: Pick<NotebookView, "parameters" | "cells"> | undefined,
  name: string,
  value: unknown,
): Readonly<Record<string, unknown>> {
  const next = recordOf(Object.entries(parameters));
  const definition = view === undefined ? undefined : definitionsOf(view).get(name);
  if (value === undefined || (definition !== undefined && isDefault(definition, value)))
    Reflect.deleteProperty(next, name);
  else next[name] = value;
  return next;
}

function definitionsOf({
  parameters,
  cells,
}: Pick<NotebookView, "parameters" | "cells">): ReadonlyMap<string, Definition> {
  const controls = cells.flatMap((cell) => readSettings(cell) ?? []);
  return new Map([
    ...controls.map((settings): [string, Definition] => [settings.parameter.name, settings]),
    ...parameters.map((parameter): [string, Definition] => [parameter.name, { parameter }]),
  ]);
}

function isDefault({ parameter }: Definition, value: unknown): boolean {
  return JSON.stringify(value) === JSON.stringify(parameter.defaultValue);
}

/** Undefined for what does not fit. */
function read(definition: Definition, text: string): unknown {
  if (!definition.parameter.isList) return readScalar(definition, text);
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(list)) return undefined;
  const items = list.map((item: unknown) =>
    item === null
      ? null
      : typeof item === "object"
        ? undefined
        : readScalar(definition, typeof item === "string" ? item : JSON.stringify(item)),
  );
  return items.includes(undefined) ? undefined : items;
}

function readScalar({ parameter, min = -Infinity, max = Infinity }: Definition, text: string): unknown {
  switch (parameter.type) {
    case "string":
      return text;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "date":
      return isDay(text) ? text : undefined;
    case "timestamp":
      return Number.isNaN(Date.parse(text)) ? undefined : text;
    case "integer":
    case "number": {
      const isWritten = parameter.type === "integer" ? /^[+-]?\d{1,19}$/.test(text) : NUMBER.test(text);
      const number = Number(text);
      if (!isWritten || !Number.isFinite(number) || number < min || number > max) return undefined;
      // Beyond 2^53 the digits themselves are sent.
      return parameter.type === "integer" && !Number.isSafeInteger(number) ? text : number;
    }
  }
}

function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
