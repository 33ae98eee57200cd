import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../server/base/hash.js";
import { measureProcess, summarize } from "./measure.js";
import { BenchServer } from "./server.js";

/** What an old lake may take beyond 1.5 times an empty one: names have to be listed, however few files are read. */
export const HISTORY_ALLOWANCE_SECONDS = 0.25;
const TURNS = 3;
const NOTEBOOK = "aged";
const DATE = "2026-11-01";

export interface HistoryTimes {
  readonly name: string;
  /** Seconds, each the median of three. */
  readonly start: number;
  readonly run: number;
  readonly runs: number;
  readonly lake: number;
  readonly resume: number;
}

/** The product with a lake of some age: copies of what real runs left, and run dates that it published itself. */
export async function measureHistory(main: string, say: (text: string) => void): Promise<HistoryTimes[]> {
  const ages: readonly (readonly [string, (root: string, server: string) => Promise<void>])[] = [
    ["empty", () => Promise.resolve()],
    ["1,000 runs", (root) => addRuns(root, 1000)],
    ["10,000 runs", (root) => addRuns(root, 10_000)],
    ["10,000 results", (root) => addResults(root, 10_000)],
    ["400 run dates", (root, server) => addDates(root, server, 400)],
  ];
  const times: HistoryTimes[] = [];
  for (const [name, age] of ages) {
    say(`History: ${name}`);
    const root = await mkdtemp(join(tmpdir(), "lakebook-history-"));
    try {
      await createWorkspace(root, main);
      await age(root, main);
      times.push({ name, ...(await measure(root, main)) });
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  }
  return times;
}

/** One run and one materialization, so that there is something to copy. */
async function createWorkspace(root: string, main: string): Promise<void> {
  for (const folder of ["notebooks", "input", "data_lake"]) await mkdir(join(root, folder));
  const cells = ["a", "b", "c", "d", "e"].map(
    (name) => `\`\`\`sql\n--| cell: ${name}\n--| materialize: [parquet, csv]\n--| partition_by: [g]
SELECT k, k % 20 AS g, '${name}' AS c FROM range(2000) t(k)\n\`\`\`\n`,
  );
  const query =
    "```sql\n--| cell: q\nSELECT 1 AS x\n```\n\n```sql\n--| cell: r\nFROM q\n```\n\n```sql\n--| cell: s\nFROM q\n```\n";
  await writeFile(join(root, "notebooks", `${NOTEBOOK}.md`), cells.join("\n"));
  await writeFile(join(root, "notebooks", "small.md"), query);
  const server = await BenchServer.start(main, root);
  await server.materialize(NOTEBOOK, DATE);
  await server.run("small");
  await server.stop();
}

async function addRuns(root: string, count: number): Promise<void> {
  const folder = join(root, "data_lake/.lake/runs");
  const [id = ""] = (await readdir(folder)).filter((name) => /^\d/.test(name));
  const text = await readFile(join(folder, id, "run.json"), "utf8");
  for (let index = 0; index < count; index++) {
    const digits = String(index).padStart(6, "0");
    const copy = `20250101-${digits}-${(index % 4096).toString(16).padStart(6, "0")}`;
    await mkdir(join(folder, copy));
    await writeFile(join(folder, copy, "run.json"), text.replaceAll(id, copy));
  }
}

async function addResults(root: string, count: number): Promise<void> {
  const folder = join(root, "data_lake/.lake/scratch");
  const [kept = ""] = (await readdir(folder)).filter((name) => !name.startsWith("."));
  if (kept === "") throw new Error("no result was kept");
  for (let index = 0; index < count; index++)
    await cp(join(folder, kept), join(folder, sha256(String(index))), { recursive: true });
}

async function addDates(root: string, main: string, count: number): Promise<void> {
  const server = await BenchServer.start(main, root);
  for (let day = 1; day <= count; day++)
    await server.materialize(NOTEBOOK, new Date(Date.UTC(2024, 0, day)).toISOString().slice(0, 10));
  await server.stop();
}

async function measure(root: string, main: string): Promise<Omit<HistoryTimes, "name">> {
  // The first start after the copies were made writes down what it learns of them.
  await (await BenchServer.start(main, root)).stop();
  const taken = { start: [] as number[], run: [] as number[], runs: [] as number[], lake: [] as number[] };
  const resumed: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const started = performance.now();
    const server = await BenchServer.start(main, root);
    taken.start.push((performance.now() - started) / 1000);
    taken.runs.push((await server.ask("GET", "/api/runs?limit=50")).seconds);
    taken.lake.push((await server.ask("GET", "/api/lake?dates=24")).seconds);
    await server.run("small");
    taken.run.push((await server.run("small")).seconds);
    await server.stop();
    const command = [process.execPath, main, "materialize", NOTEBOOK, "--date", DATE, "--workspace", root];
    resumed.push((await measureProcess(command)).seconds);
  }
  const median = (values: readonly number[]): number => summarize(values).median;
  return {
    start: median(taken.start),
    run: median(taken.run),
    runs: median(taken.runs),
    lake: median(taken.lake),
    resume: median(resumed),
  };
}
