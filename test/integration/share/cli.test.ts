import { execFile } from "node:child_process";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lakebook } from "../../support/cli.js";
import {
  copyShipped,
  createWorkspace,
  removeWorkspace,
  withWorkspace,
  type TestWorkspace,
} from "../../support/workspace.js";
import { CommandProcess, ServerProcess } from "../api/processes.js";

const launcher = join(import.meta.dirname, "../../../server/bin/lakebook.js");
const conversations = "customer_courier_conversations";

describe("lakebook export and share", () => {
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = await createWorkspace();
    await copyShipped(workspace);
    const run = await lakebook(["materialize", conversations, "--date", "2026-11-22"], { workspace });
    expect([run.code, run.stderr]).toEqual([0, expect.any(String)]);
  });
  afterAll(() => removeWorkspace(workspace));

  test("the exported SQL makes the published dataset in a plain DuckDB", async () => {
    const { code, stdout } = await lakebook(["export", conversations, "--format", "sql"], { workspace });
    expect(code).toBe(0);
    const published = `read_parquet('data_lake/latest/${conversations}/**/*.parquet', hive_partitioning=false)`;
    const difference = await inFolder(workspace.root, stdout, [
      `SELECT count(*) FROM ${published}`,
      `SELECT count(*) FROM (FROM ${conversations} EXCEPT ALL FROM ${published})`,
      `SELECT count(*) FROM (FROM ${published} EXCEPT ALL FROM ${conversations})`,
    ]);
    expect(difference).toEqual(["490", "0", "0"]);
  });

  test.each(["delivery_zones", "tour_of_controls_and_charts"])(
    "the exported SQL of %s runs",
    async (name) => {
      const { stdout } = await lakebook(["export", name, "--format", "sql"], { workspace });
      const tables = stdout.match(/^CREATE OR REPLACE TABLE/gm)?.length ?? 0;
      expect(tables).toBeGreaterThan(3);
      expect(await inFolder(workspace.root, stdout, ["SELECT count(*) FROM duckdb_tables()"])).toEqual([
        String(tables),
      ]);
    },
  );

  test("the format follows the file's ending", async () => {
    const output = workspace.path("page.html");
    expect((await lakebook(["export", conversations, "--output", output], { workspace })).code).toBe(0);
    const html = await workspace.read("page.html");
    expect(html).toContain("The first 100 of 490 rows");
    expect(html.length).toBeLessThan(1_000_000);
    expect(html).not.toContain(workspace.root);
    const wrong = await lakebook(["export", conversations, "--format", "pdf"], { workspace });
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("pdf")]);
    expect((await lakebook(["export", "absent"], { workspace })).stderr).toContain("does not exist");
  });

  test("a link is made without a server, opened by one, listed, and closed", async () => {
    const made = await lakebook(["share", conversations, "--expires", "2d", "--json"], { workspace });
    const { id, url } = made.json() as { id: string; url: string };
    expect(url).toMatch(/^\/s\/[\w-]{43}$/);
    const alone = await lakebook(["share", conversations], { workspace });
    expect(alone.stdout).toMatch(/^http:\/\/127\.0\.0\.1:8080\/s\/[\w-]{43}\n$/);
    expect(alone.stderr).toContain("Start one with: lakebook serve");
    const server = await ServerProcess.start(workspace.root);
    expect((await fetch(server.url + url)).status).toBe(200);
    const second = await lakebook(["share", conversations], { workspace });
    expect(second.stdout.trim()).toMatch(new RegExp(`^${server.url}/s/[\\w-]{43}$`));
    expect((await fetch(second.stdout.trim())).status).toBe(200);
    const { stdout: list } = await lakebook(["share", "--list"], { workspace });
    expect(list).toContain(id);
    expect((await lakebook(["share", "--revoke", id], { workspace })).code).toBe(0);
    expect((await fetch(server.url + url)).status).toBe(404);
    expect((await lakebook(["share", "--list"], { workspace })).stdout).not.toContain(id);
    expect((await lakebook(["share", "--revoke", "../../x"], { workspace })).code).toBe(2);
    expect((await lakebook(["share"], { workspace })).code).toBe(2);
  });
});

test("an export and a link have the results of other choices, without a server and by one", () =>
  withWorkspace(
    {
      "notebooks/a.md":
        "```yaml\ninput: city\ntype: select\noptions: [BCN, MAD]\n```\n\n```sql\n--| cell: echo\nSELECT $city AS city, 1 AS n\n```\n",
    },
    async (workspace) => {
      const others = (html: string): readonly string[] =>
        html.match(/<template data-key=[^]*?<\/template>/g) ?? [];
      expect((await lakebook(["run", "a"], { workspace })).code).toBe(0);
      const alone = await lakebook(["export", "a"], { workspace });
      expect(alone.stderr).toBe("");
      expect(others(alone.stdout)).toEqual([expect.stringContaining("<td>MAD</td>")]);
      await workspace.replace("notebooks/a.md", "1 AS n", "2 AS n");
      expect((await lakebook(["run", "a"], { workspace })).code).toBe(0);
      const server = await ServerProcess.start(workspace.root);
      const made = await lakebook(["share", "a", "--json"], { workspace });
      const { url } = made.json() as { readonly url: string };
      expect(others(await (await fetch(url)).text())).toEqual([expect.stringMatching(/MAD.*2/)]);
      await server.kill();
    },
  ));

test("an export says of which rows a run would give others now, and why", () =>
  withWorkspace(
    {
      "input/orders.csv": "id,city\n1,BCN\n",
      "notebooks/a.md": [
        ...[
          "cell: orders\nSELECT * FROM read_csv('input/orders.csv')",
          "cell: totals\nSELECT city, count(*) AS n FROM orders GROUP BY city",
          "cell: fixed\nSELECT 1 AS x",
          "cell: drawn\nSELECT now() AS t",
        ].map((text) => `\`\`\`sql\n--| ${text}\n\`\`\`\n`),
        "```yaml\nchart: by_city\nfrom: totals\nmark: bar\nx: city\ny: n\n```\n",
      ].join("\n"),
    },
    async (workspace) => {
      const section = async (cell: string): Promise<string> => {
        const { stdout } = await lakebook(["export", "a", "--format", "html"], { workspace });
        return (
          new RegExp(`<section class="cell" aria-label="${cell}">[^]*?</section>`).exec(stdout)?.[0] ?? ""
        );
      };
      expect((await lakebook(["run", "a", "--date", "2026-11-22"], { workspace })).code).toBe(0);
      for (const cell of ["orders", "totals", "fixed", "drawn", "by_city"])
        expect(await section(cell), cell).not.toMatch(/out of date/i);
      await workspace.write("input/orders.csv", "id,city\n1,BCN\n2,MAD\n");
      expect(await section("orders")).toMatch(/<\/svg> out of date[^]*Out of date: [^<]*input\/orders\.csv/);
      for (const cell of ["totals", "by_city"]) expect(await section(cell), cell).toContain("Out of date: ");
      for (const cell of ["fixed", "drawn"]) expect(await section(cell), cell).not.toMatch(/out of date/i);
      expect((await lakebook(["run", "a", "--date", "2026-11-22"], { workspace })).code).toBe(0);
      expect(await section("by_city")).not.toMatch(/out of date/i);
    },
  ));

describe("lakebook open", () => {
  test("makes a workspace for a file and serves it, without a browser too", async () => {
    const workspace = await createWorkspace({ "data/My Orders.csv": "id,city\n1,BCN\n2,MAD\n" });
    try {
      const root = workspace.path("opened");
      const args = ["open", workspace.path("data/My Orders.csv"), "--workspace", root];
      await serves(args);
      expect(await readdir(join(root, "input"))).toEqual(["My Orders.csv"]);
      const checked = await promisify(execFile)(process.execPath, [
        launcher,
        "run",
        "my_orders",
        "--workspace",
        root,
        "--json",
      ]);
      expect(JSON.parse(checked.stdout)).toMatchObject({ outcome: "succeeded" });
    } finally {
      await removeWorkspace(workspace);
    }
  });

  test("makes one for all data files of a folder, uses a workspace as it is, and starts in an empty folder", async () => {
    const workspace = await createWorkspace({
      "data/orders.csv": "id,city\n1,BCN\n",
      "data/zones.json": '[{"city": "BCN"}]',
      "data/notes.txt": "not data",
      "data/paper.pdf": "%PDF-1.7",
      "data/old.csv": "\0\x01\x02",
      "data/prices.csv": "id;price\n1;1,5\n",
      "notebooks/mine.md": "# Mine\n",
    });
    try {
      const opened = workspace.path("opened");
      const said = await serves(["open", workspace.path("data"), "--workspace", opened]);
      for (const name of ["notes.txt", "paper.pdf", "old.csv"])
        expect(said).toMatch(new RegExp(`Left out.*${name}`));
      expect(said).toContain('prices: A comma is the decimal sign of "price".');
      expect(await readdir(join(opened, "input"))).toEqual(["orders.csv", "prices.csv", "zones.json"]);
      expect(await readdir(join(opened, "notebooks"))).toEqual(["data.md"]);
      expect((await lakebook(["check", "data", "--workspace", opened])).code).toBe(0);

      await serves(["open", workspace.root]);
      expect(await readdir(workspace.path("notebooks"))).toEqual(["mine.md"]);

      const empty = workspace.path("empty");
      await mkdir(empty);
      await serves(["open", empty]);
      expect(await readdir(join(empty, "notebooks"))).toEqual(["empty.md"]);
    } finally {
      await removeWorkspace(workspace);
    }
  });

  test("a folder of Parquet parts becomes one cell, with the partitions that its folders name", async () => {
    const workspace = await createWorkspace();
    const connection = await (await DuckDBInstance.create()).connect();
    try {
      const data = workspace.path("it's data");
      await connection.run(
        `COPY (SELECT range AS n, range % 3 AS part FROM range(9)) TO '${data.replaceAll("'", "''")}' (FORMAT parquet, PARTITION_BY part)`,
      );
      const root = workspace.path("opened");
      await serves(["open", data, "--workspace", root]);
      const sql = "SELECT count(*), sum(n), sum(part) FROM it_s_data";
      const query = ["query", sql, "--notebook", "it_s_data", "--format", "json", "--workspace", root];
      expect((await lakebook(query)).json()).toMatchObject({ rows: [["9", "36", "9"]] });
    } finally {
      connection.closeSync();
      await removeWorkspace(workspace);
    }
  });

  test("what cannot be read is refused with what to do, and leaves nothing behind", async () => {
    const workspace = await createWorkspace({ "data/old.xls": "<html><table></table></html>" });
    try {
      const root = workspace.path("opened");
      const { code, stderr } = await lakebook(["open", workspace.path("data/old.xls"), "--workspace", root]);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/web page.*\n.*CSV/)]);
      await expect(readdir(root)).rejects.toThrow();
    } finally {
      await removeWorkspace(workspace);
    }
  });

  test("says what does not exist", async () => {
    const { code, stderr } = await lakebook(["open", "/absent/file.csv"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("does not exist")]);
  });
});

/** Starts, says where, and ends. Returns what it said on the way. */
async function serves(args: readonly string[]): Promise<string> {
  const server = new CommandProcess(args, { env: { PATH: "/nowhere" } });
  await expect.poll(() => server.stdout, { timeout: 30_000 }).toMatch(/running at http/);
  await server.stop("SIGTERM");
  return server.stderr;
}

/** Runs the script as a shell started in the folder would, then queries for one value each. */
async function inFolder(folder: string, script: string, queries: readonly string[]): Promise<unknown[]> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  try {
    await connection.run(`SET file_search_path = '${folder.replaceAll("'", "''")}'`);
    await connection.run(script);
    const values: unknown[] = [];
    for (const query of queries) values.push((await connection.runAndReadAll(query)).getRowsJson()[0]?.[0]);
    return values;
  } finally {
    connection.closeSync();
  }
}
