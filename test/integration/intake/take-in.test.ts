import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { takeIn, type TakenFile } from "../../../server/intake/take-in.js";
import { putIntoInput } from "../../../server/workspace/upload.js";
import { openWorkspace, type Workspace } from "../../../server/workspace/workspace.js";
import { useEngine } from "../../support/with-engine.js";

const shared = useEngine();
let workspace: Workspace;
beforeAll(async () => {
  for (const folder of ["notebooks", "input", "data_lake"]) await mkdir(join(shared.root, folder));
  workspace = await openWorkspace(shared.root);
});

interface Table {
  readonly columns: string;
  readonly rows: readonly unknown[];
  readonly notes: string;
  readonly sql: string;
}

/** Takes a file in, runs its cells where it lies then, and removes it. */
async function tablesOf(name: string, content: string | Buffer): Promise<Table[]> {
  const taken = await takeIn(
    { workspace, engine: shared.engine },
    name,
    (path) => writeFile(path, content),
    async (files) => {
      await putIntoInput(workspace, files);
      return files;
    },
  );
  try {
    return await Promise.all(taken.map(toTable));
  } finally {
    for (const file of taken) await rm(join(workspace.input, file.name));
  }
}

async function toTable({ columns, cell, notes }: TakenFile): Promise<Table> {
  const scope = { root: shared.root, readable: [], relations: [], parameters: [] };
  const { rows, ...result } = await shared.engine.query(
    { scope, sql: cell.sql, limit: 50_000 },
    { label: "test" },
  );
  expect(result.columns).toEqual(columns);
  const [analysis] = await shared.engine.analyze([cell.sql]);
  expect(analysis?.ok).toBe(true);
  return {
    columns: columns.map(({ name, type }) => `${name} ${type}`).join(", "),
    rows,
    notes: notes.join(" "),
    sql: cell.sql,
  };
}

async function tableOf(name: string, content: string | Buffer): Promise<Table> {
  const [table, ...others] = await tablesOf(name, content);
  expect(others).toEqual([]);
  if (table === undefined) throw new Error("No table.");
  return table;
}

const latin = (text: string): Buffer => Buffer.from(text, "latin1");
const utf16 = (text: string): Buffer => Buffer.from(text, "utf16le");
const numbers = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => `${line(n)}\n`).join("");

describe("a text file becomes a cell that runs and gives the values of the file", () => {
  const name = "id BIGINT, name VARCHAR";
  const people = [
    ["1", "Müller"],
    ["2", "São Paulo"],
  ];
  const text = "id;name\n1;Müller\n2;São Paulo\n";

  test.each<
    [what: string, file: string, content: string | Buffer, columns: string, rows: readonly unknown[]]
  >([
    ["UTF-8", "a.csv", text, name, people],
    ["a byte order mark", "a.csv", `\ufeff${text}`, name, people],
    ["Latin-1", "a.csv", latin(text), name, people],
    ["Latin-1 in gzip", "a.csv.gz", gzipSync(latin(text)), name, people],
    ["zeros behind gzip", "a.csv.gz", Buffer.concat([gzipSync(text), Buffer.alloc(512)]), name, people],
    ["gzip without its ending", "a.csv", gzipSync(text), name, people],
    ["UTF-16 LE", "a.csv", utf16(`\ufeff${text}`), name, people],
    ["UTF-16 BE in gzip", "a.csv.gz", gzipSync(utf16(`\ufeff${text}`).swap16()), name, people],
    ["UTF-16 without a mark", "a.txt", utf16(text), name, people],
    ["Windows-1252", "a.csv", latin("id;name\n1;5 \x80 \x93x\x94\n"), name, [["1", "5 € “x”"]]],
    ["a comma", "a.csv", "id,name\n1,x\n", name, [["1", "x"]]],
    ["a tab", "a.tsv", 'id\tname\n1\t"x, y"\n', name, [["1", "x, y"]]],
    ["a bar, and no ending", "data", "id|name\n1|x\n", name, [["1", "x"]]],
    ["Excel's line sep=", "a.csv", "sep=;\nid;name\n1;x\n", name, [["1", "x"]]],
    [
      "quotes with new lines",
      "a.csv",
      'id,name\n1,"x\ny, ""z"""\n2,w\n',
      name,
      [
        ["1", 'x\ny, "z"'],
        ["2", "w"],
      ],
    ],
    ["old line ends", "a.csv", "id;name\r1;x\r", name, [["1", "x"]]],
    [
      "mixed line ends",
      "a.csv",
      "id;name\r\n1;x\n2;y\r\n",
      name,
      [
        ["1", "x"],
        ["2", "y"],
      ],
    ],
    ["a header only", "a.csv", "id,name\n", "id VARCHAR, name VARCHAR", []],
    ["one column", "a.csv", "name\nanna\nbert\n", "name VARCHAR", [["anna"], ["bert"]]],
    ["one column of decimal commas", "a.csv", "price\n1,5\n2,75\n", "price DOUBLE", [[1.5], [2.75]]],
    [
      "decimal commas",
      "a.csv",
      "id;price\n1;1,5\n2;-2,75\n3;\n",
      "id BIGINT, price DOUBLE",
      [
        ["1", 1.5],
        ["2", -2.75],
        ["3", null],
      ],
    ],
    [
      "decimal commas in quotes",
      "a.csv",
      'price,name\n"1,5",x\n',
      "price DOUBLE, name VARCHAR",
      [[1.5, "x"]],
    ],
    [
      "points between thousands",
      "a.csv",
      "price;host;version\n1.234,5;10.0.0.1;1.10\n2;10.0.0.2;1.5\n",
      "price DOUBLE, host VARCHAR, version DOUBLE",
      [
        [1234.5, "10.0.0.1", 1.1],
        [2, "10.0.0.2", 1.5],
      ],
    ],
    [
      "commas between thousands",
      "a.csv",
      'price,id\n"1,234.5",1\n"5,678",2\n',
      "price DOUBLE, id BIGINT",
      [
        [1234.5, "1"],
        [5678, "2"],
      ],
    ],
    [
      "both decimal signs",
      "a.csv",
      "a;b\n1,5;1.5\n2,5;2.5\n",
      "a DOUBLE, b DOUBLE",
      [
        [1.5, 1.5],
        [2.5, 2.5],
      ],
    ],
    [
      "a decimal point",
      "a.csv",
      "a;b\n1.5;x\n2.25;y\n",
      "a DOUBLE, b VARCHAR",
      [
        [1.5, "x"],
        [2.25, "y"],
      ],
    ],
    [
      "dates with points",
      "a.csv",
      "day;at\n31.12.2025;01.02.2025 10:30\n",
      "day DATE, at TIMESTAMP",
      [["2025-12-31", "2025-02-01 10:30:00"]],
    ],
    [
      "leading zeros",
      "a.csv",
      "zip;n\n01234;1\n00099;2\n",
      "zip VARCHAR, n BIGINT",
      [
        ["01234", "1"],
        ["00099", "2"],
      ],
    ],
    [
      "short lines",
      "a.csv",
      "a,b,c\n1,2\n3,4,5\n6\n",
      "a BIGINT, b BIGINT, c BIGINT",
      [
        ["1", "2", null],
        ["3", "4", "5"],
        ["6", null, null],
      ],
    ],
    [
      "short lines and line ends in quotes",
      "a.csv",
      'a,b,c\n1,"x\ny"\n3,4,5\n',
      "a BIGINT, b VARCHAR, c BIGINT",
      [
        ["1", "x\ny", null],
        ["3", "4", "5"],
      ],
    ],
    [
      "a line that is too long",
      "a.csv",
      "a,b\n1,2,3\n4,5\n",
      "a BIGINT, b BIGINT, column2 BIGINT",
      [
        ["1", "2", "3"],
        ["4", "5", null],
      ],
    ],
    [
      "a title above",
      "a.csv",
      "Report of today\n\na,b\n1,2\n3,4\n",
      "a BIGINT, b BIGINT",
      [
        ["1", "2"],
        ["3", "4"],
      ],
    ],
    [
      "JSON",
      "a.json",
      '[{"a": 1}, {"a": 2, "b": "x"}]',
      "a BIGINT, b VARCHAR",
      [
        ["1", null],
        ["2", "x"],
      ],
    ],
    ["JSON lines without their ending", "a.log", '{"a": 1}\n{"a": 2}\n', "a BIGINT", [["1"], ["2"]]],
    ["JSON with a mark", "a.json", '\ufeff[{"a": 1}]', "a BIGINT", [["1"]]],
    ["JSON in Latin-1", "a.json", latin('[{"a": "ü"}]'), "a VARCHAR", [["ü"]]],
    ["JSON in UTF-16", "a.json", utf16('[{"a": "ü"}]'), "a VARCHAR", [["ü"]]],
  ])("%s", async (_what, file, content, columns, rows) => {
    expect(await tableOf(file, content)).toMatchObject({ columns, rows });
  });

  test("the first letter beyond ASCII, the first decimal comma and the first odd value may stand at the end", async () => {
    const head = `id;price;code\n${numbers(30_000, (n) => `${String(n)};${String(n)};${String(n)}`)}`;
    const { columns, rows, notes } = await tableOf("late.csv", latin(`${head}1;1,5;ü\n`));
    expect(columns).toBe("id BIGINT, price DOUBLE, code VARCHAR");
    expect([rows.length, rows.at(-1)]).toEqual([30_001, ["1", 1.5, "ü"]]);
    expect(notes).toContain("comma is the decimal sign");
    const short = await tableOf("short.csv", `a,b\n${numbers(30_000, (n) => `${String(n)},x`)}7\n`);
    expect([short.rows.length, short.rows.at(-1)]).toEqual([30_001, ["7", null]]);
    const long = await tableOf("long.csv", `a,b\n${numbers(30_000, (n) => `${String(n)},x`)}7,y,z\n`);
    expect([long.rows.length, long.rows.at(-1)]).toEqual([30_001, ["7", "y"]]);
    expect(long.notes).toContain("more values than the others");
  });

  test("numbers keep all their digits, and it is said where they are text for that", async () => {
    const text =
      "parcel;order;weight\n12345678901234567890123;9223372036854775807;1,5\n12345678901234567890124;7;2\n";
    const { columns, rows, notes } = await tableOf("parcels.csv", text);
    expect(columns).toBe("parcel VARCHAR, order BIGINT, weight DOUBLE");
    expect(rows).toEqual([
      ["12345678901234567890123", "9223372036854775807", 1.5],
      ["12345678901234567890124", "7", 2],
    ]);
    expect(notes).toContain('"parcel": text, as its numbers have more digits');
    expect(notes).not.toContain("not all lines");
  });

  test("numbers keep all their digits wherever in the file they stand, in JSON too", async () => {
    const long = "12345678901234567890123";
    const late = `id,n,share\n${numbers(30_000, (n) => `${String(n)},${String(n)},0.30000000000000004`)}`;
    const csv = await tableOf("late.csv", `${late}1,${long},0.5\n`);
    expect(csv.columns).toBe("id BIGINT, n VARCHAR, share DOUBLE");
    expect(csv.rows.at(-1)).toEqual(["1", long, 0.5]);
    expect(csv.notes).toContain('"n": text, as its numbers have more digits');
    const fraction = await tableOf("fraction.csv", "a\n1.234567890123456789012\n2.5\n");
    expect([fraction.columns, fraction.rows[0]]).toEqual(["a VARCHAR", ["1.234567890123456789012"]]);
    const lines = numbers(30_000, (n) => `{"id": ${String(n)}, "n": ${String(n)}, "x": 1.5}`);
    const json = await tableOf("late.json", `${lines}{"id": 1, "n": ${long}, "x": 2}\n`);
    expect(json.columns).toBe("id BIGINT, n VARCHAR, x DOUBLE");
    expect(json.rows.at(-1)).toEqual(["1", long, 2]);
    expect(json.notes).toContain('"n": text, as its numbers have more digits');
  });

  test.each([
    ["03/10/2026", "%d/%m/%Y", "%m/%d/%Y", "2026-10-03"],
    ["03.10.2026", "%d.%m.%Y", "%m.%d.%Y", "2026-10-03"],
    ["03/10/26", "%d/%m/%y", "%m/%d/%y", "2026-10-03"],
    ["03/10/2026 10:00:00", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "2026-10-03 10:00:00"],
  ])(
    "%s may be two days: the cell and a note say which it is, and how to say otherwise",
    async (day, taken, other, read) => {
      const { rows, notes, sql } = await tableOf(
        "days.csv",
        `id,day\n1,${day}\n2,${day.replace("03", "04")}\n`,
      );
      expect(rows[0]).toEqual(["1", read]);
      expect(sql).toContain(`format = '${taken}'`);
      expect(notes).toContain(`"day": ${day} is taken as 3 October 2026`);
      expect(notes).toContain(
        `10 March 2026: ${day.includes(":") ? "timestamp" : "date"}format = '${other}'`,
      );
    },
  );

  test("where one day tells which part is the month, nothing is said of it", async () => {
    const many = numbers(30_000, () => "03/10/2026");
    for (const [days, last] of [
      ["03/10/2026\n", "24/10/2026"],
      ["10/03/2026\n", "10/24/2026"],
      [many, "24/10/2026"],
    ] as const) {
      const { rows, notes } = await tableOf("days.csv", `day\n${days}${last}\n`);
      expect([rows.at(-1), notes]).toEqual([["2026-10-24"], ""]);
    }
  });

  test("a header alone is the header of no rows", async () => {
    expect(await tableOf("a.csv", "id,t\n")).toMatchObject({ columns: "id VARCHAR, t VARCHAR", rows: [] });
    expect(await tableOf("b.csv", "1,2\n")).toMatchObject({ rows: [["1", "2"]] });
  });

  test("quotes are quotes, where the first of them stands far down too", async () => {
    const { rows } = await tableOf(
      "late.csv",
      `id,t\n${numbers(30_000, (n) => `${String(n)},plain`)}1,"x, ""y"""\n`,
    );
    expect(rows.at(-1)).toEqual(["1", 'x, "y"']);
    const text = `id,t\n${numbers(30_000, (n) => `${String(n)},plain`)}1,"xy"\n`;
    expect((await tableOf("late.csv.gz", gzipSync(text))).rows.at(-1)).toEqual(["1", "xy"]);
    const inches = `id,t\n${numbers(30_000, (n) => `${String(n)},plain`)}1,5" pipe\n2,5" pipe\n`;
    expect((await tableOf("late.csv", inches)).rows.slice(-2)).toEqual([
      ["1", '5" pipe'],
      ["2", '5" pipe'],
    ]);
  });

  test("lines of more than 2 MB are read, at the beginning and further down", async () => {
    const long = "x".repeat(3_000_000);
    const beginning = `id,t\n1,${long}\n2,b\n`;
    const end = `id,t\n${numbers(30_000, (n) => `${String(n)},a`)}1,"${long}"\n`;
    for (const text of [beginning, end]) {
      const lengths = await takeIn(
        { workspace, engine: shared.engine },
        "long.csv",
        (path) => writeFile(path, text),
        async ([file]) => {
          const scope = {
            root: join(file?.absolutePath ?? "", "../.."),
            readable: [],
            relations: [],
            parameters: [],
          };
          const sql = `SELECT max(length(t)) FROM (${file?.cell.sql ?? ""})`;
          return (await shared.engine.query({ scope, sql, limit: 1 }, { label: "test" })).rows;
        },
      );
      expect(lengths).toEqual([["3000000"]]);
    }
  });

  test("2,000 columns", async () => {
    const columns = Array.from({ length: 2000 }, (_, n) => `c${String(n)}`);
    const { rows } = await tableOf(
      "wide.csv",
      `${columns.join(";")}\n${columns.map(() => "1,5").join(";")}\n`,
    );
    expect(rows).toEqual([columns.map(() => 1.5)]);
  });

  test("what was decided is said, in words that are no Markdown and no fence", async () => {
    const { notes, sql } = await tableOf("a.csv", latin('"<b>|\n```";n\n1,5;ü\n'));
    expect(notes).toContain("Latin-1");
    expect(notes).toContain("A comma is the decimal sign");
    expect(sql).toContain("decimal_separator = ','");
  });
});

describe("a workbook becomes a Parquet file of each sheet", () => {
  test("dates, numbers, texts and what formulas gave are as in Excel", async () => {
    const file = await readFile(join(import.meta.dirname, "orders.xlsx"));
    const [orders, third, ...others] = await tablesOf("My orders.xlsx", file);
    expect(others).toEqual([]);
    expect(orders?.columns).toBe(
      "id VARCHAR, name VARCHAR, day DATE, at TIMESTAMP, time TIME, duration INTERVAL, price DOUBLE, is_paid BOOLEAN, sum BIGINT, " +
        "big BIGINT, mixed VARCHAR, broken BIGINT, text_formula VARCHAR, id_2 BIGINT",
    );
    const same = ["2025-12-31", "2025-03-30 02:30:15.5", "13:05:09", "42:00:00"];
    expect(orders?.rows).toEqual([
      ["001", "n1", ...same, 1235.5, false, "3", "9007199254740991", "42", null, "ab", "1"],
      ["002", 'Müller, "x"\nzwei', ...same, 1236.5, true, "4", "2", "42a", "2", "ab", "2"],
      ["003", "n3", ...same, 1237.5, false, "5", "3", "42a", "3", "ab", "3"],
    ]);
    for (const said of ["Report of 2026", "Empty rows", "Errors of formulas", "secret"])
      expect(orders?.notes).toContain(said);
    expect(third).toMatchObject({ columns: "a BIGINT, b VARCHAR", rows: [["1", "x"]] });
    expect(third?.sql).toBe("SELECT * FROM 'input/My orders It_s (3).parquet'");
  });

  test("a damaged one is refused", async () => {
    const file = await readFile(join(import.meta.dirname, "orders.xlsx"));
    const damaged = Buffer.concat([file.subarray(0, 3000), Buffer.alloc(3000, 7), file.subarray(6000)]);
    await expect(tablesOf("a.xlsx", damaged)).rejects.toMatchObject({ code: "input" });
  });
});

describe("what cannot be read is refused with what to do, and nothing of it stays", () => {
  test.each<[file: string, content: string | Buffer, message: string]>([
    ["empty.csv", "", "0 bytes"],
    ["cut.csv", utf16("\ufeffid,name\n1,a\n2,b\n").subarray(0, -1), "cut off or damaged"],
    ["half.csv", utf16("\ufeffid,name\n1,\ud800\n"), "cut off or damaged"],
    ["old.xls", latin("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "old or encrypted Office file"],
    ["page.xls", "<html><table><tr><td>1</td></tr></table></html>", "web page"],
    [
      "sheet.ods",
      latin("PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.spreadsheet"),
      "OpenDocument",
    ],
    ["all.zip", latin("PK\x03\x04....a.csv"), "zip archive"],
    ["paper.csv", latin("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), "PDF"],
    ["photo.csv", latin("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "picture"],
    ["noise.csv", Buffer.from(Array.from({ length: 4000 }, (_, n) => (n * 7919) % 251)), "neither text"],
    ["half.parquet", latin("PAR1\x15\0\x15"), "cut off"],
    ["wrong.parquet", latin("PAR1\x15\0\x15\0\0PAR1"), "cannot be read"],
    ["half.json", '[{"a": 1}, {"a": 2', "cut off"],
    ["not.json", "{nothing", "cannot be read"],
    ["half.csv.gz", gzipSync(numbers(20_000, String)).subarray(0, 5000), "damaged|cannot be read"],
    ["tape.csv.gz", Buffer.concat([gzipSync(numbers(9, String)), latin("end of tape")]), "something behind"],
    ["two.csv", Buffer.concat([Buffer.from("a;b\nü;1\n"), latin("ü;2\n")]), "line 3 has a byte"],
  ])("%s", async (file, content, message) => {
    await expect(tablesOf(file, content)).rejects.toMatchObject({
      code: "input",
      message: expect.stringMatching(new RegExp(message)) as string,
      hint: expect.any(String) as string,
    });
    expect(existsSync(join(workspace.input, file))).toBe(false);
    expect(await readdir(join(workspace.state, "uploads"))).toEqual([]);
  });
});
