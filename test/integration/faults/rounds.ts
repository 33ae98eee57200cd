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

export async function deliver(workspace: TestWorkspace, round: number): Promise<void> {
  await workspace.write("input/round.csv", `round\n${round}\n`);
}

export function rowsOf(dataset: string, round: number): number {
  return dataset === "orders" ? 1000 + round : cities;
}

/** Which round these Parquet files are, all together; undefined where they are none, or not the whole of one. */
export async function roundOf(dataset: string, files: readonly string[]): Promise<number | undefined> {
  if (files.length === 0) return undefined;
  const list = files.map((file) => `'${file}'`).join(", ");
  const sql = `SELECT count(*)::INTEGER AS n, min(round)::INTEGER AS low, max(round)::INTEGER AS high
    FROM read_parquet([${list}], hive_partitioning = false)`;
  try {
    const [found] = await queryOutside(sql);
    const round = Number(found?.["low"]);
    const isWhole = found?.["low"] === found?.["high"] && found?.["n"] === rowsOf(dataset, round);
    return isWhole ? round : undefined;
  } catch {
    return undefined;
  }
}

/** The round that every public place shows. Fails where one shows none, or where they differ. */
export async function publishedRound(workspace: TestWorkspace): Promise<number> {
  const rounds = new Set<number | undefined>();
  for (const place of ["latest", runDate]) {
    for (const name of ["orders", "totals"]) {
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
