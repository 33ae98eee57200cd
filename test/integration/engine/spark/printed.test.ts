import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { beforeAll, describe, expect, test } from "vitest";
import { parseNotebook } from "../../../../server/notebook/parse.js";
import { placeOf } from "../../../../server/engine/spark/printer/print-spark.js";
import type { BoundParameter } from "../../../../server/engine/scope.js";
import { makeTables } from "../../../spark/data.js";
import { print, readCorpus, viewsOf } from "../../../spark/printing.js";
import { tpchTables } from "../../../spark/tpch-data.js";

const root = resolve(import.meta.dirname, "../../../..");
const files = ["corpus.sql", "edges.sql", "traps.sql"];
const corpus = (await Promise.all(files.map(readQueries))).flat();
const benchmark = await readQueries("tpch.sql");

async function readQueries(name: string): Promise<ReturnType<typeof readCorpus>> {
  return readCorpus(await readFile(resolve(root, "test/spark", name), "utf8"));
}

async function connect(): Promise<DuckDBConnection> {
  return (await DuckDBInstance.create(":memory:")).connect();
}

/** Each query with what Spark is given, or why it is given nothing. */
async function told(
  sql: string,
  connection: DuckDBConnection,
  parameters?: readonly BoundParameter[],
  names?: ReadonlyMap<string, string>,
): Promise<string> {
  const result = await print(sql, connection, parameters, names);
  if (result.ok) return `${commented(sql)}\n${result.printed.text}\n`;
  const refusals = result.refusals.map(({ reason, hint, span }) => {
    const place = span === undefined ? "" : ` at \`${sql.slice(span.start, span.end)}\``;
    return `-- refused: ${reason}${place}${hint === undefined ? "" : ` (${hint})`}`;
  });
  return `${commented(sql)}\n${refusals.join("\n")}\n`;
}

function commented(sql: string): string {
  return sql.replace(/^/gm, "-- ");
}

describe("the corpus", () => {
  let connection: DuckDBConnection;
  const headings = [...new Set(corpus.map(({ heading }) => heading))];

  beforeAll(async () => {
    connection = await connect();
    await makeTables(connection);
  });

  test.each(headings)("is printed as before: %s", async (heading) => {
    const parts: string[] = [];
    for (const { sql } of corpus.filter((entry) => entry.heading === heading))
      parts.push(await told(sql, connection));
    const file = `${heading.replace(/\W+/g, "-")}.sql`;
    await expect(parts.join("\n")).toMatchFileSnapshot(resolve(root, "test/spark/printed", file));
  });
});

describe("a printed query", () => {
  let connection: DuckDBConnection;

  beforeAll(async () => {
    connection = await connect();
    await makeTables(connection);
  });

  test("has the values of parameters, of their types", async () => {
    const parameter = (
      name: string,
      type: BoundParameter["definition"]["type"],
      value: BoundParameter["value"],
      isList = false,
    ): BoundParameter => ({ definition: { name, type, isList }, value });
    const parameters = [
      parameter("s", "string", "it's"),
      parameter("i", "integer", 5),
      parameter("x", "number", 2),
      parameter("b", "boolean", false),
      parameter("d", "date", "2020-02-29"),
      parameter("t", "timestamp", "2020-02-29 10:11:12.5"),
      parameter("none", "string", null),
      parameter("list", "string", ["a", "b"], true),
      parameter("empty", "string", [], true),
    ];
    const sql =
      "SELECT $s AS s, $I AS i, $x AS x, $b AS b, $d AS d, $t AS t, $none AS n, $list AS l, $empty AS e, qty + $i AS q FROM orders";
    expect(await told(sql, connection, parameters)).toContain(
      "SELECT 'it\\'s' AS `s`, 5L AS `i`, 2E0D AS `x`, FALSE AS `b`, DATE'2020-02-29' AS `d`, " +
        "TIMESTAMP_NTZ'2020-02-29 10:11:12.5' AS `t`, CAST(NULL AS STRING) AS `n`, array('a', 'b') AS `l`, " +
        "CAST(array() AS ARRAY<STRING>) AS `e`, (`qty` + 5L) AS `q`",
    );
    expect(await told("SELECT $other AS o", connection, parameters)).toContain("refused");
  });

  test("leads back from a place in it to the cell's text", async () => {
    const good = "SELECT id, -- ä\n  ratio / (qty - 2) AS x\nFROM orders";
    const printed = await print(good, connection);
    if (!printed.ok) throw new Error("refused");
    const start = printed.printed.text.indexOf("`qty` - 2");
    const place = placeOf(printed.printed.map, { start, end: start + 9 });
    expect(good.slice(place?.start, place?.end)).toBe("-");
    const column = placeOf(printed.printed.map, { start, end: start + 5 });
    expect(good.slice(column?.start, column?.end)).toBe("qty");
  });

  test("is refused at every place at which it has to be, and at no other", async () => {
    const sql = "SELECT random() AS r, upper(note) AS u, uuid() AS m, nosuch(1) AS n FROM orders LIMIT 5";
    const result = await print(sql, connection);
    expect(result.ok ? [] : result.refusals.map(({ span }) => sql.slice(span?.start, span?.end))).toEqual([
      "random",
      "uuid",
      "nosuch",
      "LIMIT",
    ]);
  });

  test("is refused where it nests deeper than can be read", async () => {
    const deep = `SELECT ${"(".repeat(900)}1${" + 1)".repeat(900)} AS x FROM orders`;
    const result = await print(deep, connection);
    expect(result).toMatchObject({
      ok: false,
      refusals: [{ reason: "an expression that is nested too deeply" }],
    });
  });
});

describe("TPC-H", () => {
  test("is printed as before, all of it", async () => {
    const connection = await connect();
    await makeTables(connection, tpchTables);
    const parts: string[] = [];
    for (const { sql } of benchmark)
      parts.push(await told(sql, connection, [], viewsOf(Object.keys(tpchTables))));
    expect(parts.filter((part) => part.includes("-- refused"))).toEqual([]);
    await expect(parts.join("\n")).toMatchFileSnapshot(resolve(root, "test/spark/printed/tpch.sql"));
  });
});

describe("the shipped notebook", () => {
  test("is printed as before, cell for cell", async () => {
    const file = resolve(root, "notebooks/customer_courier_conversations.md");
    const { notebook } = parseNotebook("conversations", file, await readFile(file, "utf8"));
    const parameters = notebook.frontMatter.parameters.map((definition) => ({
      definition,
      value: definition.defaultValue,
    }));
    const names = new Map<string, string>();
    const parts: string[] = [];
    const connection = await connect();
    await connection.run(`SET file_search_path = '${root}'`);
    for (const cell of notebook.cells) {
      if (cell.kind !== "sql" && cell.kind !== "check") continue;
      parts.push(`-- ${cell.name}\n${await told(cell.sql, connection, parameters, names)}`);
      if (cell.kind !== "sql" || cell.sql.includes("lakebook.")) continue;
      await connection.run(`CREATE TABLE "${cell.name}" AS ${withValues(cell.sql)} LIMIT 0`);
      names.set(cell.name, `\`${cell.name}\``);
    }
    await expect(parts.join("\n")).toMatchFileSnapshot(resolve(root, "test/spark/printed/notebook.sql"));
  });

  function withValues(sql: string): string {
    return sql.replaceAll("$courier_app", "'Courier App'");
  }
});
