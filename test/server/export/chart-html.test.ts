import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { chartToHtml } from "../../../server/export/chart-html.js";
import { evilTexts } from "../../browser/evil-texts.js";
import { chartOf } from "../chart/chart-case.js";

const count = { scale: "quantitative", label: "count", isInteger: true } as const;

/** As a browser reads it that knows nothing of where it came from. */
function read(markup: string): Element[] {
  return [...parseHTML(`<html><body>${markup}</body></html>`).document.body.querySelectorAll("*")];
}

describe("chartToHtml", () => {
  test("draws facets, names the colours, and lets each bar say what it is", () => {
    const elements = read(
      chartToHtml(
        chartOf(
          { isStacked: true },
          [
            ["x", { label: "city" }],
            ["y", count],
            ["color", { label: "state" }],
            ["fx", { label: "year" }],
          ],
          [
            ["BCN", "3", "late", "2025"],
            ["BCN", "4", "done", "2025"],
            ["MAD", "5", "done", "2026"],
          ],
        ),
      ),
    );
    const texts = (name: string): string[] =>
      elements.filter(({ localName }) => localName === name).map(({ textContent }) => textContent);
    expect(texts("li")).toEqual(["done", "late"]);
    expect(texts("title")).toContain("city: BCN\ncount: 3\nstate: late\nyear: 2025");
    expect(texts("text")).toEqual(expect.arrayContaining(["2025", "2026", "BCN", "MAD"]));
  });

  test("says so where there is nothing to draw", () => {
    expect(chartToHtml(chartOf({}, [["x", {}]], []))).toContain("There is nothing to draw.");
  });

  test("takes no colour that is none", () => {
    const channels = [
      ["x", {}],
      ["y", count],
    ] as const;
    expect(chartToHtml(chartOf({ color: "url(//evil)" }, channels, [["a", 1]]))).not.toContain("evil");
  });

  test.each(evilTexts.map((text) => [text]))("%j stays text wherever it stands", (evil) => {
    const chart = chartOf(
      { title: evil, subtitle: evil, description: evil, isStacked: true },
      [
        ["x", { label: evil }],
        ["y", { ...count, label: evil }],
        ["color", { label: evil }],
        ["fx", { label: evil }],
      ],
      [[evil, 1, evil, evil]],
    );
    const markup = chartToHtml(chart);
    const elements = read(markup);
    expect(elements.map(({ localName }) => localName).filter((name) => !known.has(name))).toEqual([]);
    const names = elements.flatMap((element) => element.getAttributeNames());
    expect(names.filter((name) => /^on|href|src/i.test(name))).toEqual([]);
    expect(markup).not.toMatch(/="[^"]*</);
  });
});

const known = new Set("div ul li i svg g rect text tspan path line style circle title".split(" "));
