import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { findChromium } from "../../support/chromium.js";
import { useStory } from "./story.js";

const trips = `---
title: Trips
---

# Trips by city

What **was** driven, with [a link](https://example.org/trips) out of here.

## All of them

\`\`\`sql
--| cell: trips
--| description: Every trip, as it was driven
--| format: {price: "EUR 0.00"}
SELECT range AS id, ['BCN', 'MAD', 'VLC'][1 + range % 3] AS city, DATE '2026-01-01' + range::INTEGER AS day,
  range * 10.5 AS price, nullif(range % 4, 0) AS stars, CASE range % 5 WHEN 0 THEN '' ELSE 'a <b> & c' END AS note
FROM range(90)
\`\`\`

Some text between the two.

\`\`\`sql
--| cell: summary
--| width: half
SELECT city, count(*) AS trips FROM trips GROUP BY city ORDER BY city
\`\`\`

\`\`\`yaml
chart: by_city
title: Trips by city
subtitle: Of the first quarter
width: half
from: trips
mark: barY
x: city
y: count(*)
color: city
\`\`\`

## One city

\`\`\`yaml
input: city
type: select
label: City
description: Where it began
options: [BCN, MAD, VLC]
default: BCN
\`\`\`

\`\`\`yaml
input: most
type: number
label: At most
default: 400
\`\`\`

\`\`\`sql
--| cell: of_city
--| description: Its trips
SELECT id, day, price FROM trips WHERE city = $city AND price <= $most
\`\`\`

\`\`\`yaml
chart: prices
title: Prices day by day
from: of_city
mark: line
x: day
y: price
\`\`\`

\`\`\`sql
--| check: no_cheap_trips
--| severity: warn
SELECT * FROM trips WHERE price < 20
\`\`\`
`;

/** What a reader sees of one part of a report, wherever it is shown. */
interface Part {
  readonly kind: "prose" | "control" | "card";
  readonly lines: readonly string[];
  readonly columns?: readonly string[];
  readonly rows?: readonly (readonly string[])[];
  readonly chart?: readonly string[];
  readonly legend?: readonly string[];
}

/** As deep as shadow roots go. The first rows are those that fit into a table of the page. */
function readParts(page: Page): Promise<readonly Part[]> {
  return page.evaluate(() => {
    const FIRST_ROWS = 7;
    const deep = (root: ParentNode, selector: string): Element[] => [
      ...root.querySelectorAll(selector),
      ...[...root.querySelectorAll("*")].flatMap(({ shadowRoot }) =>
        shadowRoot === null ? [] : deep(shadowRoot, selector),
      ),
    ];
    const isSeen = (element: Element): boolean => element.getBoundingClientRect().width > 0;
    const textOf = (element: Element): string => element.textContent.replace(/\s+/g, " ").trim();
    const texts = (root: ParentNode, selector: string): string[] =>
      deep(root, selector).filter(isSeen).map(textOf);
    const shapeOf = (element: Element): string => {
      const attributes = [...element.attributes]
        .filter(({ name }) => !/^(data-|class|style|tabindex|role|aria-)/.test(name))
        .map(({ name, value }) => `${name}=${value}`)
        .sort();
      const text = element.tagName === "text" ? ` ${textOf(element)}` : "";
      return `${element.tagName} ${attributes.join(" ")}${text}`;
    };
    const chartOf = (card: Element): string[] | undefined =>
      deep(card, "svg")
        .filter((svg) => isSeen(svg) && svg.hasAttribute("viewBox") && svg.clientWidth > 100)
        .map((svg) => [...svg.querySelectorAll("rect, path, circle, line, text")].map(shapeOf))
        .at(0);
    const cardOf = (card: Element): Part => {
      const [chart, rows] = [chartOf(card), deep(card, "tbody tr, .window .row").filter(isSeen)];
      const byNumber = (row: Element): number => Number(row.getAttribute("aria-rowindex") ?? 0);
      const cells = (row: Element): string[] => deep(row, "td, [role=gridcell]").map(textOf);
      return {
        kind: "card",
        lines: texts(card, "h3, .old, .bad, .subtitle, figure > p, figcaption").filter((text) => text !== ""),
        columns: texts(card, "thead th, .name-cell .title"),
        rows: rows
          .sort((a, b) => byNumber(a) - byNumber(b))
          .map(cells)
          .slice(0, FIRST_ROWS),
        legend: texts(card, ".legend li"),
        ...(chart === undefined ? {} : { chart }),
      };
    };
    const controlOf = (element: Element): Part => {
      const control = element.shadowRoot ?? element;
      const [field] = deep(control, "select, input");
      const value =
        field instanceof HTMLSelectElement
          ? field.selectedOptions[0]?.text
          : field instanceof HTMLInputElement
            ? field.value
            : texts(control, "dd").join();
      const label = deep(control, "label, dt")[0]?.cloneNode(true) as Element | undefined;
      for (const other of label?.querySelectorAll("select, small, .description") ?? []) other.remove();
      return {
        kind: "control",
        lines: [label === undefined ? "" : textOf(label), value ?? ""],
      };
    };
    return deep(document, ".report-main .prose, .report-card, .report-main .control, cell-control").map(
      (element): Part =>
        element.matches(".prose")
          ? { kind: "prose", lines: texts(element, "h1, h2, h3, p, li, a") }
          : element.matches(".report-card")
            ? cardOf(element)
            : controlOf(element),
    );
  });
}

describe.skipIf(!findChromium())("a report, wherever it is looked at", () => {
  const story = useStory({ "notebooks/trips.md": trips });

  async function openReport(options: Parameters<typeof story.open>[1] = {}): Promise<Page> {
    const reader = await story.open("trips", options);
    await reader.runAll();
    await reader.page.goto(`${story.server.url}/#/notebooks/trips?view=report`);
    for (const chart of ["by_city", "prices"])
      await reader.page.locator(`#${chart} .canvas svg text`).first().waitFor();
    for (const table of ["trips", "summary", "of_city"])
      await reader.page.locator(`#${table} .window .row`).first().waitFor();
    return reader.page;
  }

  /** Behind a link, and as a file on somebody's disk. */
  async function openOthers(options = {}): Promise<readonly [link: Page, file: Page]> {
    const authorization = `Bearer ${story.server.token}`;
    const made = await fetch(`${story.server.url}/api/notebooks/trips/shares`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: "{}",
    });
    const { url } = (await made.json()) as { readonly url: string };
    const link = await story.stranger(story.server.url, options);
    await link.page.goto(story.server.url + url);
    const exported = await fetch(`${story.server.url}/api/notebooks/trips/export?format=html`, {
      headers: { authorization },
    });
    const path = join(story.root, "trips.html");
    await writeFile(path, await exported.text());
    const file = await story.stranger(pathToFileURL(path).href, options);
    await file.page.goto(pathToFileURL(path).href);
    return [link.page, file.page];
  }

  test("has the same texts, controls, tables and charts in the same order", async () => {
    const page = await openReport();
    const expected = await readParts(page);
    expect(expected.map(({ kind, lines }) => [kind, lines[0]])).toEqual([
      ["prose", "Trips by city"],
      ["prose", "All of them"],
      ["card", "Every trip, as it was driven"],
      ["prose", "Some text between the two."],
      ["card", "summary"],
      ["card", "Trips by city"],
      ["prose", "One city"],
      ["control", "City"],
      ["control", "At most"],
      ["card", "Its trips"],
      ["card", "Prices day by day"],
      ["card", "no_cheap_trips"],
    ]);
    expect(expected[2]?.rows?.[1]).toEqual(["1", "MAD", "2026-01-02", "EUR 10.50", "1", "a <b> & c"]);
    expect(expected.flatMap(({ chart = [] }) => (chart.length > 20 ? [chart.length] : []))).toHaveLength(2);
    const [link, file] = await openOthers();
    expect(await readParts(link)).toEqual(expected);
    expect(await readParts(file)).toEqual(expected);
  });

  /** A PDF of A4 names each of its pages. */
  async function countPages(page: Page): Promise<number> {
    const pdf = await page.pdf({ format: "A4" });
    return pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  }

  test("is printed light, with all columns and whole charts, on few pages", async () => {
    const shown = [await openReport({ colorScheme: "dark" }), ...(await openOthers({ colorScheme: "dark" }))];
    for (const page of shown) {
      const pages = await countPages(page);
      expect(pages).toBeGreaterThan(1);
      expect(pages).toBeLessThan(6);
      // As wide as A4 between its margins.
      await page.setViewportSize({ width: 688, height: 1000 });
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      const paper = await page.evaluate(() => {
        const link = document.querySelector('.prose a[href^="https"]');
        const cards = [...document.querySelectorAll(".report-card")];
        const charts = cards.flatMap((card) => [
          ...(card.querySelector("report-chart")?.shadowRoot ?? card).querySelectorAll("svg[viewBox]"),
        ]);
        const isTooWide = (element: Element): boolean => element.getBoundingClientRect().right > innerWidth;
        return {
          scheme: getComputedStyle(document.documentElement).colorScheme,
          address: link === null ? "" : getComputedStyle(link, "::after").content,
          tooWide: [...document.querySelectorAll(".report-card, .report-card table"), ...charts]
            .filter(isTooWide)
            .map(({ tagName, id }) => `${tagName} ${id}`),
          breaks: ["by_city", "prices"].map(
            (id) => getComputedStyle(document.getElementById(id) ?? link ?? document.body).breakInside,
          ),
        };
      });
      expect(paper.scheme).toBe("light");
      expect(paper.address).toMatch(/ \(.*\)/);
      expect(paper.tooWide).toEqual([]);
      expect(paper.breaks).toEqual(["avoid", "avoid"]);
    }
  });
});
