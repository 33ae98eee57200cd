import { describe, expect, test } from "vitest";
import type { LogEntry } from "../../../server/lake/model.js";
import { findPublished, listNumbers, publishedVersions, whyMissing } from "../../../server/lake/published.js";
import { LakeState } from "../../../server/lake/state.js";

const at = "2026-11-01T06:00:00.000Z";
const hash = "0".repeat(64);

/** Entries in short: a version that is stored, what a notebook publishes for a date, a version that is removed. */
function state(...lines: readonly string[]): LakeState {
  const entries = lines.map((line, index): LogEntry => {
    const [verb, ...words] = line.split(" ");
    const entry = { format: 1, seq: index + 1, at, notebook: words[0] ?? "" };
    if (verb === "store")
      return {
        ...entry,
        ...{ type: "store", dataset: "orders", version: words[1] ?? "", fingerprint: "f", rows: 1, bytes: 1 },
        ...{ contentHash: hash, manifestSha256: hash },
      };
    if (verb === "expire")
      return {
        ...entry,
        type: "expire",
        versions: [{ dataset: "orders", version: words[1] ?? "" }],
        publications: [],
      };
    const [, runDate = "", version] = words;
    const datasets = version === undefined ? {} : { orders: version };
    const run = { run: "r", attempt: 1, inputs: [], record: {} };
    return { ...entry, type: "publish", txn: `t${index + 1}`, runDate, datasets, ...run };
  });
  return LakeState.fold(entries);
}

const [october, november] = ["2026-10-01", "2026-11-01"];
const story = [
  "store sales a",
  `publish sales ${october}`,
  `publish sales ${october} a`,
  "store sales b",
  `publish sales ${october} b`,
  `publish sales ${november} b`,
];

describe("findPublished", () => {
  test.each([
    ["lake", "b", 1],
    ["latest", "b", 1],
    [october, "b", 3],
    [`${october}@2`, "a", 2],
    [`${october}@3`, "b", 3],
    [`${november}@1`, "b", 1],
  ])("of %s is version %s of publication %i", (place, version, number) => {
    expect(findPublished(state(...story), "orders", place)).toMatchObject({ version, number });
  });

  test.each(["2026-12-01", `${october}@1`, `${october}@4`, `${october}@0`, `${october}@02`, "tomorrow"])(
    "of %s is nothing",
    (place) => {
      expect(findPublished(state(...story), "orders", place)).toBeUndefined();
    },
  );

  test("counts by notebook, and takes none of two that are called the same", () => {
    const taken = state(...story, `publish other ${october} a`);
    expect(findPublished(taken, "orders", `${october}@2`)).toMatchObject({ notebook: "sales" });
    expect(findPublished(taken, "orders", october)).toMatchObject({ notebook: "other", number: 1 });
    const twice = state(...story, `publish other ${october} a`, `publish other ${october} b`);
    expect(findPublished(twice, "orders", `${october}@2`)).toBeUndefined();
    expect(whyMissing(twice, "orders", `${october}@2`).message).toContain('notebooks "sales" and "other"');
  });
});

describe("whyMissing", () => {
  test.each([
    ["lake", 'Dataset "stock" has not been published.', undefined, "stock"],
    ["2026-12-01", 'Dataset "orders" has not been published for 2026-12-01.', undefined, "orders"],
    ["2026-12-01@2", 'Dataset "orders" has not been published for 2026-12-01.', undefined, "orders"],
    [`${october}@1`, 'Publication 1 for 2026-10-01 has no dataset "orders".', "There are 2 and 3.", "orders"],
    [
      `${october}@9`,
      'Publication 9 of "orders" for 2026-10-01 does not exist.',
      "There are 2 and 3.",
      "orders",
    ],
  ])("%s", (place, message, hint, dataset) => {
    expect(whyMissing(state(...story), dataset, place)).toEqual({ message, ...(hint && { hint }) });
  });

  test("tells what vacuum removed from what never was", () => {
    expect(whyMissing(state(...story, "expire - a"), "orders", `${october}@2`)).toEqual({
      message: 'Publication 2 of "orders" for 2026-10-01 was removed by vacuum.',
      hint: "There is 3.",
    });
  });
});

test("publishedVersions tells which the date shows and which are kept", () => {
  const all = publishedVersions(state(...story, "expire - a"), { runDate: october });
  expect(all.map(({ number, isCurrent, isKept }) => [number, isCurrent, isKept])).toEqual([
    [2, false, false],
    [3, true, true],
  ]);
});

test.each([
  [[], "is none"],
  [[3], "is 3"],
  [[1, 2], "are 1 and 2"],
  [[1, 2, 3], "are 1, 2 and 3"],
])("listNumbers(%j) is %j", (numbers, words) => {
  expect(listNumbers(numbers)).toBe(words);
});
