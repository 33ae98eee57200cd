import { describe, expect, test } from "vitest";
import {
  chooseWay,
  describeWay,
  FIRST_DATE,
  type CumulativeBase,
  type CumulativeState,
} from "../../../server/incremental/choose-way.js";
import type { Cumulative } from "../../../server/lake/model.js";

type File = Cumulative["files"][number];

function file(date: string, content = date, path = "input/m.csv"): File {
  return { date, path, sha256: content };
}

const [OLD, NEW] = [file("2026-09-01"), file("2026-10-01")];

/** Keys come by `messages` and `orders` and a file; any row of `rates` may matter. */
const joined: CumulativeState["keys"] = {
  columns: new Map([
    ["messages", ["order_id"]],
    ["orders", ["order_id"]],
    ["input/m.csv", ["order_id"]],
  ]),
  loose: new Set(["rates"]),
};

function state(changes: Partial<CumulativeState> = {}): CumulativeState {
  const files = changes.files ?? [OLD, NEW];
  return {
    option: "by_key",
    logic: "L",
    files,
    patterns: new Map(),
    sources: "S",
    contents: new Map(),
    rows: undefined,
    keys: joined,
    ...changes,
  };
}

function base(changes: Partial<Cumulative> = {}, contents: Record<string, string> = {}): CumulativeBase {
  const increment: Cumulative["increment"] = {
    ...{ mode: "full", deliveries: 1, rows: { added: 1, changed: 0, removed: 0 } },
    ...{ late: { rows: 0, keys: 0 }, partitions: { written: 1, linked: 0, removed: 0 } },
  };
  const cumulative = { logic: "L", files: [OLD], sources: "S", increment, ...changes };
  return { cumulative, contents: new Map(Object.entries(contents)), changes: [] };
}

const ofFiles = { rows: { type: "files", paths: ["input/m.csv"] } } as const;
const ofMessages = { option: "by_partition", rows: { type: "relation", name: "messages" } } as const;
const moved = (...names: string[]): Pick<CumulativeState, "contents"> => ({
  contents: new Map(names.map((name) => [name, "is"])),
});

describe("a part of a dataset is computed", () => {
  test.each([
    [
      "partitions of rows of new files",
      state({ option: "by_partition", ...ofFiles }),
      base(),
      { type: "append" },
    ],
    ["keys of rows of new files", state(ofFiles), base(), { type: "upsert" }],
    [
      "partitions of changed rows of the one parent",
      state({ ...ofMessages, ...moved("messages") }),
      base({}, { messages: "was" }),
      { type: "partitions", relation: "messages" },
    ],
    [
      "keys of the parents that changed, and of no other",
      state({ contents: new Map([...moved("messages").contents, ["orders", "same"]]) }),
      base({}, { messages: "was", orders: "same" }),
      { type: "keys", relations: ["messages"], files: [] },
    ],
    [
      "keys of a parent that was not read before",
      state(moved("orders")),
      base(),
      { type: "keys", relations: ["orders"], files: [] },
    ],
    [
      "keys of a file that stands for more than before",
      state({ patterns: new Map([["input/m.csv", [OLD, NEW]]]) }),
      base(),
      { type: "keys", relations: [], files: ["input/m.csv"] },
    ],
    [
      "no key where nothing changed",
      state({ files: [OLD], patterns: new Map([["input/m.csv", [OLD]]]) }),
      base(),
      { type: "keys", relations: [], files: [] },
    ],
    [
      "keys of a published dataset, of which only the name is known from before",
      state({
        contents: new Map([
          ["lake.messages", "same"],
          ["2026-10-01.orders", "is"],
        ]),
        keys: { columns: new Map([["2026-10-01.orders", ["order_id"]]]), loose: new Set() },
      }),
      base({}, { messages: "same", orders: "was" }),
      { type: "keys", relations: ["2026-10-01.orders"], files: [] },
    ],
  ])("of %s", (_what, now, before, way) => {
    expect(chooseWay(now, before, false)).toEqual(way);
  });
});

describe("all of a dataset is computed", () => {
  test.each([
    ["on the first run date", state(), FIRST_DATE, "the first run date"],
    [
      "where the version before cannot be used",
      state(),
      "what 2026-10-01 published is damaged",
      "what 2026-10-01 published is damaged",
    ],
    [
      "where its rows are volatile or ordered",
      state({ obstacle: "its rows have an order" }),
      base(),
      "its rows have an order",
    ],
    [
      "where its logic changed",
      state({ logic: "other" }),
      { ...base(), changes: ["SQL changed", "its key is now `k`"] },
      "SQL changed, its key is now `k`",
    ],
    [
      "where its logic changed and nobody knows by what",
      state({ logic: "other" }),
      base(),
      "its options changed",
    ],
    [
      "where the content that an earlier date delivered is another",
      state({ files: [file("2026-09-01", "corrected"), NEW] }),
      base(),
      "the delivery of 2026-09-01 was replaced",
    ],
    [
      "where what an earlier date delivered is there no more",
      state({ files: [NEW] }),
      base({ files: [OLD, NEW] }),
      "the delivery of 2026-09-01 was replaced",
    ],
    [
      "where a content was delivered at another date first",
      state({ files: [file("2026-08-01", "2026-09-01")] }),
      base(),
      "the delivery of 2026-09-01 was replaced",
    ],
    [
      "where a delivery came in between",
      state({ files: [OLD, file("2026-09-15"), NEW] }),
      base({ files: [OLD, NEW] }),
      "the delivery of 2026-10-01 was replaced",
    ],
    [
      "where its files have other columns",
      state({ sources: "other" }),
      base(),
      "the columns of its files changed",
    ],
    [
      "by_partition, where a row does not come from one row",
      state({ option: "by_partition" }),
      base(),
      "its rows do not come one by one from one file or cell",
    ],
    [
      "by_partition, where another relation changed than the one that its rows come from",
      state({ ...ofMessages, ...moved("orders") }),
      base(),
      "`orders` changed",
    ],
    [
      "by_key, where its SQL is of no form that is known",
      state({ keys: undefined }),
      base(),
      "its SQL does not tell which keys a row touches",
    ],
    [
      "by_key, where a relation changed that any row may depend on",
      state(moved("messages", "rates")),
      base(),
      "`rates` changed, which is not joined by the key",
    ],
  ])("%s", (_where, now, before, reason) => {
    const way = chooseWay(now, before, false);
    expect(way).toEqual({ type: "full", reason });
    expect(describeWay(way)).toBe(before === FIRST_DATE ? "" : `whole rebuild: ${reason}`);
  });

  test("where it is forced, whatever else is known", () => {
    expect(chooseWay(state(ofFiles), base(), true)).toEqual({ type: "full", reason: "forced" });
    expect(chooseWay(state(), FIRST_DATE, true)).toEqual({ type: "full", reason: "forced" });
  });

  test("for the first of several reasons: what was published before, then logic, deliveries, columns", () => {
    const now = {
      ...state({ logic: "other", sources: "other", files: [NEW] }),
      obstacle: "its rows have an order",
    };
    const reasons = [
      chooseWay(now, "damaged", false),
      chooseWay(now, base(), false),
      chooseWay({ ...now, obstacle: undefined }, base(), false),
      chooseWay({ ...now, obstacle: undefined, logic: "L" }, base(), false),
      chooseWay({ ...now, obstacle: undefined, logic: "L", files: [OLD] }, base(), false),
    ].map((way) => (way.type === "full" ? way.reason : way.type));
    expect(reasons).toEqual([
      "damaged",
      "its rows have an order",
      "its options changed",
      "the delivery of 2026-09-01 was replaced",
      "the columns of its files changed",
    ]);
  });
});

test("a way is told in words", () => {
  expect(
    (
      [
        { type: "append" },
        { type: "upsert" },
        { type: "partitions", relation: "messages" },
        { type: "keys", relations: ["messages"], files: [] },
      ] as const
    ).map(describeWay),
  ).toEqual([
    "only the partitions that new rows touch",
    "only the keys of new rows",
    "only the partitions that changed rows of `messages` touch",
    "only the keys of changed rows",
  ]);
});
