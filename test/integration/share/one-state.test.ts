import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseHTML } from "linkedom";
import { notebook, useApi, type Json } from "../api/harness.js";

const shared = useApi({ "input/days.csv": "day\n2025-01-01\n2025-06-01\n" });

const control = (name: string, ...lines: readonly string[]): string =>
  `\n\`\`\`yaml\ninput: ${name}\n${lines.join("\n")}\n\`\`\`\n`;
const since = control("since", "type: date", "label: From this day on", 'default: "2025-01-01"');
const two = { "cell: one": "SELECT $since AS t", "cell: two": "SELECT $since AS t" };

async function write(name: string, blocks: Readonly<Record<string, string>>, rest: string): Promise<void> {
  await writeFile(join(shared.api.root, `notebooks/${name}.md`), notebook(blocks) + rest);
}

/** What a link shows, which is what a file shows. */
async function linked(name: string): Promise<Document> {
  const made = await shared.api.json<{ readonly url: string }>("POST", `/api/notebooks/${name}/shares`, {
    body: {},
  });
  const pages = [];
  for (const path of [made.body.url, `/api/notebooks/${name}/export?format=html`])
    pages.push(parseHTML(await (await shared.api.request("GET", path)).text()).document);
  const [link, file] = pages.map(({ documentElement }) => documentElement.querySelector("main")?.textContent);
  expect(file).toBe(link);
  if (pages[0] === undefined) throw new Error("There is no page.");
  return pages[0];
}

async function ranTwice(
  name: string,
  rest: string,
  blocks: Readonly<Record<string, string>>,
  second: Json,
): Promise<Document> {
  await write(name, blocks, rest);
  await shared.api.run(name);
  await shared.api.run(name, second);
  return linked(name);
}

function valueOf(page: Document, name: string): string {
  return page.querySelector(`#${name} dd`)?.textContent ?? "";
}

/** Rows of the first column of what is shown. */
function rowsOf(page: Document, name: string): string[] {
  return [...page.querySelectorAll(`#${name} > .table tbody td:first-child`)].map(
    ({ textContent }) => textContent,
  );
}

function oldOf(page: Document, name: string): string | undefined {
  return page.querySelector(`#${name} > .old`)?.textContent;
}

describe("the values of controls and the rows below them belong together", () => {
  test.each([
    ["date", since, "since", "2025-03-01"],
    ["slider", control("at", "type: slider", "min: 0", "max: 9", "default: 2"), "at", "7"],
    ["number", control("at", "type: number", "default: 2"), "at", "7"],
    ["text", control("at", "type: text", "default: first"), "at", "second"],
    ["select", control("at", "type: select", "options: [first, second]", "default: first"), "at", "second"],
  ])("where a %s was changed and one of two cells ran with it", async (type, controls, name, value) => {
    const sql = `SELECT CAST($${name} AS VARCHAR) AS t`;
    const page = await ranTwice(
      `one_of_two_${type}`,
      `${controls}\n\`\`\`yaml\nchart: drawn\nfrom: one\nmark: barY\nx: t\ny: count(*)\n\`\`\`\n`,
      { "cell: one": sql, "cell: two": sql },
      { cells: ["two"], parameters: { [name]: value } },
    );
    expect(valueOf(page, name)).toBe(value);
    expect([rowsOf(page, "one"), rowsOf(page, "two")].flat().map(Number.parseFloat)).toEqual(
      [value, value].map(Number.parseFloat),
    );
    expect(page.querySelector("#drawn svg")?.textContent).toContain(value);
    expect(page.querySelectorAll(".old, .outdated").length).toBe(0);
  });

  test("where a cell ran that does not depend on what was changed: it tells nothing of that", async () => {
    const page = await ranTwice(
      "of_another",
      since,
      { ...two, "cell: apart": "SELECT 1 AS n" },
      { cells: ["apart"], parameters: { since: "2025-03-01" } },
    );
    expect(valueOf(page, "since")).toBe("2025-01-01");
    expect([rowsOf(page, "one"), rowsOf(page, "two")]).toEqual([["2025-01-01"], ["2025-01-01"]]);
    expect(page.querySelectorAll(".old").length).toBe(0);
  });

  test("where a control begins with something else than when it ran", async () => {
    await write("begins", two, since);
    await shared.api.run("begins");
    await write("begins", two, since.replace("2025-01-01", "2025-04-01"));
    const page = await linked("begins");
    expect(valueOf(page, "since")).toBe("2025-04-01");
    expect(rowsOf(page, "one")).toEqual(["2025-04-01"]);
  });

  test("where what a select offers depends on another one: both are of the same run", async () => {
    const controls =
      control("region", "type: select", "options: [north, south]", "default: north") +
      control(
        "city",
        "type: select",
        "options: SELECT unnest(CASE WHEN $region = 'north' THEN ['Bilbao'] ELSE ['Sevilla'] END)",
        "default: Bilbao",
      );
    const page = await ranTwice(
      "two_selects",
      controls,
      { "cell: one": "SELECT $city AS t", "cell: two": "SELECT $city AS t" },
      { cells: ["two"], parameters: { region: "south", city: "Sevilla" } },
    );
    expect([valueOf(page, "region"), valueOf(page, "city")]).toEqual(["south", "Sevilla"]);
    expect(rowsOf(page, "one")).toEqual(["Sevilla"]);
  });

  test("where a cell failed for another value than the one of the last run", async () => {
    const page = await ranTwice(
      "failed",
      control("divisor", "type: number", "default: 0"),
      {
        "cell: one": "SELECT if($divisor = 0, error('no'), 6 / $divisor) AS n",
        "cell: two": "SELECT $divisor AS n",
      },
      { cells: ["two"], parameters: { divisor: 3 } },
    );
    expect(valueOf(page, "divisor")).toBe("3");
    expect(rowsOf(page, "one").map(Number)).toEqual([2]);
    expect(page.querySelector("#one .bad")).toBeNull();
  });

  test("where a cell fails for the value of the last run", async () => {
    const page = await ranTwice(
      "fails",
      control("divisor", "type: number", "default: 2"),
      {
        "cell: one": "SELECT if($divisor = 0, error('no'), 6 / $divisor) AS n",
        "cell: two": "SELECT $divisor AS n",
      },
      { cells: ["two"], parameters: { divisor: 0 } },
    );
    expect(rowsOf(page, "one")).toEqual([]);
    expect(page.querySelector("#one .bad")?.textContent).toContain("no");
  });

  test("and a check that found something for another value is not shown", async () => {
    const page = await ranTwice(
      "checked",
      since,
      { ...two, "check: never_in_january": "SELECT 1 AS n WHERE $since = DATE '2025-01-01'" },
      { cells: ["two"], parameters: { since: "2025-03-01" } },
    );
    expect(page.getElementById("never_in_january")).toBeNull();
    expect(page.querySelector(".made .checks")).toBeNull();
  });
});

describe("what cannot be computed for the values that are shown", () => {
  test("says for which it was, as people read them, where a dataset above has to be computed before", async () => {
    const stored = { "cell: stored\n--| materialize: parquet": "SELECT * FROM 'input/days.csv'" };
    const blocks = {
      ...stored,
      "cell: late": "SELECT count(*) AS n FROM stored WHERE day >= $since",
      ...two,
    };
    await write("blocked", blocks, since);
    await shared.api.run("blocked");
    await shared.api.run("blocked", { cells: ["two"], parameters: { since: "2025-03-01" } });
    await writeFile(join(shared.api.root, "input/days.csv"), "day\n2025-07-01\n");
    const page = await linked("blocked");
    expect(rowsOf(page, "one")).toEqual(["2025-03-01"]);
    expect(rowsOf(page, "late")).toEqual(["2"]);
    expect(oldOf(page, "late")).toBe('Out of date: computed for "From this day on": 2025-01-01');
  });

  test("says so of a dataset and a parameter of the front matter too", async () => {
    const blocks = {
      "cell: stored\n--| materialize: parquet": "SELECT $region AS t",
      "cell: other": "SELECT $region AS t",
    };
    const text = notebook(blocks, "parameters:\n  region: {type: string, default: north}");
    await writeFile(join(shared.api.root, "notebooks/parameter.md"), text);
    await shared.api.run("parameter");
    await shared.api.run("parameter", { cells: ["other"], parameters: { region: "south" } });
    const page = await linked("parameter");
    expect(rowsOf(page, "other")).toEqual(["south"]);
    expect(oldOf(page, "stored")).toBe('Out of date: computed for "region": north');
  });
});

describe("what gives other rows each time", () => {
  const chance = { "cell: chance": "SELECT random() AS n", "cell: below": "SELECT n FROM chance" };

  test("is not out of date while what reads it is of the same run", async () => {
    await write("chance", chance, "");
    await shared.api.run("chance");
    const page = await linked("chance");
    expect(rowsOf(page, "below")).toEqual(rowsOf(page, "chance"));
    expect(page.querySelectorAll(".old").length).toBe(0);
  });

  test("makes what was computed of it before out of date, in words without marks", async () => {
    await write("chances", chance, "");
    await shared.api.run("chances");
    await shared.api.run("chances", { cells: ["chance"] });
    const page = await linked("chances");
    expect(oldOf(page, "below")).toBe("Out of date: chance changed");
  });
});

describe("a control that does not switch says why", () => {
  test.each([
    ["date", since, "results for every other date would be too many to store"],
    [
      "slider",
      control("since", "type: slider", "min: 0", "max: 9"),
      "results for every other number would be too many to store",
    ],
    ["number", control("since", "type: number"), "results for every other number would be too many to store"],
    ["text", control("since", "type: text"), "results for every other text would be too many to store"],
    [
      "select that nothing reads",
      control("apart", "type: select", "options: [a, b]") + since,
      "nothing that is shown depends on it",
    ],
  ])("%s", async (type, controls, why) => {
    const name = `why_${type.replaceAll(" ", "_")}`;
    await write(name, two, controls);
    await shared.api.run(name);
    const page = await linked(name);
    expect(page.querySelector(".control .note")?.textContent).toBe(`Only this choice is shown: ${why}.`);
  });
});
