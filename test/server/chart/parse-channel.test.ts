import { describe, expect, test } from "vitest";
import { ChartFault } from "../../../server/chart/chart-problem.js";
import { valueSql } from "../../../server/engine/duckdb/compile/chart-value-sql.js";
import { parseChannel } from "../../../server/chart/parse-channel.js";

const columns = [
  { name: "city", type: "VARCHAR", kind: "text" },
  { name: "delay", type: "DOUBLE", kind: "float" },
  { name: "day", type: "DATE", kind: "date" },
  { name: "warm", type: "BOOLEAN", kind: "boolean" },
  { name: 'we"ird (name)', type: "BIGINT", kind: "integer" },
  { name: "sum(delay)", type: "DOUBLE", kind: "float" },
] as const;

function parse(text: string): string {
  const channel = parseChannel("y", text, columns);
  return channel.type === "aggregate"
    ? `${valueSql(channel.value)} | ${channel.label}`
    : `${channel.kind} ${channel.label}`;
}

function problem(text: string): unknown {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ChartFault) return error.problem;
    throw error;
  }
  return undefined;
}

describe("parseChannel", () => {
  test.each([
    ["city", "nominal city"],
    ["CITY", "nominal city"],
    ['"city"', "nominal city"],
    ["day", "temporal day"],
    ['we"ird (name)', 'quantitative we"ird (name)'],
    ["count()", "count(*) | count"],
    ["COUNT( * )", "count(*) | count"],
    ["count(city)", 'count("city") | count of city'],
    ["count(distinct city)", 'count(DISTINCT "city") | distinct city'],
    ["distinct(city)", 'count(DISTINCT "city") | distinct city'],
    ["avg(delay)", 'avg("delay") | mean of delay'],
    ["mean( delay )", 'avg("delay") | mean of delay'],
    ["median(delay)", 'median("delay") | median of delay'],
    ["max(day)", 'max("day") | max of day'],
    ["stddev(delay)", 'stddev_samp("delay") | standard deviation of delay'],
    ["p90(delay)", 'quantile_cont("delay", 0.9) | 90th percentile of delay'],
    ["p05(delay)", 'quantile_cont("delay", 0.05) | 5th percentile of delay'],
    ["mean(warm)", 'avg(CAST("warm" AS INTEGER)) | mean of warm'],
    ['sum("we""ird (name)")', 'sum("we""ird (name)") | sum of we"ird (name)'],
    ['sum(we"ird (name))', 'sum("we""ird (name)") | sum of we"ird (name)'],
  ])("reads %s", (text, expected) => expect(parse(text)).toBe(expected));

  test("a column's own name wins over an aggregate", () => {
    expect(parse("sum(delay)")).toBe("quantitative sum(delay)");
  });

  test.each([
    ["cty", "unknown-column", 'Did you mean "city"?'],
    ["median(dealy)", "unknown-column", 'Did you mean "delay"?'],
    ["medain(delay)", "unknown-aggregate", 'Did you mean "median"?'],
    ["constructor(delay)", "unknown-aggregate", expect.stringContaining("median")],
    ["sum()", "missing-channel", "For example: sum(delay)"],
    ["sum(city)", "wrong-type", expect.stringContaining("count(*)")],
    ["median(day)", "wrong-type", expect.stringContaining("count(*)")],
    ['x"; DROP TABLE result; --', "unknown-column", expect.any(String)],
  ])("refuses %s", (text, code, hint: unknown) =>
    expect(problem(text)).toMatchObject({ code, option: "y", hint }),
  );
});
