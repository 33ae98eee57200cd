/** A text in which one thing of a cell's SQL is another. */
export interface Mutation {
  /** `aggregations: min( -> max( (2)`: the second of its kind in that cell. */
  readonly name: string;
  readonly cell: string;
  readonly text: string;
}

type Rule = readonly [from: RegExp, to: string];

/** Mistakes that people make in SQL; each is made once at every place where it can be made. */
const rules: readonly Rule[] = [
  // Another aggregate.
  [/\bmin\(/g, "max("],
  [/\bmax\(/g, "min("],
  [/\barg_min\(/g, "arg_max("],
  [/\barg_max_null\(/g, "arg_min_null("],
  [/\barg_max_null\(/g, "arg_max("],
  [/\bcount\(\*\)/g, "max(1)"],
  [/ FILTER \([^)]*\)/g, ""],
  [/\babs\(/g, "("],
  [/\bfloor\(/g, "round("],
  // Another comparison, another condition.
  [/(?<=senderAppType) = /g, " <> "],
  [/ IS DISTINCT FROM /g, " <> "],
  [/ IS DISTINCT FROM /g, " IS NOT DISTINCT FROM "],
  [/ < /g, " <= "],
  [/ < /g, " > "],
  [/ >= /g, " > "],
  [/ >= /g, " < "],
  [/ OR /g, " AND "],
  [/(?<=\s)- min/g, "+ min"],
  [/\bNOT (?=chat)/g, ""],
  [/ \+ INTERVAL 1 DAY/g, ""],
  [/(?<=FROM \w+\n)WHERE \w+ < [^\n]*\n {3}OR/g, "WHERE"],
  [/\n {3}OR [^\n]*/g, ""],
  // Something forgotten.
  [/\(messageSentTime, /g, "("],
  [/, NOT chatStartedByMessage/g, ""],
  [/, fromId/g, ""],
  [/, orderStage\)/g, ")"],
  [/ DISTINCT (?=orderId)/g, " "],
  [/ AT TIME ZONE 'UTC'/g, " AT TIME ZONE 'Asia/Kathmandu'"],
  [/\$courier_app/g, "'Courier App'"],
  [/\$period_start::DATE/g, "DATE '2018-01-01'"],
  [/\nORDER BY \w+/g, ""],
  // Something mixed up.
  [/'courier' ELSE 'customer'/g, "'customer' ELSE 'courier'"],
  [/\byear\(/g, "month("],
  [/\bmonth\(/g, "year("],
  [/date_trunc\('month'/g, "date_trunc('year'"],
  [/GROUP BY orderId/g, "GROUP BY orderId, fromId"],
  [/\bfirst_courier_message,/g, "first_customer_message AS first_courier_message,"],
  [/\bnum_messages_customer,/g, "num_messages_courier AS num_messages_customer,"],
  [/\bconversation_started_at,/g, "last_message_time AS conversation_started_at,"],
  [/\bcityCode AS city_code/g, "upper(left(cityCode, 2)) AS city_code"],
  // Another join.
  [/\bLEFT JOIN\b/g, "JOIN"],
  [/(?<=\n)JOIN\b/g, "LEFT JOIN"],
  [/\bANTI JOIN\b/g, "SEMI JOIN"],
  [/orders\.orderId = order_id/g, "orders.orderId <= order_id"],
];

const cellPattern = /```sql\n((?:--\|.*\n)*)([^`]*)```/g;

/** All mutations of a notebook's SQL cells, in the order of the file and of the rules. */
export function mutationsOf(text: string): Mutation[] {
  const mutations: Mutation[] = [];
  for (const fence of text.matchAll(cellPattern)) {
    const [whole, head = "", sql = ""] = fence;
    const cell = /^--\| (?:cell|check): (\w+)/.exec(head)?.[1] ?? "";
    const start = fence.index + whole.indexOf(head) + head.length;
    for (const [from, to] of rules) {
      for (const [nth, found] of [...sql.matchAll(from)].entries()) {
        const at = start + found.index;
        const changed = text.slice(0, at) + to + text.slice(at + found[0].length);
        mutations.push({
          name: `${cell}: ${found[0].trim()} -> ${to.trim()} (${String(nth + 1)})`,
          cell,
          text: changed,
        });
      }
    }
  }
  return mutations;
}
