import { mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isAppError, isSystemError } from "../base/errors.js";
import type { Lake } from "../lake/lake.js";
import { linkOrCopy } from "../lake/link-tree.js";
import type { Manifest, ManifestFile } from "../lake/model.js";
import { usableManifest } from "./why-computed.js";

/**
 * The newest version that another dataset has of the same fingerprint: a dataset that was renamed is not computed again.
 * Nothing where its manifest is damaged.
 */
export async function findTwin(
  lake: Lake,
  dataset: string,
  fingerprint: string,
): Promise<Manifest | undefined> {
  const twin = lake.findTwin(dataset, fingerprint);
  return twin === undefined ? undefined : usableManifest(lake, twin.dataset, twin.version);
}

/** Why a dataset is not computed that is linked to its twin. */
export function twinReason(twin: Manifest): string {
  return `same SQL and data as \`${twin.dataset}\``;
}

/**
 * Makes a build of a dataset from hard links to its twin's files. Their bytes do not tell the dataset's name, but an
 * export's file is called by it. Undefined where a file is not there as it was stored; then the build is to be discarded.
 */
export async function linkTwin(
  lake: Lake,
  twin: Manifest,
  dataset: string,
  folder: string,
): Promise<ManifestFile[] | undefined> {
  const source = lake.versionFolder(twin.dataset, twin.version);
  const files = twin.files.map((file) => ({
    ...file,
    path: file.path === `${twin.dataset}.${file.format}` ? `${dataset}.${file.format}` : file.path,
    partition: [...file.partition],
  }));
  try {
    for (const [index, { path, bytes }] of files.entries()) {
      const stored = join(source, twin.files[index]?.path ?? path);
      if ((await stat(stored)).size !== bytes) return undefined;
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await linkOrCopy(stored, join(folder, path));
    }
  } catch (error) {
    if (isSystemError(error, "ENOENT") || isAppError(error, "damaged")) return undefined;
    throw error;
  }
  return files;
}
