import { isAggregateName, printAggregate } from "./aggregates.js";
import type { Call, Rule, Rules } from "./call.js";
import { dateRules } from "./date-functions.js";
import { intervalOf, printInterval } from "./intervals.js";
import { listRules } from "./list-functions.js";
import { conditionalRules } from "./conditionals.js";
import { numberRules } from "./number-functions.js";
import { operatorRules } from "./operators.js";
import type { Piece } from "./piece.js";
import { refuse } from "./refusal.js";
import { isFilled, nodeOf } from "./tree.js";
import { textRules } from "./text-functions.js";

/** Every function that is not here, and no aggregate, is refused. */
const rules: Rules = {
  ...operatorRules,
  ...numberRules,
  ...textRules,
  ...dateRules,
  ...listRules,
  ...conditionalRules,
};

const onEveryRun = "its value is another one on every run";
const hints: Readonly<Record<string, string>> = {
  random: onEveryRun,
  uuid: onEveryRun,
  gen_random_uuid: onEveryRun,
  now: "use a parameter",
  get_current_timestamp: "use a parameter",
  current_date: "use a parameter",
  today: "use a parameter",
  hash: "use md5(x)",
  levenshtein: "it counts bytes in DuckDB and characters in Spark",
  reverse: "it keeps letters with their accents together in DuckDB alone",
  list_distinct: "the order of the result is not defined: use list(DISTINCT x ORDER BY x)",
  list_concat: "the engines treat NULL differently",
  try_strptime: "which texts fail differs: test with regexp_full_match first, then strptime",
  age: "use date_diff",
  printf: "join the parts with ||",
  format: "join the parts with ||",
};

export function printFunction(call: Call): Piece {
  const { name, node } = call;
  for (const argument of call.nodes) if (argument.class === "STAR") call.printing.expression(argument);
  const schema = node.schema;
  if ((isFilled(schema) && schema !== "main") || isFilled(node.catalog))
    return refuse(`${String(schema)}.${name}()`);
  if (node.export_state === true) return refuse("EXPORT_STATE");
  if (isAggregateName(name)) return printAggregate(call);
  const interval = intervalOf(node);
  if (interval !== undefined) return printInterval(interval, call.printing);
  const isAggregated =
    node.distinct === true || isFilled(node.filter) || isFilled(nodeOf(node.order_bys)?.orders);
  const rule: Rule | undefined = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule === undefined)
    return refuse(
      /^\w+$/.test(name) ? `${name}()` : `the operator ${name}`,
      Object.hasOwn(hints, name) ? hints[name] : undefined,
    );
  return isAggregated ? refuse(`DISTINCT, FILTER or ORDER BY with ${name}()`) : rule(call);
}
