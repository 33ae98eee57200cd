import type { ControlPart, Literal } from "./draft.js";
import type { Variables } from "./fill-holes.js";

export interface Assignment {
  readonly name: string;
  /** Undefined: it is no plain value. */
  readonly value: Literal | undefined;
}

/** A variable is known by a value that it has everywhere. Controls have a value of their own, which is chosen. */
export function variablesOf(
  assignments: readonly Assignment[],
  controls: readonly ControlPart[] = [],
): Variables {
  const values = new Map<string, Literal>();
  const changing = new Set(controls.map(({ name }) => name));
  for (const { name, value } of assignments) {
    if (value === undefined || (values.has(name) && values.get(name) !== value)) changing.add(name);
    else values.set(name, value);
  }
  for (const name of changing) values.delete(name);
  const texts = controls.filter(({ options }) => isText(options)).map(({ name }) => name);
  return { values, texts: new Set(texts) };
}

function isText({ type, options }: ControlPart["options"]): boolean {
  return type === "text" || (Array.isArray(options) && options.some((option) => typeof option === "string"));
}

const ASSIGNS =
  /^[ \t]*([A-Za-z_]\w*)[ \t]*(?::[^=]{0,200})?((?:[-+*/%|&]|\/\/|\*\*)?=)(?!=)[ \t]*(?:(-?\d+(?:\.\d+)?|True|False)[ \t]*(?:#.*)?$)?/;
const LOOP = /^[ \t]*for[ \t]+([\w, \t()]{1,200}?)[ \t]+in\b/;

/** What statements of Python put into variables. `inside`: lines that begin no statement; `texts`: the string that a line assigns. */
export function assignmentsOf(
  lines: readonly string[],
  inside: ReadonlySet<number>,
  texts: ReadonlyMap<number, string>,
): Assignment[] {
  return lines.flatMap((text, line): Assignment[] => {
    if (inside.has(line)) return [];
    const names = LOOP.exec(text)?.[1]?.match(/\w+/g) ?? [];
    const [, name, operator, plain] = ASSIGNS.exec(text) ?? [];
    if (name === undefined) return names.map((each) => ({ name: each, value: undefined }));
    const value = plain === undefined ? texts.get(line) : toLiteral(plain);
    return [{ name, value: operator === "=" ? value : undefined }];
  });
}

function toLiteral(plain: string): Literal {
  return plain === "True" ? true : plain === "False" ? false : Number(plain);
}
