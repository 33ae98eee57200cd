import type { JinjaFunction } from "./jinja.js";

/* What dbt and its package dbt_utils write for the SQL of DuckDB, as far as it needs no database. */

type Macros = Readonly<Record<string, JinjaFunction>>;

const text = (value: unknown): string => String(value);
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(text) : []);
const part = (value: unknown): string => text(value).replace(/^'|'$/g, "");
const quoted = (value: unknown): string => `'${text(value).replaceAll("'", "''")}'`;

const types: Macros = Object.fromEntries(
  Object.entries({
    string: "varchar",
    timestamp: "timestamp",
    float: "float",
    numeric: "numeric(28, 6)",
    bigint: "bigint",
    int: "int",
    boolean: "boolean",
  }).map(([name, type]) => [`type_${name}`, () => type]),
);

/** `dbt.date_trunc(…)` and the like, by their names there. */
export const dbtMacros: Macros = {
  ...types,
  date_trunc: (unit, date) => `date_trunc('${part(unit)}', ${text(date)})`,
  datediff: (from, to, unit) =>
    `date_diff('${part(unit)}', ${text(from)}::timestamp, ${text(to)}::timestamp)`,
  dateadd: (unit, count, date) => `(${text(date)} + (${text(count)}) * interval 1 ${part(unit)})`,
  last_day: (date, unit) =>
    `((date_trunc('${part(unit)}', ${text(date)}) + interval 1 ${part(unit)} - interval 1 day)::date)`,
  date: (year, month, day) => `make_date(${[year, month, day].map(text).join(", ")})`,
  concat: (fields) => list(fields).join(" || "),
  hash: (field) => `md5(${text(field)}::varchar)`,
  safe_cast: (field, type) => `try_cast(${text(field)} as ${text(type)})`,
  cast: (field, type) => `cast(${text(field)} as ${text(type)})`,
  split_part: (field, by, at) => `split_part(${text(field)}, ${text(by)}, ${text(at)})`,
  length: (field) => `length(${text(field)})`,
  replace: (field, from, to) => `replace(${text(field)}, ${text(from)}, ${text(to)})`,
  right: (field, length) => `right(${text(field)}, ${text(length)})`,
  position: (part_, field) => `position(${text(part_)} in ${text(field)})`,
  string_literal: quoted,
  escape_single_quotes: (value) => text(value).replaceAll("'", "''"),
  any_value: (field) => `any_value(${text(field)})`,
  bool_or: (field) => `bool_or(${text(field)})`,
  current_timestamp: () => "current_timestamp",
  except: () => "except",
  intersect: () => "intersect",
};

const missing = "'_dbt_utils_surrogate_key_null_'";

/** `dbt_utils.generate_surrogate_key(…)` and the like. */
export const dbtUtilsMacros: Macros = {
  generate_surrogate_key: (fields) =>
    `md5(${list(fields)
      .map((field) => `coalesce(cast(${field} as varchar), ${missing})`)
      .join(" || '-' || ")})`,
  group_by: (count) =>
    `group by ${Array.from({ length: Math.min(Number(count), 1000) }, (_, index) => index + 1).join(", ")}`,
  safe_divide: (above, below) => `(${text(above)}) / nullif((${text(below)}), 0)`,
  safe_add: (fields) =>
    list(fields)
      .map((field) => `coalesce(${field}, 0)`)
      .join(" + "),
  safe_subtract: (fields) =>
    list(fields)
      .map((field) => `coalesce(${field}, 0)`)
      .join(" - "),
};
