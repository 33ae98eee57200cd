import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formatSql } from "../../../client/editor/format-sql.js";

describe("formatSql", () => {
  test("lays out the SQL and leaves the option lines alone", async () => {
    const text = "--| cell: x\n--|   checks: [ ]\nselect a,b from t where x=$y and z::int>1";
    expect(await formatSql(text)).toEqual({
      text: [
        "--| cell: x",
        "--|   checks: [ ]",
        "select",
        "  a,",
        "  b",
        "from t",
        "where",
        "  x = $y",
        "  and z::int > 1",
      ].join("\n"),
    });
  });

  test.each(["", "--| cell: x\n", "  \n"])("has nothing to do for %j", async (text) => {
    expect(await formatSql(text)).toEqual({ text });
  });

  test("gives the text back with a reason where it fails", async () => {
    const text = "SELECT 'open";
    const result = await formatSql(text);
    expect(result.text).toBe(text);
    expect(result.message).toMatch(/^This SQL cannot be formatted/);
  });

  test("keeps the line ends of Windows and the last line break", async () => {
    expect((await formatSql("SELECT 1,\r\n2\r\n")).text).toBe("SELECT\r\n  1,\r\n  2\r\n");
  });

  test.each([
    "FROM t SELECT a EXCLUDE (b)",
    "SELECT x -> x + 1, y->>'$.a', z[1:2], {'a': 1}, [1, 2], a ** 2, b // 2",
    "SELECT * FROM t QUALIFY row_number() OVER (PARTITION BY a ORDER BY b) = 1",
    "PIVOT t ON a USING sum(b) GROUP BY c",
    "SELECT list_transform(l, lambda x: x + 1), $$ dollar $$, E'a\\n', DATE '2026-01-01' FROM t",
    "SELECT a FROM t ASOF LEFT JOIN u USING (b) GROUP BY ALL ORDER BY ALL",
    "SELECT * REPLACE (a + 1 AS a), COLUMNS('x.*') FROM 'a b.csv' -- end",
  ])("changes only white space in %j", async (text) => {
    const { text: formatted } = await formatSql(text);
    expect(formatted.replace(/\s+/g, "")).toBe(text.replace(/\s+/g, ""));
  });

  test("formats every cell that is shipped, and the second time changes nothing", async () => {
    const folder = new URL("../../../notebooks/", import.meta.url);
    const fences = readdirSync(folder)
      .filter((name) => name.endsWith(".md"))
      .flatMap((name) => [...readFileSync(new URL(name, folder), "utf8").matchAll(/```sql\n([^]*?)```/g)])
      .map((match) => match[1] ?? "");
    expect(fences.length).toBeGreaterThan(10);
    for (const text of fences) {
      const once = await formatSql(text);
      expect(once.message).toBeUndefined();
      expect(await formatSql(once.text)).toEqual(once);
    }
  });
});
