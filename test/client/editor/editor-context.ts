import type { ColumnValues, LanguageContext } from "../../../client/editor/language-service.js";

const stored: Readonly<Record<string, ColumnValues>> = {
  cityCode: {
    frequent: [
      { value: "BCN", count: 1200 },
      { value: "L'Hospitalet", count: 1 },
      { value: "a text that is far too long to be read in a list", count: 1 },
    ],
    examples: ["BCN", "L'Hospitalet", "a text that is far too long to be read in a list"],
  },
  zone: { frequent: [{ value: "north", count: 2 }], examples: ["north"] },
};

/** What the tests of completion, hover and definition know. */
export const context: LanguageContext = {
  cells: [
    {
      name: "orders",
      kind: "sql",
      description: "The orders and their cities",
      columns: [
        { name: "orderId", type: "BIGINT" },
        { name: "cityCode", type: "VARCHAR" },
      ],
    },
    {
      name: "messages",
      kind: "sql",
      columns: [
        { name: "orderId", type: "BIGINT" },
        { name: "sentAt", type: "TIMESTAMP" },
        { name: "select", type: "VARCHAR" },
      ],
    },
    { name: "unbound", kind: "sql" },
    { name: "every_order_once", kind: "check" },
    { name: "by_city", kind: "chart" },
    { name: "city", kind: "input" },
  ],
  lake: [{ name: "zones", columns: [{ name: "zone", type: "VARCHAR" }] }],
  files: ["input/orders.json", "input/messages.csv"],
  functions: [
    { name: "count", signature: "count(arg)", description: "Counts values." },
    { name: "date_trunc", signature: "date_trunc(part, timestamp)", description: "Rounds down." },
    { name: "now", signature: "now()", description: "The time." },
    { name: "read_csv", signature: "read_csv(path, …)", description: "Reads CSV." },
  ],
  parameters: [
    { name: "run_date", type: "DATE" },
    { name: "city", type: "VARCHAR", cell: "city", value: '"BCN"' },
  ],
  values: {
    known: ({ column }) => stored[column],
    find: ({ column }) => Promise.resolve(stored[column]),
  },
  keywords: ["select", "from", "where", "group", "by", "join", "on", "using", "and", "null", "vacuum"],
};

/** Takes the `|` out of a text and tells where it was; that of `--|` stays. */
export function withCursor(marked: string): { readonly sql: string; readonly offset: number } {
  const offset = marked.search(/(?<!--)\|/);
  if (offset === -1) throw new Error(`No cursor in: ${marked}`);
  return { sql: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}
