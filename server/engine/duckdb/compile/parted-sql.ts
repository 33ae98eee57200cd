import { freeName } from "../../../text/free-name.js";
import { foldCase, quoteIdentifier, quoteLiteral } from "../../../text/sql-names.js";
import type { PartedSql, RowsToPart } from "../../engine.js";
import { failingCondition, isRowRule, relation, whereCondition } from "./check-sql.js";

/** Each row is in one of both, as the checks count it: a condition that is NULL is no failure. */
export function partedSql({ relation: name, columns, checks }: RowsToPart): PartedSql {
  const conditions = checks.flatMap(({ name: check, rule, where }) => {
    if (!isRowRule(rule)) return [];
    const fails = `(${failingCondition(rule, columns)})`;
    return [{ check, fails: where === undefined ? fails : `(${whereCondition(where)} AND ${fails})` }];
  });
  const names = new Set(columns.map((column) => foldCase(column.name)));
  const reason = quoteIdentifier(freeName("reason", (taken) => names.has(foldCase(taken))));
  if (conditions.length === 0)
    return {
      passing: `SELECT * FROM ${relation(name)}`,
      failing: `SELECT *, CAST(NULL AS VARCHAR) AS ${reason} FROM ${relation(name)} WHERE false`,
    };
  const passes = conditions.map(({ fails }) => `${fails} IS NOT TRUE`).join(" AND ");
  const failed = conditions.map(({ check, fails }) => `CASE WHEN ${fails} THEN ${quoteLiteral(check)} END`);
  return {
    passing: `SELECT * FROM ${relation(name)} WHERE ${passes}`,
    failing: `SELECT *, concat_ws(', ', ${failed.join(", ")}) AS ${reason} FROM ${relation(name)} WHERE ${conditions.map(({ fails }) => fails).join(" OR ")}`,
  };
}
