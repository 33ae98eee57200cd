import { describe, expect, test } from "vitest";
import { describeIncrement, describeWritten } from "../../../server/text/describe-increment.js";

const nothing = {
  mode: "by_key",
  by: "key",
  since: "2026-10-01",
  rows: { added: 0, changed: 0, removed: 0 },
  late: { rows: 0, keys: 0 },
  partitions: { written: 0, linked: 0, removed: 0 },
} as const;

describe("describeIncrement", () => {
  test.each([
    [
      { late: { rows: 133, keys: 111 }, rows: { added: 97, changed: 55, removed: 0 } },
      "133 late rows restated 111 keys; 97 new, 55 changed",
    ],
    [
      { by: "partition" as const, late: { rows: 1, keys: 1, oldest: "2026-08-02 10:00:00" } },
      "1 late row (the oldest of 2026-08-02) restated 1 partition; no row differs",
    ],
    [{ rows: { added: 0, changed: 0, removed: 2 } }, "2 removed"],
    [{ mode: "unchanged" as const }, "unchanged since 2026-10-01"],
    [
      { mode: "full" as const, reason: "SQL changed", rows: { added: 0, changed: 3, removed: 0 } },
      "3 changed (whole rebuild: SQL changed)",
    ],
    [
      {
        mode: "full" as const,
        reason: "the first run date",
        since: undefined,
        rows: { added: 1200, changed: 0, removed: 0 },
      },
      "no earlier run date: 1\u202f200 new",
    ],
  ])("says of %j", (told, words) => {
    expect(describeIncrement({ ...nothing, ...told })).toBe(words);
  });
});

describe("describeWritten", () => {
  test.each([
    [{ written: 2, linked: 34, removed: 0 }, "2 partitions written, 34 kept"],
    [{ written: 1, linked: 0, removed: 3 }, "1 partition written, 3 removed"],
    [{ written: 0, linked: 12, removed: 0 }, "12 partitions kept"],
    // A dataset that is not cut has one.
    [{ written: 1, linked: 0, removed: 0 }, ""],
  ])("says of %j", (partitions, words) => {
    expect(describeWritten({ partitions })).toBe(words);
  });
});
