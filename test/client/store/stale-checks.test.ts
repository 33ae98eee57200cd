import { describe, expect, test } from "vitest";
import type { ForecastCell } from "../../../server/api/protocol.js";
import { withStaleChecks } from "../../../client/store/stale-checks.js";

function planned(name: string, action: ForecastCell["action"]): ForecastCell {
  return { name, kind: action === "check" ? "check" : "sql", action, reason: "" };
}

const edges = [
  ["orders", "recent"],
  ["recent", "none_late"],
] as const;

describe("withStaleChecks", () => {
  test("a check is out of date where what it reads runs again, through cells within others too", () => {
    const cells = [planned("orders", "run"), planned("recent", "inline"), planned("none_late", "check")];
    expect(withStaleChecks(cells, edges)[2]).toMatchObject({ action: "run", reason: "`recent` runs" });
  });

  test("a check stands where nothing runs again, or only what runs each time", () => {
    const check = planned("none_late", "check");
    for (const orders of [planned("orders", "reuse"), { ...planned("orders", "run"), isVolatile: true }])
      expect(withStaleChecks([orders, planned("recent", "inline"), check], edges)[2]).toBe(check);
  });
});
