import { AppError } from "../../base/errors.js";
import { SparkError, STRANGER } from "./connect/failure.js";
import { originOf, type Misfit, type Statement } from "./statement.js";

/** Of a broadcast that fits no memory: it has no better name. */
const BROADCAST = "_LEGACY_ERROR_TEMP_2250";

const userNames: Readonly<Record<string, string>> = {
  STRING: "VARCHAR",
  INT: "INTEGER",
  BINARY: "BLOB",
  TIMESTAMP_NTZ: "TIMESTAMP",
  TIMESTAMP: "TIMESTAMP WITH TIME ZONE",
  TIMESTAMP_LTZ: "TIMESTAMP WITH TIME ZONE",
  "DECIMAL(38,0)": "HUGEINT",
};

export const STAY_ON_DUCKDB = 'set "engine: duckdb" for this cell';

/** What stands in an error or a diagnostic: reason and way out. */
export function misfitText({ reason, hint, cell }: Misfit): { readonly what: string; readonly hint: string } {
  const where = cell === undefined ? "" : `, in the cell "${cell}", which is computed within it`;
  const way = hint === undefined ? "" : `${hint.replace(/[.;\s]+$/, "")}, or `;
  const whole = `${way}${STAY_ON_DUCKDB}.`;
  return { what: `${reason}${where}`, hint: whole.charAt(0).toUpperCase() + whole.slice(1) };
}

export function misfitError(label: string, misfits: readonly Misfit[]): AppError {
  const [first = { reason: "the query" }, ...others] = misfits;
  const { what, hint } = misfitText(first);
  const more = others.length === 0 ? "" : ` (and ${String(others.length)} more)`;
  return new AppError("query", `"${label}" can't run on Spark: ${what}${more}.`, {
    hint,
    details: placeDetails(first.cell, first.span),
  });
}

function placeDetails(cell: string | undefined, span: Misfit["span"]): Readonly<Record<string, unknown>> {
  if (span === undefined) return {};
  return cell === undefined ? { span } : { cell, cellSpan: span };
}

/** What a failure of Spark is for people. `statement`: what it ran. */
export function toAppError(error: unknown, shown: string, label: string, statement?: Statement): AppError {
  if (error instanceof AppError) return error;
  if (!(error instanceof SparkError)) throw error;
  const { kind, message } = error;
  switch (kind) {
    case "cancelled":
      return new AppError("cancelled", `"${label}" was cancelled.`, { cause: error });
    case "token":
      return new AppError("usage", "Spark rejected the token.", {
        hint: "Set LAKEBOOK_SPARK_TOKEN to the one that the server was started with.",
        cause: error,
      });
    case "tls":
      return new AppError("usage", `Spark at ${shown} cannot be asked by TLS: ${tlsReasonOf(message)}.`, {
        hint: "Name the certificate of an authority of your own in NODE_EXTRA_CA_CERTS; without TLS leave out use_ssl.",
        cause: error,
      });
    case "lost":
      return new AppError("engine-crashed", `Spark at ${shown} does not answer: ${reasonOf(message)}.`, {
        hint: lostHint(message),
        cause: error,
      });
    case "gone":
      return new AppError(
        "engine-crashed",
        `The Spark server restarted during "${label}"; nothing was published.`,
        {
          hint: "Run again with --resume.",
          cause: error,
        },
      );
    case "query":
    case "other":
      return queryError(error, statement);
  }
}

/** `[unavailable] connect ECONNREFUSED 127.0.0.1:15002` */
function reasonOf(message: string): string {
  if (message.includes("ECONNREFUSED")) return "the connection was refused";
  if (/ENOTFOUND|EAI_AGAIN/.test(message)) return "there is no host of that name";
  if (isProxys(message)) return `a proxy before it says ${message}`;
  if (STRANGER.test(message)) return "what listens there is no Spark Connect, or one behind TLS";
  return message.replace(/[.\s]+$/, "");
}

/** Of one that finds no Spark behind it. */
function isProxys(message: string): boolean {
  return /^HTTP 50[234]$/.test(message);
}

function lostHint(message: string): string {
  if (STRANGER.test(message) && !isProxys(message))
    return "Spark Connect's port is 15002 where no other is set, and not that of Spark's pages or of its master; with TLS write sc://host:port/;use_ssl=true.";
  return "The other cells went on. Run again with --resume when it is there.";
}

/** OpenSSL's own words name lines of its source. */
function tlsReasonOf(message: string): string {
  return /wrong version number|packet length too long/.test(message) ? "it speaks none there" : message;
}

function queryError(error: SparkError, statement: Statement | undefined): AppError {
  const { errorClass = "", sqlState, span } = error;
  const codes = [errorClass.split(".")[0], sqlState].filter(
    (code) => code !== undefined && code !== "" && !code.startsWith("_LEGACY"),
  );
  const tail = codes.length === 0 ? "" : ` [${codes.join(", ")}]`;
  const place = span === undefined || statement === undefined ? undefined : originOf(statement, span);
  const text = sentenceOf(error);
  const hint = memoryHint(error) ?? timeHint(text);
  return new AppError("query", `Spark refused the query: ${text}${tail}`, {
    cause: error,
    ...(hint !== undefined && { hint }),
    details: placeDetails(place?.cell, place?.span),
  });
}

/** Also of a table that is sent whole to each worker, which Spark decides by the size of its files. */
function memoryHint({ errorClass, message }: SparkError): string | undefined {
  if (errorClass === BROADCAST || message.includes("spark.driver.maxResultSize"))
    return `Start the Spark Connect server with more, by --driver-memory 4g, or ${STAY_ON_DUCKDB}.`;
  if (
    !/OutOfMemory|OUT_OF_MEMORY|UNABLE_TO_ACQUIRE_MEMORY|Java heap space/.test(
      `${errorClass ?? ""} ${message}`,
    )
  )
    return undefined;
  return `Start the Spark Connect server with more for each worker, by --conf spark.executor.memory=4g, or where there are none by --driver-memory 4g, or ${STAY_ON_DUCKDB}.`;
}

/** What to write for a text that is a time to DuckDB alone. */
function timeHint(text: string): string | undefined {
  const [, time] = /not a TIMESTAMP that both engines read alike: (.*)$/s.exec(text) ?? [];
  if (time === undefined) return undefined;
  const inUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.exec(time);
  if (inUtc === null) return `Deliver times as 2021-02-28 10:11:12.5, or ${STAY_ON_DUCKDB}.`;
  const format = `%Y-%m-%dT%H:%M:%S${inUtc[1] === undefined ? "" : ".%f"}Z`;
  return `Read it as VARCHAR, and write strptime(…, '${format}'), or ${STAY_ON_DUCKDB}.`;
}

function sentenceOf({ errorClass = "", message, parameters = {} }: SparkError): string {
  const bare = (text: string): string => text.replaceAll("`", '"');
  if (errorClass === "UNRESOLVED_COLUMN.WITH_SUGGESTION") {
    const meant = (parameters["proposal"] ?? "").split(", ")[0] ?? "";
    return `no column ${bare(parameters["objectName"] ?? "")}, did you mean ${bare(meant)}?`;
  }
  if (errorClass === BROADCAST)
    return "its driver's memory is too small for a table that a join sends whole to each worker";
  return inWordsOfUsers(message.replace(/\s*SQLSTATE: \w+.*$/s, "").trim());
}

/** Types as they are written in cells, where Spark names one: in quotes, or in our own sentence. */
function inWordsOfUsers(text: string): string {
  return text
    .replace(
      /^(Lakebook: not a )([\w(), ]+?)(?= that both)/,
      (_, before: string, type: string) => before + ofDuckdb(type),
    )
    .replace(/"[A-Z][A-Z_]*(?:[(<][^"]*)?"/g, ofDuckdb);
}

function ofDuckdb(type: string): string {
  return type.replace(
    /\b(STRING|INT|BINARY|TIMESTAMP_NTZ|TIMESTAMP(?:_LTZ)?|DECIMAL\(38,0\))(?!\w)/g,
    (name) => userNames[name] ?? name,
  );
}
