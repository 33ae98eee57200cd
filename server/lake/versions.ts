import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../base/errors.js";
import { sha256 } from "../base/hash.js";
import { forEachConcurrently, Limiter } from "./concurrency.js";
import { withDiskErrors } from "../base/disk-error.js";
import { makeFolder, maybeJson, syncFolder, writeNewFile } from "../base/durable.js";
import { digest } from "./hash-file.js";
import type { LakePaths } from "./layout.js";
import type { StoreDraft } from "./log.js";
import { assertKnownFormat } from "./log-file.js";
import { LAKE_FORMAT, manifestSchema } from "./model.js";
import type { Manifest, ManifestFile, StoreEntry } from "./model.js";
import { listTree, maybeStat, removeTree, syncFolders } from "./tree.js";

/** A folder to write a version into; it becomes the version, or is discarded. */
export interface Build {
  readonly id: string;
  readonly folder: string;
}

/** With `sha256` where it is known: the file is a hard link of one in a stored version. */
export type DraftFile = Omit<ManifestFile, "sha256"> & { readonly sha256?: string };
export type VersionDraft = Omit<Manifest, "format" | "version" | "files"> & {
  readonly files: readonly DraftFile[];
};

export interface SealedVersion {
  readonly manifest: Manifest;
  readonly manifestSha256: string;
}

export const MANIFEST = "manifest.json";
const FILES_AT_ONCE = 4;
const READS_AT_ONCE = 16;
const MANIFESTS_IN_MEMORY = 500;

/** The folders `.lake/build` and `.lake/versions`: how a build becomes a version that never changes. */
export class VersionFolders {
  readonly #paths: LakePaths;
  readonly #now: () => Date;
  readonly #manifests = new Map<string, Manifest>();
  readonly #reading = new Limiter(READS_AT_ONCE);

  constructor(paths: LakePaths, now: () => Date) {
    this.#paths = paths;
    this.#now = now;
  }

  folder(dataset: string, version: string): string {
    return join(this.#paths.versions, dataset, version);
  }

  has(dataset: string, version: string): boolean {
    return maybeStat(join(this.folder(dataset, version), MANIFEST)) !== undefined;
  }

  /** The first file that is not there with its size; what was edited in place and kept it is found by `verify` alone. */
  findMissing({ dataset, version, files }: Manifest): string | undefined {
    const folder = this.folder(dataset, version);
    return files
      .map(({ path, bytes }) => ({ path: join(folder, path), bytes }))
      .find(({ path, bytes }) => maybeStat(path)?.size !== bytes)?.path;
  }

  async createBuild(): Promise<Build> {
    const id = randomUUID();
    const folder = join(this.#paths.build, id);
    await withDiskErrors(folder, () => mkdir(folder));
    return { id, folder };
  }

  discardBuild(build: Build): Promise<void> {
    return removeTree(build.folder);
  }

  /** Makes a build lasting and read-only and gives it its place once nobody reads it. Nothing refers to it yet. */
  async seal(build: Build, draft: VersionDraft, reading?: Promise<unknown>): Promise<SealedVersion> {
    const version = this.#newVersion();
    const files = await finishFiles(build, draft.files);
    const manifest: Manifest = { ...draft, format: LAKE_FORMAT, version, files };
    const text = `${JSON.stringify(manifest, undefined, 1)}\n`;
    await withDiskErrors(build.folder, () => writeNewFile(join(build.folder, MANIFEST), text, 0o444));
    await reading;
    await this.#moveIntoPlace(build, manifest);
    return { manifest, manifestSha256: sha256(text) };
  }

  /** Checked against the log's entry; throws `damaged` where it is not what was stored. */
  async manifest(entry: StoreEntry): Promise<Manifest> {
    const known = this.#manifests.get(entry.manifestSha256);
    if (known !== undefined) return known;
    const manifest = parseManifest(await this.#readManifest(entry), entry);
    this.#remember(entry.manifestSha256, manifest);
    return manifest;
  }

  async #readManifest({ dataset, version }: StoreEntry): Promise<string> {
    const path = join(this.folder(dataset, version), MANIFEST);
    try {
      return await withDiskErrors(path, () => this.#reading.run(() => readFile(path, "utf8")));
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw damagedVersion(`"${path}" is missing`, error);
    }
  }

  async #moveIntoPlace(build: Build, { dataset, version }: Manifest): Promise<void> {
    const tree = await listTree(build.folder);
    await syncFolders(build.folder, tree?.folders ?? []);
    const parent = join(this.#paths.versions, dataset);
    await makeFolder(parent);
    await withDiskErrors(parent, () => rename(build.folder, join(parent, version)));
    await syncFolder(parent);
  }

  /** Names sort by the time when they were stored. */
  #newVersion(): string {
    const time = this.#now().toISOString().replace(/[-:.]/g, "");
    return `${time}-${randomBytes(4).toString("hex")}`;
  }

  #remember(key: string, manifest: Manifest): void {
    const [oldest] = this.#manifests.keys();
    if (oldest !== undefined && this.#manifests.size >= MANIFESTS_IN_MEMORY) this.#manifests.delete(oldest);
    this.#manifests.set(key, manifest);
  }
}

export function parseManifest(text: string, entry: StoreEntry): Manifest {
  const name = `${entry.dataset}/${entry.version}/${MANIFEST}`;
  if (sha256(text) !== entry.manifestSha256) throw damagedVersion(`"${name}" is not the one that was stored`);
  const value = maybeJson(text);
  assertKnownFormat(value, name);
  const result = manifestSchema.safeParse(value);
  if (!result.success) throw damagedVersion(`"${name}" cannot be read`, result.error);
  return result.data;
}

/** What the log says of a sealed version. */
export function toStoreDraft({ manifest, manifestSha256 }: SealedVersion): StoreDraft {
  const { dataset, version, fingerprint, notebook, rows, contentHash, files } = manifest;
  const bytes = files.reduce((total, file) => total + file.bytes, 0);
  return { type: "store", dataset, version, fingerprint, notebook, rows, bytes, contentHash, manifestSha256 };
}

export function damagedVersion(message: string, cause?: unknown): AppError {
  return new AppError("damaged", message, { cause });
}

async function finishFiles(build: Build, drafts: readonly DraftFile[]): Promise<ManifestFile[]> {
  await assertSameFiles(build, drafts);
  const files: ManifestFile[] = [];
  await forEachConcurrently(drafts, FILES_AT_ONCE, async (draft, index) => {
    files[index] = await finishFile(build, draft);
  });
  return files;
}

async function finishFile(build: Build, draft: DraftFile): Promise<ManifestFile> {
  const path = join(build.folder, draft.path);
  return withDiskErrors(path, async () => {
    const handle = await open(path, "r");
    try {
      const sha = draft.sha256 ?? (await digest(handle)).sha256;
      await handle.chmod(0o444);
      await handle.sync();
      return { ...draft, sha256: sha };
    } finally {
      await handle.close();
    }
  });
}

/** What the manifest does not name would never be checked, read or counted. */
async function assertSameFiles(build: Build, drafts: readonly DraftFile[]): Promise<void> {
  const tree = await listTree(build.folder);
  const sizes = new Map(tree?.files.map(({ path, stats }) => [path, stats.isFile() ? stats.size : -1]));
  for (const { path, bytes } of drafts) {
    if (sizes.get(path) !== bytes)
      throw new Error(`"${path}" has ${sizes.get(path) ?? "no"} bytes, not ${bytes}`);
    sizes.delete(path);
  }
  const [extra] = sizes.keys();
  if (extra !== undefined) throw new Error(`"${extra}" lies in the build and belongs to no version`);
}
