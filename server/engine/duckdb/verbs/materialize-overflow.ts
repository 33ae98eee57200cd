import { messageOf } from "../../../base/errors.js";
import { castColumn, type StoragePlan } from "./materialize-columns.js";
import { toQueryError } from "../worker/query-error.js";
import { TaskError } from "../tasks-error.js";
import { QueryFailure } from "../worker/tasks-failure.js";

/** A value that the stored type does not hold: DuckDB tells of a cast that the user did not write. */
export function refusedValue(error: unknown, { casts }: StoragePlan): TaskError | undefined {
  if (!(error instanceof QueryFailure)) return undefined;
  const text = messageOf(error.error);
  const value = /Could not cast value (-?\d+) to DECIMAL\(38,0\)/.exec(text)?.[1];
  if (value !== undefined) {
    const sent = error.query.text;
    const { span } = toQueryError(error.error, { sql: sent, sent });
    const cast = casts.find(
      ({ column, to }) => span !== undefined && sent.startsWith(castColumn({ name: column }, to), span.start),
    );
    return cast && new TaskError("query", tooLong(cast.column, value), "Cast it to DOUBLE or VARCHAR");
  }
  if (!/Could not convert Timestamp\((S|MS)\) to Timestamp\(US\)/.test(text)) return undefined;
  // It comes without a place.
  const columns = casts.filter(({ from }) => /TIMESTAMP_M?S\b/.test(from)).map(({ column }) => `"${column}"`);
  if (columns.length === 0) return undefined;
  return new TaskError(
    "query",
    `${columns.join(" or ")} has a time beyond those of TIMESTAMP, as which it is stored`,
    "Cast it to VARCHAR",
  );
}

function tooLong(column: string, value: string): string {
  return `"${column}" has the value ${value}, which Parquet cannot hold: its numbers have at most 38 digits`;
}
