import { describe, expect, test } from "vitest";
import type { Completion, CompletionKind } from "../../../client/editor/language-service.js";
import { createLanguageService } from "../../../client/editor/language-service.js";
import { countWork } from "../../support/count-work.js";
import { context, withCursor } from "./editor-context.js";

const service = createLanguageService(() => context);

async function complete(marked: string): Promise<readonly Completion[]> {
  return service.complete({ cellName: "unbound", ...withCursor(marked) });
}

async function labels(marked: string, ...kinds: readonly CompletionKind[]): Promise<readonly string[]> {
  const completions = await complete(marked);
  return completions.filter(({ kind }) => kinds.includes(kind)).map(({ label }) => label);
}

async function find(marked: string, label: string): Promise<Completion | undefined> {
  return (await complete(marked)).find((completion) => completion.label === label);
}

describe("relations", () => {
  const relations = ["orders", "messages", "lake"];
  const files = ["input/orders.json", "input/messages.csv"];

  test.each([
    "SELECT * FROM |",
    "SELECT * FROM ord|",
    "FROM |",
    "SELECT * FROM |\nWHERE true",
    "SELECT * FROM orders o JOIN |",
    "SELECT * FROM orders o LEFT JOIN | ON true",
    "SELECT * FROM orders, |",
    "SELECT * FROM (SELECT * FROM |)",
    "WITH a AS (SELECT 1) SELECT * FROM orders o, LATERAL |",
    "SELECT (SELECT max(x) FROM |) FROM orders",
    "PIVOT |",
    "SUMMARIZE |",
    "SELECT 1 UNION ALL SELECT * FROM |",
    "SELECT 1; FROM |",
    "FROM or|",
    "SELECT * FROM orders -- from here\n JOIN |",
  ])("follow in %j", async (marked) => {
    const found = await labels(marked, "relation", "dataset", "common-table", "file");
    expect(found).toEqual(expect.arrayContaining([...relations, ...files]));
    expect(found).not.toContain("every_order_once");
    expect(found).not.toContain("by_city");
    expect(await labels(marked, "column")).toEqual([]);
  });

  test("never the cell itself", async () => {
    expect(await labels("FROM |", "relation")).toEqual(["orders", "messages"]);
  });

  test.each([
    ["WITH a AS (SELECT 1 AS x), b AS (FROM |) SELECT 1", ["a"]],
    ["WITH a AS (SELECT 1 AS x), b AS (SELECT 2) SELECT * FROM |", ["a", "b"]],
    ["WITH RECURSIVE a AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM |) SELECT 1", ["a"]],
    ["WITH a AS MATERIALIZED (SELECT 1) SELECT * FROM (WITH b AS (SELECT 1) FROM |)", ["a", "b"]],
    ["FROM (WITH b AS (SELECT 1) FROM b) JOIN |", []],
    ["WITH a AS (SELECT 1) SELECT 1; SELECT * FROM |", []],
  ])("WITH names in %j", async (marked, expected) => {
    expect(await labels(marked, "common-table")).toEqual(expected);
  });

  test("files come with their quotes, and without them between quotes", async () => {
    expect((await find("FROM |", "input/orders.json"))?.insertText).toBe("'input/orders.json'");
    const inside = await find("FROM 'inp|'", "input/orders.json");
    expect(inside?.insertText).toBe("input/orders.json");
    expect(inside?.replace).toEqual({ start: 6, end: 9 });
  });

  test.each([
    "FROM '|'",
    "FROM read_csv('|')",
    "FROM read_csv(['a', '|'])",
    "FROM read_json('in|', format = 'array')",
  ])("files only in %j", async (marked) => {
    const completions = await complete(marked);
    expect(completions.map(({ label }) => label)).toEqual(["input/orders.json", "input/messages.csv"]);
  });

  test.each([
    "SELECT 'x|'",
    "FROM read_json('a.json', format = '|')",
    "FROM read_json('a.json', columns = {a: '|'})",
    "SELECT 1 -- FROM |",
    "--| cell: |",
    "SELECT /* | */ 1",
    "SELECT $$ FROM | $$",
    "SELECT orderId AS |",
    "WITH |",
    "SELECT 12|",
  ])("nothing in %j", async (marked) => {
    expect(await complete(marked)).toEqual([]);
  });

  test.each(["FROM lake.|", "FROM lake.zo|", "SELECT * FROM lake.| WHERE true", 'FROM "2026-10-01".|'])(
    "datasets in %j",
    async (marked) => {
      expect(await labels(marked, "dataset")).toEqual(["zones"]);
    },
  );

  test("what the lake tells about itself", async () => {
    expect(await labels("FROM lakebook.|", "dataset")).toEqual([
      "datasets",
      "columns",
      "files",
      "runs",
      "checks",
    ]);
  });
});

describe("values", () => {
  test.each([
    "SELECT * FROM orders WHERE cityCode = '|'",
    "SELECT * FROM orders WHERE cityCode == 'B|'",
    "SELECT * FROM orders o WHERE o.cityCode != '|'",
    "SELECT * FROM orders WHERE citycode IN ('|')",
    "SELECT * FROM orders WHERE cityCode NOT IN ('BCN', '|')",
    "SELECT * FROM orders o JOIN messages m ON o.orderId = m.orderId AND cityCode = '|'",
    "FROM orders SELECT CASE WHEN cityCode = '|' THEN 1 END",
    "FROM (SELECT cityCode AS city FROM orders) WHERE city = '|'",
    "WITH a AS (SELECT * FROM orders) SELECT * FROM a WHERE cityCode = '|'",
    "WITH a(x, city) AS (SELECT * FROM orders) SELECT * FROM a WHERE city = '|'",
    "SELECT * FROM orders o WHERE EXISTS (SELECT 1 FROM messages WHERE o.cityCode = '|')",
    "SELECT * FROM orders WHERE cityCode = '|",
  ])("of the column in %j", async (marked) => {
    const found = await complete(marked);
    expect(found.map(({ kind, label }) => `${kind} ${label}`)).toEqual([
      "value BCN",
      "value L'Hospitalet",
      "value a text that is far too …",
    ]);
  });

  test("come with quotes doubled, how often they are there, and in their order", async () => {
    const [first, second] = await complete("SELECT * FROM orders WHERE cityCode = 'L|x'");
    expect(first).toMatchObject({ detail: "1\u202f200 rows", rank: 0, replace: { start: 39, end: 41 } });
    expect(second).toMatchObject({ insertText: "L''Hospitalet", detail: "1 row", rank: 1 });
  });

  test("close a string that nobody closed, and leave what is behind it", async () => {
    const [open] = await complete("SELECT * FROM orders WHERE cityCode = 'B|\nORDER BY 1");
    expect(open).toMatchObject({ insertText: "BCN'", replace: { start: 39, end: 40 } });
    const [odd] = await complete("SELECT * FROM orders WHERE cityCode = '| AND cityCode <> 'x'");
    expect(odd).toMatchObject({ insertText: "BCN'", replace: { start: 39, end: 39 } });
  });

  test("of datasets of the lake", async () => {
    expect(await labels("FROM lake.zones WHERE zone = '|'", "value")).toEqual(["north"]);
  });

  test.each([
    "SELECT * FROM orders WHERE upper(cityCode) = '|'",
    "SELECT * FROM orders WHERE orderId = '|'",
    "SELECT * FROM orders WHERE cityCode IN (SELECT '|')",
    "SELECT * FROM orders WHERE cityCode = E'|'",
    "SELECT * FROM orders WHERE cityCode = $$|$$",
    "SELECT upper(cityCode) AS cityCode FROM orders WHERE '|' = 1",
    "FROM (SELECT upper(cityCode) AS city FROM orders) WHERE city = '|'",
    "FROM unbound WHERE cityCode = '|'",
  ])("none in %j", async (marked) => {
    expect(await complete(marked)).toEqual([]);
  });
});

describe("by itself, after a blank", () => {
  const typed = async (marked: string, key = " "): Promise<readonly string[]> => {
    const found = await service.complete({ cellName: "unbound", typed: key, ...withCursor(marked) });
    return found.map(({ label }) => label);
  };

  test.each([
    "SELECT * FROM |",
    "SELECT * FROM orders JOIN |",
    "SELECT * FROM orders, |",
    "SELECT | FROM orders",
    "SELECT DISTINCT | FROM orders",
    "SELECT orderId, | FROM orders",
    "SELECT * FROM orders WHERE |",
    "SELECT * FROM orders WHERE true AND |",
    "SELECT * FROM orders GROUP BY |",
    "SELECT * FROM orders ORDER BY 1, |",
    "SELECT * FROM orders o JOIN messages m ON |",
  ])("what may follow in %j", async (marked) => {
    expect(await typed(marked)).not.toEqual([]);
  });

  test.each([
    "SELECT |",
    "SELECT * |FROM orders",
    "SELECT * FROM orders |",
    "SELECT * FROM orders WHERE cityCode = |",
    "SELECT orderId,  | FROM orders",
    "SELECT orderId,\n  | FROM orders",
    "SELECT 'from |' FROM orders",
    "SELECT * FROM orders -- and |",
    "VALUES (1, |",
    "SELECT 1 LIMIT |",
  ])("nothing in %j", async (marked) => {
    expect(await typed(marked)).toEqual([]);
  });

  test("a quote asks for files and values only, a bracket for what both sides have", async () => {
    expect(await typed("SELECT * FROM orders WHERE cityCode = 'BCN'|", "'")).toEqual([]);
    expect(await typed("FROM '|'", "'")).toContain("input/orders.json");
    expect(await typed("SELECT count(|) FROM orders", "(")).toEqual([]);
    expect(await typed("FROM orders JOIN messages USING (|)", "(")).toEqual(["orderId"]);
  });

  test("one letter behind a relation may be its alias: nothing is offered that Enter would take", async () => {
    expect(await complete("SELECT * FROM orders o|")).toEqual([]);
    expect(await labels("SELECT * FROM orders wh|", "keyword")).toContain("WHERE");
  });

  test("a keyword that is typed to its end stays as it is typed", async () => {
    expect(await labels("SELECT * FROM orders where|", "keyword")).toContain("where");
  });
});

describe("columns", () => {
  test("have their type and examples beside them", async () => {
    expect((await find("SELECT | FROM orders", "cityCode"))?.detail).toBe(
      "VARCHAR · BCN, L'Hospitalet, a text that is far too … · orders",
    );
    expect((await find("SELECT | FROM orders", "orderId"))?.detail).toBe("BIGINT · orders");
  });

  test.each([
    ["SELECT | FROM orders", ["orderId", "cityCode"]],
    ["SELECT ci| FROM orders", ["orderId", "cityCode"]],
    ["SELECT orderId, | FROM orders", ["orderId", "cityCode"]],
    ["FROM orders SELECT |", ["orderId", "cityCode"]],
    ["SELECT * FROM orders WHERE |", ["orderId", "cityCode"]],
    ["SELECT * FROM orders o WHERE o.cityCode = 'BCN' AND |", ["orderId", "cityCode"]],
    ["SELECT count(|) FROM orders", ["orderId", "cityCode"]],
    ["SELECT sum(x) OVER (PARTITION BY |) FROM orders", ["orderId", "cityCode"]],
    ["SELECT * FROM lake.zones WHERE |", ["zone"]],
    ["SELECT * FROM unbound WHERE |", []],
    // The alias, wherever it stands.
    ["SELECT o.| FROM orders o", ["orderId", "cityCode"]],
    ["SELECT o.|, 1 FROM orders AS o", ["orderId", "cityCode"]],
    ["SELECT o.ci| FROM orders o", ["orderId", "cityCode"]],
    ["SELECT O.| FROM Orders o", ["orderId", "cityCode"]],
    ["SELECT orders.| FROM orders", ["orderId", "cityCode"]],
    ["SELECT * FROM orders o JOIN messages m ON o.orderId = m.|", ["orderId", "sentAt", "select"]],
    ["SELECT * FROM orders o JOIN messages m ON m.| WHERE true", ["orderId", "sentAt", "select"]],
    ["FROM o: orders SELECT o.|", ["orderId", "cityCode"]],
    ["SELECT x.| FROM orders o", []],
    // WITH queries and subqueries.
    ["WITH a AS (SELECT orderId AS id, count(*) AS n FROM orders) SELECT | FROM a", ["id", "n"]],
    ["WITH a AS (SELECT orderId AS id FROM orders) SELECT a.| FROM a", ["id"]],
    ["WITH a AS (FROM orders) SELECT | FROM a", ["orderId", "cityCode"]],
    ["WITH a AS (SELECT * EXCLUDE (cityCode), 1 AS one FROM orders) SELECT | FROM a", ["orderId", "one"]],
    ["WITH a AS (SELECT * EXCLUDE cityCode FROM orders) SELECT | FROM a", ["orderId"]],
    ["WITH a AS (SELECT * RENAME (cityCode AS city) FROM orders) SELECT | FROM a", ["orderId", "city"]],
    [
      "WITH a AS (SELECT * REPLACE (lower(cityCode) AS cityCode) FROM orders) SELECT | FROM a",
      ["orderId", "cityCode"],
    ],
    [
      "WITH a AS (SELECT m.*, cityCode city FROM orders o JOIN messages m USING (orderId)) SELECT | FROM a",
      ["orderId", "sentAt", "select", "city"],
    ],
    [
      "WITH a AS (SELECT * FROM orders JOIN messages USING (orderId)) SELECT | FROM a",
      ["orderId", "cityCode", "sentAt", "select"],
    ],
    ["WITH a(p, q) AS (SELECT orderId, 1 FROM orders) SELECT | FROM a", ["p", "q"]],
    ["WITH a AS (SELECT id: orderId FROM orders) SELECT | FROM a", ["id"]],
    ["WITH a AS (SELECT orderId FROM orders UNION ALL SELECT 1) SELECT | FROM a", ["orderId"]],
    ["SELECT s.| FROM (SELECT cityCode FROM orders) s", ["cityCode"]],
    ["SELECT | FROM (SELECT cityCode FROM orders) AS s (code)", ["code"]],
    ["SELECT v.| FROM (VALUES (1, 2)) v (a, b)", ["a", "b"]],
    ["WITH RECURSIVE a AS (SELECT 1 AS n UNION ALL SELECT | FROM a) FROM a", ["n"]],
    // Each side of a UNION has its own.
    ["SELECT orderId FROM orders UNION ALL SELECT | FROM lake.zones", ["zone"]],
    // A correlated subquery sees the query around it, after its own.
    ["SELECT (SELECT | FROM lake.zones) FROM orders", ["zone", "orderId", "cityCode"]],
    ["SELECT * FROM orders WHERE EXISTS (FROM lake.zones z WHERE |)", ["zone", "orderId", "cityCode"]],
    // A name of two relations is qualified, unless USING made it one.
    [
      "SELECT | FROM orders o JOIN messages m ON true",
      ["o.orderId", "cityCode", "m.orderId", "sentAt", "select"],
    ],
    ["SELECT | FROM orders o JOIN messages m USING (orderId)", ["orderId", "cityCode", "sentAt", "select"]],
    ["SELECT * FROM orders o JOIN messages m USING (|)", ["orderId"]],
    ["SELECT lower(cityCode) AS city FROM orders GROUP BY |", ["orderId", "cityCode", "city"]],
    ["SELECT lower(cityCode) AS city FROM orders WHERE |", ["orderId", "cityCode", "city"]],
    ["PIVOT orders ON |", ["orderId", "cityCode"]],
    ["PIVOT orders ON cityCode USING sum(orderId), avg(|)", ["orderId", "cityCode"]],
    ["SELECT * FROM orders ORDER BY |", ["orderId", "cityCode"]],
    ["SELECT a IS DISTINCT FROM | FROM orders", ["orderId", "cityCode"]],
    ["SELECT extract(year FROM |) FROM orders", ["orderId", "cityCode"]],
    ["CREATE TABLE x AS SELECT | FROM orders", ["orderId", "cityCode"]],
    ["SELECT * FROM (orders o JOIN messages m ON o.|)", ["orderId", "cityCode"]],
    ["SELECT [x FOR x IN |] FROM orders", ["orderId", "cityCode"]],
  ])("in %j", async (marked, expected) => {
    expect(await labels(marked, "column")).toEqual(expected);
  });

  test("say their type and where they come from", async () => {
    expect((await find("SELECT o.| FROM orders o", "orderId"))?.detail).toBe("BIGINT · orders");
    const typed = "WITH a AS (SELECT orderId, x::date AS day, count(*) AS n FROM orders) SELECT | FROM a";
    expect((await find(typed, "orderId"))?.detail).toBe("BIGINT · a");
    expect((await find(typed, "day"))?.detail).toBe("DATE · a");
    expect((await find(typed, "n"))?.detail).toBe("BIGINT · a");
  });

  test("are quoted where they must be", async () => {
    expect((await find("SELECT m.| FROM messages m", "select"))?.insertText).toBe('"select"');
  });

  test("a long chain of WITH queries is read once each", async () => {
    const items = Array.from({ length: 30 }, (_, at) => `c${at}`).join(", ");
    const work = (length: number): Promise<number> => {
      const chain = Array.from({ length }, (_, at) => `t${at + 1} AS (SELECT ${items} FROM t${at})`);
      return countWork(async () =>
        expect(await labels(`WITH ${chain.join(",\n")} SELECT | FROM t${length}`, "column")).toHaveLength(30),
      );
    };
    const [some, twice] = [await work(20), await work(40)];
    expect(twice).toBeLessThan(2.2 * some);
  });
});

describe("other words", () => {
  test.each(["SELECT $|", "SELECT * FROM orders WHERE cityCode = $ci|"])(
    "parameters in %j",
    async (marked) => {
      const found = await complete(marked);
      expect(found.map(({ label }) => label)).toEqual(["$run_date", "$city"]);
      expect(found[0]?.replace.start).toBe(marked.indexOf("$"));
      expect(found.map(({ detail }) => detail)).toEqual(["DATE", 'VARCHAR · "BCN" · control']);
    },
  );

  test.each(["SELECT x::|", "SELECT x::VAR|", "SELECT CAST(x AS |)"])("types in %j", async (marked) => {
    expect(await labels(marked, "type")).toContain("VARCHAR");
    expect(await labels(marked, "column", "keyword")).toEqual([]);
  });

  test.each([
    "SELECT orderId | FROM orders",
    "FROM orders |",
    "SELECT * |",
    "SELECT count(*) |",
    "FROM orders LEFT |",
  ])("only keywords, no values in %j", async (marked) => {
    expect(await labels(marked, "column", "function", "relation")).toEqual([]);
    expect(await labels(marked, "keyword")).toContain("JOIN");
  });

  test("functions come with brackets, the cursor between them", async () => {
    const found = await find("SELECT | FROM orders", "date_trunc");
    expect(found).toMatchObject({
      insertText: "date_trunc($0)",
      isSnippet: true,
      detail: "date_trunc(part, timestamp)",
    });
    expect((await find("SELECT | FROM orders", "now"))?.insertText).toBe("now()");
    expect((await find("SELECT dat|(x) FROM orders", "date_trunc"))?.insertText).toBe("date_trunc");
  });

  test("keywords follow the case of the cell", async () => {
    expect(await labels("select * f|", "keyword")).toContain("from");
    expect(await labels("SELECT * f|", "keyword")).toContain("FROM");
    expect(await labels("s|", "keyword")).toContain("SELECT");
  });

  test("the common keywords are above the rare ones", async () => {
    const found = await complete("SELECT * |");
    const rankOf = (label: string) => found.find((completion) => completion.label === label)?.rank ?? 0;
    expect(rankOf("WHERE")).toBeLessThan(rankOf("VACUUM"));
  });

  test("ON offers the equalities of columns with the same name", async () => {
    expect(await labels("FROM orders o JOIN messages m ON |", "snippet")).toContain("o.orderId = m.orderId");
  });

  test("an empty cell offers whole queries", async () => {
    expect(await labels("|", "snippet")).toContain("SELECT … FROM …");
    expect(await labels("--| cell: x\n|", "snippet")).toContain("SELECT … FROM …");
  });

  test("never the same suggestion twice", async () => {
    const found = await complete("SELECT | FROM orders a, orders b");
    const keys = found.map(({ kind, label }) => `${kind} ${label}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

test("half-written SQL of any kind is completed without failing", async () => {
  const sql =
    "WITH RECURSIVE a (x) AS (SELECT o.*, [1, {b: (2)}] FROM (orders o JOIN lake.zones USING (z))), " +
    "SELECT DISTINCT ON (x) $p, ' q FROM 'f.csv' f PIVOT (sum(y) FOR z IN (1)) UNION BY NAME FROM a: b; )]} ORDER";
  for (let end = 0; end <= sql.length; end++) {
    for (const text of [sql.slice(0, end), sql]) {
      expect(Array.isArray(await service.complete({ cellName: "c", sql: text, offset: end }))).toBe(true);
    }
  }
});
