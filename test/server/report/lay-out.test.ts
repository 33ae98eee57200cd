import { describe, expect, test } from "vitest";
import { layOut, readWidth, titleOf, type ReportBlock } from "../../../server/report/lay-out.js";

const prose = (text: string): ReportBlock<null> => ({ type: "prose", text });
const cell = (
  name: string,
  more: Partial<Extract<ReportBlock<null>, { type: "cell" }>> = {},
): ReportBlock<null> => ({ type: "cell", name, kind: "sql", title: name, cell: null, ...more });

/** In a line for each section: what stands in it. */
function sections(blocks: readonly ReportBlock<null>[]): string[] {
  return layOut(blocks, "sales").sections.map(({ parts }) =>
    parts
      .map((part) =>
        part.type === "prose"
          ? part.html.replace(/<[^>]*>/g, "").trim()
          : part.type === "item"
            ? part.item.name
            : `(${part.items.map(({ name }) => name).join(" ")})`,
      )
      .join(" | "),
  );
}

describe("layOut", () => {
  test("begins a section with each heading of the first two levels, within prose too", () => {
    const text = "Before.\n\n# One\n\nText.\n\n### Inside\n\n## Two\n";
    expect(sections([prose(text), cell("a"), prose("More.\n"), prose("## Three\n"), cell("b")])).toEqual([
      "Before.",
      "One\nText.\nInside",
      "Two | a | More.",
      "Three | b",
    ]);
  });

  test("takes a heading within a list, a quotation or a fence for text", () => {
    expect(sections([prose("> # Quoted\n\n```\n# code\n```\n\n- # Item\n")])).toHaveLength(1);
  });

  test("puts controls that follow each other into a row, but for those that say how wide they are", () => {
    const input = { kind: "input" } as const;
    const blocks = [
      cell("a", input),
      cell("b", input),
      cell("c", { ...input, width: "half" }),
      cell("d", input),
    ];
    expect(sections(blocks)).toEqual(["(a b) | c | (d)"]);
  });

  test("lists headings and what is no control, each reached by a name of its own", () => {
    const { outline } = layOut(
      [
        prose("# orders\n\n## Same\n\n## Same\n\n#### Deep\n\n## ¿?\n"),
        cell("orders"),
        cell("x", { kind: "input" }),
      ],
      "sales",
    );
    expect(outline.map(({ id, depth }) => [id, depth])).toEqual([
      ["orders-2", 1],
      ["same", 2],
      ["same-2", 2],
      ["section", 2],
      ["orders", 3],
    ]);
  });

  test("puts the title of a cell below the heading that it stands under", () => {
    const { sections: found } = layOut(
      [cell("a"), prose("# One\n"), cell("b"), prose("### Deep\n\nText.\n"), cell("c")],
      "sales",
    );
    const items = found.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === "item" ? [part.item] : [])),
    );
    expect(items.map(({ name, level }) => [name, level])).toEqual([
      ["a", 2],
      ["b", 2],
      ["c", 4],
    ]);
  });

  test("finds a link's address that stands in another section of the same prose", () => {
    const [first] = layOut(
      [prose("# One\n\n[there][x]\n\n# Two\n\n[x]: https://a.example/\n")],
      "sales",
    ).sections;
    const part = first?.parts[0];
    expect(part?.type === "prose" ? part.html : "").toContain(
      '<a href="https://a.example/" rel="noopener noreferrer nofollow">there</a>',
    );
  });
});

test("over a cell stands its title, label or description, else its name", () => {
  expect(titleOf("a", { title: "T", description: "D" })).toBe("T");
  expect(titleOf("a", { description: "D" })).toBe("D");
  expect(titleOf("a", { title: 5 })).toBe("a");
});

test("a width that is none is no width", () => {
  expect(["half", "third", "full", "toString", 2, null].map(readWidth)).toEqual([
    "half",
    "third",
    "full",
    undefined,
    undefined,
    undefined,
  ]);
});

test("a link of the app to a cell of the same notebook leads to it where the report stands by itself", () => {
  const text =
    "[a](#/notebooks/sales/by_city?view=report) [b](#/notebooks/other/by_city) [c](#/notebooks/sales)";
  const hrefs = (notebook?: string): string[] =>
    [...JSON.stringify(layOut([prose(text)], notebook)).matchAll(/href=\\"([^"\\]*)/g)].map(
      ([, href = ""]) => href,
    );
  expect(hrefs("sales")).toEqual(["#by_city", "#/notebooks/other/by_city", "#"]);
  expect(hrefs()).toEqual([
    "#/notebooks/sales/by_city?view=report",
    "#/notebooks/other/by_city",
    "#/notebooks/sales",
  ]);
});
