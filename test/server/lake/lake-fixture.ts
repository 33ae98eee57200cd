import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sha256 } from "../../../server/base/hash.js";
import { Lake } from "../../../server/lake/lake.js";
import type { StoreEntry } from "../../../server/lake/model.js";
import type { LakeOptions } from "../../../server/lake/open-lake.js";
import type { PublishRequest, PublishResult } from "../../../server/lake/publish.js";
import type { VersionDraft } from "../../../server/lake/versions.js";

/** Calls `test` with a new folder, which is removed afterwards. */
export async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "lakebook-lake-"));
  try {
    await test(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Calls `test` with a lake in a new workspace that is open for writing. */
export async function withLake(
  test: (lake: Lake, workspace: string) => Promise<void>,
  options: Partial<LakeOptions> = {},
): Promise<void> {
  await withFolder(async (workspace) => {
    const lake = await openLake(workspace, options);
    try {
      await test(lake, workspace);
    } finally {
      await lake.close();
    }
  });
}

export function openLake(workspace: string, options: Partial<LakeOptions> = {}): Promise<Lake> {
  return Lake.open(join(workspace, "data_lake"), { mode: "write", ...options });
}

export interface VersionOptions {
  readonly dataset?: string;
  /** Path below the version's folder and text. */
  readonly files?: Readonly<Record<string, string>>;
  readonly draft?: Partial<VersionDraft>;
}

/** Stores a version of files with any text: the lake never looks into them. */
export async function storeVersion(lake: Lake, options: VersionOptions = {}): Promise<StoreEntry> {
  const { dataset = "orders", files = { "parquet/part-1.parquet": "rows" }, draft = {} } = options;
  const build = await lake.createBuild();
  for (const [path, text] of Object.entries(files)) await writeBelow(build.folder, path, text);
  return lake.store(build, versionDraft(dataset, files, draft));
}

export function versionDraft(
  dataset: string,
  files: Readonly<Record<string, string>>,
  draft: Partial<VersionDraft> = {},
): VersionDraft {
  const content = sha256(JSON.stringify(files));
  return {
    dataset,
    fingerprint: content,
    notebook: "sales",
    sql: "SELECT 1",
    parameters: {},
    engine: "test",
    columns: [{ name: "id", type: "INTEGER" }],
    partitionBy: [],
    key: [],
    tags: [],
    formats: ["parquet"],
    files: Object.entries(files).map(([path, text]) => ({
      path,
      format: formatOf(path),
      rows: 1,
      bytes: Buffer.byteLength(text),
      partition: [],
    })),
    rows: Object.keys(files).length,
    contentHash: content,
    parents: [],
    inputs: [],
    casts: [],
    scannedRows: {},
    run: "run-1",
    createdAt: "2026-11-01T06:00:00.000Z",
    durationMs: 1,
    ...draft,
  };
}

export function publish(lake: Lake, request: Partial<PublishRequest> = {}): Promise<PublishResult> {
  const base = { notebook: "sales", runDate: "2026-11-01", run: "run-1", attempt: 1 };
  return lake.publish({ ...base, datasets: {}, inputs: [], record: {}, ...request });
}

/** Stores and publishes one version. */
export async function storeAndPublish(
  lake: Lake,
  options: VersionOptions = {},
  request: Partial<PublishRequest> = {},
): Promise<PublishResult> {
  const { dataset, version } = await storeVersion(lake, options);
  return publish(lake, { datasets: { [dataset]: version }, ...request });
}

export async function writeBelow(folder: string, path: string, text: string | Uint8Array): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

function formatOf(path: string): "parquet" | "csv" | "json" {
  return path.endsWith(".csv") ? "csv" : path.endsWith(".json") ? "json" : "parquet";
}
