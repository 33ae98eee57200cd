import { expect, test } from "vitest";
import { NO_USES, type LineageNode, type NodeColumn } from "../../../server/lineage/lineage-graph.js";
import { traceBack, traceForward, type Trace } from "../../../server/lineage/trace.js";

/** `file.a file.b` */
function columnsOf(text: string): NodeColumn[] {
  return text
    .split(" ")
    .filter((part) => part !== "")
    .map((part) => {
      const [node = "", column = ""] = part.split(".");
      return { node, column };
    });
}

function node(
  id: string,
  columns: Readonly<Record<string, string>>,
  more: {
    readonly rows?: string;
    readonly uses?: string;
    readonly unknown?: string;
    readonly reads?: string;
  } = {},
): LineageNode {
  const { rows = "", uses = "", unknown, reads = "" } = more;
  const all = [...Object.values(columns), rows, uses].flatMap(columnsOf).map((each) => each.node);
  return {
    id,
    kind: "sql",
    name: id,
    columns: Object.entries(columns).map(([name, from]) => ({ name, columns: columnsOf(from) })),
    uses: uses === "" ? NO_USES : { columns: columnsOf(uses) },
    rows: rows === "" ? NO_USES : { columns: columnsOf(rows) },
    reads: [...new Set([...all, ...reads.split(" ").filter((part) => part !== "")])],
    ...(unknown !== undefined && { unknown }),
  };
}

const graph = new Map(
  [
    node("file", { id: "", day: "", amount: "", note: "" }),
    node("places", { id: "", city: "" }),
    node("clean", { id: "file.id", day: "file.day", euros: "file.amount" }, { rows: "file.note" }),
    node("daily", { Day: "clean.day", total: "clean.euros", n: "" }, { rows: "clean.day" }),
    node("joined", { city: "places.city", day: "clean.day" }, { rows: "clean.id places.id" }),
    node("counted", { n: "" }, { reads: "joined" }),
    node("pivoted", {}, { unknown: "PIVOT without IN", reads: "daily" }),
    node("beyond", { x: "pivoted.a" }),
    node("chart", {}, { uses: "daily.day daily.total" }),
  ].map((each) => [each.id, each]),
);

function shown({ columns, unknown }: Trace): string {
  const found = columns.map(
    (each) => `${each.node}${each.column === undefined ? "" : `.${each.column}`}:${each.role}`,
  );
  return [...found, ...unknown.map((each) => `${each.node}? ${each.reason}`)].sort().join(" ");
}

test("a column goes back to files, by its values and by what decides which rows there are", () => {
  expect(shown(traceBack(graph, { node: "daily", column: "TOTAL" }))).toBe(
    "clean.day:rows clean.euros:value file.amount:value file.day:rows file.note:rows",
  );
});

test("a column that is a value and decides rows too is told as a value", () => {
  expect(shown(traceBack(graph, { node: "daily", column: "Day" }))).toBe(
    "clean.day:value file.day:value file.note:rows",
  );
});

test("a count has no values, and the rows of all that it reads", () => {
  expect(shown(traceBack(graph, { node: "counted", column: "n" }))).toBe(
    "clean.id:rows file.id:rows file.note:rows places.id:rows",
  );
});

test("a column goes forward to what is computed from it and to what looks at it", () => {
  expect(shown(traceForward(graph, { node: "file", column: "amount" }))).toBe(
    "beyond:unknown chart:value clean.euros:value daily.total:value pivoted:unknown pivoted? PIVOT without IN",
  );
});

test("a column that decides rows of a cell decides those of all that is computed from them", () => {
  expect(shown(traceForward(graph, { node: "places", column: "id" }))).toBe("counted:rows joined:rows");
  expect(shown(traceForward(graph, { node: "file", column: "note" }))).toBe(
    "beyond:unknown chart:rows clean:rows counted:rows daily:rows joined:rows pivoted:unknown pivoted? PIVOT without IN",
  );
});

test("what cannot be told is said in both directions, with all that may be part of it", () => {
  expect(shown(traceBack(graph, { node: "beyond", column: "x" }))).toContain("pivoted? PIVOT without IN");
  expect(shown(traceBack(graph, { node: "beyond", column: "x" }))).toContain("daily:unknown");
  expect(shown(traceForward(graph, { node: "pivoted", column: "a" }))).toBe("beyond.x:value");
});
