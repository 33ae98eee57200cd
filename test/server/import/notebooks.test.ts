import { describe, expect, test } from "vitest";
import { importFile, importProject } from "../../../server/import/import-notebook.js";
import { parseNotebook } from "../../../server/notebook/parse.js";
import { plainSentences } from "../../../server/notebook/template.js";

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

  test.each<[string, readonly string[], readonly string[]]>([
    [
      "that a call hands over",
      ['city = "BCN"', "con.execute(\"SELECT * FROM t WHERE n > ? AND c = ? AND d = '?'\", [3, city])"],
      ["cell_1: SELECT * FROM t WHERE n > 3 AND c = $city AND d = '?'"],
    ],
    [
      "that a call hands over by name",
      ['pd.read_sql("SELECT :a AS a, %(b)s AS b, x::int AS c", con, params={"a": "it\'s", "b": None})'],
      ["cell_1: SELECT 'it''s' AS a, NULL AS b, x::int AS c"],
    ],
    [
      "of a variable that is written into the text, which may be any SQL",
      ['columns = "a, b"', 'con.sql(f"SELECT {columns} FROM t")'],
      ["cell_1: SELECT a, b FROM t"],
    ],
    [
      "of a variable that changes, which is a parameter without a value",
      ["year = 2020", 'con.sql(f"SELECT {year}")', "year = 2021", 'con.sql(f"SELECT {year} + 1")'],
      ["cell_1: SELECT $year", "cell_2: SELECT $year + 1"],
    ],
    [
      "of a keyword argument, which is no variable",
      ["year = 2020", "x = f(\n  year=5,\n)", 'con.sql(f"SELECT {year}")'],
      ["cell_1: SELECT $year"],
    ],
  ])("keeps the value %s", (_, sources, expected) => {
    expect(cellsOf(importJupyter(sources).text)).toEqual(expected);
  });

  test("says which value is not known", () => {
    const told = (sources: readonly string[]) => importJupyter(sources).left.map(({ why }) => why);
    expect(told(["year = 2020", "year += 1", 'con.sql(f"SELECT {year}")'])).toContain(
      "The value of $year is not known: it is a parameter now.",
    );
    expect(told(['con.sql(f"SELECT {year}")', "year = 2020"])).toEqual([]);
    expect(told(['con.execute("SELECT ?", given)'])).toEqual([
      "Not imported, as Python puts {given[0]} into its text: write the value there, or a parameter.",
    ]);
    expect(told(['q = "SELECT 1"\nq += " AS a"\ncon.sql(q)'])).toEqual([
      "Not imported, as it is Python: a cell is one query.",
    ]);
  });

  test("a name that is given twice is that of the later one below it", () => {
    const { text } = importJupyter([
      "%%sql df <<\nSELECT 1 AS a",
      "%%sql df <<\nSELECT a + 1 AS a FROM df",
      "%%sql\nSELECT df.a FROM t, df WHERE df IS DISTINCT FROM df AND extract(year FROM df) = 1",
      "%%sql\nWITH df AS (SELECT 3) FROM df",
      '%%sql\nFROM df d JOIN "df" USING (a)',
    ]);
    expect(cellsOf(text)).toEqual([
      "df: SELECT 1 AS a",
      "df_2: SELECT a + 1 AS a FROM df",
      "cell_1: SELECT df.a FROM t, df_2 AS df WHERE df IS DISTINCT FROM df AND extract(year FROM df) = 1",
      "cell_2: WITH df AS (SELECT 3) FROM df",
      'cell_3: FROM df_2 d JOIN df_2 AS "df" USING (a)',
    ]);
  });

  test("SQL that does not always run says so, and what never runs is a text", () => {
    const { text, left } = importJupyter([
      'if False:\n    con.sql("SELECT 1")',
      'for city in cities:\n    with con:\n        con.sql("""\nSELECT 2\n""")',
      'if __name__ == "__main__":\n    try:\n        con.sql("SELECT 3")\n    finally:\n        pass',
    ]);
    expect(cellsOf(text)).toEqual(["cell_1: SELECT 2", "cell_2: SELECT 3"]);
    expect(left.map(({ why }) => why)).toEqual([
      'Not imported, as under "if False:" it never runs.',
      "Not imported, as it is Python: a cell is one query.",
      'It stood under "for city in cities:" in Python: here it always runs, once.',
      "Not imported, as it is Python: a cell is one query.",
      "Not imported, as it is Python: a cell is one query.",
    ]);
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

test("a cell of marimo that is switched off stays so", () => {
  const { text } = importFile(
    "m.py",
    marimo(['df = mo.sql("SELECT 1")']).replace("hide_code=True", "disabled=True"),
  );
  expect(text).toContain("--| cell: df\n--| disabled: true\nSELECT 1");
});

test("a slider whose bounds are reckoned is a field for a number", () => {
  const { text } = importFile("m.py", marimo(["n = mo.ui.slider(1, max(xs), value=3)"]));
  expect(text).toContain("input: n\ntype: number\nmin: 1\ndefault: 3");
});

describe("a control", () => {
  const importMarimo = (call: string) => importFile("m.py", marimo([`x = mo.ui.${call}`]));
  const importObservable = (call: string) =>
    importFile(
      "n.html",
      `<notebook><script id="1" type="module">\nconst x = view(Inputs.${call});\n</script></notebook>`,
    );

  function optionsOf({ text }: { readonly text: string }): string {
    cellsOf(text);
    const yaml = /```yaml\ninput: x\n([\s\S]*?)\n```/.exec(text)?.[1] ?? text;
    return yaml.replaceAll(/\n\s*/g, "; ");
  }

  test.each<[string, string]>([
    ["slider(0, 10, 2, 4)", "type: slider; min: 0; max: 10; step: 2; default: 4"],
    ["slider(start=0, stop=10, # most\n  value=4)", "type: slider; min: 0; max: 10; default: 4"],
    ["number(1, 100, value=7)", "type: number; min: 1; max: 100; default: 7"],
    ["number()", "type: number; default: null"],
    ['text("hallo")', "type: text; default: hallo"],
    ['text("None (yet)", label="Umsatz (€)")', "type: text; label: Umsatz (€); default: None (yet)"],
    ["text_area('z\\nq')", "type: text; default: |-; z; q"],
    ["checkbox(True)", "type: checkbox; default: true"],
    ["switch(True)", "type: checkbox; default: true"],
    ['radio(["p", "q"], "q")', "type: select; options:; - p; - q; default: q"],
    ['radio(["p", "q"])', "type: select; options:; - p; - q; default: null"],
    ['dropdown(["1", "2"], "2")', 'type: select; options:; - "1"; - "2"; default: "2"'],
    ["dropdown([1, 2], value=2)", "type: select; options:; - 1; - 2; default: 2"],
    ['dropdown([1.5, 2.5], value="2.5")', "type: select; options:; - 1.5; - 2.5; default: 2.5"],
    ['dropdown(["a"], allow_select_none=False)', "type: select; options:; - a; default: a"],
    ['multiselect(["x", "y"], ["y"])', "type: select; options:; - x; - y; multiple: true; default:; - y"],
    ["date(value=dt.date(2026, 5, 5))", "type: date; default: 2026-05-05"],
  ])("of marimo has what %s gives it", (call, expected) => {
    const made = importMarimo(call);
    expect(optionsOf(made)).toBe(expected);
    expect(made.left).toEqual([]);
  });

  test.each<[string, string, string]>([
    [
      'dropdown({"Eins": 1, "Zwei": 2}, value="Zwei")',
      "type: select; options:; - 1; - 2; default: 2",
      "Its options were shown as Eins, Zwei: here as their values.",
    ],
    [
      'multiselect({"Eins": 1, "Zwei": 2}, value=["Eins"])',
      "type: select; options:; - 1; - 2; multiple: true; default:; - 1",
      "Its options were shown as Eins, Zwei: here as their values.",
    ],
    [
      "slider(steps=[1, 2, 5], value=5)",
      "type: select; options:; - 1; - 2; - 5; default: 5",
      "It was a slider over these options.",
    ],
    [
      'dropdown(["a"], value="b")',
      "type: select; options:; - a; default: null",
      "It began with b, which is none of its options.",
    ],
    [
      'date("2026-01-01", "2026-12-31", "2026-05-05")',
      "type: date; default: 2026-05-05",
      'Of mo.ui.date this is left out: start="2026-01-01", stop="2026-12-31".',
    ],
    ["date()", "type: date", "It began with the day on which it is looked at: here with none."],
    [
      'text(first, "Name", "password", **more)',
      'type: text; default: ""',
      'Of mo.ui.text this is left out: value=first, placeholder="Name", kind="password", **more.',
    ],
    [
      "slider(1, max(xs), show_value=True, disabled=False, on_change=lambda v: print(v, 2))",
      "type: number; min: 1; default: 1",
      "Of mo.ui.slider this is left out: stop=max(xs), on_change=lambda v: print(v, 2).",
    ],
  ])("of marimo says what of %s it cannot have", (call, expected, why) => {
    const made = importMarimo(call);
    expect(optionsOf(made)).toBe(expected);
    expect(made.left.map((each) => each.why)).toEqual([why]);
    expect(made.text.split("\n")[(made.left[0]?.line ?? 0) - 1]).toBe(plainSentences(why));
  });

  test.each<[string, string, readonly string[]]>([
    ["range([0, 5], {step: 2})", "type: slider; min: 0; max: 5; step: 2; default: 2", []],
    ["range([0, 10])", "type: slider; min: 0; max: 10; default: 5", []],
    [
      "range([0, 10], {label: 'n', format: (x) => x.toFixed(1), value: 3})",
      "type: slider; label: n; min: 0; max: 10; default: 3",
      ["Of Inputs.range this is left out: format=(x) => x.toFixed(1)."],
    ],
    ["number({value: 3})", "type: number; default: 3", []],
    [
      "select(['a', 'b'], {multiple: true, value: ['b']})",
      "type: select; options:; - a; - b; multiple: true; default:; - b",
      [],
    ],
    ["radio(['a', 'b'])", "type: select; options:; - a; - b; default: null", []],
    [
      "toggle({value: true, values: [1, 0]})",
      "type: checkbox; default: true",
      ["Of Inputs.toggle this is left out: values=[1, 0]."],
    ],
    ["text(options)", 'type: text; default: ""', ["Of Inputs.text this is left out: options."]],
    ["date({value: new Date('2026-05-05')})", "type: date; default: 2026-05-05", []],
  ])("of Observable has what %s gives it, or says what it cannot have", (call, expected, why) => {
    const made = importObservable(call);
    expect(optionsOf(made)).toBe(expected);
    expect(made.left.map((each) => each.why)).toEqual(why);
  });
});

test("a text that is chosen stands for a value, not for SQL", () => {
  const { text, left } = importFile(
    "m.py",
    marimo([
      'by = mo.ui.dropdown(["city", "day"])\nn = mo.ui.slider(1, 9)',
      "mo.sql(f\"SELECT * FROM t WHERE c = '{by.value}' LIMIT {n.value}\")",
      'mo.sql(f"SELECT {by.value} FROM t")',
    ]),
  );
  expect(cellsOf(text)).toContain("cell_1: SELECT * FROM t WHERE c = $by LIMIT $n");
  expect(left.map(({ why }) => why)).toEqual([
    "Not imported, as Python puts {by.value} into its text: write the value there, or a parameter.",
  ]);
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

  test("keeps the settings of tests and models, or says what is left out", () => {
    const { text, left } = importProject([
      { path: "dbt_project.yml", text: "name: x\nseeds: {}" },
      { path: "seeds/raw.csv", text: "" },
      {
        path: "models/a.sql",
        text: "{{ config(post_hook='grant') }} select {% for i in range(2) %}{{ i }} as c{{ i }}, {% endfor %} 1 as d",
      },
      { path: "models/b.sql", text: "select 1 as id" },
      { path: "models/c.py", text: "def model(dbt, session): pass" },
      { path: "snapshots/s.sql", text: "{% snapshot s %}select 1{% endsnapshot %}" },
      { path: "models/broken.yml", text: "a: [" },
      {
        path: "tests/few.sql",
        text: "{{ config(severity='warn', warn_if='>5') }} select * from {{ ref('a') }}",
      },
      { path: "tests/sums.sql", text: "{{ config(fail_calc='sum(n)') }} select 1 as n" },
      {
        path: "models/schema.yml",
        text: `
seeds: [{name: raw, columns: [{name: id, tests: [unique]}]}]
unit_tests: [{name: u}]
models:
  - name: b
    config: {materialized: table, enabled: false}
  - name: a
    columns:
      - name: c0
        data_tests:
          - not_null: {config: {error_if: ">10", warn_if: ">2"}}
          - unique: {error_if: ">= 4"}
          - accepted_values: {values: [1], where: "c1 > 0", enabled: false}
          - not_null: {where: "d = {{ var('x') }}"}
          - not_null: {config: {error_if: "<3"}}
          - dbt_utils.accepted_range: {min_value: d}
`,
      },
    ]);
    expect(cellsOf(text)).toEqual([
      "raw: FROM 'input/raw.csv'",
      "a: select 0 as c0, 1 as c1, 1 as d",
      "b: select 1 as id",
      "check few: select * from a",
    ]);
    expect(text).toContain("--| severity: warn\n--| max: 5\n");
    expect(text).toContain("--| materialize: parquet\n--| disabled: true\n");
    expect(text).toContain("--| checks:\n--|   - unique:\n--|       - id\nFROM 'input/raw.csv'");
    const { notebook } = parseNotebook("n", "n.md", text);
    const checks = notebook.cells.flatMap((cell) =>
      cell.kind === "sql" && cell.name === "a" ? cell.options.checks : [],
    );
    expect(checks.map(({ rule, severity, max }) => [rule.kind, severity, max])).toEqual([
      ["not_null", "error", 10],
      ["not_null", "warn", 2],
      ["unique", "error", 3],
      ["unique", "warn", 0],
    ]);
    expect(left.map(({ why }) => why)).toEqual([
      "Its test not_null of c0 is left out.",
      "Its test not_null of c0 is left out.",
      "Its test dbt_utils.accepted_range of c0 is left out.",
      "Its post_hook is left out.",
      "Not imported, as the model c is Python: a cell is one query.",
      "Not imported, as the test sums has settings that no check has.",
      "Not imported, as the snapshot s keeps what a table held before: versions of datasets do that.",
      "Not imported, as models/broken.yml cannot be read.",
      "Not imported, as there is no unit_tests here (models/schema.yml).",
    ]);
  });

  test("has one bound for the templates of all its models", () => {
    const template = "{% for a in range(100) %}{% for b in range(100) %}{{ a }}{% endfor %}{% endfor %}";
    const models = Array.from({ length: 30 }, (_, index) => ({
      path: `models/m${String(index + 10)}.sql`,
      text: `{% set x %}${template}{% endset %}select 1`,
    }));
    const { cells, left } = importProject([{ path: "dbt_project.yml", text: "name: x" }, ...models]);
    expect(cells + left.length).toBe(30);
    expect(left.at(-1)?.why).toContain("the templates before it took too many steps");
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
