import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { summarize, type Series } from "./measure.js";
import { comparePicked, pickedCharts } from "./picked.js";
import { BenchServer, type RunView } from "./server.js";

const date = "2026-11-01";

const notebook = (rows: number): string => `\`\`\`sql
--| cell: big
--| materialize: parquet
SELECT range AS id, 'city ' || range % 50 AS city, hash(range) % 1000000 / 100 AS amount,
  TIMESTAMP '2020-01-01' + INTERVAL 1 MINUTE * (range % 1000000) AS at
FROM range(${rows})
\`\`\`
${pickedCharts}`;

/** Uses all cores for as long as anybody lets it. */
const heavy = `\`\`\`sql
--| cell: heavy
SELECT sum(hash(a.range + b.range)) AS n FROM range(1000000) AS a, range(1000000) AS b
\`\`\`
`;

export interface Compared {
  readonly name: string;
  readonly product: Series;
  /** The same query in a DuckDB that is open already, in seconds too. */
  readonly bare: Series;
  readonly aim: Aim;
}

/** At most so many times the bare query, and a fixed allowance for HTTP and the hop into another process. */
export interface Aim {
  readonly ratio: number;
  /** In seconds, whatever the bare query takes. */
  readonly most?: number;
}

export const ALLOWANCE_SECONDS = 0.01;

export interface BrowseTimes {
  readonly compared: readonly Compared[];
  /** Of small requests while a run uses all cores, in seconds. */
  readonly p99: number;
  /** Of /healthz while a notebook of 2,000 cells is saved again and again, in seconds. */
  readonly savingP99: number;
}

interface RowsAnswer {
  readonly rows: readonly (readonly unknown[])[];
}

/** What a page asks for while somebody looks through a large result, beside the bare query. */
export async function browse(
  main: string,
  workspace: string,
  rows: number,
  runs: number,
): Promise<BrowseTimes> {
  for (const folder of ["notebooks", "input", "data_lake"])
    await mkdir(join(workspace, folder), { recursive: true });
  await writeFile(join(workspace, "notebooks/rows.md"), notebook(rows));
  await writeFile(join(workspace, "notebooks/heavy.md"), heavy);
  await writeFile(join(workspace, "notebooks/large.md"), largeNotebook(0));
  const server = await BenchServer.start(main, workspace);
  try {
    await server.materialize("rows", date);
    const bare = await openBare(join(workspace, "data_lake", date, "big"));
    const compared = [
      await comparePage(server, bare, runs, "page at the start", 0),
      await comparePage(server, bare, runs, "page in the middle", Math.floor(rows / 2)),
      await comparePage(server, bare, runs, "page at the end", rows - 100),
      await compareFiltered(server, bare, runs, Math.floor(rows / 2)),
      ...(await compareSorted(server, bare, runs, Math.floor(rows / 2))),
      await compareChart(server, bare, runs),
      ...(await comparePicked(server, (name, sql, ask) =>
        measure(Math.max(runs, MIN_SHORT_TURNS), name, { ratio: 1.5, most: 0.1 }, bare, sql, ask),
      )),
    ];
    return { compared, p99: await underLoad(server), savingP99: await whileSaving(server) };
  } finally {
    await server.stop();
  }
}

const page = "/api/notebooks/rows/cells/big/rows?limit=100";

async function comparePage(
  server: BenchServer,
  bare: DuckDBConnection,
  runs: number,
  name: string,
  offset: number,
): Promise<Compared> {
  const sql = `SELECT * FROM result LIMIT 100 OFFSET ${offset}`;
  const turns = Math.max(runs, MIN_SHORT_TURNS);
  return measure(turns, name, { ratio: 1.5, most: 0.15 }, bare, sql, () =>
    askPage(server, `${page}&offset=${offset}`),
  );
}

/** The product counts all rows that the filter lets through as well. */
async function compareFiltered(
  server: BenchServer,
  bare: DuckDBConnection,
  runs: number,
  middle: number,
): Promise<Compared> {
  let turn = 0;
  const sql = `SELECT * FROM result WHERE id >= 1 LIMIT 100 OFFSET ${middle}`;
  const aim = { ratio: 1.5, most: 2 };
  return measure(runs, "first page, filtered, in the middle", aim, bare, sql, async () => {
    const path = `${page}&filter=id:ge:${++turn}`;
    const seconds = await askPage(server, `${path}&offset=${middle}`);
    // Waits for the copy, so that it is not made while the bare query runs.
    await askPage(server, `${path}&offset=${middle + 100}`);
    return seconds;
  });
}

/** The filter lets every row through, and makes each turn the first one of its kind. */
async function compareSorted(
  server: BenchServer,
  bare: DuckDBConnection,
  runs: number,
  middle: number,
): Promise<Compared[]> {
  let turn = 0;
  const pathOf = (offset: number): string => `${page}&sort=-amount&filter=id:ge:-${turn}&offset=${offset}`;
  const sqlOf = (offset: number): string =>
    `SELECT * FROM result WHERE id >= -1 ORDER BY amount DESC LIMIT 100 OFFSET ${offset}`;
  const jumps: number[] = [];
  const ofFirst = { ratio: 1.5, most: 2 };
  const first = await measure(runs, "first page, sorted", ofFirst, bare, sqlOf(0), async () => {
    turn++;
    const seconds = await askPage(server, pathOf(0));
    jumps.push(await askPage(server, pathOf(middle)));
    await askPage(server, pathOf(middle + 100));
    return seconds;
  });
  const far = await measure(
    runs,
    "first page, sorted, in the middle",
    ofFirst,
    bare,
    sqlOf(middle),
    async () => {
      turn++;
      const seconds = await askPage(server, pathOf(middle));
      // The second one waits for the copy, so that it is not made while the bare query runs.
      await askPage(server, pathOf(middle + 100));
      return seconds;
    },
  );
  const ofLater = { ratio: 1.5, most: 0.15 };
  const later = await measure(runs, "later page of it", ofLater, bare, sqlOf(middle), () =>
    askPage(server, pathOf(middle)),
  );
  const jump = {
    name: "  the page in the middle right after",
    product: summarize(jumps.slice(1)),
    aim: ofFirst,
  };
  return [first, { ...jump, bare: far.bare }, far, later];
}

/** In seconds. */
async function askPage(server: BenchServer, path: string): Promise<number> {
  const { seconds, answer } = await server.ask<RowsAnswer>("GET", path);
  if (answer.rows.length !== 100) throw new Error(`${path} gave ${answer.rows.length} rows`);
  return seconds;
}

async function compareChart(server: BenchServer, bare: DuckDBConnection, runs: number): Promise<Compared> {
  const body = { from: "big", chart: { mark: "barY", x: "city", y: "count()" } };
  const ask = () => server.ask<{ readonly sql: string }>("POST", "/api/notebooks/rows/chart", body);
  const { sql } = (await ask()).answer;
  const turns = Math.max(runs, MIN_SHORT_TURNS);
  return measure(turns, "chart", { ratio: 1.3 }, bare, sql, async () => (await ask()).seconds);
}

/** What takes milliseconds is asked for more often: the first few times the server's code is not compiled yet. */
const MIN_SHORT_TURNS = 20;

/** Alternately, after one of each that nobody counts. */
async function measure(
  runs: number,
  name: string,
  aim: Aim,
  bare: DuckDBConnection,
  sql: string,
  ask: () => Promise<number>,
): Promise<Compared> {
  const taken = { product: [] as number[], bare: [] as number[] };
  for (let turn = -1; turn < runs; turn++) {
    const product = await ask();
    const started = performance.now();
    await (await bare.run(sql)).getRowsJson();
    const seconds = (performance.now() - started) / 1000;
    if (turn < 0) continue;
    taken.product.push(product);
    taken.bare.push(seconds);
  }
  return { name, aim, product: summarize(taken.product), bare: summarize(taken.bare) };
}

async function openBare(folder: string): Promise<DuckDBConnection> {
  const files = (await readdir(folder)).map((file) => `'${join(folder, file)}'`);
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run(`CREATE VIEW result AS FROM read_parquet([${files.join(", ")}])`);
  return connection;
}

const SMALL_REQUESTS = 300;
const smallPaths = ["/healthz", "/api/notebooks", "/api/notebooks/rows"];

async function underLoad(server: BenchServer): Promise<number> {
  const { answer: run } = await server.ask<{ readonly id: string }>("POST", "/api/notebooks/heavy/runs", {});
  while (!(await server.ask<RunView>("GET", `/api/runs/${run.id}`)).answer.cells.some(isRunning)) continue;
  const seconds: number[] = [];
  for (let n = 0; n < SMALL_REQUESTS; n++)
    seconds.push((await server.ask("GET", smallPaths[n % smallPaths.length] ?? "")).seconds);
  await server.ask("POST", `/api/runs/${run.id}/cancel`, {});
  return p99Of(seconds);
}

const LARGE_CELLS = 2000;
const LARGE_SAVES = 10;

async function whileSaving(server: BenchServer): Promise<number> {
  const seconds: number[] = [];
  const work = { isDone: false };
  const saving = saveLarge(server).finally(() => (work.isDone = true));
  while (!work.isDone) seconds.push((await server.ask("GET", "/healthz")).seconds);
  await saving;
  return p99Of(seconds);
}

async function saveLarge(server: BenchServer): Promise<void> {
  for (let turn = 0; turn < LARGE_SAVES; turn++)
    await server.ask("PUT", "/api/notebooks/large", { text: largeNotebook(turn) }, { "if-match": "*" });
}

function largeNotebook(turn: number): string {
  const cells = Array.from(
    { length: LARGE_CELLS },
    (_, n) =>
      `\`\`\`sql\n--| cell: c${n}\nSELECT ${turn} + ${n} AS n${n > 0 ? ` FROM c${n >> 1}` : ""}\n\`\`\`\n`,
  );
  return cells.join("\n");
}

function p99Of(seconds: readonly number[]): number {
  return seconds.toSorted((a, b) => a - b)[Math.ceil(seconds.length * 0.99) - 1] ?? NaN;
}

function isRunning({ status }: RunView["cells"][number]): boolean {
  return status === "running";
}
