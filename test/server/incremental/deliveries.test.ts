import { describe, expect, test } from "vitest";
import { deliveredFiles, deliveredPath } from "../../../server/incremental/deliveries.js";
import type { Delivery, PinnedInput } from "../../../server/lake/model.js";

function input(path: string, content: string): PinnedInput {
  return { path, sha256: content, bytes: content.length, isPinned: true };
}

function delivery(date: string, files: Readonly<Record<string, string>>): Delivery {
  return { date, inputs: Object.entries(files).map(([path, content]) => input(path, content)) };
}

/** `2026-09-01 input/a.csv A`, as they are put together. */
function told(deliveries: readonly Delivery[], prefix = "input/"): string[] {
  const files = deliveredFiles(deliveries, (inputs) => inputs.filter(({ path }) => path.startsWith(prefix)));
  return files.map(({ date, input: { path, sha256 } }) => `${date} ${path} ${sha256}`);
}

describe("what a path stands for", () => {
  test("is every content that was delivered under it, in the order of the dates, whatever order they are in", () => {
    const october = delivery("2026-10-01", { "input/a.csv": "B" });
    const september = delivery("2026-09-01", { "input/a.csv": "A" });
    expect(told([october, september])).toEqual(["2026-09-01 input/a.csv A", "2026-10-01 input/a.csv B"]);
  });

  test("is a content once, at its first date, where it is delivered again, also after another one", () => {
    const dates = [
      ["2026-09-01", "A"],
      ["2026-10-01", "B"],
      ["2026-11-01", "A"],
      ["2026-12-01", "B"],
    ] as const;
    expect(told(dates.map(([date, content]) => delivery(date, { "input/a.csv": content })))).toEqual([
      "2026-09-01 input/a.csv A",
      "2026-10-01 input/a.csv B",
    ]);
  });

  test("is the same content twice where two paths have it: they are two files", () => {
    const files = { "input/b.csv": "A", "input/a.csv": "A" };
    expect(told([delivery("2026-09-01", files)])).toEqual([
      "2026-09-01 input/a.csv A",
      "2026-09-01 input/b.csv A",
    ]);
  });

  test("is of the files that match alone, and in the order of their paths within a date", () => {
    const files = { "input/m_2.csv": "2", "other/x.csv": "x", "input/m_10.csv": "10", "input/m_1.csv": "1" };
    expect(told([delivery("2026-09-01", files)], "input/m_")).toEqual([
      "2026-09-01 input/m_1.csv 1",
      "2026-09-01 input/m_10.csv 10",
      "2026-09-01 input/m_2.csv 2",
    ]);
    expect(told([delivery("2026-09-01", files), delivery("2026-10-01", {})], "none/")).toEqual([]);
  });

  test("does not hang on what a delivery of another date lacks", () => {
    const dates = [
      delivery("2026-09-01", { "input/a.csv": "A" }),
      delivery("2026-10-01", { "input/b.csv": "B" }),
    ];
    expect(told(dates)).toEqual(["2026-09-01 input/a.csv A", "2026-10-01 input/b.csv B"]);
  });

  test("leaves the deliveries as they are", () => {
    const dates = Object.freeze([delivery("2026-10-01", { "input/a.csv": "B" }), delivery("2026-09-01", {})]);
    told(dates);
    expect(dates.map(({ date }) => date)).toEqual(["2026-10-01", "2026-09-01"]);
  });
});

describe("where a delivered file is shown", () => {
  test.each([
    ["input/m/a.csv", "deliveries/2026-09-01/input/m/a.csv"],
    ["../shared/a.csv", "deliveries/2026-09-01/up/shared/a.csv"],
    ["/data/a.csv", "deliveries/2026-09-01/absolute/data/a.csv"],
  ])("%s is within the folder of its date: %s", (path, shown) => {
    expect(deliveredPath({ date: "2026-09-01", input: input(path, "A") })).toBe(shown);
  });
});
