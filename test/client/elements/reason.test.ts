import type { TemplateResult } from "lit";
import { expect, test } from "vitest";
import { plainReason, renderReason } from "../../../client/elements/reason.js";

/** What it would draw, without the parts that only the browser can. */
function drawn(reason: string): string {
  const context = { notebook: "team/sales", cells: ["orders", "none_late"] };
  const parts = renderReason(reason, context).map((part) => (typeof part === "string" ? part : toText(part)));
  return parts.join("").replace(/\s*@click=\s*/, "");
}

function toText({ strings, values }: TemplateResult): string {
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return strings.map((string, index) => string + text(values[index])).join("");
}

test.each([
  ["blocked by `orders`", "blocked by <a href=#/notebooks/team%2Fsales/orders><code>orders</code></a>"],
  [
    "blocked by check `orders.unique_id`",
    "blocked by check <a href=#/notebooks/team%2Fsales/orders><code>orders.unique_id</code></a>",
  ],
  ["parameter `day` changed", "parameter <code>day</code> changed"],
  ["SQL changed", "SQL changed"],
  ["it's a ` alone", "it's a ` alone"],
])("%s is drawn with its names as code", (reason, expected) => {
  expect(
    drawn(reason)
      .replace(/\s+>/, ">")
      .replace(/\s+<\/a/, "</a"),
  ).toBe(expected);
});

test("the names of a plain reason have no marks", () => {
  expect(plainReason("blocked by check `none_late`")).toBe("blocked by check none_late");
});

test("a plain reason calls a control as people read it", () => {
  const labels = new Map([["since", "From this day on"]]);
  const reason = "parameter `since` changed, parameter `region` changed";
  expect(plainReason(reason, labels)).toBe('"From this day on" changed, parameter region changed');
});
