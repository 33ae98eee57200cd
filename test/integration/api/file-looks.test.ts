import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ExpectedProblem, FileLook } from "../../../server/api/protocol.js";
import { useApi } from "./harness.js";

const wide = Array.from({ length: 500 }, (_, index) => `c${String(index)}`);

const shared = useApi({
  "notebooks/small.md": "# Small\n",
  "input/orders.csv": "id,city\n1,Porto\n2,\n3,Faro\n4,Porto\n",
  'input/odd name\'s "x" [1].csv': "a b\n1\n",
  "input/german.csv": "name;price\nA;1,5\nB;2,25\n",
  "input/wide.csv": `${wide.join(",")}\n${wide.map(() => "1").join(",")}\n`,
  "input/part_1.csv": "n\n1\n",
  "input/part_2.csv": "n\n2\n",
  "input/broken.json": '{"a": 1',
  "input/notes.docx": "x",
  "input/many.csv": `n\n${Array.from({ length: 12_000 }, (_, index) => String(index)).join("\n")}\n`,
});

async function look(body: Readonly<Record<string, unknown>>): Promise<FileLook> {
  const { status, body: answer } = await shared.api.json<FileLook>("POST", "/api/input/look", { body });
  expect([status, answer]).toEqual([200, expect.objectContaining({ sql: expect.any(String) as string })]);
  return answer;
}

async function problemOf(body: Readonly<Record<string, unknown>>): Promise<string> {
  const { status, body: answer } = await shared.api.json<ExpectedProblem>("POST", "/api/input/look", {
    body,
  });
  expect(status).toBe(200);
  return answer.problem.message;
}

describe("POST /api/input/look", () => {
  test("tells the columns of a file, its first rows and what the values are like", async () => {
    const found = await look({ path: "input/orders.csv", rows: 2, profile: { offset: 0, limit: 20 } });
    expect(found).toMatchObject({
      sql: "SELECT * FROM 'input/orders.csv'",
      columns: [
        { name: "id", kind: "integer" },
        { name: "city", kind: "text" },
      ],
      rows: [
        ["1", "Porto"],
        ["2", null],
      ],
      profile: {
        rows: 4,
        totalColumns: 2,
        columns: [
          { nulls: 0, distinct: 4 },
          { nulls: 1, distinct: 2 },
        ],
      },
      isSample: false,
    });
  });

  test("reads names with quotes and brackets, and what a pattern matches", async () => {
    const odd = await look({ path: 'input/odd name\'s "x" [[]1].csv', rows: 1 });
    expect(odd).toMatchObject({ columns: [{ name: "a b" }], rows: [["1"]] });
    const both = await look({ path: "input/part_*.csv", rows: 10 });
    expect(both.rows).toEqual([["1"], ["2"]]);
  });

  test("puts choices into the SQL of the cell", async () => {
    const german = await look({ path: "input/german.csv", read: { delimiter: ";", decimal: "," }, rows: 2 });
    expect(german.sql).toBe(
      "SELECT * FROM read_csv('input/german.csv', delim = ';', decimal_separator = ',')",
    );
    expect(german.rows).toEqual([
      ["A", 1.5],
      ["B", 2.25],
    ]);
    const typed = await look({
      path: "input/orders.csv",
      read: { header: true, types: { id: "text" } },
      rows: 1,
    });
    expect(typed.sql).toBe(
      "SELECT * FROM read_csv('input/orders.csv', header = true, types = {'id': 'VARCHAR'})",
    );
    await writeFile(
      join(shared.api.root, "input/latin.csv"),
      Buffer.from("name\nSão João\nÉvora\n", "latin1"),
    );
    const latin = await look({ path: "input/latin.csv", read: { encoding: "latin-1" }, rows: 2 });
    expect(latin.rows).toEqual([["São João"], ["Évora"]]);
    await writeFile(join(shared.api.root, "input/utf16.csv"), Buffer.from("name\nÉvora\n", "utf16le"));
    const utf16 = await look({ path: "input/utf16.csv", read: { encoding: "utf-16" }, rows: 2 });
    expect(utf16.rows).toEqual([["Évora"]]);
  });

  test("finds how a file is read as an upload is, and keeps it where something is chosen", async () => {
    const text = "stadt;betrag;am\nKöln;74.967,97;03.04.2026\nBonn;1.234,50;31.12.2026\n";
    await writeFile(join(shared.api.root, "input/umsatz.csv"), text);
    const found = await look({ path: "input/umsatz.csv", rows: 1 });
    expect(found.sql).toBe(
      "SELECT * FROM read_csv('input/umsatz.csv', decimal_separator = ',', thousands = '.')",
    );
    expect(found.rows).toEqual([["Köln", 74967.97, "2026-04-03"]]);
    const chosen = await look({ path: "input/umsatz.csv", read: { thousands: "none" }, rows: 1 });
    expect(chosen.sql).toBe("SELECT * FROM read_csv('input/umsatz.csv', decimal_separator = ',')");
    await writeFile(join(shared.api.root, "input/alt.csv"), Buffer.from("ort\nKöln\n", "latin1"));
    expect((await look({ path: "input/alt.csv", rows: 1 })).rows).toEqual([["Köln"]]);
    await writeFile(join(shared.api.root, "input/breit.csv"), Buffer.from("\ufefford\nKöln\n", "utf16le"));
    expect((await look({ path: "input/breit.csv", rows: 1 })).rows).toEqual([["Köln"]]);
    await writeFile(join(shared.api.root, "input/leer.csv"), "");
    const empty = '"leer.csv" is empty: it has 0 bytes.';
    expect(await problemOf({ path: "input/leer.csv" })).toBe(empty);
    expect(await problemOf({ path: "input/leer.csv", read: { header: false } })).toBe(empty);
  });

  test("describes some columns of many, of the first rows of many", async () => {
    const found = await look({ path: "input/wide.csv", profile: { offset: 480, limit: 40 } });
    expect(found.columns).toHaveLength(500);
    expect(found.profile?.columns.map(({ name }) => name)).toEqual(wide.slice(480));
    const many = await look({ path: "input/many.csv", profile: { offset: 0, limit: 1 } });
    expect(many).toMatchObject({ isSample: true, profile: { rows: 10_000 } });
  });

  test("sees that a file was replaced", async () => {
    const file = join(shared.api.root, "input/again.csv");
    await writeFile(file, "a\n1\n");
    expect((await look({ path: "input/again.csv", rows: 9 })).rows).toEqual([["1"]]);
    await writeFile(file, "a,b\n1,22\n");
    expect((await look({ path: "input/again.csv", rows: 9 })).rows).toEqual([["1", "22"]]);
  });

  test("says what cannot be read, as an answer", async () => {
    expect(await problemOf({ path: "input/broken.json" })).toContain("broken.json");
    expect(await problemOf({ path: "input/notes.docx" })).toContain("does not tell how it is read");
    expect(await problemOf({ path: "input/absent.csv" })).toContain("absent.csv");
    expect(await problemOf({ path: "/etc/passwd.csv" })).toContain("outside of what SQL may read");
    expect(await problemOf({ path: "data_lake/x.parquet" })).toContain("lies in the lake");
    const { status } = await shared.api.json("POST", "/api/input/look", {
      body: { path: "input/orders.csv", rows: 1000 },
    });
    expect(status).toBe(400);
  });
});
