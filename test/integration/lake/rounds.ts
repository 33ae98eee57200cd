import { randomUUID } from "node:crypto";
import { closeSync, openSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Lake } from "../../../server/lake/lake.js";
import type { PublishRequest, PublishResult } from "../../../server/lake/publish.js";
import { publish, storeVersion } from "../../server/lake/lake-fixture.js";

/**
 * Rounds of a writer: each publishes two datasets whose files all say which round they are of and how many
 * belong to it, so that any reader can tell a whole dataset from a part or a mixture.
 */
export const RUN_DATE = "2026-11-01";
export const datasets = ["orders", "stock"] as const;

const PADDING = "x".repeat(20_000);

/** Path below the version's folder and text; only `orders` has partitions. */
export function filesOfRound(round: number, dataset: string): Record<string, string> {
  const count = 1 + (round % 6);
  const text = `${round} ${count} ${PADDING} end`;
  const folderOf = (index: number): string => (dataset === "orders" ? `parquet/p=${index}` : "parquet");
  const paths = [...Array(count).keys()].map((index) => `${folderOf(index)}/${randomUUID()}.parquet`);
  return Object.fromEntries([...paths, `${dataset}.csv`].map((path) => [path, text]));
}

/** Stores both datasets at once and publishes them as one. */
export async function publishRound(
  lake: Lake,
  round: number,
  request: Partial<PublishRequest> = {},
): Promise<PublishResult> {
  const draft = { formats: ["parquet", "csv"], rows: round } as const;
  const storing = datasets.map((dataset) =>
    storeVersion(lake, { dataset, files: filesOfRound(round, dataset), draft }),
  );
  // After a failure, too, the other one has to be done before the lake is closed.
  await Promise.allSettled(storing);
  const entries = await Promise.all(storing);
  const versions = Object.fromEntries(entries.map(({ dataset, version }) => [dataset, version]));
  return publish(lake, { runDate: RUN_DATE, datasets: versions, record: { round }, ...request });
}

/** A whole round, nothing at the path, a file that went while it was read, or a torn dataset. */
export type Finding = { readonly round: number } | "absent" | "gone" | "torn";

/** Reads a dataset's folder as `find` does: what it lists below is of the folder that it opened. */
export function readFolder(folder: string): Finding {
  return readTexts(folder, () => {
    const descriptor = openSync(folder, "r");
    try {
      return textsBelow(`/proc/self/fd/${descriptor}`);
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Reads by path, one level only: a folder without partitions, whose files are named anew in each round. */
export function readFlatFolder(folder: string): Finding {
  return readTexts(folder, () => readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8")));
}

function readSingleFile(path: string): Finding {
  return readTexts(path, () => [readFileSync(path, "utf8")], true);
}

function textsBelow(folder: string): string[] {
  const folders = readdirSync(folder).map((name) => `${folder}/${name}`);
  return folders.flatMap((partition) =>
    readdirSync(partition).map((file) => readFileSync(`${partition}/${file}`, "utf8")),
  );
}

function readTexts(path: string, read: () => string[], isSingle = false): Finding {
  try {
    return judge(read(), isSingle);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    return "path" in error && error.path === path ? "absent" : "gone";
  }
}

function judge(texts: readonly string[], isSingle: boolean): Finding {
  const rounds = new Set(texts.map((text) => text.split(" ")[0]));
  const count = Number(texts[0]?.split(" ")[1]);
  const isWhole =
    texts.every((text) => text.endsWith(`${PADDING} end`)) && (isSingle || texts.length === count);
  return rounds.size === 1 && isWhole ? { round: Number([...rounds][0]) } : "torn";
}

/** Everything that is public: `orders` has partitions, `stock` has none, both have a CSV file. */
export function readAll(lakeFolder: string): Finding[] {
  return [RUN_DATE, "latest"].flatMap((base) => [
    readFolder(join(lakeFolder, base, "orders")),
    readFlatFolder(join(lakeFolder, base, "stock")),
    ...datasets.map((dataset) => readSingleFile(join(lakeFolder, base, `${dataset}.csv`))),
  ]);
}
