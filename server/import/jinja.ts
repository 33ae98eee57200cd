import * as library from "@huggingface/jinja";

interface Value {
  readonly type: string;
  readonly value: unknown;
}

/** A node of the tree of a template. */
interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly object?: Node;
  readonly property?: Node;
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

/** So many steps for one template and for all, and no text beyond this length: one could go on for ever, or double its text each time. */
const MOST_STEPS = 100_000;
const MOST_STEPS_IN_ALL = 300_000;
const LONGEST_TEXT = 1_000_000;

export type JinjaValue =
  | string
  | number
  | boolean
  | null
  | readonly JinjaValue[]
  | JinjaFunction
  | { readonly [name: string]: JinjaValue };
export type JinjaFunction = (...args: unknown[]) => string | number | boolean | null | undefined | object;

export type Rendered = { readonly text: string } | { readonly why: string };

/** What templates know: functions such as `ref`, values, and macros that other files define. */
export class Jinja {
  readonly #environment = new Environment();
  #steps = 0;

  constructor(known: Readonly<Record<string, JinjaValue>>) {
    for (const [name, value] of Object.entries({ ...known, ...constants }))
      this.#environment.set(name, toKnown(value));
  }

  /** Takes the macros of files; whatever else they do is left. Those that cannot be read are not known to templates. */
  define(files: readonly string[]): void {
    const macros = files.flatMap(macrosOf);
    const names = new Set(macros.flatMap((macro) => /\bmacro\s+(\w+)/.exec(macro)?.[1] ?? []));
    // dbt looks for the macro of the database first.
    const dispatched = (all: string, name: string): string =>
      [`duckdb__${name}`, `default__${name}`].find((each) => names.has(each)) ?? all;
    for (const macro of macros) {
      const own = macro.replace(/\badapter\.dispatch\(\s{0,20}['"](\w+)['"][^()]{0,200}\)/g, dispatched);
      try {
        new BoundedInterpreter(this.#environment).run(parse(tokenize(plainer(own))));
      } catch {
        // A model that uses it says so.
      }
    }
  }

  /** `why` goes on after "as": what of the template is not known. */
  render(template: string): Rendered {
    if (this.#steps > MOST_STEPS_IN_ALL) return { why: "the templates before it took too many steps" };
    const interpreter = new BoundedInterpreter(new Environment(this.#environment));
    try {
      const { value } = interpreter.run(parse(tokenize(plainer(template))));
      return { text: String(value) };
    } catch (error) {
      return { why: error instanceof Error ? error.message : String(error) };
    } finally {
      this.#steps += interpreter.steps;
    }
  }
}

/** Of what names something: `dbt_utils.pivot`. */
function nameOf({ type, value, object, property }: Node): string | undefined {
  if (type === "Identifier") return String(value);
  if (type !== "MemberExpression" || object === undefined || property === undefined) return undefined;
  const [whole, own] = [nameOf(object), nameOf(property)];
  return whole === undefined || own === undefined ? undefined : `${whole}.${own}`;
}

const constants = { true: true, True: true, false: false, False: false, none: null, None: null, null: null };

/** Functions are given plain values. */
function toKnown(value: JinjaValue): unknown {
  if (typeof value === "function") return (...given: unknown[]) => value(...given.map(toPlain));
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, toKnown(each)]));
}

/** What the library does not know, in words that it does. */
function plainer(template: string): string {
  return template.replace(/\{%([-+]?)\s{0,20}do\s/g, "{%$1 set _done = ");
}

/** Refuses names that nobody knows: the library would write nothing for them, and SQL would mean something else. */
class BoundedInterpreter extends Interpreter {
  steps = 0;

  override evaluate(node: Node | undefined, scope: Scope): Value {
    if (++this.steps > MOST_STEPS) throw new Error("its template takes too many steps");
    const value = super.evaluate(node, scope);
    const name = value.type === "UndefinedValue" && node !== undefined ? nameOf(node) : undefined;
    if (name !== undefined) throw new Error(`its template uses ${name}, which is not known here`);
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
