import { describe, expect, test } from "vitest";
import { dataTree, type DataListing, type DataNode } from "../../../client/data/data-tree.js";
import { literalPath, patternMatcher } from "../../../client/data/glob.js";
import { rowByKey, rowByText, rowsOf } from "../../../client/data/tree-rows.js";

const listing: DataListing = {
  files: ["input/a.csv", "input/b [1].csv", "input/day/1.json", "input/day/2.json", "input/sub/x.parquet"],
  datasets: [
    { dataset: "orders", runDate: "2026-11-01", rows: 4 },
    { dataset: "orders", runDate: "2026-10-01", rows: 3 },
  ],
  cells: [
    { name: "days", kind: "sql", files: ["input/day/*.json"] },
    { name: "select", kind: "sql", files: ["input/a.csv"] },
    { name: "wrong", kind: "check", files: [] },
  ],
  rowsOf: () => undefined,
  known: ({ name }) =>
    name === "orders"
      ? { columns: [{ name: "order id", type: "BIGINT", kind: "integer" }] }
      : name === "input/a.csv"
        ? { problem: "It is broken." }
        : {},
  canRead: true,
};

/** As it looks with everything open. */
function draw(nodes: readonly DataNode[], indent = ""): string[] {
  return nodes.flatMap((node) => [
    `${indent}${node.label}${node.insert === undefined ? "" : ` → ${node.insert}`}`,
    ...draw(node.children?.() ?? [], `${indent}  `),
  ]);
}

describe("the tree of data", () => {
  test("has series where cells read them, folders elsewhere, and names as SQL writes them", () => {
    expect(draw(dataTree(listing))).toEqual([
      "Files",
      "  day/*.json → read_json('input/day/*.json')",
      "    2 files",
      "      1.json → read_json('input/day/1.json')",
      "        Looking …",
      "      2.json → read_json('input/day/2.json')",
      "        Looking …",
      "    Looking …",
      "  sub/",
      "    x.parquet → read_parquet('input/sub/x.parquet')",
      "      Read in a new cell",
      "      Looking …",
      "  a.csv → read_csv('input/a.csv')",
      "    Choose how it is read …",
      "    It is broken.",
      "  b [1].csv → read_csv('input/b [[]1].csv')",
      "    Read in a new cell",
      "    Choose how it is read …",
      "    Looking …",
      "Lake",
      "  orders → lake.orders",
      "    2 run dates",
      '      2026-11-01 → "2026-11-01".orders',
      '      2026-10-01 → "2026-10-01".orders',
      '    order id → "order id"',
      "Cells",
      "  days → days",
      "    Looking …",
      '  select → "select"',
      "    Looking …",
    ]);
  });

  test("offers one cell for a folder whose files nobody reads", () => {
    const files = ["input/many/f1.csv", "input/many/f2.csv"];
    const [group] = dataTree({ ...listing, files });
    const [folder] = group?.children?.() ?? [];
    expect(folder?.children?.()[0]).toMatchObject({
      label: "Read all 2 files in a new cell",
      action: { type: "read", path: "input/many/*.csv" },
    });
  });

  test("offers nothing to whoever may not edit", () => {
    const labels = draw(dataTree({ ...listing, canRead: false }));
    expect(labels.filter((label) => /Read|Choose/.test(label))).toEqual([]);
  });

  test("is searched below what is closed, and shows where it was found", () => {
    const rows = rowsOf(dataTree(listing), () => false, "ORDER id");
    expect(rows.map(({ node, level }) => [level, node.label])).toEqual([
      [1, "Lake"],
      [2, "orders"],
      [3, "order id"],
    ]);
    expect(rowsOf(dataTree(listing), () => false, "nowhere")).toEqual([]);
  });
});

describe("keys in the tree", () => {
  const rows = rowsOf(dataTree(listing), ({ kind }) => kind === "group");
  const labelOf = (index: number | undefined): string | undefined => rows[index ?? -1]?.node.label;

  test("go down and up, in and out, to both ends and no further", () => {
    expect(labelOf(rowByKey("ArrowDown", 0, rows, 5))).toBe("day/*.json");
    expect(rowByKey("ArrowUp", 0, rows, 5)).toBe(0);
    expect(labelOf(rowByKey("ArrowRight", 0, rows, 5))).toBe("day/*.json");
    expect(labelOf(rowByKey("ArrowLeft", 1, rows, 5))).toBe("Files");
    expect(labelOf(rowByKey("End", 0, rows, 5))).toBe("select");
    expect(rowByKey("ArrowDown", rows.length - 1, rows, 5)).toBe(rows.length - 1);
    expect(rowByKey("x", 0, rows, 5)).toBeUndefined();
  });

  test("find what begins with what is typed, and then the next", () => {
    expect(labelOf(rowByText("d", 0, rows))).toBe("day/*.json");
    expect(labelOf(rowByText("d", 1, rows))).toBe("days");
    expect(labelOf(rowByText("days", 1, rows))).toBe("days");
    expect(rowByText("zz", 0, rows)).toBeUndefined();
  });
});

test.each([
  ["input/*.csv", ["input/a.csv"], ["input/sub/a.csv", "input/acsv"]],
  ["input/**/*.csv", ["input/a.csv", "input/x/y/a.csv"], ["other/a.csv"]],
  ["input/a?.c[st]v", ["input/ab.csv", "input/ab.ctv"], ["input/a.csv", "input/a/.csv"]],
  ["input/[!a]*.csv", ["input/b.csv"], ["input/a.csv"]],
  ["input/(a|b)+.csv", ["input/(a|b)+.csv"], ["input/a.csv"]],
  [literalPath("input/a[1]*?.csv"), ["input/a[1]*?.csv"], ["input/a1xx.csv"]],
])("the pattern %s matches what DuckDB takes it for", (pattern, matched, others) => {
  const matches = patternMatcher(pattern);
  expect(matched.map(matches)).toEqual(matched.map(() => true));
  expect(others.map(matches)).toEqual(others.map(() => false));
});
