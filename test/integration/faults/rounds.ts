import { join } from "node:path";
import type { TestWorkspace } from "../../support/workspace.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { queryOutside } from "../../support/workspace-parquet.js";

/**
 * A notebook whose datasets tell which delivery they were made of: every row says its round, and the round says how
 * many rows there are. So anybody can tell a whole dataset from a part of one and from a mixture of two.
 */
const runDate = "2026-11-01";

const cities = 5;

export const roundFiles = {
  "input/round.csv": "round\n1\n",
  "notebooks/sales.md": notebook({
    orders: [
      "--| materialize: [parquet, csv]",
      "--| partition_by: [city]",
      `SELECT range AS id, range % ${cities} AS city, round`,
      "FROM read_csv('input/round.csv'), range(0, 1000 + round)",
    ].join("\n"),
    totals: dataset("SELECT city, count(*) AS n, any_value(round) AS round FROM orders GROUP BY city"),
  }),
};

export const materializeArgs = ["materialize", "sales", "--date", runDate, "--input", "current"];

/** Each dataset of `roundFiles` that is read by its Parquet files. */
export const roundDatasets = ["orders", "totals"];

export const deliveriesBefore = "2026-10-01";
/** What that date delivers: rows, and such as are too late. */
const firstEvents = 1000;
const firstLate = 3;

/**
 * The same, and beside it datasets that add deliveries up. The run date before has all rows of round 0; those of a round
 * fall into few of their partitions, the others are linked to what that date has.
 */
export const incrementalFiles = {
  "input/round.csv": "round\n1\n",
  "input/events.csv": eventsText(0),
  "notebooks/sales.md": `${roundFiles["notebooks/sales.md"]}\n${notebook({
    events: dataset(
      "SELECT id, month(sent_at) AS month, sent_at, round FROM read_csv('input/events.csv')",
      "partition_by: [month]",
      "event_time: sent_at",
      "allowed_lateness: 365d",
      "incremental: by_partition",
    ),
    keys: dataset(
      "SELECT id, id // 200 AS part, count(*) AS n, max(round) AS round FROM events GROUP BY id",
      "key: id",
      "partition_by: [part]",
      "incremental: by_key",
    ),
  })}`,
};

export const incrementalDatasets = [...roundDatasets, "events", "events__quarantine", "keys"];

/** How many rows of which round a dataset has that is whole: of round 0, and of the round. */
const incrementalRows: Readonly<Record<string, (round: number) => readonly [number, number]>> = {
  events: (round) => [firstEvents, 100 + round],
  events__quarantine: (round) => [firstLate, 10 + round],
  keys: (round) => [firstEvents - 100 - round, 100 + round],
};

/** What is delivered in a round: at two months of its year, and rows that are years too late. */
function eventsText(round: number): string {
  const [rows, late] = round === 0 ? [firstEvents, firstLate] : [100 + round, 10 + round];
  const sentAt = (id: number): string =>
    `2026-${String(round === 0 ? 6 + (id % 5) : 9 + (id % 2)).padStart(2, "0")}-01 00:00:00`;
  const lines = [
    ...Array.from({ length: rows }, (_, id) => `${id},${sentAt(id)},${round}`),
    ...Array.from({ length: late }, (_, id) => `${id},2020-01-01 00:00:00,${round}`),
  ];
  return `id,sent_at,round\n${lines.join("\n")}\n`;
}

export async function deliver(workspace: TestWorkspace, round: number): Promise<void> {
  await workspace.write("input/round.csv", `round\n${round}\n`);
}

export async function deliverEvents(workspace: TestWorkspace, round: number): Promise<void> {
  await deliver(workspace, round);
  await workspace.write("input/events.csv", eventsText(round));
}

export function rowsOf(dataset: string, round: number): number {
  return dataset === "orders" ? 1000 + round : cities;
}

/** Which round these Parquet files are, all together; undefined where they are none, or not the whole of one. */
export async function roundOf(dataset: string, files: readonly string[]): Promise<number | undefined> {
  if (files.length === 0) return undefined;
  const list = files.map((file) => `'${file}'`).join(", ");
  const isAdded = "round > 0";
  // Each key counts the rows that it was computed from.
  const counted = dataset === "keys" ? "sum(n)" : "count(*)";
  const sql = `SELECT min(round) FILTER (${isAdded})::INTEGER AS low, max(round)::INTEGER AS high,
      count(*) FILTER (round = 0)::INTEGER AS first, count(*) FILTER (${isAdded})::INTEGER AS added, ${counted}::INTEGER AS n
    FROM read_parquet([${list}], hive_partitioning = false)`;
  try {
    const [found] = await queryOutside(sql);
    const round = Number(found?.["low"]);
    const [first, added] = incrementalRows[dataset]?.(round) ?? [0, rowsOf(dataset, round)];
    const n = dataset === "keys" ? firstEvents + added : first + added;
    const isWhole =
      found?.["low"] === found?.["high"] &&
      found?.["first"] === first &&
      found["added"] === added &&
      found["n"] === n;
    return isWhole ? round : undefined;
  } catch {
    return undefined;
  }
}

/** The round that every public place shows. Fails where one shows none, or where they differ. */
export async function publishedRound(
  workspace: TestWorkspace,
  datasets: readonly string[] = roundDatasets,
): Promise<number> {
  const rounds = new Set<number | undefined>();
  for (const place of ["latest", runDate]) {
    for (const name of datasets) {
      const folder = `data_lake/${place}/${name}`;
      const files = (await workspace.files(folder)).map((file) => workspace.path(join(folder, file)));
      rounds.add(await roundOf(name, files));
    }
    const csv = await workspace.read(`data_lake/${place}/orders.csv`);
    rounds.add(roundOfCsv(csv));
  }
  const [round, ...others] = rounds;
  if (round === undefined || others.length > 0)
    throw new Error(`The public folders show rounds ${[...rounds].join(", ")}`);
  return round;
}

function roundOfCsv(text: string): number | undefined {
  const [header, ...lines] = text.split("\n");
  const rounds = new Set(lines.slice(0, -1).map((line) => line.split(",")[2]));
  const round = Number([...rounds][0]);
  const isWhole =
    header === "id,city,round" &&
    rounds.size === 1 &&
    lines.at(-1) === "" &&
    lines.length - 1 === rowsOf("orders", round);
  return isWhole ? round : undefined;
}
