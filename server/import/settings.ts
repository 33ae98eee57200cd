import { readLiteral, splitArguments } from "./literals.js";

/** What an element of another program was given, by the names of its parameters; what nobody takes is not carried over. */
export class Settings {
  readonly #element: string;
  /** The texts of the values. */
  readonly #given: ReadonlyMap<string, string>;
  readonly #taken = new Set<string>();
  readonly #remarks: string[] = [];

  constructor(element: string, given: ReadonlyMap<string, string>) {
    this.#element = element;
    this.#given = given;
  }

  /** A plain value. Undefined where there is none: if something stands there it is left out then. */
  take(name: string, read = readLiteral): unknown {
    const value = this.look(name, read);
    if (value !== undefined) this.#taken.add(name);
    return value;
  }

  /** The same of what is left out all the same. */
  look(name: string, read = readLiteral): unknown {
    const text = this.#given.get(name);
    return text === undefined ? undefined : read(text);
  }

  /** A sentence on what is not as it was. */
  remark(sentence: string): void {
    this.#remarks.push(sentence);
  }

  /** Sentences on all that is not carried over. `looks`: what changes no value. */
  remarks(looks: ReadonlySet<string>): string[] {
    const lost = [...this.#given].filter(
      ([name, text]) => !this.#taken.has(name) && !looks.has(name) && !isAsWithout(text),
    );
    const texts = lost.map(([name, text]) => (name === text ? text : `${name}=${shortened(text)}`));
    return texts.length === 0
      ? this.#remarks
      : [...this.#remarks, `Of ${this.#element} this is left out: ${texts.join(", ")}.`];
  }
}

function isAsWithout(text: string): boolean {
  const value = readLiteral(text);
  return value === false || value === null || value === "";
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

/** Arguments of a call in Python, by the names of its parameters; what is unpacked (`*x`) is called by its text. */
export function pythonArguments(text: string, parameters: readonly string[]): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  const names = parameters.values();
  for (const argument of splitArguments(withoutComments(text))) {
    const plain = argument.trim();
    const [, name, value = ""] = /^([A-Za-z_]\w*)\s*=(?!=)\s*([\s\S]*)$/.exec(plain) ?? [];
    const key = name ?? (plain.startsWith("*") ? plain : (names.next().value ?? plain));
    given.set(key, name === undefined ? plain : value);
  }
  return given;
}

/** Properties of an object in JavaScript; those that are not written out are called by their text. */
export function scriptProperties(text: string): ReadonlyMap<string, string> {
  const inner = /^\s*\{([\s\S]*)\}\s*$/.exec(text)?.[1];
  if (inner === undefined) return new Map([[text.trim(), text.trim()]]);
  return new Map(
    splitArguments(inner).map((property) => {
      const plain = property.trim();
      const [, name = plain, value = plain] =
        /^["']?([A-Za-z_$][\w$]*)["']?\s*:\s*([\s\S]*)$/.exec(plain) ?? [];
      return [name, value];
    }),
  );
}

function withoutComments(text: string): string {
  return text.replace(
    /("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|#[^\n]*/g,
    (_, string: string | undefined) => string ?? "",
  );
}
