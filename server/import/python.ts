import { bindMarks } from "./bind-marks.js";
import type { Part } from "./draft.js";
import type { HoledSql, Variables } from "./fill-holes.js";
import { holedScript, type HostLanguage, type ScriptPart } from "./parts.js";
import { conditionOf, isNever } from "./python-blocks.js";
import { closingAt, nextToken, orIfOpen, stringAt, type PythonString } from "./python-text.js";
import { looksLikeSql } from "./sql-script.js";
import { assignmentsOf, type Assignment } from "./variables.js";

/** SQL that stands in Python, as a string that is run or kept. */
export interface PythonSql extends HoledSql {
  /** The variable that has its rows. */
  readonly target?: string | undefined;
  /** Lines of the source, from 0, that it takes: `end` is the first one behind it. */
  readonly start: number;
  readonly end: number;
  /** The head of the block in which it stands, if that does not run once and always: `for city in cities:`. */
  readonly condition?: string | undefined;
}

export interface PythonCode {
  readonly queries: readonly PythonSql[];
  readonly assignments: readonly Assignment[];
  /** Lines that are neither SQL nor a plain value nor merely prepare for them. */
  readonly rest: string;
}

/** The last part of a name that is called with SQL. */
const RUNS_SQL = /(?:^|\.)(sql|query|execute|read_sql|read_sql_query|from_query|run_query|executescript)$/;
const PREPARES = /^\s*(#.*|import\s.*|from\s+\S+\s+import\s.*|[%!].*|[)\]}\s]*|return\b.*|pass|"""|del\s.*)$/;

/** What of Python can be a notebook of SQL. Reads no more than strings and calls: nothing is run. */
export function readPython(source: string): PythonCode {
  return orIfOpen(() => scanPython(source), { queries: [], assignments: [], rest: source });
}

function scanPython(source: string): PythonCode {
  const held = new Map<string, PythonSql>();
  const queries: PythonSql[] = [];
  const starts = lineStarts(source);
  const texts = new Map<number, string>();
  /** Lines that begin within a string or brackets. */
  const inside = new Set<number>();
  let depth = 0;
  for (let at = 0; at < source.length;) {
    if (source.charAt(at) === "#") {
      const line = source.indexOf("\n", at);
      at = line < 0 ? source.length : line;
      continue;
    }
    const call = callAt(source, at);
    const text = call?.text ?? stringAt(source, at);
    if (call === undefined && text === undefined) {
      const char = source.charAt(at);
      if (/[([{]/.test(char)) depth++;
      else if (/[)\]}]/.test(char)) depth--;
      at = nextToken(source, at);
      if (char === "\n" && depth > 0) inside.add(lineOf(starts, at));
      continue;
    }
    const end = call?.end ?? text?.end ?? at + 1;
    const target = targetBefore(source, at);
    const place = { start: lineOf(starts, at), end: lineOf(starts, Math.max(at, end - 1)) + 1 };
    for (let line = place.start + 1; line < place.end; line++) inside.add(line);
    if (call?.variable !== undefined) {
      const kept = held.get(call.variable);
      if (kept !== undefined) {
        held.delete(call.variable);
        queries.push({ ...kept, ...bindMarks(kept, call.given), target: target ?? kept.target });
        queries.push({ pieces: [], holes: [], ...place });
      }
    } else if (text !== undefined && looksLikeSql(text.pieces.join("x"))) {
      const { pieces, holes } = text;
      if (call !== undefined) queries.push({ ...bindMarks(text, call.given), target, ...place });
      else if (target !== undefined && isWhole(source, end) && !isContinued(source, target))
        held.set(target, { pieces, holes, target, ...place });
    } else if (call === undefined && target !== undefined && text?.holes.length === 0 && isWhole(source, end))
      texts.set(place.start, text.pieces.join(""));
    at = end;
  }
  queries.push(...held.values());
  const lines = source.split("\n");
  const assignments = assignmentsOf(lines, inside, texts);
  const values = new Set(assignments.flatMap(({ name, value }) => (value === undefined ? [] : [name])));
  return {
    queries: queries
      .filter(({ pieces }) => pieces.length > 0)
      .sort((a, b) => a.start - b.start)
      .map((query) => ({ ...query, condition: conditionOf(lines, inside, query.start) })),
    assignments,
    rest: restOf(lines, queries, values),
  };
}

/** `q += " WHERE …"` makes another query of what was kept. */
function isContinued(source: string, name: string): boolean {
  return new RegExp(`^[ \\t]*${name}[ \\t]*\\+=`, "m").test(source);
}

/** What becomes of Python: a cell for each query, and the rest as a text. */
export function pythonParts(
  { queries, rest }: PythonCode,
  variables: Variables,
  host: HostLanguage,
): (Part | ScriptPart)[] {
  const cells = queries.map((query): Part | ScriptPart => {
    const { condition, target } = query;
    const part = holedScript(query, host, variables, target);
    if (condition === undefined || part.kind !== "script") return part;
    if (isNever(condition))
      return { kind: "left", why: `as under "${condition}" it never runs`, language: "sql", text: part.sql };
    return { ...part, notes: [`It stood under "${condition}" in ${host.name}: here it always runs, once.`] };
  });
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

interface SqlCall {
  readonly text?: PythonString | undefined;
  /** The argument is this variable. */
  readonly variable?: string | undefined;
  /** The other arguments. */
  readonly given: string;
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
  const behind = text?.end ?? from + (variable?.length ?? 0);
  const end = closingAt(source, behind);
  const given = source.slice(behind, end).replace(/^\s*,/, "");
  // Of pandas the second one is the connection.
  const isPandas = /(^|\.)(read_sql|read_sql_query)$/.test(callee);
  return { text, variable, given: isPandas ? `connection=${given}` : given, end: end + 1 };
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

function restOf(
  lines: readonly string[],
  queries: readonly PythonSql[],
  values: ReadonlySet<string>,
): string {
  const isTaken = (line: number): boolean => queries.some(({ start, end }) => line >= start && line < end);
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
