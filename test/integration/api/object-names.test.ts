import { describe, expect, test } from "vitest";
import { at, notebook, useApi } from "./harness.js";

/** What every object of the language has by itself; of these, two are names for cells and parameters. */
const names = Object.getOwnPropertyNames(Object.prototype);
const valid = ["constructor", "__proto__"];
const columns = names.map((name, index) => `${String(index)} AS "${name}"`).join(", ");
const list = JSON.stringify(names).replaceAll('"', "'");

/** A cell of each kind, and parameters, called so. */
const cells = notebook(
  {
    "cell: constructor": `--| materialize: [parquet, csv]
--| partition_by: [constructor, __proto__]
--| key: [valueOf]
--| columns: {${names.map((name) => `${name}: INTEGER`).join(", ")}}
--| checks:
${names.map((name) => `--|   - range: {column: ${name}, min: 0, name: ${valid.includes(name) ? name : "other"}}`).join("\n")}
--|   - expression: hasOwnProperty = ${String(names.indexOf("hasOwnProperty"))}
SELECT ${columns}`,
    "cell: __proto__": "SELECT $constructor AS c, $__proto__ AS p, constructor.* FROM constructor",
    "check: proto": 'FROM __proto__ WHERE "toString" < 0',
    "cell: reads": "FROM __proto__",
    "cell: picked": "SELECT unnest($picks) AS pick",
  },
  "parameters:\n  constructor: {type: string, default: v}\n  __proto__: {type: string, default: w}",
);
const picks = `
\`\`\`yaml
input: picks
type: select
multiple: true
options: SELECT unnest(${list})
default: [__proto__]
\`\`\`

\`\`\`yaml
chart: charted
from: constructor
mark: barY
x: toString
y: sum(constructor)
color: __proto__
\`\`\`
`;
const shared = useApi({
  "notebooks/constructor.md": cells + picks,
  "notebooks/refused.md": names
    .map((name) => `\`\`\`sql\n--| cell: ${name}\n--| materialize: parquet\nSELECT 1 AS a\n\`\`\`\n`)
    .join("\n"),
});
const run = { materialize: true, date: "2026-11-01" };

describe("names that every object has", () => {
  test("are names of parameters, cells, columns, partitions, checks and notebooks like any other", async () => {
    const { api } = shared;
    const view = await api.json("GET", "/api/notebooks/constructor");
    expect(at(view.body, "diagnostics")).toEqual([]);
    const first = await api.run("constructor", run);
    expect(first).toMatchObject({ outcome: "succeeded", published: [{ dataset: "constructor" }] });
    expect(first.checks.map(({ outcome }) => outcome)).toEqual(first.checks.map(() => "pass"));
    const rows = await api.json("GET", "/api/lake/latest/constructor/rows");
    expect(rows.body).toMatchObject({ rows: [names.map((_, index) => index)] });
    const again = await api.run("constructor", run);
    expect(again.cells.map(({ outcome }) => outcome)).toEqual(again.cells.map(() => "reused"));
    expect(again.published).toMatchObject([{ dataset: "constructor", isChanged: false }]);
  });

  test("have the value that was given, or else their default", async () => {
    const { api } = shared;
    const value = async (parameters: string): Promise<unknown> => {
      const body = `{"cells": ["reads"], "parameters": ${parameters}}`;
      const started = await api.json("POST", "/api/notebooks/constructor/runs", { body });
      const ended = await api.ended(String(started.body["id"]));
      const rows = await api.json("GET", `/api/notebooks/constructor/cells/reads/rows?run=${ended.id}`);
      const [first] = at(rows.body, "rows") as unknown[][];
      return first?.slice(0, 2);
    };
    expect(await value("{}")).toEqual(["v", "w"]);
    expect(await value('{"constructor": "a"}')).toEqual(["a", "w"]);
    expect(await value('{"__proto__": "b"}')).toEqual(["v", "b"]);
    const body = '{"sql": "SELECT $constructor, $__proto__", "parameters": {"__proto__": "c"}}';
    const query = await api.json("POST", "/api/notebooks/constructor/query", { body });
    expect(query.body).toMatchObject({ rows: [["v", "c"]] });
    for (const name of names.filter((other) => !valid.includes(other))) {
      const unknown = await api.json("POST", "/api/notebooks/constructor/runs", {
        body: { parameters: { [name]: "x" } },
      });
      expect(at(unknown.body, "error", "message")).toBe(
        `Parameter "${name}" does not exist in notebook "constructor".`,
      );
    }
  });

  test("sort, filter, are drawn and chosen", async () => {
    const { api } = shared;
    for (const name of names) {
      const place = "/api/lake/latest/constructor/rows?";
      for (const query of [`sort=-${name}`, `filter=${name}:ge:0`, `filter=${name}:${name}:0`, `${name}=1`])
        expect((await api.request("GET", `${place}${query}`)).status, query).toBe(200);
    }
    const drawn = await api.json("GET", "/api/notebooks/constructor/cells/charted/chart");
    expect(drawn.body).toMatchObject({ totalRows: 1, rows: [expect.anything()] });
    const offered = await api.json(
      "GET",
      "/api/notebooks/constructor/inputs/picks/options?constructor=x&__proto__=y",
    );
    expect(offered.body).toMatchObject({ values: names });
    const ended = await api.run("constructor", { cells: ["picked"], parameters: { picks: names } });
    const rows = await api.json("GET", `/api/notebooks/constructor/cells/picked/rows?run=${ended.id}`);
    expect(rows.body).toMatchObject({ rows: names.map((name) => [name]) });
  });

  test("are refused in a body where they mean nothing", async () => {
    const { api } = shared;
    for (const name of names) {
      const { status } = await api.json("POST", "/api/notebooks/constructor/runs", {
        body: `{"${name}": {"force": true}}`,
      });
      expect(status, name).toBe(400);
    }
  });

  test("are refused while editing where the format has no such names", async () => {
    const { body } = await shared.api.json("GET", "/api/notebooks/refused");
    const refused = (at(body, "diagnostics") as { code: string; cell: string }[])
      .filter(({ code }) => code === "invalid-name")
      .map(({ cell }) => cell);
    // `constructor` is a name, but the other notebook publishes it.
    expect(refused.sort()).toEqual(names.filter((name) => name !== "constructor").sort());
  });
});
