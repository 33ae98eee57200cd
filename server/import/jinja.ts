import * as library from "@huggingface/jinja";

interface Value {
  readonly type: string;
  readonly value: unknown;
}

/** A node of the tree of a template. */
interface Node {
  readonly type: string;
  readonly value?: unknown;
}

interface Scope {
  set(name: string, value: unknown): void;
}

/** What is used of the library, whose own declarations do not resolve as modules. */
const { Environment, Interpreter, parse, tokenize } = library as unknown as {
  readonly Environment: new (parent?: Scope) => Scope;
  readonly Interpreter: new (scope: Scope) => {
    run(program: Node): Value;
    evaluate(node: Node | undefined, scope: Scope): Value;
  };
  readonly parse: (tokens: unknown) => Node;
  readonly tokenize: (template: string) => unknown;
};

/** So many steps, and no text beyond this length: a template could go on for ever, or double its text with each step. */
const MOST_STEPS = 100_000;
const LONGEST_TEXT = 1_000_000;

export type JinjaValue = string | number | boolean | null | readonly JinjaValue[] | JinjaFunction;
export type JinjaFunction = (...args: unknown[]) => string | number | boolean | null | undefined | object;

export type Rendered = { readonly text: string } | { readonly why: string };

/** What templates know: functions such as `ref`, values, and macros that other files define. */
export class Jinja {
  readonly #environment = new Environment();

  constructor(known: Readonly<Record<string, JinjaValue>>) {
    for (const [name, value] of Object.entries(known))
      this.#environment.set(
        name,
        typeof value === "function" ? (...given: unknown[]) => value(...given.map(toPlain)) : value,
      );
    for (const [name, value] of [
      ["true", true],
      ["True", true],
      ["false", false],
      ["False", false],
      ["none", null],
      ["None", null],
    ] as const)
      this.#environment.set(name, value);
  }

  /** Takes the macros of a file; whatever else it does is left. Those that cannot be read are not known to templates. */
  define(template: string): void {
    for (const macro of macrosOf(template)) {
      try {
        new BoundedInterpreter(this.#environment).run(parse(tokenize(macro)));
      } catch {
        // A model that uses it says so.
      }
    }
  }

  /** `why` goes on after "as": what of the template is not known. */
  render(template: string): Rendered {
    try {
      const interpreter = new BoundedInterpreter(new Environment(this.#environment));
      const { value } = interpreter.run(parse(tokenize(template)));
      return { text: String(value) };
    } catch (error) {
      return { why: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** Refuses names that nobody knows: the library would write nothing for them, and SQL would mean something else. */
class BoundedInterpreter extends Interpreter {
  #steps = 0;

  override evaluate(node: Node | undefined, scope: Scope): Value {
    if (++this.#steps > MOST_STEPS) throw new Error("its template takes too many steps");
    const value = super.evaluate(node, scope);
    if (node?.type === "Identifier" && value.type === "UndefinedValue")
      throw new Error(`its template uses ${String(node.value)}, which is not known here`);
    if (value.type === "StringValue" && String(value.value).length > LONGEST_TEXT)
      throw new Error("its template makes too long a text");
    return value;
  }
}

function macrosOf(template: string): string[] {
  const macros: string[] = [];
  let start: number | undefined;
  for (const tag of template.matchAll(/\{%[-+]?\s{0,20}(macro|endmacro)\b[^%]{0,1000}%\}/g)) {
    if (tag[1] === "macro") start = tag.index;
    else if (start !== undefined) {
      macros.push(template.slice(start, tag.index + tag[0].length));
      start = undefined;
    }
  }
  return macros;
}

/** Named arguments come as one map of the library's own values. */
function toPlain(value: unknown): unknown {
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, each]) => [String(key), toPlain(each)]));
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value === "object" && value !== null && "type" in value && "value" in value)
    return toPlain(value.value);
  return value;
}
