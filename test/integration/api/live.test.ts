import { describe, expect, test } from "vitest";
import { at, endless, notebook, useApi, type Json } from "./harness.js";

const shared = useApi({
  "notebooks/shop.md": notebook(
    {
      "cell: orders\n--| materialize: parquet": "SELECT i AS id FROM range(10001) t(i)",
      "cell: few": "SELECT 1 AS a",
      "cell: never\n--| materialize: parquet": "SELECT 1 AS a",
      "cell: files": "FROM 'input/big.csv'",
    },
    "title: Shop\nparameters:\n  least: 5",
  ),
  "notebooks/chosen.md": notebook(
    { "cell: least": "SELECT $least AS n", "cell: double": "SELECT n * 2 AS m FROM least" },
    "title: Chosen\nparameters:\n  least: 5",
  ),
  "input/big.csv": `a\n${`${"x".repeat(1000)}\n`.repeat(70_000)}`,
  "input/small.csv": "a,b\n1,x\n",
});

const live = async (sql: string, parameters: Json = {}): Promise<Json> =>
  (await shared.api.json("POST", "/api/notebooks/shop/live", { body: { sql, parameters } })).body;

describe("a query while it is typed", () => {
  test("reads the first 10,000 rows of each cell, and says where there are more", async () => {
    await shared.api.run("shop", { cells: ["orders", "few"] });
    expect(await live("SELECT count(*) AS n FROM orders")).toMatchObject({
      rows: [["10000"]],
      isSampled: true,
    });
    expect(await live("SELECT * FROM few")).not.toHaveProperty("isSampled");
    expect(await live("SELECT count(*) AS n FROM lake.orders")).toHaveProperty("problem");
    const whole = await shared.api.json("POST", "/api/notebooks/shop/query", {
      body: { sql: "SELECT count(*) AS n FROM orders" },
    });
    expect(whole.body).toMatchObject({ rows: [["10001"]] });
    expect(whole.body).not.toHaveProperty("isSampled");
  });

  test("takes the parameters that are chosen", async () => {
    expect(await live("SELECT $least AS n", { least: 7 })).toMatchObject({ rows: [["7"]] });
  });

  test("reads of a cell what it is for the values that are chosen, and names what is of before", async () => {
    const ask = async (least: number): Promise<Json> => {
      const body = { sql: "SELECT m, $least AS n FROM double", parameters: { least } };
      return (await shared.api.json("POST", "/api/notebooks/chosen/live", { body })).body;
    };
    await shared.api.run("chosen", { parameters: { least: 5 } });
    await shared.api.run("chosen", { parameters: { least: 9 } });
    expect(await ask(5)).toMatchObject({ rows: [["10", "5"]] });
    expect(await ask(5)).not.toHaveProperty("outdated");
    expect(await ask(7)).toMatchObject({ rows: [["18", "7"]], outdated: ["double"] });
  });

  test.each([
    ["a file that is too large", "FROM 'input/big.csv'", /too large to be read with every key/],
    ["several files that are together", "FROM 'input/*.csv'", /too large/],
    ["a cell that reads one", "FROM files", /too large/],
    ["half a query", "SELECT FROM WHERE", /./],
    ["a cell that was never run", "FROM never", /has not been run/],
    ["what does not end", endless, /stopped after 2 s/],
    ["what no cell may do", "COPY (SELECT 1) TO 'x.csv'", /./],
  ])("answers with the problem: %s", async (_, sql, message) => {
    expect(at(await live(sql), "problem", "message")).toMatch(message);
  });

  test("reads files that are small", async () => {
    expect(await live("FROM 'input/small.csv'")).toMatchObject({ rows: [["1", "x"]] });
  });
});
