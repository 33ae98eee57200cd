import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { at, notebook, useApi } from "./harness.js";

const shared = useApi({
  "notebooks/sales.md": notebook(
    {
      "cell: lines": 'SELECT id, id * $factor AS amount FROM read_csv("input/orders.csv") WHERE id > 0',
      "cell: twice": "SELECT a.id, b.amount FROM main.lines a JOIN Main . lines b USING (id)",
      "cell: columns":
        "SELECT main.lines.id, MAIN.lines.amount FROM main.lines WHERE main.lines.id > 1 ORDER BY main.lines.id",
      "cell: calendars":
        'SELECT count(*) > 1 FROM icu_calendar_names() WHERE name <> (SELECT "varchar" FROM test_all_types() LIMIT 1)',
      "cell: bars": "FROM histogram_values(lines, amount, bin_count := 2)",
      "cell: text": "SELECT filename, content FROM read_text('input/note*.txt')",
      "cell: blob": "SELECT size, octet_length(content) AS n FROM read_blob('input/notes.txt')",
      "cell: names": "SELECT file FROM glob('input/*') ORDER BY file",
      "cell: sniffed": "SELECT Delimiter, HasHeader FROM sniff_csv('input/orders.csv')",
      "cell: zone":
        "SELECT current_setting('TimeZone') AS zone, (SELECT count(*) > 1 FROM pg_timezone_names()) AS some",
    },
    "parameters: {factor: 10}",
  ),
  "input/orders.csv": "id;city\n1;BCN\n2;MAD\n",
  "input/notes.txt": "hello",
});

test("what only tells of files and cells is run like any other query", async () => {
  const { api } = shared;
  const ended = await api.run("sales");
  expect(ended.cells.map(({ name, outcome, error }) => [name, outcome, error?.message])).toEqual(
    ended.cells.map(({ name }) => [name, "succeeded", undefined]),
  );
  const rows = async (cell: string): Promise<unknown> =>
    at((await api.json("GET", `/api/notebooks/sales/cells/${cell}/rows`)).body, "rows");
  expect(await rows("twice")).toEqual([
    ["1", "10"],
    ["2", "20"],
  ]);
  expect(await rows("columns")).toEqual([["2", "20"]]);
  expect(await rows("calendars")).toEqual([[true]]);
  expect(await rows("text")).toEqual([["input/notes.txt", "hello"]]);
  expect(await rows("blob")).toEqual([["5", "5"]]);
  expect(await rows("names")).toEqual([["input/notes.txt"], ["input/orders.csv"]]);
  expect(await rows("sniffed")).toEqual([[";", true]]);
  expect(await rows("zone")).toEqual([["UTC", true]]);
  expect(await rows("bars")).toHaveLength(2);
});

test("EXPLAIN shows the plan of a query that is not in the file, and of nothing else", async () => {
  const { api } = shared;
  const query = async (sql: string) => {
    const answer = await api.json("POST", "/api/notebooks/sales/query", { body: { sql } });
    return answer.status === 200
      ? JSON.stringify(at(answer.body, "rows"))
      : at(answer.body, "error", "message");
  };
  expect(await query("-- a plan\n explain FROM main.lines WHERE id = 1")).toContain("Filters: id=1");
  expect(await query("EXPLAIN ANALYZE SELECT 1")).toContain("EXPLAIN is not a query");
  expect(await query("EXPLAIN COPY (SELECT 1) TO 'input/x.csv'")).toContain("COPY is not a query");
  expect(await query("EXPLAIN SELECT 1; DROP TABLE lines")).toContain("1:19: A cell holds one query");
  expect(await query("EXPLAIN EXPLAIN SELECT 1")).toContain("EXPLAIN is not a query");
});

test("a file of another place is not told of, whatever leads to it", async () => {
  const { api } = shared;
  symlinkSync("/etc/passwd", join(api.root, "input/link.txt"));
  for (const call of [
    "read_text('input/link.txt')",
    "read_blob('input/link.txt')",
    "sniff_csv('input/link.txt')",
  ])
    for (const sql of [`FROM ${call}`, `FROM ${call.replaceAll("'", '"')}`]) {
      const { status, body } = await api.json("POST", "/api/notebooks/sales/query", { body: { sql } });
      expect(status, sql).toBe(422);
      expect(JSON.stringify(body)).not.toContain("root:");
    }
  for (const path of ["/etc/passwd", "../x", "package.json", "input/../notebooks/sales.md"]) {
    const sql = `FROM glob('${path}')`;
    const { status } = await api.json("POST", "/api/notebooks/sales/query", { body: { sql } });
    expect(status, sql).toBe(422);
  }
});
