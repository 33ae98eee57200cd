import { describe, expect, test } from "vitest";
import { formatTimestamp } from "../../../../server/workspace/sample/timestamp.js";

describe("formatTimestamp", () => {
  test.each([
    [0, "1970-01-01T00:00:00Z"],
    [-1, "1969-12-31T23:59:59Z"],
    [951_782_400, "2000-02-29T00:00:00Z"],
    [1_604_677_573, "2020-11-06T15:46:13Z"],
    [1_609_459_199, "2020-12-31T23:59:59Z"],
  ])("formats %i as %s", (epochSeconds, text) => {
    expect(formatTimestamp(epochSeconds)).toBe(text);
  });
});
