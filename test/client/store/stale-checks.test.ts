import { describe, expect, test } from "vitest";
import type { ForecastCell } from "../../../server/api/protocol.js";
import { withStaleChecks } from "../../../client/store/stale-checks.js";

function forecast(name: string, action: ForecastCell["action"]): ForecastCell {
  return { name, kind: action === "check" ? "check" : "sql", action, reason: "" };
}

const edges = [
  ["orders", "recent"],
  ["recent", "none_late"],
] as const;

describe("withStaleChecks", () => {
  test("a check is out of date where what it reads runs again, through cells within others too", () => {
    const cells = [forecast("orders", "run"), forecast("recent", "inline"), forecast("none_late", "check")];
    expect(withStaleChecks(cells, edges)[2]).toMatchObject({ action: "run", reason: "`recent` runs" });
  });

  test("a check stands where nothing runs again, or only what runs each time", () => {
    const check = forecast("none_late", "check");
    for (const orders of [forecast("orders", "reuse"), { ...forecast("orders", "run"), isVolatile: true }])
      expect(withStaleChecks([orders, forecast("recent", "inline"), check], edges)[2]).toBe(check);
  });
});
