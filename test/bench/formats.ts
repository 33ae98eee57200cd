import { createReadStream, createWriteStream } from "node:fs";
import { link, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { measureProcess, summarize, type Series } from "./measure.js";
import { inputFiles, joined, planPlain } from "./plan.js";
import { createWorkspace, materializeCommand, settle, type WorkspaceSource } from "./workspace.js";

const messages = "customer_courier_chat_messages";

interface Format {
  readonly name: string;
  readonly file: string;
  /** How the notebook's `read_json(path, format = 'array', columns = …)` becomes one of this format. */
  readonly reader: (text: string) => string;
  readonly write: (array: string, target: string) => Promise<void>;
}

const columns = `columns = {senderAppType: 'VARCHAR', customerId: 'BIGINT', fromId: 'BIGINT', toId: 'BIGINT',
  chatStartedByMessage: 'BOOLEAN', orderId: 'BIGINT', orderStage: 'VARCHAR', courierId: 'BIGINT', messageSentTime: 'TIMESTAMPTZ'}`;

const asArray = (text: string): string => text;

const formats: readonly Format[] = [
  {
    name: "array, an object a line",
    file: `${messages}.json`,
    reader: asArray,
    write: (from, to) => link(from, to),
  },
  {
    name: "array, pretty-printed",
    file: `${messages}.json`,
    reader: asArray,
    write: rewritten((record) => JSON.stringify(JSON.parse(record), null, 2), ["[\n", ",\n", "\n]\n"]),
  },
  {
    name: "array in one line",
    file: `${messages}.json`,
    reader: asArray,
    write: rewritten((record) => record, ["[", ",", "]"]),
  },
  {
    name: "JSON lines",
    file: `${messages}.jsonl`,
    reader: (text) => text.replace(/(chat_messages\.jsonl',\s*format = )'array'/, "$1'newline_delimited'"),
    write: rewritten((record) => record, ["", "\n", "\n"]),
  },
  {
    name: "CSV",
    file: `${messages}.csv`,
    reader: (text) =>
      text.replace(/read_json\((\s*'input\/[^']*\.csv',\s*)format = 'array'/, "read_csv($1header = true"),
    write: converted("FORMAT csv, HEADER"),
  },
  {
    name: "Parquet",
    file: `${messages}.parquet`,
    reader: (text) => text.replace(/read_json\(\s*('input\/[^']*\.parquet'),[^)]*\)/, "read_parquet($1)"),
    write: converted("FORMAT parquet, COMPRESSION zstd"),
  },
];

/** The product and the plain script with the messages in one format. */
export interface FormatTimes {
  readonly name: string;
  readonly bytes: number;
  readonly plain: Series;
  readonly cold: Series;
}

/** Cold runs of the notebook, whole processes, with its messages in each format, beside the plain script. */
export async function measureFormats(
  checkout: string,
  plain: string,
  home: string,
  input: string,
  runs: number,
  say: (text: string) => void,
): Promise<FormatTimes[]> {
  const times: FormatTimes[] = [];
  for (const [index, format] of formats.entries()) {
    say(`Messages as ${format.name}`);
    const source = await createSource(checkout, join(home, `format-${String(index)}`), input, format);
    times.push(await measureFormat(source, format, plain, home, runs));
    await rm(source.root, { recursive: true });
  }
  return times;
}

async function measureFormat(
  source: WorkspaceSource,
  { name, file }: Format,
  plain: string,
  home: string,
  runs: number,
): Promise<FormatTimes> {
  const taken = { plain: [] as number[], cold: [] as number[] };
  const [out, plan, workspace] = ["plain", "plan.json", "workspace"].map((part) => join(home, part)) as [
    string,
    string,
    string,
  ];
  await writeFile(plan, JSON.stringify(await planPlain(source.root, source.input, out, null, source.files)));
  for (let turn = 0; turn < runs; turn++) {
    settle(source, join(home, "scratch"));
    taken.plain.push((await measureProcess([process.execPath, plain, plan])).seconds);
    await createWorkspace(workspace, source);
    settle(source, join(home, "scratch"));
    taken.cold.push((await measureProcess(materializeCommand(workspace))).seconds);
    await rm(workspace, { recursive: true });
    await rm(out, { recursive: true });
  }
  const { size: bytes } = await stat(join(source.input, file));
  return { name, bytes, plain: summarize(taken.plain), cold: summarize(taken.cold) };
}

/** The notebook that reads this format, and such input. */
async function createSource(
  checkout: string,
  root: string,
  input: string,
  { file, reader, write }: Format,
): Promise<WorkspaceSource> {
  const [array = "", orders = ""] = inputFiles;
  for (const folder of ["notebooks", "input"]) await mkdir(join(root, folder), { recursive: true });
  const text = await readFile(join(checkout, "notebooks", `${joined}.md`), "utf8");
  const changed = reader(text.replaceAll(`input/${array}`, `input/${file}`));
  if (file !== array && !changed.includes("newline_delimited") && !changed.includes("read_"))
    throw new Error(`The notebook does not read "${file}"`);
  await writeFile(join(root, "notebooks", `${joined}.md`), changed);
  await write(join(input, array), join(root, "input", file));
  await link(join(input, orders), join(root, "input", orders));
  return { root, input: join(root, "input"), files: [file, orders] };
}

/** Of the sample, which has a record a line; with what stands before, between and behind the records. */
function rewritten(
  record: (line: string) => string,
  [before, between, after]: readonly [string, string, string],
): Format["write"] {
  return async (array, target) => {
    async function* text(): AsyncGenerator<string> {
      let parts = [before];
      let separator = "";
      for await (const line of createInterface(createReadStream(array))) {
        if (!line.startsWith("{")) continue;
        parts.push(separator, record(line.replace(/,$/, "")));
        separator = between;
        if (parts.length < 2000) continue;
        yield parts.join("");
        parts = [];
      }
      yield [...parts, after].join("");
    }
    await pipeline(Readable.from(text()), createWriteStream(target));
  };
}

function converted(options: string): Format["write"] {
  return async (array, target) => {
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    await connection.run("SET timezone = 'UTC'");
    const rows = `FROM read_json('${array}', format = 'array', ${columns})`;
    await connection.run(`COPY (${rows}) TO '${target}' (${options})`);
  };
}
