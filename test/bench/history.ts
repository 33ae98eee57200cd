import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../server/base/hash.js";
import { measureProcess, settleDisk, summarize } from "./measure.js";
import { BenchServer } from "./server.js";

/** What an old lake may take beyond 1.5 times an empty one: names have to be listed, however few files are read. */
export const HISTORY_ALLOWANCE_SECONDS = 0.25;
const TURNS = 5;
const NOTEBOOK = "aged";
const DATE = "2026-11-01";
export const historyParts = ["start", "run", "runs", "lake", "resume"] as const;
type Turn = Readonly<Record<(typeof historyParts)[number], number>>;

/** Seconds, each the median of five. */
export interface HistoryTimes extends Turn {
  readonly name: string;
}

interface Age {
  readonly name: string;
  readonly make: (root: string, main: string) => Promise<void>;
  /** Below the lake's own folder: there must still be so many afterwards, or nothing old was measured. */
  readonly folder: string;
  readonly count: number;
}

const ages: readonly Age[] = [
  { name: "empty", make: () => Promise.resolve(), folder: "runs", count: 1 },
  { name: "1,000 runs", make: (root) => addRuns(root, 1000), folder: "runs", count: 1000 },
  { name: "10,000 runs", make: (root) => addRuns(root, 10_000), folder: "runs", count: 10_000 },
  // Some are the turn's own, and no more than so many are kept.
  { name: "10,000 results", make: (root) => addResults(root, 10_000), folder: "scratch", count: 9900 },
  { name: "400 run dates", make: (root, main) => addDates(root, main, 400), folder: "log", count: 400 },
];

/**
 * The product with lakes of some age: copies of what real runs left, and run dates that it published itself. One turn of
 * each after the other, so that all meet the same machine.
 */
export async function measureHistory(main: string, say: (text: string) => void): Promise<HistoryTimes[]> {
  const home = await mkdtemp(join(tmpdir(), "lakebook-history-"));
  try {
    const lakes = ages.map((age, index) => ({
      ...age,
      root: join(home, String(index)),
      turns: [] as Turn[],
    }));
    for (const { name, make, root } of lakes) {
      say(`Making: ${name}`);
      await createWorkspace(root, main);
      await make(root, main);
      // The first start after the copies were made writes down what it learns of them.
      await (await BenchServer.start(main, root)).stop();
    }
    for (let turn = 0; turn < TURNS; turn++) {
      say(`Turn ${turn + 1} of ${TURNS}`);
      for (const { root, turns } of lakes) {
        settleDisk();
        turns.push(await measure(root, main));
      }
    }
    for (const lake of lakes) await assertIsOld(lake);
    return lakes.map(({ name, turns }) => ({ name, ...medianOf(turns) }));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function assertIsOld({ name, folder, count, root }: Age & { readonly root: string }): Promise<void> {
  const found = (await readdir(join(root, "data_lake/.lake", folder))).length;
  if (found < count) throw new Error(`${name}: only ${found} are left`);
}

/** One run and one materialization, so that there is something to copy. */
async function createWorkspace(root: string, main: string): Promise<void> {
  for (const folder of ["notebooks", "input", "data_lake"])
    await mkdir(join(root, folder), { recursive: true });
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
  const id = await findMaterialization(folder);
  const text = await readFile(join(folder, id, "run.json"), "utf8");
  for (let index = 0; index < count; index++) {
    const digits = String(index).padStart(6, "0");
    const copy = `20250101-${digits}-${(index % 4096).toString(16).padStart(6, "0")}`;
    await mkdir(join(folder, copy));
    await writeFile(join(folder, copy, "run.json"), text.replaceAll(id, copy));
  }
}

/** Explorations would go at the next start. */
async function findMaterialization(folder: string): Promise<string> {
  for (const id of (await readdir(folder)).filter((name) => /^\d/.test(name)))
    if ((await readFile(join(folder, id, "run.json"), "utf8")).includes('"mode":"materialize"')) return id;
  throw new Error("no materialization was recorded");
}

async function addResults(root: string, count: number): Promise<void> {
  const folder = join(root, "data_lake/.lake/scratch");
  const [kept = ""] = (await readdir(folder)).filter((name) => !name.startsWith("."));
  if (kept === "") throw new Error("no result was kept");
  // What is not called `<fingerprint>.<time and chance>.<bytes>` would go at the next start.
  const rest = kept.slice(kept.indexOf("."));
  for (let index = 0; index < count; index++)
    await cp(join(folder, kept), join(folder, sha256(String(index)) + rest), { recursive: true });
}

async function addDates(root: string, main: string, count: number): Promise<void> {
  const server = await BenchServer.start(main, root);
  for (let day = 1; day <= count; day++)
    await server.materialize(NOTEBOOK, new Date(Date.UTC(2024, 0, day)).toISOString().slice(0, 10));
  await server.stop();
}

async function measure(root: string, main: string): Promise<Turn> {
  const started = performance.now();
  const server = await BenchServer.start(main, root);
  const start = (performance.now() - started) / 1000;
  const runs = (await server.ask("GET", "/api/runs?limit=50")).seconds;
  const lake = (await server.ask("GET", "/api/lake?dates=24")).seconds;
  await server.run("small");
  const run = (await server.run("small")).seconds;
  await server.stop();
  const command = [process.execPath, main, "materialize", NOTEBOOK, "--date", DATE, "--workspace", root];
  const resume = (await measureProcess(command)).seconds;
  return { start, run, runs, lake, resume };
}

function medianOf(turns: readonly Turn[]): Turn {
  const median = (part: (typeof historyParts)[number]): number =>
    summarize(turns.map((turn) => turn[part])).median;
  return Object.fromEntries(historyParts.map((part) => [part, median(part)])) as Record<
    (typeof historyParts)[number],
    number
  >;
}
