import type { Bins } from "../../../chart/bins.js";
import { scaleOf, type ChartColumn } from "../../../chart/chart-column.js";
import type { AggregateValue, ChartValue, ColumnValue } from "../../../chart/chart-query.js";
import { REST } from "../../../chart/plot-description.js";
import { quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";

/** What a chart shows or groups by, as an expression over the rows. */
export function valueSql(value: ChartValue): string {
  switch (value.type) {
    case "column":
      return columnSql(value);
    case "aggregate":
      return aggregateSql(value);
    case "part":
      return `date_trunc(${quoteLiteral(value.grain)}, ${timeSql(value.column)})`;
    case "bin":
      return binSql(quoteIdentifier(value.column.name), value.bins);
    case "kept": {
      const text = textSql(value.column);
      return `CASE WHEN ${text} IS NULL OR ${text} IN (SELECT value FROM ${value.channel}_values) THEN ${text} ELSE ${restSql(value.other)} END`;
    }
  }
}

/** A text with a mark behind it, which is written out: nobody would see it in a literal. */
export function restSql(text: string): string {
  return text === REST
    ? `${quoteLiteral(text.slice(0, -1))} || chr(${String(text.charCodeAt(text.length - 1))})`
    : quoteLiteral(text);
}

function columnSql({ column, as }: ColumnValue): string {
  switch (as) {
    case "itself":
      return quoteIdentifier(column.name);
    case "plain":
      return plainSql(column);
    case "text":
      return textSql(column);
    case "number":
      return `CAST(${quoteIdentifier(column.name)} AS INTEGER)`;
  }
}

function aggregateSql({ name, of, share = 0, weight }: AggregateValue): string {
  const argument = of === undefined ? "*" : columnSql(of);
  if (weight !== undefined) {
    const count = `sum(${columnSql(weight)})`;
    return name === "mean"
      ? `CAST(sum(${argument}) AS DOUBLE) / CAST(${count} AS DOUBLE)`
      : `CAST(coalesce(${count}, 0) AS BIGINT)`;
  }
  switch (name) {
    case "mean":
      return `avg(${argument})`;
    case "distinct":
      return `count(DISTINCT ${argument})`;
    case "stddev":
      return `stddev_samp(${argument})`;
    case "quantile":
      return `quantile_cont(${argument}, ${String(share)})`;
    case "count":
    case "sum":
    case "median":
    case "min":
    case "max":
    case "mode":
      return `${name}(${argument})`;
  }
}

/** The lower edge of the bin that an expression falls into; of NULL none. */
function binSql(value: string, { step, last, digits, isClosed }: Bins): string {
  const number = `CAST(${value} AS DOUBLE)`;
  const ratio = step === 1 ? `floor(${number})` : `floor(round(${number} / ${String(step)}, 9))`;
  const index = isClosed
    ? `CASE ${ratio} WHEN ${String(last + 1)} THEN ${String(last)} ELSE ${ratio} END`
    : ratio;
  if (step === 1) return index;
  const edge = `${isClosed ? `(${index})` : index} * ${String(step)}`;
  return digits === 0 ? edge : `round(${edge}, ${String(digits)})`;
}

const PLAIN_TEXT = /^(VARCHAR|BOOLEAN)$/;

/** A time without a zone (UTC), so that cutting it depends on nobody's settings; of another value of that type too. */
export function timeSql(column: ChartColumn, value = quoteIdentifier(column.name)): string {
  if (column.type === "TIMESTAMP WITH TIME ZONE") return `${value} AT TIME ZONE 'UTC'`;
  return column.type === "DATE" || column.type === "TIMESTAMP" ? value : `CAST(${value} AS TIMESTAMP)`;
}

/** A value that stands for itself: nested and binary ones as the text that they are shown as. */
function plainSql(column: ChartColumn): string {
  const name = quoteIdentifier(column.name);
  if (scaleOf(column) === "temporal") return timeSql(column);
  const isPlain = column.kind === "enum" || PLAIN_TEXT.test(column.type);
  return scaleOf(column) === "quantitative" || isPlain ? name : textSql(column);
}

export function textSql(column: ChartColumn): string {
  return column.type === "VARCHAR"
    ? quoteIdentifier(column.name)
    : `CAST(${quoteIdentifier(column.name)} AS VARCHAR)`;
}
