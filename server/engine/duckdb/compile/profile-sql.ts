import { quoteIdentifier } from "../../../text/sql-names.js";
import type { Column, QueryResult, QueryTask, StoredColumn } from "../../engine.js";
import type { ColumnMeasures, HistogramBin, ProfileTask, TopValue } from "../../verbs.js";
import { scopeOf } from "./selection-sql.js";

type Query = (task: QueryTask) => Promise<QueryResult>;

const TOP_VALUES = 10;
const BINS = 20;

interface Subject {
  readonly column: StoredColumn;
  readonly index: number;
  readonly kind: "number" | "time" | "text" | "nested";
}

/** What is measured of a column in the one pass over all. */
interface Measures {
  readonly nulls: number;
  readonly distinct: number | undefined;
  readonly min: string | undefined;
  readonly max: string | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly quantiles: readonly string[] | undefined;
  /** Least and greatest finite value as a number. */
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** Two queries: one row of aggregates, then the frequent values and the histograms. */
export async function profileColumns(query: Query, task: ProfileTask): Promise<readonly ColumnMeasures[]> {
  const subjects = task.table.columns.map((column, index): Subject => ({
    column,
    index,
    kind: kindOf(column.type),
  }));
  const measures = await measure(query, task, subjects);
  const counts = await countValues(query, task, subjects, measures);
  return subjects.map((_, index) => toProfile(task.rows, measures[index] as Measures, counts[index] ?? []));
}

function kindOf(type: string): Subject["kind"] {
  if (/^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\(.*\))$/.test(type))
    return "number";
  if (/^(DATE|TIME|TIMESTAMP|TIMESTAMP_NS|TIMESTAMP WITH TIME ZONE)$/.test(type)) return "time";
  if (/^(VARCHAR|BOOLEAN|UUID|ENUM\(.*\))$/.test(type)) return "text";
  return "nested";
}

const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95];
/** Columns of the answer for each column of the data. */
const MEASURED = 11;
/** Which of them is the least value; the greatest one is next to it. */
const MIN = 2;

async function measure(
  query: Query,
  { table, isApproximate, maxCharacters }: ProfileTask,
  subjects: readonly Subject[],
): Promise<Measures[]> {
  const inner = subjects.flatMap((subject) => aggregates(subject, isApproximate)).join(", ");
  const outer = subjects.map((subject) => selected(subject, isApproximate)).join(", ");
  const sql = `SELECT ${outer} FROM (SELECT ${inner} FROM result)`;
  const answer = await query({ scope: scopeOf(table), sql, limit: 1, maxCharacters });
  const values = answer.rows[0] ?? [];
  const lengths = new Map(answer.cut?.map(({ column, length }) => [column, length]));
  return subjects.map((_, index) => ({
    ...toMeasures(values.slice(index * MEASURED, (index + 1) * MEASURED)),
    minLength: lengths.get(index * MEASURED + MIN),
    maxLength: lengths.get(index * MEASURED + MIN + 1),
  }));
}

function aggregates({ column, index, kind }: Subject, isApproximate: boolean): string[] {
  const name = quoteIdentifier(column.name);
  const i = String(index);
  const isSimple = kind !== "nested";
  const isOrdered = kind === "number" || kind === "time";
  const quantile = `${isApproximate ? "approx_quantile" : "quantile_disc"}(${name}, [${QUANTILES.join(", ")}])`;
  const at = position(column, kind);
  const finite = `FILTER (WHERE isfinite(${at}))`;
  return [
    `count(*) - count(${name}) AS nulls${i}`,
    `${isSimple ? (isApproximate ? `approx_count_distinct(${name})` : `count(DISTINCT ${name})`) : "NULL"} AS distinct${i}`,
    `${isSimple ? `min(${name})` : "NULL"} AS min${i}`,
    `${isSimple ? `max(${name})` : "NULL"} AS max${i}`,
    `${isOrdered ? quantile : "NULL::VARCHAR[]"} AS quantiles${i}`,
    // Between two values, as median() and quantile_cont() are: of numbers that are sorted anyway.
    `${isBetween({ kind }, isApproximate) ? `quantile_cont(${name}, [${QUANTILES.join(", ")}])` : "NULL"} AS between${i}`,
    `${isOrdered ? `min(${at}) ${finite}` : "NULL::DOUBLE"} AS low${i}`,
    `${isOrdered ? `max(${at}) ${finite}` : "NULL::DOUBLE"} AS high${i}`,
  ];
}

function isBetween({ kind }: Pick<Subject, "kind">, isApproximate: boolean): boolean {
  return kind === "number" && !isApproximate;
}

function selected(subject: Subject, isApproximate: boolean): string {
  const i = String(subject.index);
  const quantiles = QUANTILES.map((_, at) => {
    const [found, between] = [`quantiles${i}[${String(at + 1)}]`, `between${i}[${String(at + 1)}]`];
    const text = `CAST(${found} AS VARCHAR)`;
    // As it is stored, unless it is none of the values.
    const shown = isBetween(subject, isApproximate)
      ? `CASE WHEN ${between} = CAST(${found} AS DOUBLE) THEN ${text} ELSE CAST(${between} AS VARCHAR) END`
      : text;
    return `${shown} AS q${String(at)}_${i}`;
  });
  const extremes = [`CAST(min${i} AS VARCHAR) AS min${i}`, `CAST(max${i} AS VARCHAR) AS max${i}`];
  return [`nulls${i}`, `distinct${i}`, ...extremes, ...quantiles, `low${i}`, `high${i}`].join(", ");
}

/** Where a value lies on the axis of a histogram. */
function position(column: Column, kind: Subject["kind"]): string {
  const name = quoteIdentifier(column.name);
  if (kind === "number") return `CAST(${name} AS DOUBLE)`;
  return column.type === "TIME" ? `epoch(${name})` : `CASE WHEN isfinite(${name}) THEN epoch(${name}) END`;
}

function toMeasures(values: readonly unknown[]): Omit<Measures, "minLength" | "maxLength"> {
  const [nulls, distinct, min, max, ...rest] = values;
  const quantiles = rest.slice(0, QUANTILES.length).flatMap((value) => maybeText(value) ?? []);
  const [low, high] = rest.slice(QUANTILES.length);
  return {
    nulls: Number(nulls ?? 0),
    distinct: distinct === null || distinct === undefined ? undefined : Number(distinct),
    min: maybeText(min),
    max: maybeText(max),
    quantiles: quantiles.length === QUANTILES.length ? quantiles : undefined,
    low: typeof low === "number" ? low : undefined,
    high: typeof high === "number" ? high : undefined,
  };
}

function maybeText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** What is counted, how often; of an edge between bins of times the text, and which it is. */
type Count = readonly [
  kind: "top" | "bin" | "edge",
  value: string,
  count: number,
  length: number | undefined,
];

async function countValues(
  query: Query,
  { table, rows, maxCharacters, topValues = TOP_VALUES }: ProfileTask,
  subjects: readonly Subject[],
  measures: readonly Measures[],
): Promise<Count[][]> {
  const queries = subjects.flatMap((subject, index) =>
    countQueries(subject, rows, measures[index] as Measures, topValues),
  );
  const counts: Count[][] = subjects.map(() => []);
  if (queries.length === 0) return counts;
  const limit = queries.length * Math.max(topValues, BINS + 1);
  const sql = queries.map((one) => `(${one})`).join(" UNION ALL ");
  const answer = await query({ scope: scopeOf(table), sql, limit, maxCharacters });
  const lengths = new Map(answer.cut?.map(({ row, length }) => [row, length]));
  for (const [row, [index, kind, value, count]] of answer.rows.entries())
    counts[Number(index)]?.push([kind as Count[0], String(value), Number(count), lengths.get(row)]);
  return counts;
}

function countQueries(
  { column, index, kind }: Subject,
  rows: number,
  measures: Measures,
  topValues: number,
): string[] {
  const name = quoteIdentifier(column.name);
  const { distinct = 0, low = 0, high = 0 } = measures;
  const queries: string[] = [];
  if (kind !== "nested" && distinct > 0 && distinct < rows - measures.nulls) {
    const values = `SELECT ${name} AS v, count(*) AS n FROM result WHERE ${name} IS NOT NULL GROUP BY ALL`;
    queries.push(
      `SELECT ${String(index)} AS i, 'top' AS kind, CAST(v AS VARCHAR) AS v, n FROM (${values} ORDER BY n DESC, v LIMIT ${String(topValues)})`,
    );
  }
  if ((kind === "number" || kind === "time") && hasWidth(low, high)) {
    const at = position(column, kind);
    const share = `(${at} - ${literal(low)}) / ${literal(high - low)}`;
    const bin = `least(${String(BINS - 1)}, CAST(floor(${share} * ${String(BINS)}) AS INTEGER))`;
    const bins = `SELECT ${bin} AS v, count(*) AS n FROM result WHERE isfinite(${at}) GROUP BY ALL`;
    queries.push(`SELECT ${String(index)} AS i, 'bin' AS kind, CAST(v AS VARCHAR) AS v, n FROM (${bins})`);
    if (kind === "time") queries.push(edgesQuery({ column, index, kind }, low, high));
  }
  return queries;
}

/** The edges of the bins of times as the type writes them. */
function edgesQuery({ column, index }: Subject, low: number, high: number): string {
  const seconds = `${literal(low)} + ${literal(high - low)} * n / ${String(BINS)}`;
  const time = `CAST(make_timestamp(CAST((${seconds}) * 1000000 AS BIGINT)) AS ${column.type})`;
  return `SELECT ${String(index)} AS i, 'edge' AS kind, CAST(${time} AS VARCHAR) AS v, n FROM range(${String(BINS + 1)}) t(n)`;
}

function hasWidth(low: number, high: number): boolean {
  return low < high && Number.isFinite(high - low);
}

/** Only for numbers of our own. */
function literal(value: number): string {
  return `CAST(${String(value)} AS DOUBLE)`;
}

function toProfile(rows: number, measures: Measures, counts: readonly Count[]): ColumnMeasures {
  const { nulls, distinct, min, max, minLength, maxLength, quantiles, low, high } = measures;
  const [p05 = "", p25 = "", p50 = "", p75 = "", p95 = ""] = quantiles ?? [];
  const top = counts.filter(([kind]) => kind === "top").map(toTopValue);
  const bins = new Map(
    counts.filter(([kind]) => kind === "bin").map(([, value, count]) => [Number(value), count]),
  );
  const edges = new Map(counts.filter(([kind]) => kind === "edge").map(([, text, at]) => [at, text]));
  return {
    count: rows - nulls,
    nulls,
    ...(distinct === undefined ? {} : { distinct }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(minLength === undefined ? {} : { minLength }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(quantiles === undefined ? {} : { quantiles: { p05, p25, p50, p75, p95 } }),
    top,
    ...(bins.size === 0 || low === undefined || high === undefined
      ? {}
      : { histogram: toHistogram(bins, (at) => edges.get(at) ?? edge(low, high, at)) }),
  };
}

function toTopValue([, value, count, length]: Count): TopValue {
  return { value, count, ...(length !== undefined && { length }) };
}

function toHistogram(
  bins: ReadonlyMap<number, number>,
  edgeAt: (at: number) => number | string,
): HistogramBin[] {
  return Array.from({ length: BINS }, (_, index) => ({
    from: edgeAt(index),
    to: edgeAt(index + 1),
    count: bins.get(index) ?? 0,
  }));
}

function edge(low: number, high: number, at: number): number {
  return at === BINS ? high : low + (at * (high - low)) / BINS;
}
