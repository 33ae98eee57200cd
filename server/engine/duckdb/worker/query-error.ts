import type { ErrorCode } from "../../../base/errors.js";
import { messageOf } from "../../../base/errors.js";
import { offsetOfCodePoint, type Span } from "../../../base/source.js";
import { suggest } from "../../../text/suggest.js";
import { tokenize } from "../parse/lexer.js";
import { Places, utf8Offsets } from "../parse/lexer-places.js";
import { fileWords, lacksFile, longestMessage, paragraph, sentence, type Words } from "./file-error.js";
import { looksLikePath, patternOf } from "../parse/policy-paths.js";

/** What DuckDB said when a query failed, in our terms. */
export interface QueryError {
  readonly code: QueryErrorCode;
  /** DuckDB's own kind, e.g. `binder`, `catalog`, `conversion`, `invalid-input`, `io`; else `unknown`. */
  readonly kind: string;
  /** One or two sentences, without DuckDB's picture of the line. */
  readonly message: string;
  readonly hint?: string;
  /** Where in the user's SQL, in UTF-16 offsets. */
  readonly span?: Span;
}

export type QueryErrorCode = Extract<
  ErrorCode,
  "query" | "input" | "timeout" | "cancelled" | "out-of-memory" | "disk" | "engine-crashed"
>;

export interface QueryErrorContext {
  /** The user's SQL. */
  readonly sql: string;
  /** Characters that were put before it. */
  readonly prefixLength?: number;
  /** All that was sent; needed where what was put before has characters beyond ASCII. */
  readonly sent?: string;
  /** Absolute folder; paths below it are shown relative to it. */
  readonly root?: string;
  /** Absolute path to the name that people know, for files that are read under another one. */
  readonly names?: ReadonlyMap<string, string>;
  /** The file that was found to be the cause where DuckDB names none. */
  readonly file?: string | undefined;
  /** Why the query was interrupted, if it was; default: cancelled. */
  readonly stoppedBy?: "cancelled" | "timeout";
}

/** DuckDB's error as JSON, which `errors_as_json` asks for. */
interface DuckdbError {
  readonly exception_type: string;
  readonly exception_message: string;
  readonly position?: string;
  readonly error_subtype?: string;
  readonly candidates?: string;
}

/** Reads DuckDB's error, whether it is printed as JSON or as plain text. The one place that knows its words. */
export function toQueryError(error: unknown, context: QueryErrorContext): QueryError {
  const failure = readError(messageOf(error));
  const code = codeOf(failure, context);
  const { message, hint } = wordsOf(failure, code, context.file);
  const shown = (text: string): string => shorten(withoutRoot(text, context));
  const ofFile = spanOfFile(shown(message), context.sql);
  // Of a file DuckDB gives the place of its reader, if any.
  const span = code === "input" ? (ofFile ?? spanOf(failure, context)) : (spanOf(failure, context) ?? ofFile);
  return {
    code,
    kind: failure.exception_type.toLowerCase().replace(/[^a-z]+/g, "-") || "unknown",
    message: shown(message),
    ...(hint === undefined ? {} : { hint: shown(hint) }),
    ...(span === undefined ? {} : { span }),
  };
}

/** Values in a message may be megabytes long. */
const longestText = 4000;

/** DuckDB says something of a file, but not of which. */
export function lacksFileName(error: unknown): boolean {
  return lacksFile(readError(messageOf(error)).exception_message);
}

function readError(text: string): DuckdbError {
  const start = text.indexOf("{");
  const json = start === -1 ? undefined : parseJson(text.slice(start));
  if (json !== undefined) return json;
  const plain = /^([A-Z][A-Za-z ]*?) Error: /.exec(text);
  return {
    exception_type: plain?.[1] ?? "",
    exception_message: text.slice(plain?.[0].length ?? 0).replace(/\n+LINE \d+:[\s\S]*$/, ""),
  };
}

function parseJson(text: string): DuckdbError | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isDuckdbError(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isDuckdbError(value: unknown): value is DuckdbError {
  if (typeof value !== "object" || value === null) return false;
  return (
    "exception_type" in value && "exception_message" in value && typeof value.exception_message === "string"
  );
}

const diskFull = /No space left on device|Disk quota exceeded|ENOSPC|EDQUOT/i;
const diskBroken = /Read-only file system|Input\/output error|EROFS|\bEIO\b|\bfsync failed/i;
const memoryWords = /std::bad_alloc|cannot allocate memory|Out of Memory/i;
const fatalWords = /database has been invalidated|INTERNAL Error|FATAL Error/;
function codeOf(
  { exception_type: type, exception_message: message }: DuckdbError,
  context: QueryErrorContext,
): QueryErrorCode {
  if (/^interrupt$/i.test(type)) return context.stoppedBy ?? "cancelled";
  // Values of the data, and error('...'), may hold any words.
  if (/^(invalid|invalid input|conversion)$/i.test(type))
    return fileWords(message, context.file) === undefined ? "query" : "input";
  if (diskFull.test(message) || diskBroken.test(message)) return "disk";
  if (/^out of memory$/i.test(type) || memoryWords.test(message)) return "out-of-memory";
  if (/^(fatal|internal)$/i.test(type) || fatalWords.test(message)) return "engine-crashed";
  return /^(io|http|serialization)$/i.test(type) ? "input" : "query";
}

function wordsOf(failure: DuckdbError, code: QueryErrorCode, file: string | undefined): Words {
  const text = failure.exception_message.slice(0, longestText).trim();
  switch (code) {
    case "cancelled":
      return { message: "The query was cancelled." };
    case "timeout":
      return { message: "The query took longer than its timeout and was stopped." };
    case "out-of-memory":
      return {
        message: /max_temp_directory_size|offload/.test(text)
          ? "The query needs more memory and temporary space than a cell may use."
          : "The query needs more memory than a cell may use.",
        hint: "Filter or aggregate earlier, or compute a part of it in a cell of its own.",
      };
    case "disk":
      return diskFull.test(text)
        ? {
            message: "The disk is full.",
            hint: "Free some space, e.g. with lakebook vacuum, and run the cell again.",
          }
        : { message: `The disk cannot be used: ${sentence(paragraph(text))}` };
    case "engine-crashed":
      return {
        message: `The engine failed: ${sentence(paragraph(text))}`,
        hint: "This is a fault of the engine, not of the query; try to write it differently.",
      };
    case "input":
      return fileWords(failure.exception_message.trim(), file) ?? { message: sentence(paragraph(text)) };
    default:
      return queryWords(failure, text);
  }
}

/** Where DuckDB lists what it would have taken. */
const lists = /\n\s*(Candidate (bindings|functions|tables|Entries)\b|Candidates:|Did you mean\b|LINE \d+:)/;

function queryWords(
  { exception_type: type, candidates, error_subtype: subtype }: DuckdbError,
  text: string,
): Words {
  if (/^permission$/i.test(type)) {
    return {
      message: sentence(paragraph(text)),
      hint: "A cell reads files in input/ and in the data_paths of lakebook.yaml.",
    };
  }
  if (/extension/i.test(type) || /exists in the \w+ extension/.test(text)) {
    return {
      message: sentence(paragraph(text)),
      hint: "Extensions cannot be loaded; CSV, JSON and Parquet need none.",
    };
  }
  const words = paragraph(text.split(lists, 1)[0] ?? "");
  // The text may be the user's own: error('...').
  const message = /^invalid input$/i.test(type) ? words : sentence(withSqlTypes(words));
  if (subtype === "NO_MATCHING_FUNCTION") {
    const signatures = (candidates ?? "").split(/,(?![^(]*\))/).slice(0, 4);
    return { message, ...(signatures[0] === "" ? {} : { hint: `There is ${signatures.join("; ")}.` }) };
  }
  const names = namesMeant(candidates, text);
  if (names.length === 0) return { message };
  return { message, hint: `Did you mean ${names.map((name) => `"${name}"`).join(" or ")}?` };
}

const sqlTypes = new Map([
  ["INT8", "TINYINT"],
  ["INT16", "SMALLINT"],
  ["INT32", "INTEGER"],
  ["INT64", "BIGINT"],
  ["INT128", "HUGEINT"],
  ["UINT8", "UTINYINT"],
  ["UINT16", "USMALLINT"],
  ["UINT32", "UINTEGER"],
  ["UINT64", "UBIGINT"],
  ["UINT128", "UHUGEINT"],
]);

/** DuckDB says INT32 where SQL says INTEGER. What it quotes, such as a value, stays as it is. */
function withSqlTypes(text: string): string {
  return text.replace(/'(?:[^']|'')*'|"[^"]*"|\bU?INT\d+\b/g, (part) => sqlTypes.get(part) ?? part);
}

const engineName = /^(pg_|duckdb_|sqlite_|pragma_|information_schema)|^(main|memory)\.| or /;

/** Up to three names; DuckDB's own tables are never meant. */
function namesMeant(candidates: string | undefined, text: string): readonly string[] {
  const option = /^Invalid named parameter "([^"]*)"[^\n]*\nCandidates:\n([\s\S]*)$/.exec(text);
  if (option !== null) {
    const near = suggest(
      option[1] ?? "",
      (option[2] ?? "").split("\n").map((line) => line.trim().split(" ")[0] ?? ""),
    );
    return near === undefined ? [] : [near];
  }
  const listed =
    /(?:Candidate (?:bindings|tables|Entries)|Did you mean)\b[\s:]*((?:"[^"]*"(?:, | or )?)+)/.exec(
      text,
    )?.[1] ?? "";
  const names = candidates?.split(",") ?? [...listed.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? "");
  return names.filter((name) => name !== "" && !engineName.test(name)).slice(0, 3);
}

/** Syntax errors count code points, all others UTF-8 bytes, from the start of what was sent. */
function spanOf(
  { exception_type: type, position, error_subtype: subtype }: DuckdbError,
  context: QueryErrorContext,
): Span | undefined {
  const { sql, prefixLength = 0 } = context;
  if (position === undefined || !/^\d+$/.test(position)) return undefined;
  const sent = context.sent ?? `${" ".repeat(prefixLength)}${sql}`;
  const all = tokenize(sent);
  const isSyntax = subtype === "SYNTAX_ERROR" || (subtype === undefined && /^parser$/i.test(type));
  const count = Number(position);
  const offset = (isSyntax ? offsetOfCodePoint(sent, count) : utf8Offsets(all)(count)) - prefixLength;
  if (offset < 0 || offset > sql.length) return undefined;
  const query = tokenize(sql);
  const places = new Places(query, (at) => at);
  return isSyntax ? places.tokenAt(offset) : places.name(offset, "");
}

/** `FROM 'missing.csv'` fails without a place: that of the path, or of the pattern, that the message names. */
export function spanOfFile(message: string, sql: string): Span | undefined {
  const paths = tokenize(sql).tokens.filter(({ kind, value }) => kind === "string" && looksLikePath(value));
  const named = [...message.matchAll(/"([^"\n]+)"/g)].map((match) => match[1] ?? "");
  const token =
    paths.find(({ value }) => message.includes(`"${value}"`)) ??
    paths.find(({ value }) => named.some((file) => patternOf(value).test(file)));
  return token === undefined ? undefined : { start: token.start, end: token.end };
}

function shorten(text: string): string {
  return text.length > longestMessage ? `${text.slice(0, longestMessage)}...` : text;
}

function withoutRoot(text: string, { root, names }: QueryErrorContext): string {
  let shown = text;
  for (const [path, name] of names ?? []) shown = shown.replaceAll(path, name);
  if (root === undefined || root === "" || root === "/") return shown;
  const folder = root.endsWith("/") ? root : `${root}/`;
  return shown.replaceAll(folder, "");
}
