import { INITIAL_DATASETS, initialDatasetPath, recordPath } from "./layout.js";
import type { Manifest, PastPublication, PublishEntry } from "./model.js";

/** Something that the public folders show. Paths are below `data_lake/`; sources are absolute. */
export type PublicItem =
  /** A folder with exactly these files: path below it and source. */
  | { readonly type: "tree"; readonly path: string; readonly files: ReadonlyMap<string, string> }
  | { readonly type: "file"; readonly path: string; readonly source: string }
  | { readonly type: "text"; readonly path: string; readonly text: string; readonly modifiedAt: Date };

/** The formats that were asked for, each as `<base>/<dataset>` or `<base>/<dataset>.<format>`. */
export function datasetItems(base: string, manifest: Manifest, versionFolder: string): PublicItem[] {
  return manifest.formats.flatMap((format): PublicItem[] => {
    const files = manifest.files.filter((file) => file.format === format).map((file) => file.path);
    if (format === "parquet") return [treeItem(`${base}/${manifest.dataset}`, versionFolder, files)];
    return files.map((path) => ({
      type: "file",
      path: `${base}/${manifest.dataset}.${format}`,
      source: `${versionFolder}/${path}`,
    }));
  });
}

function treeItem(path: string, versionFolder: string, files: readonly string[]): PublicItem {
  return {
    type: "tree",
    path,
    files: new Map(files.map((file) => [file.replace(/^parquet\//, ""), `${versionFolder}/${file}`])),
  };
}

/** The pinned inputs of all publications of a date; where two differ about a path, the later one holds. */
export function inputItem(
  runDate: string,
  publications: readonly PublishEntry[],
  inputFile: (sha256: string) => string,
): PublicItem | undefined {
  const files = new Map<string, string>();
  const folders = new Set<string>();
  for (const { inputs } of [...publications].sort((a, b) => b.seq - a.seq)) {
    for (const { path, sha256, isPinned } of inputs) {
      const place = initialDatasetPath(path);
      const parents = parentsOf(place);
      // What is a file in one publication may have been a folder in an older one.
      const isTaken = files.has(place) || folders.has(place) || parents.some((parent) => files.has(parent));
      if (!isPinned || isTaken) continue;
      files.set(place, inputFile(sha256));
      for (const parent of parents) folders.add(parent);
    }
  }
  return files.size === 0 ? undefined : { type: "tree", path: `${runDate}/${INITIAL_DATASETS}`, files };
}

function parentsOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_part, index) => parts.slice(0, index + 1).join("/"));
}

export function recordItem(publication: PublishEntry): PublicItem {
  const { notebook, runDate, run, attempt, datasets, inputs, record, restores } = publication;
  const shown = {
    notebook,
    runDate,
    publishedAt: publication.at,
    ...(restores === undefined ? {} : { restores }),
    run,
    attempt,
    datasets,
    inputs,
    ...record,
  };
  const text = `${JSON.stringify(shown, undefined, 2)}\n`;
  return { type: "text", path: recordPath(runDate, notebook), text, modifiedAt: new Date(publication.at) };
}

/** All paths that a dataset may have below a run date or `latest/`, whatever its formats. */
export function datasetPaths(base: string, dataset: string): string[] {
  return ["", ".csv", ".json"].map((suffix) => `${base}/${dataset}${suffix}`);
}

/**
 * Paths below a run date that the log says Lakebook made at some time, so that it may remove them. Whatever
 * else lies there belongs to a user.
 */
export function ownPaths(runDate: string, history: readonly PastPublication[]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const publication of history) {
    if (publication.runDate !== runDate) continue;
    for (const dataset of Object.keys(publication.datasets)) {
      for (const path of datasetPaths(runDate, dataset)) paths.add(path);
    }
    paths.add(`${runDate}/${INITIAL_DATASETS}`);
    paths.add(recordPath(runDate, publication.notebook));
  }
  return paths;
}
