import { describe, expect, test, vi } from "vitest";
import { parseHTML } from "linkedom";
import { notebook, useApi } from "../api/harness.js";

const control = (name: string, ...lines: readonly string[]): string =>
  `\n\`\`\`yaml\ninput: ${name}\n${lines.join("\n")}\n\`\`\`\n`;
const orders =
  "SELECT range AS id, ['BCN', 'MAD', 'VLC'][1 + range % 3] AS city, range % 2 = 0 AS is_new FROM range(30)";
const cells = {
  "cell: orders\n--| materialize: parquet": orders,
  "cell: of_city": "SELECT id, is_new FROM orders WHERE city = $city",
  "cell: news": "SELECT count(*) AS n FROM of_city WHERE is_new OR NOT $only_new",
  "cell: apart": "SELECT 1 AS apart",
};
const chart = "\n```yaml\nchart: by_kind\nfrom: of_city\nmark: barY\nx: is_new\ny: count(*)\n```\n";
const city = control(
  "city",
  "type: select",
  "options: SELECT DISTINCT city FROM orders ORDER BY city",
  "default: MAD",
);
const onlyNew = control("only_new", "type: checkbox", "default: false");
const shared = useApi({
  "notebooks/sales.md": notebook(cells) + city + onlyNew + chart,
});

async function page(name: string, path?: string): Promise<Document> {
  const url = path ?? `/api/notebooks/${name}/export?format=html`;
  return parseHTML(await (await shared.api.request("GET", url)).text()).document;
}

async function share(name: string): Promise<string> {
  const { body } = await shared.api.json<{ readonly url: string }>("POST", `/api/notebooks/${name}/shares`, {
    body: {},
  });
  return body.url;
}

/** The first column of a table, by the key of the choice. */
function rowsByChoice(document: Document, cell: string): Record<string, string> {
  const card = document.getElementById(cell);
  const found: Record<string, string> = {};
  for (const template of card?.querySelectorAll("template") ?? []) {
    found[template.getAttribute("data-key") ?? ""] = columnOf(template);
    template.remove();
  }
  if (card !== null) found[card.getAttribute("data-key") ?? ""] = columnOf(card);
  return found;
}

function columnOf(element: Element): string {
  return [...element.querySelectorAll("td:first-child")].map(({ textContent }) => textContent).join(" ");
}

describe("a report of a notebook with a select and a checkbox", () => {
  test("holds the rows and the chart of each choice, once for the controls that a cell depends on", async () => {
    await shared.api.run("sales");
    for (const path of [undefined, await share("sales")]) {
      const document = await page("sales", path);
      const rows = rowsByChoice(document, "of_city");
      expect(Object.keys(rows).sort()).toEqual(["0", "1", "2"]);
      expect(rows).toMatchObject({ "0": "0 3 6 9 12 15 18 21 24 27", "1": "1 4 7 10 13 16 19 22 25 28" });
      expect(rowsByChoice(document, "news")).toEqual({
        "0 0": "10",
        "0 1": "5",
        "1 0": "10",
        "1 1": "5",
        "2 0": "10",
        "2 1": "5",
      });
      expect(document.querySelectorAll("#apart template, #orders template").length).toBe(0);
      expect(document.querySelectorAll("#by_kind > template").length).toBe(2);
      const drawn = [...document.querySelectorAll("#by_kind > template")].map(
        (template) => template.innerHTML,
      );
      for (const html of drawn) expect(html.match(/<svg/g)).toHaveLength(2);
      expect(document.querySelector("#city dd")?.textContent).toBe("MAD");
    }
  });

  test("is opened without running or reading anything", async () => {
    const url = await share("sales");
    const { engine } = shared.api.services;
    const spies = (["query", "aggregate", "materialize", "check", "bind", "analyze"] as const).map((name) =>
      vi.spyOn(engine, name),
    );
    await page("sales", url);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  test("begins no run, and shows what the last one chose", async () => {
    const before = await shared.api.json("GET", "/api/runs");
    await shared.api.run("sales", { parameters: { city: "VLC", only_new: true } });
    await share("sales");
    const document = await page("sales");
    expect(document.getElementById("news")?.getAttribute("data-key")).toBe("2 1");
    expect(rowsByChoice(document, "of_city")["0"]).toBe("0 3 6 9 12 15 18 21 24 27");
    const after = await shared.api.json("GET", "/api/runs");
    expect((after.body["runs"] as unknown[]).length).toBe((before.body["runs"] as unknown[]).length + 1);
    await shared.api.run("sales");
  });
});
