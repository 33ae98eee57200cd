import type { Call, Rules } from "./call.js";
import { joined, sql, type Piece } from "./piece.js";
import { quoteText } from "./quote.js";
import { refuse } from "./refusal.js";
import { toJavaPattern, toJavaReplacement } from "./regex.js";
import { isShortInteger } from "./types.js";
import { lowerText, upperText } from "./letters.js";

/** Unicode's spaces, which DuckDB trims; Spark trims U+0020 alone. */
const spaces =
  " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000";

export const textRules: Rules = {
  upper: (call) => upperText(call.takes(1).text(0)),
  ucase: (call) => upperText(call.takes(1).text(0)),
  lower: (call) => lowerText(call.takes(1).text(0)),
  lcase: (call) => lowerText(call.takes(1).text(0)),
  length,
  len: length,
  char_length: length,
  character_length: length,
  strlen: (call) => sql`CAST(octet_length(${call.takes(1).text(0)}) AS BIGINT)`,
  trim: (call) => trim(call, "BOTH"),
  ltrim: (call) => trim(call, "LEADING"),
  rtrim: (call) => trim(call, "TRAILING"),
  substring,
  substr: substring,
  left: (call) => sql`left(${call.takes(2).text(0)}, ${String(call.whole(1, "a length", 0))})`,
  right: (call) => sql`right(${call.takes(2).text(0)}, ${String(call.whole(1, "a length", 0))})`,
  lpad: pad,
  rpad: pad,
  replace: (call) => sql`replace(${call.takes(3).text(0)}, ${call.text(1)}, ${call.text(2)})`,
  translate,
  repeat: (call) => sql`repeat(${call.takes(2).text(0)}, CAST(${call.short(1)} AS INT))`,
  concat: (call) =>
    sql`concat(${joined(call.nodes.map((_, index) => sql`coalesce(CAST(${call.asText(index)} AS STRING), '')`))})`,
  concat_ws: concatWith,
  split_part: splitPart,
  string_split: split,
  str_split: split,
  split,
  string_to_array: split,
  starts_with: (call) => sql`startswith(${call.takes(2).text(0)}, ${call.text(1)})`,
  prefix: (call) => sql`startswith(${call.takes(2).text(0)}, ${call.text(1)})`,
  "^@": (call) => sql`startswith(${call.takes(2).text(0)}, ${call.text(1)})`,
  ends_with: (call) => sql`endswith(${call.takes(2).text(0)}, ${call.text(1)})`,
  suffix: (call) => sql`endswith(${call.takes(2).text(0)}, ${call.text(1)})`,
  strpos: position,
  instr: position,
  position,
  md5: (call) => sql`md5(${call.takes(1).text(0)})`,
  sha256: (call) => sql`sha2(${call.takes(1).text(0)}, 256)`,
  ascii: (call) => sql`ascii(${call.takes(1).text(0)})`,
  chr: character,
  "~~": (call) => like(call, false, false),
  "!~~": (call) => like(call, true, false),
  "~~*": (call) => like(call, false, true),
  "!~~*": (call) => like(call, true, true),
  like_escape: (call) => like(call, false, false),
  not_like_escape: (call) => like(call, true, false),
  ilike_escape: (call) => like(call, false, true),
  not_ilike_escape: (call) => like(call, true, true),
  regexp_matches: (call) => matches(call, false),
  regexp_full_match: (call) => matches(call, true),
  "~": (call) => matches(call, true),
  "!~": (call) => sql`(NOT ${matches(call, true)})`,
  regexp_extract: extract,
  regexp_replace: replaceMatches,
};

function length(call: Call): Piece {
  const type = call.takes(1).type(0);
  if (type.kind === "list") return sql`CAST(array_size(${call.arg(0)}) AS BIGINT)`;
  return sql`CAST(length(${call.text(0)}) AS BIGINT)`;
}

function trim(call: Call, side: string): Piece {
  const characters = call.takes(1, 2).count === 2 ? call.textConstant(1, "characters") : spaces;
  if (characters === "") return call.text(0);
  return sql`trim(${side} ${quoteText(characters)} FROM ${call.text(0)})`;
}

function substring(call: Call): Piece {
  const from = call.takes(2, 3).whole(1, "a position", 1);
  if (call.count === 2) return sql`substring(${call.text(0)}, ${String(from)})`;
  return sql`substring(${call.text(0)}, ${String(from)}, ${String(call.whole(2, "a length", 0))})`;
}

function pad(call: Call): Piece {
  const filling = call.takes(3).textConstant(2, "a filling");
  if (filling === "") return refuse(`${call.title} with an empty filling`);
  return sql`${call.name}(${call.text(0)}, ${String(call.whole(1, "a length", 0))}, ${quoteText(filling)})`;
}

function translate(call: Call): Piece {
  const [from, to] = [call.takes(3).textConstant(1, "characters"), call.textConstant(2, "characters")];
  if (new Set(from).size !== Array.from(from).length) return refuse("translate() of a character twice");
  return sql`translate(${call.text(0)}, ${quoteText(from)}, ${quoteText(to)})`;
}

function concatWith(call: Call): Piece {
  const [first, ...others] = call.nodes.map((_, index) => (index === 0 ? call.text(0) : call.asText(index)));
  if (others.length === 0) return refuse("concat_ws() of nothing");
  return sql`concat_ws(${first ?? ""}, ${joined(others)})`;
}

function splitPart(call: Call): Piece {
  const separator = call.takes(3).textConstant(1, "a separator");
  if (separator === "") return refuse("split_part() by an empty text");
  return sql`split_part(${call.text(0)}, ${quoteText(separator)}, ${String(call.whole(2, "a position", 1))})`;
}

function split(call: Call): Piece {
  const separator = call.takes(2).textConstant(1, "a separator");
  if (separator === "") return refuse(`${call.title} by an empty text`);
  const pattern = separator.replace(/[!-/:-@[-`{-~]/g, "\\$&");
  return sql`split(${call.text(0)}, ${quoteText(pattern)}, -1)`;
}

function position(call: Call): Piece {
  call.takes(2);
  return sql`CAST(instr(${call.text(0)}, ${call.text(1)}) AS BIGINT)`;
}

/** Spark's knows 256 characters, and begins anew after them. */
function character(call: Call): Piece {
  const code = call.takes(1).of(0, isShortInteger);
  return sql`CASE WHEN ${code} BETWEEN 1 AND 127 THEN chr(${code}) WHEN ${code} IS NULL THEN NULL ELSE raise_error('Lakebook: chr() beyond ASCII') END`;
}

function like(call: Call, isNot: boolean, isCaseless: boolean): Piece {
  const [text, pattern] = [call.text(0), call.text(1)];
  const escape = call.count === 3 ? escapeOf(call) : noEscape(call);
  const operator = isNot ? "NOT LIKE" : "LIKE";
  if (!isCaseless) return sql`(${text} ${operator} ${pattern}${escape})`;
  return sql`(${lowerText(text)} ${operator} ${lowerText(pattern)}${escape})`;
}

function escapeOf(call: Call): Piece {
  const character = call.textConstant(2, "an escape");
  if (character.length !== 1 || /[%_A-Z]/.test(character)) return refuse(`ESCAPE '${character}'`);
  return sql` ESCAPE ${quoteText(character)}`;
}

/** A backslash escapes nothing in DuckDB; Spark is given a character that no pattern has. */
function noEscape(call: Call): Piece {
  const isPlain = call.isConstant(1) && !call.textConstant(1, "a pattern").includes("\\");
  return isPlain ? "" : " ESCAPE '\\u0001'";
}

function matches(call: Call, isWhole: boolean): Piece {
  const { pattern } = patternOf(call.takes(2, 3), 2);
  return sql`(${call.text(0)} RLIKE ${quoteText(isWhole ? wholePattern(pattern) : pattern)})`;
}

function wholePattern(pattern: string): string {
  const flags = /^\(\?\w+\)/.exec(pattern)?.[0] ?? "";
  return `${flags}\\A(?:${pattern.slice(flags.length)})\\z`;
}

/** `at`: the place of the options. */
function patternOf(call: Call, at: number): ReturnType<typeof toJavaPattern> {
  const options = call.count > at ? call.textConstant(at, "options") : "";
  if (!["", "c", "i"].includes(options)) return refuse(`${call.title} with the options '${options}'`);
  return toJavaPattern(call.textConstant(1, "a regular expression"), options === "i");
}

function extract(call: Call): Piece {
  const { pattern, groups } = patternOf(call.takes(2, 3), 3);
  const group = call.count === 3 ? call.whole(2, "a group", 0) : 0;
  if (group > groups) return refuse(`the group ${group} of a regular expression with ${groups}`);
  return sql`regexp_extract(${call.text(0)}, ${quoteText(pattern)}, ${String(group)})`;
}

function replaceMatches(call: Call): Piece {
  const options = call.takes(3, 4).count === 4 ? call.textConstant(3, "options") : "";
  if (!["", "c", "i", "g", "gi", "ig"].includes(options))
    return refuse(`regexp_replace() with the options '${options}'`);
  const isCaseless = options.includes("i");
  const { pattern, groups } = toJavaPattern(call.textConstant(1, "a regular expression"), isCaseless);
  const wanted = call.textConstant(2, "a replacement");
  if (!options.includes("g")) {
    // Spark replaces every match: here there is only one, with what stands before it.
    const replacement = toJavaReplacement(wanted, groups, 2);
    const prefix = /^\d/.test(replacement) ? "$1\\" : "$1";
    const first = quoteText(`\\A((?s:.*?))(${pattern})`);
    return sql`regexp_replace(${call.text(0)}, ${first}, ${quoteText(prefix + replacement)})`;
  }
  // After a match of nothing the engines go on from different places.
  if (new RegExp("[*?]|\\{0").test(pattern.slice(3)))
    return refuse("regexp_replace() of what may match nothing", "use + in the place of *");
  const replacement = toJavaReplacement(wanted, groups);
  return sql`regexp_replace(${call.text(0)}, ${quoteText(pattern)}, ${quoteText(replacement)})`;
}
