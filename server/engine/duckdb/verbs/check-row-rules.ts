import type { CheckQuery } from "../../engine.js";
import { describeRelation } from "../worker/tasks-describe.js";
import { failingCondition, isRowRule, relation, whereCondition } from "../compile/check-sql.js";
import type { RowRule } from "../compile/check-sql.js";
import { TaskError } from "../tasks-error.js";
import { QueryFailure } from "../worker/tasks-failure.js";
import { readNumbers } from "./read-numbers.js";
import type { ScopedInstance } from "../worker/tasks-scope.js";

export interface RowCount {
  /** Rows that the check looks at. */
  readonly rows: number;
  readonly failures: number;
}

/** By the check's name. */
export type RowCounts = ReadonlyMap<string, RowCount>;

export interface RowRuleCheck {
  readonly name: string;
  readonly rule: RowRule;
  readonly where?: string | undefined;
}

/** Counts all rules that look at single rows, with one scan of each relation. */
export async function countRowRules(
  scoped: ScopedInstance,
  checks: readonly CheckQuery[],
): Promise<RowCounts> {
  const byRelation = new Map<string, RowRuleCheck[]>();
  for (const check of checks) {
    if (check.type !== "rule" || !isRowRule(check.spec.rule)) continue;
    const entry = { name: check.name, rule: check.spec.rule, where: check.spec.where };
    byRelation.set(check.on, [...(byRelation.get(check.on) ?? []), entry]);
  }
  const counts = new Map<string, RowCount>();
  for (const [on, rules] of byRelation) {
    const found = await countTogether(scoped, on, rules);
    for (const [index, { name }] of rules.entries())
      if (found[index] !== undefined) counts.set(name, found[index]);
  }
  return counts;
}

/** Nothing where one of the rules cannot be counted: each is then counted alone, to tell which. */
async function countTogether(
  scoped: ScopedInstance,
  on: string,
  rules: readonly RowRuleCheck[],
): Promise<readonly RowCount[]> {
  try {
    return await countRules(scoped, on, rules);
  } catch (error) {
    if (error instanceof QueryFailure || error instanceof TaskError) return [];
    throw error;
  }
}

export async function countRules(
  scoped: ScopedInstance,
  on: string,
  rules: readonly RowRuleCheck[],
): Promise<readonly RowCount[]> {
  const columns = await describeRelation(scoped, relation(on));
  const wanted = new Map(
    rules.flatMap(({ rule, where }, index) => {
      const looked = where === undefined ? "true" : whereCondition(where);
      return [
        [`rows ${index}`, `count_if(${looked})`],
        [`failures ${index}`, `count_if(${looked} AND (${failingCondition(rule, columns)}))`],
      ];
    }),
  );
  const counted = await readNumbers(scoped, wanted, relation(on));
  return rules.map((_, index) => ({
    rows: counted(`rows ${index}`),
    failures: counted(`failures ${index}`),
  }));
}
