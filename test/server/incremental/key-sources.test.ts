import { describe, expect, test } from "vitest";
import { keySources } from "../../../server/incremental/key-sources.js";
import type { KnownColumn, Relations } from "../../../server/incremental/result-columns.js";
import { rowSource } from "../../../server/incremental/row-source.js";
import { countWork } from "../../support/count-work.js";
import { factsOf } from "../../support/serialize.js";

const columns: Readonly<Record<string, readonly KnownColumn[]>> = {
  messages: typed("order_id integer, city VARCHAR, body VARCHAR, n integer"),
  orders: typed("order_id integer, city VARCHAR, code VARCHAR"),
  // Of a file it is known what its reader finds; of a column with a collation there is no type.
  "input/f.csv": typed("order_id integer, city VARCHAR"),
  folded: [{ name: "order_id" }, { name: "n", type: "integer" }],
};

const cells: Readonly<Record<string, string>> = {
  counts: "SELECT order_id, count(*) AS n FROM messages GROUP BY order_id",
  first_ones: "SELECT order_id, n FROM messages ORDER BY n LIMIT 10",
};

function typed(text: string): KnownColumn[] {
  return text.split(", ").map((column) => {
    const [name = "", type = ""] = column.split(" ");
    return { name, type };
  });
}

async function relations(): Promise<Relations> {
  const forms = new Map(
    await Promise.all(
      Object.entries(cells).map(async ([name, sql]) => [name, (await factsOf(sql)).form] as const),
    ),
  );
  return { columnsOf: (name) => columns[name], formOf: (name) => forms.get(name) };
}

/** `messages(order_id)` where rows of a key are enough, `orders` where any row may matter; null: not known at all. */
async function sourcesOf(sql: string, key: readonly string[] = ["order_id"]): Promise<string | null> {
  const { form } = await factsOf(sql);
  const found = form && keySources(form, key, await relations());
  if (found === undefined) return null;
  const keyed = [...found.columns].map(([name, by]) => `${name}(${by.join(", ")})`);
  return [...keyed, ...found.loose].sort().join(" ");
}

describe("rows of the key are enough", () => {
  test.each([
    ["of a grouping", "SELECT order_id, max(n) FROM messages GROUP BY order_id", "messages(order_id)"],
    ["of a file", "SELECT order_id, count(*) FROM 'input/f.csv' GROUP BY ALL", "input/f.csv(order_id)"],
    ["by another name", "SELECT n AS order_id, count(*) FROM messages GROUP BY 1", "messages(n)"],
    ["in another case", 'SELECT "ORDER_ID", 1 AS x FROM Messages', "messages(order_id)"],
    [
      "on both sides of a join",
      "SELECT m.order_id FROM messages m LEFT JOIN orders o ON o.order_id = m.order_id AND o.city = 'BCN'",
      "messages(order_id) orders(order_id)",
    ],
    [
      "with USING, where either side gives the value",
      "SELECT order_id, n, code FROM messages FULL JOIN orders USING (order_id)",
      "messages(order_id) orders(order_id)",
    ],
    [
      "where WHERE joins",
      "SELECT m.order_id FROM messages m, orders o WHERE m.order_id = o.order_id",
      "messages(order_id) orders(order_id)",
    ],
    [
      "of a window by the key",
      "SELECT * FROM messages QUALIFY n = max(n) OVER (PARTITION BY order_id)",
      "messages(order_id)",
    ],
    [
      "of all branches of a union, by their places",
      "SELECT order_id, city FROM orders UNION ALL SELECT n, body FROM messages",
      "messages(n) orders(order_id)",
    ],
    ["through a query cell", "SELECT order_id, n FROM counts", "counts(order_id) messages(order_id)"],
    [
      "through a CTE that is read twice",
      "WITH e AS (SELECT order_id, n FROM messages) SELECT a.order_id FROM e a JOIN e b USING (order_id)",
      "messages(order_id)",
    ],
    [
      "where a CTE hides a cell",
      "WITH messages AS (FROM orders) SELECT order_id, code FROM messages",
      "orders(order_id)",
    ],
  ])("%s", async (_, sql, expected) => {
    expect(await sourcesOf(sql)).toBe(expected);
  });

  test("of all columns of a key, in its order", async () => {
    const sql = "SELECT city AS c, order_id AS o, count(*) FROM messages GROUP BY ALL";
    expect(await sourcesOf(sql, ["o", "C"])).toBe("messages(order_id, city)");
  });
});

describe("any row may matter", () => {
  test.each([
    ["behind another key", "SELECT m.order_id FROM messages m JOIN orders o ON m.n = o.order_id", "orders"],
    ["in a subquery", "SELECT order_id FROM messages WHERE n IN (SELECT order_id FROM orders)", "orders"],
    [
      "in a correlated subquery",
      "SELECT order_id FROM messages m WHERE EXISTS (FROM orders o WHERE o.order_id = m.order_id)",
      "orders",
    ],
    [
      "behind a condition that is not an equality",
      "SELECT m.order_id FROM messages m JOIN orders o ON m.order_id = o.order_id OR m.n = 1",
      "orders",
    ],
    [
      "behind an equality of two types",
      "SELECT m.order_id FROM messages m JOIN orders o ON m.order_id = o.code",
      "orders",
    ],
    [
      "of a query cell whose rows depend on all of them",
      "SELECT o.order_id FROM orders o LEFT JOIN first_ones f ON f.order_id = o.order_id",
      "messages",
    ],
    [
      "below a PIVOT",
      "SELECT * FROM (PIVOT messages ON city IN ('BCN') USING sum(n) GROUP BY order_id)",
      "messages",
    ],
  ])("%s", async (_, sql, relation) => {
    expect((await sourcesOf(sql))?.split(" ")).toContain(relation);
  });

  test("of a column whose values are equal that differ", async () => {
    expect(await sourcesOf("SELECT order_id, sum(n) FROM folded GROUP BY order_id")).toBe("folded");
  });
});

describe("nothing is known", () => {
  test.each([
    ["of a computed key", "SELECT order_id + 0 AS order_id FROM messages"],
    ["of another grouping", "SELECT max(order_id) AS order_id FROM messages GROUP BY n"],
    ["of several groupings", "SELECT order_id, count(*) FROM messages GROUP BY ROLLUP (order_id)"],
    ["of a window over all", "SELECT order_id, row_number() OVER () FROM messages"],
    ["of a limit", "SELECT order_id FROM messages ORDER BY n LIMIT 5"],
    ["of the first of each", "SELECT DISTINCT ON (n) order_id FROM messages"],
    ["of a sample", "SELECT order_id FROM messages USING SAMPLE 10 (reservoir, 1)"],
    ["of an EXCEPT", "SELECT order_id FROM messages EXCEPT SELECT order_id FROM orders"],
    ["of a union by name", "SELECT order_id FROM messages UNION ALL BY NAME SELECT order_id FROM orders"],
    ["of a union of two types", "SELECT order_id FROM messages UNION ALL SELECT code FROM orders"],
    [
      "of the side that may be missing",
      "SELECT o.order_id FROM messages m LEFT JOIN orders o USING (order_id)",
    ],
    ["of an ASOF join", "SELECT m.order_id FROM messages m ASOF JOIN orders o ON m.n >= o.order_id"],
    ["of a natural join", "SELECT order_id FROM messages NATURAL JOIN orders"],
    ["of a positional join", "SELECT m.order_id FROM messages m POSITIONAL JOIN orders o"],
    ["of a name that a star has too", "SELECT *, n AS order_id FROM messages"],
    ["of a name that a star gives another column", "SELECT * RENAME (n AS order_id) FROM messages"],
    ["of a value that a star replaces", "SELECT * REPLACE (n AS order_id) FROM messages"],
    ["of COLUMNS", "SELECT COLUMNS('order_id') + 1, * FROM messages"],
    ["of the fields of a STRUCT", "SELECT unnest({order_id: n}), * FROM messages"],
    ["of a field that is called so", "SELECT s.order_id, m.* FROM messages m, (SELECT {order_id: 1} AS s)"],
  ])("%s", async (_, sql) => {
    expect(await sourcesOf(sql)).toBeNull();
  });
});

test("a CTE that doubles the one before is looked at once", async () => {
  const work = async (levels: number): Promise<number> => {
    const ctes = Array.from(
      { length: levels },
      (_, n) => `e${n + 1} AS (SELECT a.order_id FROM e${n} a JOIN (FROM e${n} LIMIT 1) b USING (order_id))`,
    );
    const { form } = await factsOf(
      `WITH e0 AS (FROM messages), ${ctes.join(", ")} SELECT order_id FROM e${levels}`,
    );
    const known = await relations();
    return countWork(() => Promise.resolve(form && keySources(form, ["order_id"], known)));
  };
  expect(await work(16)).toBeLessThan(8 * (await work(8)));
});

describe("a row comes from one row", () => {
  test.each([
    ["SELECT *, upper(body) AS b FROM messages WHERE n > 1", "messages"],
    ["WITH e AS (FROM messages) SELECT order_id FROM (SELECT * FROM e)", "messages"],
    ["SELECT order_id FROM read_csv(['input/f.csv', 'input/g.csv'])", "input/f.csv input/g.csv"],
  ])("in %s", async (sql, expected) => {
    const { form } = await factsOf(sql);
    const source = form && rowSource(form, await relations());
    expect(source?.type === "files" ? source.paths.join(" ") : source?.name).toBe(expected);
  });

  test.each([
    "SELECT DISTINCT order_id FROM messages",
    "SELECT order_id, lag(n) OVER (PARTITION BY order_id ORDER BY n) FROM messages",
    "SELECT max(n) FROM messages",
    "SELECT unnest([1, 2]), n FROM messages",
    "SELECT n FROM messages, orders",
    "SELECT n FROM messages WHERE n IN (SELECT order_id FROM orders)",
    "SELECT n FROM messages LIMIT 3",
    "SELECT n FROM messages TABLESAMPLE 50%",
    "SELECT n FROM messages UNION ALL SELECT n FROM messages",
    "SELECT n FROM messages QUALIFY n = 1",
    "SELECT n FROM first_ones",
    "SELECT n FROM counts",
  ])("not in %s", async (sql) => {
    const { form } = await factsOf(sql);
    expect(form && rowSource(form, await relations())).toBeUndefined();
  });
});
