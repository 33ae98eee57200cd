import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { parseHTML } from "linkedom";
import { notebook, useApi, type Json } from "../api/harness.js";

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

/** A notebook of its own, run once; returns what its file shows. */
async function exported(
  name: string,
  blocks: Readonly<Record<string, string>>,
  controls: string,
  run: Json = {},
): Promise<Document> {
  await writeFile(join(shared.api.root, `notebooks/${name}.md`), notebook(blocks) + controls);
  await shared.api.run(name, run);
  return page(name);
}

function note(document: Document, name: string): string {
  return document.getElementById(name)?.querySelector(".note")?.textContent ?? "";
}

function other(document: Document, cell: string, key: string): string {
  const templates = document.querySelectorAll<HTMLTemplateElement>(`#${cell} > template`);
  return [...templates].find((template) => template.getAttribute("data-key") === key)?.innerHTML ?? "";
}

describe("what is shown for another choice", () => {
  test("is the error of a cell that cannot be computed for it", async () => {
    const document = await exported(
      "failing",
      { "cell: number": "SELECT CAST($text AS INTEGER) AS n" },
      `${control("text", "type: select", "options: ['1', x]")}\n\`\`\`yaml\nchart: drawn\nfrom: number\nmark: barY\nx: n\ny: n\n\`\`\`\n`,
    );
    for (const cell of ["number", "drawn"])
      expect(other(document, cell, "1")).toMatch(/<p class="bad">[^<]*Could not convert string/);
    expect(note(document, "text")).toBe("");
  });

  test("is for any of several values", async () => {
    const document = await exported(
      "several",
      {
        "cell: of_cities": "SELECT count(*) AS n FROM orders WHERE list_contains($cities, city)",
        "cell: orders": orders,
      },
      control("cities", "type: select", "multiple: true", "options: [BCN, MAD]", "default: [MAD]"),
    );
    expect(rowsByChoice(document, "of_cities")).toEqual({ "0": "0", "1": "10", "2": "10", "3": "20" });
  });

  test("has the verdict of its own checks", async () => {
    const document = await exported(
      "checked",
      {
        "cell: some\n--| checks:\n--|   - row_count: {min: 1}": "SELECT 1 AS n WHERE $city = 'BCN'",
        "check: none_of_madrid": "SELECT 1 AS n WHERE $city = 'MAD'",
      },
      control("city", "type: select", "options: [BCN, MAD]", "default: MAD"),
    );
    const shown = document.getElementById("some")?.children;
    expect([...(shown ?? [])].map((child) => child.className)).toContain("bad");
    expect(other(document, "some", "0")).not.toContain("check failed");
    expect(document.getElementById("none_of_madrid")?.querySelector(".bad")).not.toBeNull();
    expect(other(document, "none_of_madrid", "0")).toContain("It was not checked for this choice.");
    await shared.api.run("checked", { parameters: { city: "BCN" } });
    await shared.api.run("checked", { parameters: { city: "MAD" } });
    expect(other(await page("checked"), "none_of_madrid", "0")).toContain("It passed for this choice.");
  });

  test("is computed anew for the choice that is shown too, where another one ran last", async () => {
    const chosen = control("city", "type: select", "options: [BCN, MAD]", "default: BCN");
    await exported("partly", { "cell: one": "SELECT $city AS t", "cell: two": "SELECT $city AS t" }, chosen);
    await shared.api.run("partly", { parameters: { city: "MAD" }, cells: ["two"] });
    const document = await page("partly");
    expect(document.querySelector("#city dd")?.textContent).toBe("MAD");
    expect(document.getElementById("one")?.querySelector("td")?.textContent).toBe("MAD");
    expect(rowsByChoice(document, "one")).toEqual({ "0": "BCN", "1": "MAD" });
  });

  test("says of a cell below one that fails that this is why", async () => {
    const document = await exported(
      "below",
      { "cell: part": "SELECT error($text) AS n WHERE $text = 'x'", "cell: whole": "SELECT * FROM part" },
      control("text", "type: select", "options: ['1', x]"),
    );
    expect(other(document, "whole", "1")).toContain("What it reads could not be computed.");
  });

  test("is among what is offered, or what was chosen and is offered no more", async () => {
    const document = await exported(
      "gone_city",
      { "cell: echo": "SELECT $city AS t" },
      control("city", "type: select", "options: SELECT unnest(['BCN', 'MAD'])", "default: BCN"),
      { parameters: { city: "VLC" } },
    );
    expect(rowsByChoice(document, "echo")).toEqual({ "0": "VLC", "1": "BCN", "2": "MAD" });
    const options = document.querySelector<HTMLTemplateElement>("#city > template")?.innerHTML;
    expect(options).toContain("<option selected>VLC (not offered)</option><option>BCN</option>");
  });
});

describe("controls keep what they were set to", () => {
  test("where there would be too many results, counted apart where no cell reads two of them", async () => {
    const [names, others] = ["a", "b"].map((letter) =>
      Array.from({ length: 20 }, (_, index) => `${letter}${String(index)}`).join(", "),
    );
    const controls =
      control("one", "type: select", `options: [${names ?? ""}]`) +
      control("two", "type: select", `options: [${others ?? ""}]`);
    const apart = { "cell: of_one": "SELECT $one AS t", "cell: of_two": "SELECT $two AS t" };
    const few = await exported("few", apart, controls);
    expect(Object.keys(rowsByChoice(few, "of_two"))).toHaveLength(20);
    expect(note(few, "one")).toBe("");
    const many = await exported("many", { ...apart, "cell: both": "SELECT $one || $two AS t" }, controls);
    expect(note(many, "one")).toBe(
      "Only this choice is shown: all choices would be 400 results, and at most 50 are stored.",
    );
    expect(many.querySelectorAll("template")).toHaveLength(0);
    const { body } = await shared.api.json("POST", "/api/notebooks/many/shares", { body: {} });
    expect(body["notes"]).toEqual([
      "one, two show one choice only: all choices would be 400 results, and at most 50 are stored.",
    ]);
  });

  test("where a dataset has to be computed before, or their rows are too many to be stored", async () => {
    const chosen = control("city", "type: select", "options: [BCN, MAD]");
    const below = { "cell: chosen": "SELECT count(*) AS n FROM stored WHERE city = $city" };
    await exported(
      "late",
      { "cell: stored\n--| materialize: parquet": "SELECT 'BCN' AS city", ...below },
      chosen,
    );
    await writeFile(
      join(shared.api.root, "notebooks/late.md"),
      notebook({ "cell: stored\n--| materialize: parquet": "SELECT 'MAD' AS city", ...below }) + chosen,
    );
    expect(note(await page("late"), "city")).toContain('"stored" is out of date: SQL changed');
    const wide = { "cell: wide": "SELECT $city || repeat('x', 1999) AS t FROM range(1000)" };
    const large = control("city", "type: select", "options: [BCN, MAD, VLC, SVQ]");
    expect(note(await exported("wide", wide, large), "city")).toContain("more than the 4 MB that are stored");
  });

  test.each([
    [
      "its SQL",
      { "cell: total": "SELECT sum(n) + 1 AS n, $city AS city FROM rows" },
      '"total" is out of date: SQL changed',
    ],
    ["what it reads", { "cell: rows": "SELECT 20 AS n" }, '"rows" is out of date: SQL changed'],
  ])("where %s has changed since the last run, so that nothing is of two states", async (_, changed, why) => {
    const chosen = control("city", "type: select", "options: [BCN, MAD]");
    const blocks = {
      "cell: rows": "SELECT 10 AS n",
      "cell: total": "SELECT sum(n) AS n, $city AS city FROM rows",
    };
    await exported("two_states", blocks, chosen);
    const text = notebook({ ...blocks, ...changed }) + chosen;
    await writeFile(join(shared.api.root, "notebooks/two_states.md"), text);
    const document = await page("two_states");
    expect(note(document, "city")).toContain(why);
    expect(rowsByChoice(document, "total")).toEqual({ "": "10" });
    expect(document.querySelector("#total .old")).not.toBeNull();
  });

  test("where an input has changed, and where each computation gives other rows", async () => {
    const chosen = control("city", "type: select", "options: [BCN, MAD]");
    const file = join(shared.api.root, "input/prices.csv");
    await writeFile(file, "n\n1\n");
    await exported(
      "with_input",
      { "cell: of_city": "SELECT n, $city AS city FROM 'input/prices.csv'" },
      chosen,
    );
    await writeFile(file, "n\n2\n");
    const document = await page("with_input");
    expect(note(document, "city")).toContain('"of_city" is out of date: input/prices.csv changed');
    expect(rowsByChoice(document, "of_city")).toEqual({ "": "1" });
    const chance = {
      "cell: chance": "SELECT random() AS n, $city AS city",
      "cell: below": "SELECT n, $city AS city FROM chance",
    };
    const rows = await exported("by_chance", chance, chosen);
    expect(note(rows, "city")).toContain('"chance" gives other rows each time that it is computed');
    expect(rowsByChoice(rows, "below")).toEqual(rowsByChoice(rows, "chance"));
  });

  test("where nothing was ever run, and nothing is run then", async () => {
    await writeFile(
      join(shared.api.root, "notebooks/new.md"),
      notebook({ "cell: echo": "SELECT $city AS t" }) +
        control("city", "type: select", "options: [BCN, MAD]"),
    );
    const materialize = vi.spyOn(shared.api.services.engine, "materialize");
    expect((await page("new")).querySelectorAll("template")).toHaveLength(0);
    expect(materialize).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
});
