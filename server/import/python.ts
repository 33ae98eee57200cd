import type { Literal, Part } from "./draft.js";
import type { HoledSql } from "./fill-holes.js";
import { holedScript, type HostLanguage, type ScriptPart } from "./parts.js";
import { looksLikeSql } from "./sql-script.js";

/** SQL that stands in Python, as a string that is run or kept. */
export interface PythonSql extends HoledSql {
  /** The variable that has its rows. */
  readonly target?: string | undefined;
  /** Lines of the source, from 0, that it takes: `end` is the first one behind it. */
  readonly start: number;
  readonly end: number;
}

export interface PythonCode {
  readonly queries: readonly PythonSql[];
  /** Variables that hold a plain value. */
  readonly values: ReadonlyMap<string, Literal>;
  /** Lines that are neither SQL nor a plain value nor merely prepare for them. */
  readonly rest: string;
}

interface PythonString extends HoledSql {
  readonly end: number;
}

/** The last part of a name that is called with SQL. */
const RUNS_SQL = /(?:^|\.)(sql|query|execute|read_sql|read_sql_query|from_query|run_query|executescript)$/;
const PREPARES = /^\s*(#.*|import\s.*|from\s+\S+\s+import\s.*|[%!].*|[)\]}\s]*|return\b.*|pass|"""|del\s.*)$/;

/** What of Python can be a notebook of SQL. Reads no more than strings and calls: nothing is run. */
export function readPython(source: string): PythonCode {
  return orIfOpen(() => scanPython(source), { queries: [], values: new Map(), rest: source });
}

/** A string or bracket that nothing closes: what is behind it cannot be read, and is not tried. */
class OpenText extends Error {}

/** Also of what is nested too deep. */
function orIfOpen<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof OpenText || error instanceof RangeError) return otherwise;
    throw error;
  }
}

function scanPython(source: string): PythonCode {
  const held = new Map<string, PythonSql>();
  const queries: PythonSql[] = [];
  const values = new Map<string, Literal>();
  const lines = lineStarts(source);
  for (let at = 0; at < source.length;) {
    if (source.charAt(at) === "#") {
      const line = source.indexOf("\n", at);
      at = line < 0 ? source.length : line;
      continue;
    }
    const call = callAt(source, at);
    const text = call?.text ?? stringAt(source, at);
    if (call === undefined && text === undefined) {
      at = nextToken(source, at);
      continue;
    }
    const end = call?.end ?? text?.end ?? at + 1;
    const target = targetBefore(source, at);
    const place = { start: lineOf(lines, at), end: lineOf(lines, Math.max(at, end - 1)) + 1 };
    if (call?.variable !== undefined) {
      const kept = held.get(call.variable);
      if (kept !== undefined) {
        held.delete(call.variable);
        queries.push({ ...kept, target: target ?? kept.target });
        queries.push({ pieces: [], holes: [], ...place });
      }
    } else if (text !== undefined && looksLikeSql(text.pieces.join("x"))) {
      const { pieces, holes } = text;
      if (call !== undefined) queries.push({ pieces, holes, target, ...place });
      else if (target !== undefined && isWhole(source, end))
        held.set(target, { pieces, holes, target, ...place });
    } else if (call === undefined && target !== undefined && text?.holes.length === 0 && isWhole(source, end))
      values.set(target, text.pieces.join(""));
    at = end;
  }
  for (const [, name = "", value = ""] of source.matchAll(
    /^(\w+)[ \t]*=[ \t]*(-?\d+(?:\.\d+)?|True|False)[ \t]*(?:#.*)?$/gm,
  ))
    values.set(name, value === "True" ? true : value === "False" ? false : Number(value));
  queries.push(...held.values());
  return {
    queries: queries.filter(({ pieces }) => pieces.length > 0).sort((a, b) => a.start - b.start),
    values,
    rest: restOf(source, queries, values),
  };
}

/** What becomes of Python: a cell for each query, and the rest as a text. */
export function pythonParts(
  { queries, rest }: PythonCode,
  values: ReadonlyMap<string, Literal>,
  host: HostLanguage,
): (Part | ScriptPart)[] {
  const cells = queries.map((query) => holedScript(query, host, values, query.target));
  return rest === ""
    ? cells
    : [
        ...cells,
        { kind: "left", why: "as it is Python: a cell is one query", language: "python", text: rest },
      ];
}

export const pythonHost: HostLanguage = {
  name: "Python",
  mark: (hole) => `{${hole}}`,
  variableOf: (hole) => /^([A-Za-z_]\w*)(\.value)?$/.exec(hole)?.[1],
};

/** The names of UI elements and their arguments: `x = mo.ui.slider(1, 10, value=3)`. */
export interface PythonCall {
  readonly target: string;
  readonly callee: string;
  readonly text: string;
}

/** Assignments of the result of one call, whole lines. */
export function callsOf(source: string, callee: RegExp): PythonCall[] {
  return orIfOpen(() => scanCalls(source, callee), []);
}

function scanCalls(source: string, callee: RegExp): PythonCall[] {
  const calls: PythonCall[] = [];
  for (const match of source.matchAll(/^[ \t]*(\w+)[ \t]*=[ \t]*([\w.]+)\(/gm)) {
    const [all, target = "", name = ""] = match;
    if (!callee.test(name)) continue;
    const start = match.index + all.length;
    const end = closingAt(source, start);
    calls.push({ target, callee: name, text: source.slice(start, end) });
  }
  return calls;
}

/** A string literal, with those that stand beside it; undefined where there is none, or none that ends. */
export function stringIn(source: string, at: number): PythonString | undefined {
  return orIfOpen(() => stringAt(source, at), undefined);
}

function stringAt(source: string, at: number): PythonString | undefined {
  const pieces = [""];
  const holes: string[] = [];
  let end: number | undefined;
  for (let from = at; ;) {
    const one = oneStringAt(source, from);
    if (one === undefined) break;
    const [first = "", ...others] = one.pieces;
    pieces.push((pieces.pop() ?? "") + first, ...others);
    holes.push(...one.holes);
    end = one.end;
    from = end + (/^\s*/.exec(source.slice(end))?.[0].length ?? 0);
  }
  return end === undefined ? undefined : { pieces, holes, end };
}

function oneStringAt(source: string, at: number): PythonString | undefined {
  if (/\w/.test(source.charAt(at - 1))) return undefined;
  const opening = /^([fFrRbBuU]{0,2})("""|'''|"|')/.exec(source.slice(at, at + 5));
  if (opening === null) return undefined;
  const [all, prefix = "", quote = ""] = opening;
  const isRaw = /r/i.test(prefix);
  const isFormatted = /f/i.test(prefix);
  const pieces: string[] = [];
  const holes: string[] = [];
  let text = "";
  for (let index = at + all.length; index < source.length;) {
    if (source.startsWith(quote, index))
      return { pieces: [...pieces, text], holes, end: index + quote.length };
    const char = source.charAt(index);
    if (quote.length === 1 && char === "\n") return undefined;
    if (char === "\\" && !isRaw) {
      text += unescaped(source.charAt(index + 1));
      index += 2;
    } else if (isFormatted && (char === "{" || char === "}")) {
      if (source.charAt(index + 1) === char) {
        text += char;
        index += 2;
        continue;
      }
      const close = closingAt(source, index + 1);
      pieces.push(text);
      holes.push(source.slice(index + 1, close).trim());
      text = "";
      index = close + 1;
    } else {
      text += char;
      index++;
    }
  }
  throw new OpenText();
}

function unescaped(char: string): string {
  const known: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\n": "" };
  return Object.hasOwn(known, char) ? (known[char] ?? "") : /["'\\]/.test(char) ? char : `\\${char}`;
}

interface SqlCall {
  readonly text?: PythonString | undefined;
  /** The argument is this variable. */
  readonly variable?: string | undefined;
  readonly end: number;
}

/** A call of something that runs SQL, whose first argument is a string or a variable. */
function callAt(source: string, at: number): SqlCall | undefined {
  if (/[\w.]/.test(source.charAt(at - 1))) return undefined;
  const match = /^([A-Za-z_][\w.]*)\(\s*/.exec(source.slice(at, at + 200));
  const [all = "", callee = ""] = match ?? [];
  if (match === null || !RUNS_SQL.test(callee)) return undefined;
  const from = at + all.length;
  const text = stringAt(source, from);
  const variable =
    text === undefined ? /^([A-Za-z_]\w*)\s*[,)]/.exec(source.slice(from, from + 100))?.[1] : undefined;
  if (text === undefined && variable === undefined) return undefined;
  // "…".format(x) and "…" % x are put together by Python.
  if (text !== undefined && !/^\s*[,)]/.test(source.slice(text.end))) return undefined;
  return { text, variable, end: closingAt(source, text?.end ?? from) + 1 };
}

/** Where the bracket closes in which the text stands. */
function closingAt(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length;) {
    const text = stringAt(source, at);
    if (text !== undefined) {
      at = text.end;
      continue;
    }
    const char = source.charAt(at);
    if (/[([{]/.test(char)) depth++;
    else if (/[)\]}]/.test(char) && depth-- === 0) return at;
    at++;
  }
  throw new OpenText();
}

function nextToken(source: string, at: number): number {
  const word = /^\w+/.exec(source.slice(at, at + 200));
  return at + (word?.[0].length ?? 1);
}

/** The variable that a statement at this place is assigned to. */
function targetBefore(source: string, at: number): string | undefined {
  const before = source.slice(Math.max(0, at - 200), at);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  return /^[ \t]*([A-Za-z_]\w*)[ \t]*(?::[^=]*)?=[ \t]*\(?[ \t]*$/.exec(line)?.[1];
}

function isWhole(source: string, end: number): boolean {
  return /^[ \t]*\)?[ \t]*(?:#[^\n]*)?(?:\n|$)/.test(source.slice(end));
}

function lineStarts(source: string): number[] {
  return [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

function lineOf(starts: readonly number[], at: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

function restOf(source: string, queries: readonly PythonSql[], values: ReadonlyMap<string, Literal>): string {
  const isTaken = (line: number): boolean => queries.some(({ start, end }) => line >= start && line < end);
  const lines = source.split("\n");
  const isValue = (text: string): boolean => values.has(/^(\w+)\s*=/.exec(text)?.[1] ?? "");
  const rest = lines.filter((_, line) => !isTaken(line));
  const matters = rest.some((text) => !PREPARES.test(text) && !isValue(text) && !isHandle(text));
  return matters
    ? rest
        .join("\n")
        .replace(/\n{3,}/g, "\n\n")
        .trim()
    : "";
}

/** Connections and what merely shows a result. */
function isHandle(text: string): boolean {
  return /^\s*(\w+\s*=\s*)?(duckdb\.connect\(.*|sqlite3\.connect\(.*|create_engine\(.*|display\(\w*\)|print\(\w*\)|\w+|\w+\.(close|commit|head|show)\(\d*\))\s*$/.test(
    text,
  );
}
