/**
 * `npm run bench -- [--conversations N] [--runs N] [--rows N] [--history|--diff|--months|--formats|--cells|--spark|--peers [--install]] [--json]`, or BENCH_CONVERSATIONS and BENCH_RUNS: the product beside a
 * plain DuckDB script, alternately in one run, so that both meet the same machine. What is measured:
 *
 * plain    test/bench/plain.js as a whole process: copy of the input, the same Parquet and CSV, no safety
 * cold     `lakebook materialize` as a whole process in a new workspace: pinned input, hashes, checks, fsync, commit
 * reused   the same notebook again in a running server, from the HTTP request to the event that it has finished
 * edited   the same with one aggregation changed, so that it and the joined dataset are computed
 * overhead of that, beyond what its record says of the cells and checks that were computed, one after the other
 * subset   what the plain script needs for just these two, without its start and without checks
 *
 * browse   pages, a sorted page and a chart of a result of so many rows (--rows), beside the bare query, with an
 *          allowance for HTTP and the hop into another process; and how long small requests take (p99) while a run
 *          uses all cores, and while a notebook of 2,000 cells is saved
 *
 * history  (only this, with --history) start, run of three trivial cells, GET runs, lake page, and a whole process that finds
 *          everything reused, in lakes with 0, 1,000, 10,000 runs, 10,000 kept results and 400 run dates
 * months   (only this, with --months) the shipped notebook in a running server, 24 deliveries one after the other: each month
 *          beside the first delivery, the last beside the third in time and bytes, and the same delivery again
 * formats  (only this, with --formats) plain and cold with the messages as arrays of three kinds, JSON lines, CSV, Parquet
 * cells    (only this, with --cells) what people wait for with the shipped notebook open, and with one of 100 cells
 * peers    (only this, with --peers) the same pipeline by PySpark, dbt-duckdb and the plain script, where Python has them;
 *          --install puts them into a temporary folder. Their results are compared before anything is reported.
 *
 * spark    (only this, with --spark) the notebook on a Spark server of two cores, beside a PySpark script that does the same there;
 *          SPARK_PYTHON names a Python with pyspark[connect] 4.3
 *
 * diff     (only this, with --diff) two published dates of so many rows (--rows) compared by the running server, by a key
 *          that is named and by one that it has to find, beside a bare full outer join that compares all columns
 *
 * Memory is measured in runs of their own: the sum of the proportional set sizes of all processes, every 50 ms.
 */
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { setup as ensureBuild } from "../support/ensure-build.js";
import { distFolder, mainScript } from "../support/cli.js";
import { chainOf } from "../support/workspace-notebook.js";
import { writeSampleInput } from "../../server/workspace/write-sample.js";
import { createWorkspace, date, editAggregation, materializeCommand, settle } from "./workspace.js";
import { ALLOWANCE_SECONDS, browse, type Aim, type BrowseTimes } from "./browse.js";
import { CELLS_ALLOWANCE_SECONDS, CELLS_RATIO, measureCells, notebookParts } from "./cells.js";
import type { NotebookTimes } from "./cells.js";
import { measureFormats, type FormatTimes } from "./formats.js";
import { measurePeers, type PeersReport } from "./peers.js";
import { measureSpark, type SparkTimes } from "./spark.js";
import { measureDiff, type DiffTimes } from "./diff.js";
import { LATER_RATIO, measureMonths, NEXT_RATIO, SAME_RATIO, type MonthTimes } from "./months.js";
import { HISTORY_ALLOWANCE_SECONDS, historyParts, measureHistory, type HistoryTimes } from "./history.js";
import { measureProcess, settleDisk, summarize, type Series } from "./measure.js";
import { edited, inputFiles, joined, planPlain } from "./plan.js";
import { BenchServer, type RunView } from "./server.js";

const checkout = resolve(import.meta.dirname, "../..");
const plain = fileURLToPath(new URL("plain.js", import.meta.url));

const { values } = parseArgs({
  options: {
    conversations: { type: "string", default: process.env["BENCH_CONVERSATIONS"] ?? "100000" },
    runs: { type: "string", default: process.env["BENCH_RUNS"] ?? "5" },
    rows: { type: "string", default: process.env["BENCH_ROWS"] ?? "10000000" },
    history: { type: "boolean", default: false },
    formats: { type: "boolean", default: false },
    cells: { type: "boolean", default: false },
    peers: { type: "boolean", default: false },
    spark: { type: "boolean", default: false },
    install: { type: "boolean", default: false },
    diff: { type: "boolean", default: false },
    months: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const conversations = Number(values.conversations);
const runs = Number(values.runs);
const rows = Number(values.rows);
if (!(conversations >= 1) || !(runs >= 1) || !(rows >= 1000))
  throw new Error("--conversations, --runs and --rows take whole numbers");

if (process.env["LAKEBOOK_DIST"] === undefined) ensureBuild();
const home = await mkdtemp(join(tmpdir(), "lakebook-bench-"));
try {
  if (values.diff) reportDiff(await measureDiff(mainScript, join(home, "diff"), rows, runs));
  else if (values.months)
    reportMonths(await measureMonths(mainScript, home, checkout, { conversations, months: 24 }));
  else if (values.history) reportHistory(await measureHistory(mainScript, say));
  else await measure(await generate());
} finally {
  await rm(home, { recursive: true, force: true });
}

interface Sample {
  readonly input: string;
  readonly messages: number;
  readonly inputBytes: number;
}

async function generate(): Promise<Sample> {
  const input = join(home, "input");
  say(`Generating ${conversations} conversations ...`);
  const { messages } = await writeSampleInput({ folder: input, conversations, seed: 1 });
  const sizes = await Promise.all(inputFiles.map(async (file) => (await stat(join(input, file))).size));
  const inputBytes = sizes.reduce((sum, size) => sum + size, 0);
  say(
    `${messages} messages, ${megabytes(inputBytes)} MB of JSON; ${runs} runs, built product in ${distFolder}`,
  );
  return { input, messages, inputBytes };
}

async function measure(sample: Sample): Promise<void> {
  const { input } = sample;
  if (values.formats) reportFormats(await measureFormats(checkout, plain, home, input, runs, say));
  else if (values.cells) reportCells(await measureCells(checkout, home, { input, files: inputFiles }, say));
  else if (values.spark) reportSpark(await measureSpark({ checkout, home, input, runs, memory: "6g" }, say));
  else if (values.peers) {
    const python = process.env["BENCH_PYTHON"] ?? "python3";
    const options = { runs, python, install: values.install };
    reportPeers(await measurePeers(checkout, plain, home, input, options, say));
  } else await bench(sample);
}

async function bench({ input, messages, inputBytes }: Sample): Promise<void> {
  const series = await alternate(input);
  const memory = await peaks(input, null);
  const limit = limitBelow(inputBytes);
  const outOfCore = await peaks(input, limit);
  const check = await checkManyCells();
  say(`Browsing ${rows} rows`);
  const browsed = await browse(mainScript, join(home, "browse"), rows, runs);
  report({ inputBytes, messages, series, memory, limit, outOfCore, check, browsed });
}

type Name = "plain" | "cold" | "reused" | "edited" | "subset" | "overhead";

async function alternate(input: string): Promise<Record<Name, Series>> {
  const source = { root: checkout, input, files: inputFiles };
  const taken: Record<Name, number[]> = {
    plain: [],
    cold: [],
    reused: [],
    edited: [],
    subset: [],
    overhead: [],
  };
  for (let turn = 0; turn < runs; turn++) {
    say(`Run ${turn + 1} of ${runs}`);
    const out = join(home, "plain");
    const plan = await writePlan(input, out, null);
    settle(source, join(home, "scratch"));
    taken.plain.push((await measureProcess([process.execPath, plain, plan])).seconds);

    const workspace = await createWorkspace(join(home, `workspace-${turn}`), source);
    settle(source, join(home, "scratch"));
    taken.cold.push((await measureProcess(materializeCommand(workspace))).seconds);

    settleDisk();
    const server = await BenchServer.start(mainScript, workspace);
    // The first one reads what a server that has been up for a while knows.
    await server.materialize(joined, date);
    const reused = await server.materialize(joined, date);
    if (reused.run.cells.some((cell) => cell.outcome !== "reused"))
      throw new Error("Not everything was reused");
    taken.reused.push(reused.seconds);
    await editAggregation(workspace, turn);
    settleDisk();
    const changed = await server.materialize(joined, date);
    const computed = changed.run.cells
      .filter((cell) => cell.outcome === "succeeded")
      .map((cell) => cell.name);
    if (!computed.includes(edited) || !computed.includes(joined))
      throw new Error(`Computed: ${computed.join(", ")}`);
    taken.edited.push(changed.seconds);
    await server.stop();

    const subset = spawnSync(process.execPath, [plain, plan, `${edited},${joined}`], { encoding: "utf8" });
    if (subset.status !== 0) throw new Error(subset.stderr);
    taken.subset.push(Number(subset.stdout));
    taken.overhead.push(changed.seconds - secondsOf(changed.run));
    await rm(workspace, { recursive: true });
    await rm(out, { recursive: true });
  }
  return Object.fromEntries(
    Object.entries(taken).map(([name, numbers]) => [name, summarize(numbers)]),
  ) as Record<Name, Series>;
}

async function writePlan(input: string, out: string, memoryLimit: string | null): Promise<string> {
  const file = join(home, "plan.json");
  await writeFile(file, JSON.stringify(await planPlain(checkout, input, out, memoryLimit)));
  return file;
}

interface Peaks {
  readonly product: { readonly seconds: number; readonly peakBytes: number };
  readonly plain: { readonly seconds: number; readonly peakBytes: number };
}

async function peaks(input: string, memoryLimit: string | null): Promise<Peaks> {
  say(memoryLimit === null ? "Measuring memory" : `Out of core: memory_limit ${memoryLimit}`);
  const out = join(home, "plain");
  const plan = await writePlan(input, out, memoryLimit);
  const ofPlain = await measureProcess([process.execPath, plain, plan], { withMemory: true });
  const workspace = await createWorkspace(join(home, "memory"), {
    root: checkout,
    input,
    files: inputFiles,
    memoryLimit,
  });
  const ofProduct = await measureProcess(materializeCommand(workspace), { withMemory: true });
  await rm(workspace, { recursive: true });
  await rm(out, { recursive: true });
  return { product: ofProduct, plain: ofPlain };
}

/** A quarter of the input, but no less than DuckDB can start two cells with. */
function limitBelow(bytes: number): string {
  return `${Math.max(256, Math.floor(bytes / 4 / 1e6))}MB`;
}

interface CheckTimes {
  readonly node: Series;
  readonly check: Series;
}

async function checkManyCells(): Promise<CheckTimes> {
  say("Checking 200 cells");
  const workspace = join(home, "many");
  await mkdir(join(workspace, "notebooks"), { recursive: true });
  for (const folder of ["input", "data_lake"]) await mkdir(join(workspace, folder));
  await writeFile(join(workspace, "notebooks/many.md"), chainOf(200));
  const command = [process.execPath, mainScript, "check", "many", "--workspace", workspace];
  const taken = { node: [] as number[], check: [] as number[] };
  for (let turn = 0; turn < runs; turn++) {
    taken.node.push((await measureProcess([process.execPath, "-e", "0"])).seconds);
    taken.check.push((await measureProcess(command)).seconds);
  }
  return { node: summarize(taken.node), check: summarize(taken.check) };
}

interface Report {
  readonly inputBytes: number;
  readonly messages: number;
  readonly series: Record<Name, Series>;
  readonly memory: Peaks;
  readonly limit: string;
  readonly outOfCore: Peaks;
  readonly check: CheckTimes;
  readonly browsed: BrowseTimes;
}

function secondsOf({ cells }: RunView): number {
  const computed = cells.filter((cell) => cell.outcome === "succeeded");
  return computed.reduce((sum, { durationMs = 0 }) => sum + durationMs / 1000, 0);
}

function time(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toFixed(0)} ms` : `${seconds.toFixed(2)} s`;
}

function aimOf({ ratio, most = Infinity }: Aim, bare: number): string {
  const allowance = `${ratio} and ${time(ALLOWANCE_SECONDS)}: ${time(ratio * bare + ALLOWANCE_SECONDS)}`;
  return `aim ${allowance}${most < Infinity ? `, and ${time(most)}` : ""}`;
}

function report(result: Report): void {
  const { series, memory, outOfCore, check } = result;
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ conversations, runs, ...result }, null, 2)}\n`);
    return;
  }
  const base = series.plain.median;
  const line = (name: string, { median, min, max }: Series, ratio: string, aim: string): string =>
    `${name.padEnd(46)} ${time(median).padStart(8)}   ${`${time(min)} to ${time(max)}`.padEnd(20)} ${ratio.padStart(7)}   ${aim}`;
  const ratio = ({ median }: Series): string => (median / base).toFixed(3);
  const memoryLine = (name: string, { product, plain: other }: Peaks, aim: string): string =>
    `${name.padEnd(46)} ${`${megabytes(product.peakBytes)} MB`.padStart(8)}   ${`plain ${megabytes(other.peakBytes)} MB`.padEnd(20)} ${(product.peakBytes / other.peakBytes).toFixed(2).padStart(7)}   ${aim}`;
  const isOutOfCore = result.inputBytes > Number.parseInt(result.limit, 10) * 1e6;
  process.stdout.write(
    [
      `${`median of ${runs}`.padEnd(46)}     time   spread                 ratio`,
      line("plain script, whole process", series.plain, "1", ""),
      line("cold, whole process", series.cold, ratio(series.cold), "aim 1.2"),
      line("reused, in a running server", series.reused, ratio(series.reused), "aim 0.02"),
      line("one aggregation edited, in it", series.edited, ratio(series.edited), ""),
      line("  the plain script's two queries", series.subset, ratio(series.subset), ""),
      line("  beyond the cells that it computed", series.overhead, "", "aim 0.5 s"),
      line(
        "check of 200 cells, whole process",
        check.check,
        "",
        `aim 1 s more than node -e 0: ${(check.check.median - check.node.median).toFixed(2)} s more`,
      ),
      memoryLine("peak memory, cold", memory, "aim 1.5"),
      memoryLine(
        `peak memory, memory_limit ${result.limit}`,
        outOfCore,
        `${outOfCore.product.seconds.toFixed(1)} s, plain ${outOfCore.plain.seconds.toFixed(1)} s`,
      ),
      ...result.browsed.compared.map(({ name, product, bare, aim }) =>
        line(
          `${rows} rows: ${name}`,
          product,
          (product.median / bare.median).toFixed(2),
          `bare ${time(bare.median)}; ${aimOf(aim, bare.median)}`,
        ),
      ),
      `p99 of small requests under load: ${(result.browsed.p99 * 1000).toFixed(0)} ms   aim 100 ms`,
      `p99 of /healthz while 2,000 cells are saved: ${(result.browsed.savingP99 * 1000).toFixed(0)} ms   aim 100 ms`,
      ...(isOutOfCore
        ? []
        : [
            `(That limit is not below the input's ${megabytes(result.inputBytes)} MB: take more conversations.)`,
          ]),
      "",
    ].join("\n"),
  );
}

function reportDiff(times: DiffTimes): void {
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ rows, runs, ...times }, null, 2)}\n`);
    return;
  }
  const lines = (["bare", "keyed", "keyless"] as const).map((name) => {
    const { median, min, max } = times[name];
    const ratio = (median / times.bare.median).toFixed(2);
    return `${name.padEnd(10)} ${time(median).padStart(8)}   ${`${time(min)} to ${time(max)}`.padEnd(20)} ${ratio}`;
  });
  process.stdout.write(`${lines.join("\n")}\naim: 3 of a bare full outer join of ${rows} rows and as many\n`);
}

function reportMonths(times: MonthTimes): void {
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ conversations, ...times }, null, 2)}\n`);
    return;
  }
  const { first, months, same, bytes } = times;
  const [third = 0, last = 0] = [months[1], months.at(-1)];
  const [thirdBytes = 0, lastBytes = 0] = [bytes[1], bytes.at(-1)];
  const ratio = (part: number, whole: number, aim: number): string =>
    `${(part / whole).toFixed(3)}${part / whole > aim ? ` (aim ${aim})` : ""}`;
  const lines = [
    `first delivery  ${time(first)}`,
    `third           ${time(third)}   ${ratio(third, first, NEXT_RATIO)} of the first`,
    `last            ${time(last)}   ${ratio(last, third, LATER_RATIO)} of the third`,
    `same again      ${time(same)}   ${ratio(same, first, SAME_RATIO)} of the first`,
    `bytes           ${megabytes(thirdBytes)} MB, then ${megabytes(lastBytes)} MB   ${ratio(lastBytes, thirdBytes, LATER_RATIO)}`,
    `all             ${months.map(time).join(", ")}`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function reportHistory(times: readonly HistoryTimes[]): void {
  if (values.json) {
    process.stdout.write(`${JSON.stringify(times, null, 2)}\n`);
    return;
  }
  const [empty] = times;
  const cell = (row: HistoryTimes, part: (typeof historyParts)[number]): string => {
    const aim = 1.5 * (empty?.[part] ?? 0) + HISTORY_ALLOWANCE_SECONDS;
    const ratio = (row[part] / (empty?.[part] ?? 0)).toFixed(2);
    return `${time(row[part])} ${ratio}${row[part] > aim ? " (!)" : ""}`.padStart(18);
  };
  const lines = times.map(
    (row) => row.name.padEnd(16) + historyParts.map((part) => cell(row, part)).join(""),
  );
  process.stdout.write(
    `${"".padEnd(16)}${historyParts.map((part) => part.padStart(18)).join("")}\n${lines.join("\n")}\n` +
      `(!): beyond 1.5 times the empty lake and ${time(HISTORY_ALLOWANCE_SECONDS)}\n`,
  );
}

function spread({ min, max }: Series): string {
  return `${time(min)} to ${time(max)}`.padEnd(20);
}

function reportFormats(times: readonly FormatTimes[]): void {
  const lines = times.map(({ name, bytes, plain: base, cold }) =>
    [
      name.padEnd(26),
      `${megabytes(bytes)} MB`.padStart(9),
      `plain ${time(base.median)}`.padStart(16),
      `cold ${time(cold.median)}`.padStart(15),
      ` ${spread(cold)}`,
      (cold.median / base.median).toFixed(2).padStart(6),
    ].join(""),
  );
  write(times, lines);
}

function reportCells(times: readonly NotebookTimes[]): void {
  const [shipped, ...others] = times;
  const lines = others.flatMap(({ name, parts }) =>
    notebookParts.map((part) => {
      const [base, { median }] = [shipped?.parts[part].median ?? NaN, parts[part]];
      const isTooMuch = median > CELLS_RATIO * base + CELLS_ALLOWANCE_SECONDS;
      const ratio = `${(median / base).toFixed(2)}${isTooMuch ? " (!)" : ""}`;
      return `${part.padEnd(8)} shipped ${time(base).padStart(7)}   ${name} ${time(median).padStart(7)}   ${ratio}`;
    }),
  );
  write(times, [
    ...lines,
    `(!): beyond ${CELLS_RATIO} times the shipped one and ${time(CELLS_ALLOWANCE_SECONDS)}`,
  ]);
}

function reportPeers(report: PeersReport): void {
  const base = report.peers[0]?.times.median ?? NaN;
  const lines = report.peers.map(
    ({ name, version, times }) =>
      `${name.padEnd(22)} ${time(times.median).padStart(8)}   ${spread(times)} ${(times.median / base).toFixed(2).padStart(6)} of lakebook   ${version}`,
  );
  write(report, [...lines, "All came to the same conversations.", ...report.missing]);
}

function reportSpark(all: readonly SparkTimes[]): void {
  const lines = all.map(
    ({ input, lakebook, script, ratios }) =>
      `messages as ${input.padEnd(6)} ${time(lakebook.median).padStart(8)}   ${spread(lakebook)}   script ${time(script.median)}   ${spread(script)}   ratio ${ratios.median.toFixed(2)} (${ratios.min.toFixed(2)} to ${ratios.max.toFixed(2)}), aim 1.15`,
  );
  write(all, [...lines, "Both came to the same conversations."]);
}

function write(result: unknown, lines: readonly string[]): void {
  process.stdout.write(values.json ? `${JSON.stringify(result, null, 2)}\n` : `${lines.join("\n")}\n`);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
