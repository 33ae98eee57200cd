import { describe, expect, test } from "vitest";
import { importFile, importProject } from "../../../server/import/import-notebook.js";
import { parseNotebook } from "../../../server/notebook/parse.js";

/** Cells as they are read back, in one line each. */
function cellsOf(text: string): string[] {
  const { notebook, diagnostics } = parseNotebook("n", "n.md", text);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return notebook.cells.map((cell) =>
    cell.kind === "sql" || cell.kind === "check"
      ? `${cell.kind === "check" ? "check " : ""}${cell.name}: ${cell.sql.replace(/\s+/g, " ").trim()}`
      : `${cell.kind} ${cell.name}`,
  );
}

const jupyter = (sources: readonly string[], language = "python"): string =>
  JSON.stringify({
    cells: sources.map((source) =>
      source.startsWith("# ")
        ? { cell_type: "markdown", source: source.split(/(?<=\n)/) }
        : { cell_type: "code", source, outputs: [{ text: "x".repeat(100) }] },
    ),
    metadata: { language_info: { name: language } },
  });

const importJupyter = (sources: readonly string[], language?: string) =>
  importFile("Sales.ipynb", jupyter(sources, language));

describe("a Jupyter notebook", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["a magic", ["%%sql\nSELECT 1 AS a;"], ["cell_1: SELECT 1 AS a"]],
    ["a magic with a connection and a name", ["%%sql duckdb:///x.db top <<\nSELECT 1"], ["top: SELECT 1"]],
    ["a saved query", ["%%sql --save top --no-execute\nSELECT 1"], ["top: SELECT 1"]],
    ["BigQuery's name", ["%%bigquery top --project p\nSELECT 1"], ["top: SELECT 1"]],
    ["a query on the line", ["%sql SELECT 1", "x = %sql SELECT 2"], ["cell_1: SELECT 1", "x: SELECT 2"]],
    ["Databricks", ["%sql\nSELECT 1\nFROM t"], ["cell_1: SELECT 1 FROM t"]],
    ["a table", ["%%sql\nCREATE TABLE t AS\nSELECT 1"], ["t: SELECT 1"]],
    ["what Python runs", ['df = duckdb.sql("""\nSELECT 1\n""").df()'], ["df: SELECT 1"]],
    ["what Python keeps and runs", ['q = "SELECT 1"\ndf = pd.read_sql(q, con)'], ["df: SELECT 1"]],
    ["what Python only keeps", ['q = """SELECT 1"""'], ["q: SELECT 1"]],
    [
      "two strings side by side",
      ['con.execute("SELECT 1 AS a "\n  "FROM t")'],
      ["cell_1: SELECT 1 AS a FROM t"],
    ],
    [
      "a name with capitals",
      ["%%sql Top Sellers <<\nSELECT 1", "%%sql TopTen <<\nSELECT 1"],
      ["topten: SELECT 1"],
    ],
    ["a text that only looks like a call", ['# con.execute("SELECT 1")\nx = "execute(\'SELECT 1\')"'], []],
  ])("with %s", (_, sources, expected) => {
    const { text, cells } = importJupyter(sources);
    expect(cellsOf(text)).toEqual(expect.arrayContaining([...expected]));
    expect(cells).toBe(cellsOf(text).length);
  });

  test("of a kernel of SQL, or of another language", () => {
    expect(cellsOf(importJupyter(["SELECT 1; SELECT 2"], "sql").text)).toEqual([
      "cell_1: SELECT 1",
      "cell_2: SELECT 2",
    ]);
    const { text, left } = importJupyter(["x <- 1"], "R");
    expect(text).toContain("```r\nx <- 1\n```");
    expect(left).toHaveLength(1);
  });

  test("values that Python has become parameters, names and texts are put in", () => {
    const { text } = importJupyter([
      'year = 2020\ncity = "BCN"\ntable = "orders"',
      "%%sql\nSELECT * FROM {{table}} WHERE y = {{year}} AND c = '{{city}}' AND n LIKE '%{{city}}%'",
      'con.sql(f"SELECT {year + 1} AS next")',
    ]);
    expect(cellsOf(text)).toEqual([
      "cell_1: SELECT * FROM orders WHERE y = $year AND c = $city AND n LIKE '%BCN%'",
      "cell_2: SELECT ($year + 1) AS next",
    ]);
    expect(text).toContain("parameters:\n  year: 2020\n  city: BCN");
  });

  test("what is not carried over stays at its place, with the reason and the line", () => {
    const { text, left } = importJupyter([
      "# Sales of a *year*\n",
      "import pandas as pd\nframe = pd.DataFrame()",
      'con.sql(f"SELECT * FROM {pick(3)}")',
      "%%sql\nDROP TABLE t",
    ]);
    expect(left.map(({ why }) => why)).toEqual([
      "Not imported, as it is Python: a cell is one query.",
      "Not imported, as Python puts {pick(3)} into its text: write the value there, or a parameter.",
      "Not imported, as it changes a table: write what the table is to hold as the query of a cell.",
    ]);
    const lines = text.split("\n");
    expect(left.map(({ line }) => lines[line - 1])).toEqual(
      left.map(() => expect.stringMatching(/^Not imported/) as string),
    );
    expect(text).toMatch(/^---\ntitle: Sales of a year\n---\n\n# Sales of a \*year\*\n/);
  });

  test("prose that would swallow a cell, or that looks like one, is a text", () => {
    const { text, cells } = importJupyter([
      "# A\n```\nnever closed",
      "%%sql\nSELECT 1",
      "# B\n```sql\n--| cell: fake\nSELECT 2\n```",
    ]);
    expect(cellsOf(text)).toEqual(["cell_1: SELECT 1"]);
    expect(cells).toBe(1);
  });

  test("what is none is refused", () => {
    expect(() => importFile("a.ipynb", "{")).toThrow("it is no JSON");
    expect(() => importFile("a.ipynb", "[]")).toThrow("it has no cells");
    expect(() => importFile("a.xlsx", "")).toThrow("no notebook that can be imported");
  });

  test("takes time by its length, whatever stands in it", () => {
    const size = 200_000;
    for (const evil of [
      'f"{',
      '"""',
      "sql(",
      "'''x",
      "f'{f\"{",
      "((((",
      "x = '",
      "%%sql\n{{ ",
      'con.sql(f"{{{',
    ]) {
      const text = evil.repeat(size / evil.length);
      expect(importJupyter([text]).cells).toBeLessThan(2);
    }
  });
});

const marimo = (bodies: readonly string[]): string =>
  `import marimo\n\napp = marimo.App()\n\n\n${bodies
    .map(
      (body) =>
        `@app.cell(hide_code=True)\ndef _(mo):\n${body.replace(/^(?=.)/gm, "    ")}\n    return (x,)\n\n\n`,
    )
    .join("")}if __name__ == "__main__":\n    app.run()\n`;

describe("a marimo notebook", () => {
  test("has cells, prose and controls", () => {
    const { text, left } = importFile(
      "explore.py",
      marimo([
        'mo.md(r"""\n# Cities\n\nBy *size*.\n""")',
        "import marimo as mo",
        'least = mo.ui.slider(0, 100, step=5, value=10, label="At least")',
        'city = mo.ui.dropdown(options=["BCN", "MAD"], value="MAD")\ncity',
        'top = mo.sql(\n    f"""\n    SELECT * FROM cities WHERE n > {least.value} AND city = \'{city.value}\'\n    """,\n    output=False,\n)',
        "_df = mo.sql(f\"SELECT '{{}}' AS json\")",
      ]),
    );
    expect(cellsOf(text)).toEqual([
      "input least",
      "input city",
      "top: SELECT * FROM cities WHERE n > $least AND city = $city",
      "cell_1: SELECT '{}' AS json",
    ]);
    expect(left).toEqual([]);
    expect(text).toContain(
      "input: least\ntype: slider\nlabel: At least\nmin: 0\nmax: 100\nstep: 5\ndefault: 10",
    );
    expect(text).toContain("# Cities\n\nBy *size*.");
  });

  test("in Markdown has the same", () => {
    const { text } = importFile(
      "explore.md",
      '---\ntitle: Explore\nmarimo-version: 0.18.4\n---\n\n# Explore\n\n```sql {.marimo query="top"}\nSELECT 1 AS n\n```\n\n```python {.marimo}\nmo.sql(f"SELECT {x.value}")\n```\n',
    );
    expect(cellsOf(text)).toEqual(["top: SELECT 1 AS n", "cell_1: SELECT $x"]);
  });

  test("is no other Python", () => {
    expect(() => importFile("a.py", "print(1)")).toThrow("no marimo notebook");
  });
});

describe("an Observable notebook", () => {
  test("of Notebook Kit has SQL, prose and controls", () => {
    const { text, left } = importFile(
      "stars.html",
      `<!doctype html>
<notebook theme="air">
  <title>Stars</title>
  <script id="1" type="text/markdown">
    # Bright stars
  </script>
  <script id="2" type="module">
    const mag = view(Inputs.range([6, 20], {label: "Magnitude", value: 8}));
  </script>
  <script id="3" type="application/sql" database="warehouse" output="bright">
    SELECT * FROM gaia WHERE m < \${mag} OR m > \${mag + 0.1}
  </script>
  <script id="4" type="module">
    Plot.plot({marks: []})
  </script>
</notebook>`,
    );
    expect(cellsOf(text)).toEqual([
      "input mag",
      "bright: SELECT * FROM gaia WHERE m < $mag OR m > ($mag + 0.1)",
    ]);
    expect(left.map(({ why }) => why)).toEqual([
      "It asked the database warehouse: here it reads cells and files.",
      "Not imported, as it is JavaScript: a cell is one query.",
    ]);
  });

  test("of observablehq.com is read from its document", () => {
    const nodes = [
      { mode: "md", value: "# Old" },
      { mode: "sql", name: "top", value: "SELECT 1", data: { source: { name: "duckdb" } } },
      { mode: "js", value: "viewof n = Inputs.select([1, 2])" },
    ];
    const { text } = importFile("old.json", JSON.stringify({ title: "Old", nodes }));
    expect(cellsOf(text)).toEqual(["top: SELECT 1", "input n"]);
  });

  test("a page of Framework has its tables too, and other code as it is", () => {
    const { text, left } = importFile(
      "page.md",
      "---\ntitle: Page\nsql:\n  gaia: ./lib/gaia.parquet\n  quakes: https://example.org/all.csv\n---\n\n# Page\n\n```sql id=top10 display\nSELECT * FROM gaia\n```\n\n```sh\nls\n```\n\n```js\ndisplay(top10)\n```\n",
    );
    expect(cellsOf(text)).toEqual(["gaia: FROM 'input/gaia.parquet'", "top10: SELECT * FROM gaia"]);
    expect(left).toHaveLength(3);
    expect(text).toContain("```sh\nls\n```");
  });
});

describe("a dbt project", () => {
  const project = [
    {
      path: "shop/dbt_project.yml",
      text: "name: shop\nvars: {least: 5}\nmodels:\n  shop:\n    +materialized: view\n    marts: {+materialized: table}\n",
    },
    { path: "shop/macros/cents.sql", text: "{% macro cents(c) %}({{ c }} / 100){% endmacro %}" },
    { path: "shop/seeds/raw_orders.csv", text: "" },
    {
      path: "shop/models/staging/stg_orders.sql",
      text: "with source as (select * from {{ ref('raw_orders') }})\nselect id, {{ cents('amount') }} as amount from source where amount > {{ var('least') }};",
    },
    {
      path: "shop/models/marts/orders.sql",
      text: "{{ config(materialized='incremental', unique_key='id') }}\n{% set kinds = ['a', 'b'] %}\nselect id, {% for k in kinds %}{{ k }}_n{{ ',' if not loop.last }} {% endfor %}from {{ ref('stg_orders') }} join {{ source('crm', 'people') }} using (id)\n{% if is_incremental() %}where new{% endif %}",
    },
    {
      path: "shop/models/marts/odd.sql",
      text: "select {{ dbt_utils.pivot('a', []) }} from {{ ref('orders') }}",
    },
    {
      path: "shop/models/schema.yml",
      text: `sources: [{name: crm, tables: [{name: people}]}]
models:
  - name: orders
    description: One row each
    columns:
      - name: id
        tests: [unique, not_null, {relationships: {to: ref('stg_orders'), field: id}}, {dbt_expectations.odd: {}}]
`,
    },
    { path: "shop/tests/no_refunds.sql", text: "select * from {{ ref('orders') }} where id < 0" },
    { path: "shop/target/compiled/x.sql", text: "select 1" },
  ];

  test("is one notebook: models, seeds, sources, checks and tests", () => {
    const { text, title, seeds, left } = importProject(project);
    expect([title, seeds]).toEqual(["shop", [{ path: "shop/seeds/raw_orders.csv", name: "raw_orders.csv" }]]);
    expect(cellsOf(text)).toEqual([
      "crm_people: FROM 'input/people.csv'",
      "raw_orders: FROM 'input/raw_orders.csv'",
      "stg_orders: with source as (select * from raw_orders) select id, (amount / 100) as amount from source where amount > 5",
      "orders: select id, a_n, b_n from stg_orders join crm_people using (id)",
      "check no_refunds: select * from orders where id < 0",
    ]);
    expect(text).toContain("--| materialize: parquet\n--| key: id\n--| description: One row each");
    expect(text).toContain("relationships:\n--|       column: id\n--|       to: stg_orders.id");
    expect(left.map(({ why }) => why)).toEqual([
      "Where its rows are is not known here: put them at input/people.csv, or name another file.",
      "Not imported, as of the model odd its template uses dbt_utils.pivot, which is not known here.",
      "Its test dbt_expectations.odd of id is left out.",
      "What it does on later runs (is_incremental) is left out: it is computed whole.",
    ]);
  });

  test("ends, whatever its templates do", () => {
    const models = [
      "{% for a in [1,2,3,4,5,6,7,8,9] %}".repeat(9) + "x" + "{% endfor %}".repeat(9),
      `{% set t = namespace(v='aaaa') %}{% for i in [${"1,".repeat(60)}1] %}{% set t.v = t.v ~ t.v %}{% endfor %}{{ t.v }}`,
      "{{ ".repeat(10_000),
      "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
      "{% macro x() %}".repeat(10_000),
    ];
    const files = models.map((text, index) => ({ path: `models/m${String(index)}.sql`, text }));
    const { cells, left } = importProject([{ path: "dbt_project.yml", text: "name: x" }, ...files]);
    expect([cells, left.length]).toEqual([0, 5]);
  });

  test("of more than a notebook holds is refused, with what to do", () => {
    const text = `select '${"x".repeat(2 ** 20)}' as a`;
    const files = [
      { path: "dbt_project.yml", text: "name: x" },
      { path: "models/m.sql", text },
    ];
    expect(() => importProject(files)).toThrow("at most 1,048,576 are read");
  });

  test("is no other folder", () => {
    expect(() => importProject([{ path: "a.sql", text: "" }])).toThrow("no dbt_project.yml");
  });
});
