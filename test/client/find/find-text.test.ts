import { expect, test } from "vitest";
import { findAll, replaceMatches, type Sought } from "../../../client/find/find-text.js";
import { textOf } from "../../../client/store/document.js";
import { takeBack } from "../../../client/store/take-back.js";
import { documentOf } from "../store/document-of.js";

const text = `---
title: Orders of the sql month
parameters:
  city: MAD
---

# Orders

Orders are read, sql too.

\`\`\`sql
--| cell: orders
--| materialize: parquet
--| description: all orders
SELECT 'Orders' AS kind, 1 AS sql
\`\`\`

\`\`\`yaml
chart: by_kind
title: Orders by kind
from: orders
mark: bar
x: kind
y: count()
\`\`\`
`;
const document = documentOf(text);
const plain = (sought: string, more: Partial<Sought> = {}): Sought => ({
  text: sought,
  isRegExp: false,
  isCaseSensitive: false,
  ...more,
});

test("all texts are searched, and never the fences that make cells what they are", () => {
  const places = (sought: Sought): string[] =>
    findAll(document, sought, "").map(({ part: { cell, place } }) =>
      cell === undefined ? place : `${cell} ${place}`,
    );
  expect(places(plain("ORDERS"))).toEqual([
    "front matter",
    "prose",
    "prose",
    "orders settings",
    "orders settings",
    "orders SQL",
    "by_kind YAML",
    "by_kind YAML",
  ]);
  expect(places(plain("sql"))).toEqual(["front matter", "prose", "orders SQL"]);
  expect(places(plain("Orders", { isCaseSensitive: true }))).toHaveLength(5);
  expect(places(plain("yaml"))).toEqual([]);
  expect(places(plain("---"))).toEqual([]);
  expect(places(plain(""))).toEqual([]);
  expect(places(plain("x*", { isRegExp: true }))).toEqual(["by_kind YAML"]);
});

test("what is listed is replaced in place, all or one, and everything else stays byte for byte", () => {
  const all = findAll(document, plain("orders"), "sales");
  expect(textOf(replaceMatches(document, all))).toBe(text.replace(/orders/gi, "sales"));
  const one = all.slice(5, 6);
  expect(textOf(replaceMatches(document, one))).toBe(text.replace("'Orders'", "'sales'"));
  expect(textOf(replaceMatches(document, []))).toBe(text);
});

test("a plain text is written as it is, an expression with its groups", () => {
  const by = "$& costs $1 $$";
  const once = (sought: Sought): string =>
    textOf(replaceMatches(document, findAll(document, sought, by).slice(-1)));
  expect(once(plain("count()"))).toBe(text.replace("count()", () => by));
  expect(once(plain("cou(..)\\(\\)", { isRegExp: true }))).toBe(
    text.replace("count()", () => "count() costs nt $"),
  );
  expect(() => findAll(document, plain("(", { isRegExp: true }), "")).toThrow(SyntaxError);
});

test("a fence grows where what is written would close it", () => {
  const found = findAll(document, plain("'Orders'"), "'a'\n```\n");
  expect(textOf(replaceMatches(document, found))).toContain("````sql\n--| cell: orders");
});

test("it is taken back in one step, and what was typed since stays", () => {
  const done = replaceMatches(document, findAll(document, plain("orders"), "sales"));
  expect(textOf(takeBack(document, done, done))).toBe(text);
});

test.each(["$1-$2", "$12", "$9", "$0", "$100", "$$1", "$&$&", "[$<kind>]", "$<none>", "$", "$2$", "a$b"])(
  "%s means what it means to JavaScript",
  (by) => {
    const prose = documentOf("# prices\n\nprice 10, cost 20\n");
    for (const source of ["(price|cost) (\\d)(\\d)", "(?<kind>price|cost) (\\d+)", "\\d+"]) {
      const matches = findAll(prose, plain(source, { isRegExp: true }), by);
      expect(matches.length).toBeGreaterThan(0);
      const expected = textOf(prose).replace(new RegExp(source, "g"), by);
      expect(textOf(replaceMatches(prose, matches))).toBe(expected);
    }
  },
);

test("whole characters are found, and an older expression is understood", () => {
  const prose = documentOf("# é😀 ß\n\n😀😀 a-b\n");
  const found = (source: string): string[] =>
    findAll(prose, plain(source, { isRegExp: true }), "").map(({ part, start, end }) =>
      part.text.slice(start, end),
    );
  expect(found("[^\\x00-\\x7f]")).toEqual(["é", "😀", "ß", "😀", "😀"]);
  expect(found("😀{2}")).toEqual(["😀😀"]);
  expect(found("a\\-b")).toEqual(["a-b"]);
  expect(found("[^\\x00-\\x7f]\\-|\\ud83d")).toEqual([]);
});
