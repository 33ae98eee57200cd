import { quoteLiteral } from "../text/sql-names.js";
import { tokenizeSql, type TokenKind } from "../text/sql-tokens.js";
import type { Hole, HoledSql } from "./fill-holes.js";
import { readLiteral, splitArguments } from "./literals.js";

/** `?`, `%s`, `$1` in their order or by their number; `:name`, `$name`, `%(name)s` by their names. */
const MARK = /\?|%s|%\((\w+)\)s|\$(\d+)|(?<![:\w])[:$]([A-Za-z_]\w*)/g;

const QUOTED: ReadonlySet<TokenKind> = new Set(["string", "quoted", "comment", "option"]);

/**
 * Puts the values that Python hands over beside a query (`execute("… ?", [3, city])`) where their marks stand: plain ones as they
 * are, others as expressions of their own. `given`: the text of the other arguments. Marks whose value is not there stay.
 */
export function bindMarks({ pieces, holes }: HoledSql, given: string): HoledSql {
  const [sql] = pieces;
  const values = valuesOf(given);
  if (sql === undefined || holes.length > 0 || values === undefined) return { pieces, holes };
  const bound: Hole[] = [];
  const texts: string[] = [];
  let next = 0;
  let done = 0;
  let text = "";
  const quoted = tokenizeSql(sql).filter(({ kind }) => QUOTED.has(kind));
  let passed = 0;
  for (const mark of sql.matchAll(MARK)) {
    const [all, braced, number, named] = mark;
    while ((quoted[passed]?.end ?? Infinity) <= mark.index) passed++;
    if ((quoted[passed]?.start ?? Infinity) <= mark.index) continue;
    const key = braced ?? named ?? (number === undefined ? next++ : Number(number) - 1);
    const value = typeof values === "string" ? `${values}[${String(key)}]` : values.get(String(key));
    if (value === undefined) continue;
    text += sql.slice(done, mark.index);
    done = mark.index + all.length;
    const literal = toSql(value);
    if (literal !== undefined) text += literal;
    else {
      texts.push(text);
      text = "";
      bound.push({ text: value, isBound: true });
    }
  }
  return { pieces: [...texts, text + sql.slice(done)], holes: bound };
}

/** What is handed over, by place or name; a text where it is in a variable. */
function valuesOf(given: string): ReadonlyMap<string, string> | string | undefined {
  for (const [index, argument] of splitArguments(given).entries()) {
    const [, name, named] = /^\s*(\w+)\s*=(?!=)([\s\S]*)$/.exec(argument) ?? [];
    if (name === undefined ? index > 0 : !/^(params|parameters|args|data)$/.test(name)) continue;
    const value = (named ?? argument).trim();
    const inner = value.slice(1, -1);
    if (/^[[(]/.test(value) && /[\])]$/.test(value))
      return new Map(splitArguments(inner).map((each, place) => [String(place), each.trim()]));
    if (value.startsWith("{") && value.endsWith("}"))
      return new Map(
        splitArguments(inner).flatMap((each) => {
          const [, key, own] = /^\s*["'](\w+)["']\s*:\s*([\s\S]+)$/.exec(each) ?? [];
          return key === undefined || own === undefined ? [] : [[key, own.trim()] as const];
        }),
      );
    if (/^[A-Za-z_][\w.]*$/.test(value)) return value;
  }
  return undefined;
}

function toSql(value: string): string | undefined {
  const literal = value === "None" ? null : readLiteral(value);
  if (literal === null) return "NULL";
  if (typeof literal === "string") return quoteLiteral(literal);
  return typeof literal === "number" || typeof literal === "boolean" ? String(literal) : undefined;
}
