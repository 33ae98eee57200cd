import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { aborted } from "../base/aborted.js";
import { isAppError, messageOf } from "../base/errors.js";
import { sha256 } from "../base/hash.js";
import type { Logger } from "../base/logger.js";
import type { QueriedRows } from "../chart/chart-rows.js";
import { POINT_BUDGET } from "../chart/chart-limits.js";
import type { AggregateQuery } from "../chart/chart-query.js";
import type { Engine, TaskControl } from "../engine/engine.js";
import type { GroupFilter, Tally } from "../engine/verbs.js";
import { whileLeased, type Lease, type Leases } from "../lake/leases.js";
import { KeptCopies } from "./kept-copies.js";
import { SHOWN_CHARACTERS } from "./shown-values.js";
import type { StoredRows } from "./stored-rows.js";
import { planTally, type PointsQuery, type TallyPlan } from "./tally-plan.js";
import { overTally, tallyItems } from "./tally-query.js";

export interface TalliesOptions {
  readonly engine: Engine;
  /** For the tallies; what an earlier process left there is nobody's. */
  readonly folder: string;
  readonly logger: Logger;
  readonly leases: Leases;
  /** Fewer are filtered quickly enough each time. Default a million. */
  readonly minRows?: number;
  /** So many questions of a kind are the rows', for a tally takes longer than the answer of one. Default 1. */
  readonly asksOfRows?: number;
  /** So long a question waits for a tally before it is asked of the rows. Default a second. */
  readonly patienceMs?: number;
  /** Of one tally, where there are not fewer than a tenth of the rows. Default 200,000. */
  readonly mostGroups?: number;
  /** For all tallies together; default 256 MiB. */
  readonly maxBytes?: number;
}

interface KeptTally extends Tally {
  readonly folder: string;
  readonly source: string;
  readonly plan: TallyPlan;
}

type LeasedTally = KeptTally & { readonly lease: Lease };

interface Build {
  /** Never rejects. */
  readonly done: Promise<void>;
  /** When it was asked for last, in milliseconds. */
  wantedAt: number;
}

const TIMEOUT_MS = 60_000;
/** What was not asked for during that time is not begun. */
const WANTED_MS = 10_000;
const MAX_KEYS = 1_000;
/** Each question goes through all of them. */
const MAX_TALLIES = 200;

const rowCount: PointsQuery = {
  type: "points",
  caps: [],
  items: [{ name: "y", value: { type: "aggregate", name: "count" } }],
  isGrouped: false,
  present: [],
  then: { type: "all" },
  most: 1,
};

/**
 * What makes each move of a range quick over many rows: counts and sums of the groups of a chart and of what it is filtered
 * by, from which a chart of any such filter is made. Stored rows never change; a loss costs time only, and what cannot be
 * answered so is asked of the rows.
 */
export class Tallies {
  readonly #options: TalliesOptions;
  readonly #tallies: KeptCopies<KeptTally>;
  readonly #builds = new Map<string, Build>();
  /** Of which there is none yet: how often they were wanted. */
  readonly #asked = new Map<string, number>();
  /** Of which there is none to be had. */
  readonly #refused = new Set<string>();
  /** One at a time, since each uses all cores. */
  #last: Promise<void> = Promise.resolve();

  constructor(options: TalliesOptions) {
    this.#options = options;
    this.#tallies = new KeptCopies({
      leases: options.leases,
      maxBytes: options.maxBytes ?? 256 * 2 ** 20,
      maxCopies: MAX_TALLIES,
    });
  }

  /** The points of a chart, of the rows that the filters let through. Undefined: the rows have to be asked. */
  async points(
    source: StoredRows,
    query: AggregateQuery,
    where: readonly GroupFilter[],
    signal?: AbortSignal,
  ): Promise<QueriedRows | undefined> {
    if (query.type !== "points") return undefined;
    const { minRows = 1_000_000 } = this.#options;
    const plan = where.length === 0 || source.rows < minRows ? undefined : planTally(query, where);
    const tally = plan === undefined ? undefined : await this.#get(source, plan, signal);
    if (tally === undefined) return undefined;
    const over = overTally({ query, where }, tally.plan, tally);
    const task = { table: tally, ...over, limit: POINT_BUDGET + 1, maxCharacters: SHOWN_CHARACTERS };
    try {
      return await whileLeased(tally.lease, () => this.#options.engine.aggregate(task, control(signal)));
    } catch (error) {
      if (isAppError(error, "cancelled")) throw error;
      this.#tallies.remove(keyOf(tally.source, tally.plan));
      return undefined;
    }
  }

  /** How many rows the filters let through. Undefined as of `points`. */
  async count(
    source: StoredRows,
    where: readonly GroupFilter[],
    signal?: AbortSignal,
  ): Promise<number | undefined> {
    const [row] = (await this.points(source, rowCount, where, signal))?.rows ?? [];
    return row && Number(row[0]);
  }

  async #get(source: StoredRows, plan: TallyPlan, signal?: AbortSignal): Promise<LeasedTally | undefined> {
    const of = sha256(JSON.stringify(source.files));
    const key = keyOf(of, plan);
    const known = this.#find(of, plan);
    if (known !== undefined || this.#refused.has(key)) return known;
    if (!this.#builds.has(key) && this.#isFirst(key)) return undefined;
    const build = this.#builds.get(key) ?? this.#start(key, of, source, plan);
    build.wantedAt = Date.now();
    await Promise.race([build.done, aborted(signal), later(this.#options.patienceMs ?? 1_000)]);
    return this.#find(of, plan);
  }

  /** Whoever picks one mark and looks is not kept waiting for what makes the next ones quick. */
  #isFirst(key: string): boolean {
    const { asksOfRows = 1 } = this.#options;
    const asked = this.#asked.get(key) ?? 0;
    if (asked >= asksOfRows) return false;
    if (this.#asked.size > MAX_KEYS) this.#asked.clear();
    this.#asked.set(key, asked + 1);
    return true;
  }

  /** Any that knows enough, the smallest. */
  #find(source: string, plan: TallyPlan): LeasedTally | undefined {
    let best: readonly [key: string, tally: KeptTally] | undefined;
    for (const [key, tally] of this.#tallies)
      if (tally.source === source && isPartOf(plan, tally.plan) && tally.rows < (best?.[1].rows ?? Infinity))
        best = [key, tally];
    return best && this.#tallies.find(best[0]);
  }

  #start(key: string, of: string, source: StoredRows, plan: TallyPlan): Build {
    const reading = source.lease?.share();
    const isWanted = (): boolean => Date.now() - build.wantedAt < WANTED_MS;
    const done = this.#last
      .then(() => (isWanted() ? this.#make(key, { source: of, plan }, source) : undefined))
      .finally(() => {
        reading?.release();
        this.#builds.delete(key);
      });
    this.#last = done;
    const build: Build = { done, wantedAt: Date.now() };
    this.#builds.set(key, build);
    return build;
  }

  async #make(key: string, of: Pick<KeptTally, "source" | "plan">, source: StoredRows): Promise<void> {
    // One that was made meanwhile may know enough.
    const found = this.#find(of.source, of.plan);
    found?.lease.release();
    if (found !== undefined) return;
    const { engine, logger, mostGroups = 200_000 } = this.#options;
    const folder = join(this.#options.folder, randomUUID());
    try {
      await mkdir(folder, { recursive: true });
      const most = Math.min(mostGroups, Math.floor(source.rows / 10));
      const task = { table: source, items: tallyItems(of.plan), most, folder };
      const tally = await engine.tally(task, control());
      if (tally !== undefined) {
        this.#tallies.add(key, { ...tally, ...of, folder });
        return;
      }
      this.#refuse(key);
    } catch (error) {
      // After a crash or a full disk there may well be one.
      if (isAppError(error, "query", "out-of-memory", "timeout")) this.#refuse(key);
      logger.warn("charts will be filtered slowly", { error: messageOf(error) });
    }
    this.#tallies.removeFolder(folder);
  }

  #refuse(key: string): void {
    if (this.#refused.size > MAX_KEYS) this.#refused.clear();
    this.#refused.add(key);
  }
}

function keyOf(source: string, plan: TallyPlan): string {
  return sha256(JSON.stringify([source, plan]));
}

function isPartOf(plan: TallyPlan, whole: TallyPlan): boolean {
  const has = (values: readonly unknown[], value: unknown): boolean =>
    values.some((other) => JSON.stringify(other) === JSON.stringify(value));
  return (
    plan.groups.every((group) => has(whole.groups, group)) &&
    plan.measures.every((measure) => has(whole.measures, measure))
  );
}

function control(signal?: AbortSignal): TaskControl {
  return { label: "chart", timeoutMs: TIMEOUT_MS, ...(signal !== undefined && { signal }) };
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
