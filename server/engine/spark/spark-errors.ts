import { AppError } from "../../base/errors.js";
import { SparkError } from "./connect/failure.js";
import { originOf, type Misfit, type Statement } from "./statement.js";

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
      return new AppError("usage", `Spark at ${shown} cannot be asked by TLS: ${message}.`, {
        hint: "Name the certificate of an authority of your own in NODE_EXTRA_CA_CERTS; without TLS leave out use_ssl.",
        cause: error,
      });
    case "lost":
      return new AppError("engine-crashed", `Spark at ${shown} does not answer: ${reasonOf(message)}.`, {
        hint: "The other cells went on. Run again with --resume when it is there.",
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
  return message.replace(/[.\s]+$/, "");
}

function queryError(error: SparkError, statement: Statement | undefined): AppError {
  const { errorClass = "", sqlState, span } = error;
  const codes = [errorClass.split(".")[0], sqlState].filter((code) => code !== undefined && code !== "");
  const tail = codes.length === 0 ? "" : ` [${codes.join(", ")}]`;
  const place = span === undefined || statement === undefined ? undefined : originOf(statement, span);
  const text = sentenceOf(error);
  const hint = timeHint(text);
  return new AppError("query", `Spark refused the query: ${text}${tail}`, {
    cause: error,
    ...(hint !== undefined && { hint }),
    details: placeDetails(place?.cell, place?.span),
  });
}

/** What to write for a text that is a time to DuckDB alone. */
function timeHint(text: string): string | undefined {
  const [, time] = /not a TIMESTAMP_NTZ that both engines read alike: (.*)$/s.exec(text) ?? [];
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
  return message.replace(/\s*SQLSTATE: \w+.*$/s, "").trim();
}
