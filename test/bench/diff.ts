import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { summarize, type Series } from "./measure.js";
import { BenchServer } from "./server.js";

const dates = ["2026-10-01", "2026-11-01"] as const;

/** One row in 50 changes, a thousand go and come. */
const notebook = (rows: number, month: number): string =>
  ["keyed", "keyless"]
    .map(
      (cell) => `\`\`\`sql
--| cell: ${cell}
--| materialize: parquet${cell === "keyed" ? "\n--| key: id" : ""}
SELECT range AS id, 'city ' || range % 400 AS city, range % 1000 AS n,
  range * 0.37 + CASE WHEN range % 50 = 0 THEN ${month * 5} ELSE 0 END AS amount,
  TIMESTAMP '2026-01-01' + to_seconds(range % 1000000) AS at, 'note ' || range AS note
FROM range(${month * 1000}, ${rows + month * 1000})
\`\`\`
`,
    )
    .join("\n");

/** What is joined and compared bare: all columns, as one count. */
const BARE = `SELECT count(*) FROM before_rows AS b FULL JOIN after_rows AS a ON b.id = a.id
  WHERE ${["city", "n", "amount", "at", "note"].map((name) => `b.${name} IS DISTINCT FROM a.${name}`).join(" OR ")}`;

export interface DiffTimes {
  readonly bare: Series;
  /** By a key that is named. */
  readonly keyed: Series;
  /** By one that has to be found. */
  readonly keyless: Series;
}

interface DiffAnswer {
  readonly key: readonly string[];
  readonly added: number;
  readonly changed: number;
}

/** Two published dates of so many rows compared by a running server, beside a bare full outer join of their files, in turn. */
export async function measureDiff(
  main: string,
  workspace: string,
  rows: number,
  runs: number,
): Promise<DiffTimes> {
  for (const folder of ["notebooks", "input", "data_lake"])
    await mkdir(join(workspace, folder), { recursive: true });
  const taken = { bare: [] as number[], keyed: [] as number[], keyless: [] as number[] };
  await writeFile(join(workspace, "notebooks/rows.md"), notebook(rows, 0));
  const server = await BenchServer.start(main, workspace);
  try {
    for (const [month, date] of dates.entries()) {
      await writeFile(join(workspace, "notebooks/rows.md"), notebook(rows, month));
      await server.materialize("rows", date);
    }
    const bare = await openBare(workspace);
    for (let turn = -1; turn < runs; turn++) {
      const started = performance.now();
      await (await bare.run(BARE)).getRowsJson();
      const seconds = { bare: (performance.now() - started) / 1000 };
      const answers = { keyed: await ask(server, "keyed"), keyless: await ask(server, "keyless") };
      if (turn < 0) continue;
      taken.bare.push(seconds.bare);
      taken.keyed.push(answers.keyed);
      taken.keyless.push(answers.keyless);
    }
  } finally {
    await server.stop();
  }
  return {
    bare: summarize(taken.bare),
    keyed: summarize(taken.keyed),
    keyless: summarize(taken.keyless),
  };
}

/** In seconds. */
async function ask(server: BenchServer, dataset: string): Promise<number> {
  const path = `/api/lake/diff?dataset=${dataset}&from=${dates[0]}&to=${dates[1]}`;
  const { seconds, answer } = await server.ask<DiffAnswer>("GET", path);
  if (answer.key.join() !== "id" || answer.added !== 1000 || answer.changed === 0)
    throw new Error(`${path} gave ${JSON.stringify(answer).slice(0, 200)}`);
  return seconds;
}

async function openBare(workspace: string): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  for (const [index, name] of ["before_rows", "after_rows"].entries()) {
    const folder = join(workspace, "data_lake", dates[index] ?? "", "keyed");
    const files = (await readdir(folder)).map((file) => `'${join(folder, file)}'`);
    await connection.run(`CREATE VIEW ${name} AS FROM read_parquet([${files.join(", ")}])`);
  }
  return connection;
}
