import { randomUUID } from "node:crypto";
import { basename, resolve } from "node:path";
import { AppError, isAppError } from "../base/errors.js";
import { silentLogger } from "../base/logger.js";
import type { Logger } from "../base/logger.js";
import { dropBallastIfFull, keepBallast, withBallast } from "./ballast.js";
import { SerialQueue } from "./concurrency.js";
import type { InputRequest } from "./input-file.js";
import { assertDatasetName, lakePaths } from "./layout.js";
import type { LakePaths } from "./layout.js";
import type { ExpireDraft } from "./log.js";
import { Leases } from "./leases.js";
import { isLocked } from "./lock.js";
import type { Manifest, PastPublication, PinnedInput, PublishEntry, StoreEntry, Tag } from "./model.js";
import { createProjection, lockLake, openParts } from "./open-lake.js";
import type { LakeOptions, LakeParts } from "./open-lake.js";
import type { ProjectionReport } from "./projection.js";
import {
  assertPublishable,
  assertStillFits,
  isSamePublication,
  projectionFailed,
  toResult,
} from "./publish.js";
import type { PublishRequest, PublishResult } from "./publish.js";
import { findPublished } from "./published.js";
import type { PublishedVersion } from "./published.js";
import { nothingRecovered, recover } from "./recovery.js";
import type { RecoveryReport } from "./recovery.js";
import { restoreVersion } from "./remedies.js";
import type { LakeState, Placement, VersionName } from "./state.js";
import { draftTag, draftUntag } from "./tags.js";
import type { TagRequest } from "./tags.js";
import { damagedVersion, toStoreDraft } from "./versions.js";
import type { Build, VersionDraft } from "./versions.js";

/**
 * The only door to `data_lake/`. The log is the truth, versions never change, and the public folders are a
 * projection: they can be made anew from the other two.
 */
export class Lake {
  /** Absolute. */
  readonly folder: string;
  readonly paths: LakePaths;
  readonly parts: LakeParts;
  /** What the opening repaired; empty in read mode. */
  readonly recovery: RecoveryReport;
  /** Who reads which folder of results and versions in this process. */
  readonly leases = new Leases();
  readonly #logger: Logger;
  readonly #publishing = new SerialQueue();

  private constructor(folder: string, parts: LakeParts, recovery: RecoveryReport, logger: Logger) {
    this.folder = folder;
    this.paths = parts.paths;
    this.parts = parts;
    this.recovery = recovery;
    this.#logger = logger;
  }

  /** Throws `locked` while another process writes, `damaged` where the log cannot be trusted, `disk`. */
  static async open(folder: string, options: LakeOptions): Promise<Lake> {
    const absolute = resolve(folder);
    const logger = options.logger ?? silentLogger;
    if (options.mode === "read")
      return new Lake(absolute, await openParts(absolute, options), nothingRecovered, logger);
    const { ballast } = lakePaths(absolute);
    await dropBallastIfFull(ballast);
    const lake = await withBallast(ballast, () => Lake.#openToWrite(absolute, options, logger));
    await keepBallast(ballast);
    return lake;
  }

  static async #openToWrite(folder: string, options: LakeOptions, logger: Logger): Promise<Lake> {
    const lock = await lockLake(folder, options);
    try {
      const parts = await openParts(folder, options, lock);
      return new Lake(folder, parts, await recover(folder, parts, logger), logger);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** What the log says, as far as it is known here. */
  get state(): LakeState {
    return this.parts.log.state;
  }

  get isWriter(): boolean {
    return this.parts.lock !== undefined;
  }

  /** Whether this process or another one writes. */
  async hasWriter(): Promise<boolean> {
    return this.isWriter || isLocked({ path: this.paths.lock, now: this.parts.now });
  }

  /** Sees what another process committed since. */
  refresh(): Promise<void> {
    return Promise.resolve(void this.parts.log.refresh());
  }

  /** An empty folder `.lake/build/<id>`. */
  createBuild(): Promise<Build> {
    this.#assertWriter("createBuild");
    return this.parts.versions.createBuild();
  }

  discardBuild(build: Build): Promise<void> {
    return this.parts.versions.discardBuild(build);
  }

  /**
   * Makes the build a version that never changes. The build is gone afterwards, also after a failure, but not before
   * its `readers` have ended, however they do: they read it while it is hashed and forced to disk.
   */
  async store(build: Build, draft: VersionDraft, readers?: Promise<unknown>): Promise<StoreEntry> {
    this.#assertWriter("store");
    assertDatasetName(draft.dataset);
    const reading = Promise.allSettled([readers]);
    try {
      const sealed = await this.parts.versions.seal(build, draft, reading);
      await this.parts.inputs.settle(draft.inputs);
      return await this.parts.log.append(toStoreDraft(sealed));
    } catch (error) {
      await reading;
      await this.discardBuild(build).catch(() => undefined);
      throw error;
    }
  }

  /** The newest version with that fingerprint whose folder is there. */
  findVersion(dataset: string, fingerprint: string): StoreEntry | undefined {
    return this.state
      .storesOf(dataset, fingerprint)
      .findLast(({ version }) => this.parts.versions.has(dataset, version));
  }

  /** The newest version with that fingerprint that is another dataset's, whose folder is there. */
  findTwin(dataset: string, fingerprint: string): StoreEntry | undefined {
    return this.state
      .storesWith(fingerprint)
      .findLast(
        (entry) => entry.dataset !== dataset && this.parts.versions.has(entry.dataset, entry.version),
      );
  }

  /** What the dataset was computed as last, whether or not it was published. */
  newestVersion(dataset: string): StoreEntry | undefined {
    return this.state.stores().findLast((entry) => entry.dataset === dataset);
  }

  /** Of all datasets that were ever computed and not removed, the newest first. */
  storedNames(): readonly string[] {
    const newestFirst = [...this.state.stores()].reverse();
    return [...new Set(newestFirst.map(({ dataset }) => dataset))];
  }

  /** Checked against the log. Throws `damaged`, or `not-found` for a version that vacuum removed. */
  async manifest(dataset: string, version: string): Promise<Manifest> {
    const read = (): Promise<Manifest> =>
      this.#withRemedy({ dataset, version }, () =>
        this.parts.versions.manifest(this.state.storeOf(dataset, version)),
      );
    try {
      return await read();
    } catch (error) {
      // A writer may have removed it while it was read.
      if (!isAppError(error, "damaged") || this.isWriter || this.parts.log.refresh().length === 0)
        throw error;
      return read();
    }
  }

  /** Whether each file of the version is there with its size. */
  isWhole(manifest: Manifest): boolean {
    return this.parts.versions.findMissing(manifest) === undefined;
  }

  /** Absolute. */
  versionFolder(dataset: string, version: string): string {
    return this.parts.versions.folder(dataset, version);
  }

  /**
   * Commits what a notebook publishes for a run date, as a whole, and shows it in the public folders. Throws
   * `conflict` where the log moved on from what was planned. An error whose details say `isCommitted` came
   * after the commit: the publication holds, and the next try or the next opening repairs its folders.
   */
  publish(request: PublishRequest): Promise<PublishResult> {
    this.#assertWriter("publish");
    assertPublishable(request);
    return this.#publishing.run(() => this.#publish(request));
  }

  /** The current ones: one of each notebook and run date, sorted by both. */
  publications(): readonly PublishEntry[] {
    return this.state.publications();
  }

  publication(notebook: string, runDate: string): PublishEntry | undefined {
    return this.state.publication(notebook, runDate);
  }

  /** All that ever were, in the order of the log. */
  history(): readonly PastPublication[] {
    return this.state.history();
  }

  /** What `data_lake/<runDate>/<dataset>` shows; without a date that of the greatest one. */
  resolve(dataset: string, runDate?: string): Placement | undefined {
    const placements = this.state.placementsOf(dataset);
    return runDate === undefined
      ? placements.at(-1)
      : placements.find((placement) => placement.runDate === runDate);
  }

  /** What a place shows: `latest` (in SQL `lake`), a run date, or one of its publications, `2026-10-01@3`. */
  find(dataset: string, place: string): PublishedVersion | undefined {
    return findPublished(this.state, dataset, place);
  }

  /** Names what the notebook has published for the date now. Fails with conflict where something else has the name. */
  tag(request: TagRequest): Promise<Tag> {
    this.#assertWriter("tag");
    return this.#publishing.run(async () => {
      const draft = draftTag(this.state, request);
      if (draft !== undefined) await this.parts.log.append(draft, (state) => void draftTag(state, request));
      return this.#tagOf(request);
    });
  }

  /** Fails with code not-found where the date has no such tag. Returns the tag that was. */
  untag(request: TagRequest): Promise<Tag> {
    this.#assertWriter("untag");
    return this.#publishing.run(async () => {
      const draft = draftUntag(this.state, request);
      const tag = this.#tagOf(request);
      await this.parts.log.append(draft, (state) => void draftUntag(state, request));
      return tag;
    });
  }

  datasetNames(): readonly string[] {
    return this.state.datasetNames();
  }

  /** Copies an input file into the lake, once per content; with `snapshot: false` it is only hashed. */
  pinInput(file: InputRequest): Promise<PinnedInput> {
    this.#assertWriter("pinInput");
    return this.parts.inputs.pin(file);
  }

  hashInput(file: InputRequest): Promise<PinnedInput> {
    return this.parts.inputs.hash(file);
  }

  /** Absolute path of a pinned copy. */
  inputFile(sha256: string): string {
    return this.parts.inputs.file(sha256);
  }

  /** For vacuum: commits that these go and takes them from public, unless the log moved on from `seq`. */
  expire(draft: ExpireDraft, seq: number): Promise<ProjectionReport> {
    this.#assertWriter("vacuum");
    return this.#publishing.run(async () => {
      assertSeq(this.state, seq);
      const { ballast } = this.paths;
      await dropBallastIfFull(ballast);
      const isEmpty = draft.versions.length + draft.publications.length === 0;
      if (!isEmpty)
        await withBallast(ballast, () => this.parts.log.append(draft, (state) => assertSeq(state, seq)));
      return createProjection(this.folder, this.parts).projectAndFree();
    });
  }

  /** Waits for what is being published, and gives the lock back. */
  async close(): Promise<void> {
    if (this.parts.lock === undefined) return;
    await this.leases.settle();
    await this.#publishing.run(() => this.#saveStamps());
    await this.parts.inputs.close();
    await this.parts.lock.release();
  }

  async #publish(request: PublishRequest): Promise<PublishResult> {
    const before = this.state.publication(request.notebook, request.runDate);
    const isNoop = before !== undefined && isSamePublication(request, before) && this.#isShown(before);
    // Whoever published the same has done what was asked for.
    if (!isNoop) assertStillFits(request, this.state);
    await this.#requireWhole(request);
    await this.parts.inputs.settle(request.inputs);
    const entry = isNoop ? before : await this.#commit(request);
    const datasets = Object.keys({ ...before?.datasets, ...entry.datasets });
    const { problems } = await createProjection(this.folder, this.parts).projectDate(entry.runDate, datasets);
    await this.#saveStamps();
    if (problems.length > 0) throw projectionFailed(entry, problems[0]);
    return toResult(basename(this.folder), entry, before, isNoop, await this.#manifestsOf(entry));
  }

  /** False where another notebook has published one of its datasets for that date since. */
  #isShown({ txn, runDate, datasets }: PublishEntry): boolean {
    return Object.keys(datasets).every((name) => this.resolve(name, runDate)?.publication.txn === txn);
  }

  async #commit(request: PublishRequest): Promise<PublishEntry> {
    const { notebook, runDate, run, attempt, datasets, inputs, record, restores, by } = request;
    const content = {
      notebook,
      runDate,
      run,
      attempt,
      datasets,
      inputs,
      record,
      ...(restores === undefined ? {} : { restores }),
      ...(by === undefined ? {} : { by }),
    };
    const draft = { type: "publish", txn: randomUUID(), ...content } as const;
    try {
      return await this.parts.log.append(draft, (state) => assertStillFits(request, state));
    } catch (error) {
      const now = this.state.publication(notebook, runDate);
      throw now?.txn === draft.txn ? projectionFailed(now, error) : error;
    }
  }

  /** What lacks a file could be committed, but not shown. */
  async #requireWhole(request: PublishRequest): Promise<void> {
    for (const manifest of await this.#manifestsOf(request))
      await this.#withRemedy(manifest, () => {
        const missing = this.parts.versions.findMissing(manifest);
        if (missing !== undefined) throw damagedVersion(`"${missing}" is missing, or not as it was stored`);
      });
  }

  async #withRemedy<T>(version: VersionName, act: () => T | Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (!isAppError(error, "damaged") || error.hint !== undefined) throw error;
      throw new AppError("damaged", error.message, {
        hint: restoreVersion(this.state, version),
        cause: error,
      });
    }
  }

  async #manifestsOf({ datasets }: Pick<PublishEntry, "datasets">): Promise<Manifest[]> {
    const names = Object.entries(datasets).sort();
    return Promise.all(names.map(([dataset, version]) => this.manifest(dataset, version)));
  }

  #tagOf({ notebook, name }: TagRequest): Tag {
    const tag = this.state.tag(notebook, name);
    if (tag === undefined) throw new Error(`unreachable: "${name}" was just given`);
    return tag;
  }

  /** They only save work. */
  async #saveStamps(): Promise<void> {
    try {
      await this.parts.inputs.save();
    } catch (error) {
      this.#logger.warn("the hashes of input files could not be saved", { error });
    }
  }

  #assertWriter(verb: string): void {
    if (!this.isWriter) throw new Error(`${verb} needs a lake that is open for writing`);
  }
}

function assertSeq(state: LakeState, seq: number): void {
  if (state.seq === seq) return;
  throw new AppError("conflict", `"data_lake" changed since this was looked at`, {
    hint: "Look again at what would change.",
  });
}
