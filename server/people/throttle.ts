import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Attempts } from "./attempts.js";
import { RecentCounts } from "./recent-counts.js";

/** Passwords from one place that are looked at at the same moment, and that wait for that. */
const AT_ONCE = 4;
const MAX_WAITING = 100;

/** A name that was tried wrongly so often, from everywhere together, is answered later; never refused for what others do. */
const MANY_FOR_NAME = 50;
const LATER_MS = 2000;

/** Where something comes from. */
export interface Place {
  /** An address, or what else counts as one. */
  readonly place: string;
  /** Many share it who have nothing to do with each other: the programs of this machine. Only names are counted there. */
  readonly isShared: boolean;
}

/** What became of a try: what was found, why nothing was looked at, or how many were wrong lately, the repeated ones not counted. */
export type Tried<T> =
  | { readonly found: T }
  | { readonly waitMs: number; readonly isCrowded: boolean }
  | { readonly wrongCount: number | undefined };

/**
 * Slows down whoever guesses passwords and tokens, and nobody else: only what is wrong counts, passwords apart from tokens, by the
 * place that it comes from.
 */
export class Throttle {
  readonly #passwords: Attempts;
  readonly #names: RecentCounts;
  readonly #tokens: Attempts;
  readonly #wrongTokens: RecentCounts;
  readonly #lanes = new Lanes();
  readonly #sleep: (ms: number) => Promise<unknown>;

  constructor(now: () => number = Date.now, wait: (ms: number) => Promise<unknown> = sleep) {
    this.#passwords = new Attempts(now);
    this.#names = new RecentCounts(now);
    this.#tokens = new Attempts(now);
    this.#wrongTokens = new RecentCounts(now);
    this.#sleep = wait;
  }

  /** `look` is called where it is time to look at it; it gives undefined for a wrong one. */
  async password<T>(
    { place, isShared }: Place,
    name: string,
    look: () => Promise<T | undefined>,
  ): Promise<Tried<T>> {
    const ofName = `${place} ${name}`;
    const keys = isShared ? [ofName] : [place, ofName];
    const waitMs = (): number => Math.max(...keys.map((key) => this.#passwords.waitMs(key)));
    const tried = await this.#lanes.run(isShared ? ofName : place, async (): Promise<Tried<T>> => {
      if (waitMs() > 0) return { waitMs: waitMs(), isCrowded: false };
      if ((this.#names.get(name)?.count ?? 0) >= MANY_FOR_NAME) await this.#sleep(LATER_MS);
      const found = await look();
      if (found === undefined) {
        this.#names.add(name);
        return { wrongCount: Math.min(...keys.map((key) => this.#passwords.fail(key))) };
      }
      for (const key of keys) this.#passwords.succeed(key);
      this.#names.forget(name);
      return { found };
    });
    return tried ?? { waitMs: 1000, isCrowded: true };
  }

  /** Of a token that somebody may have chosen; one of 256 random bits needs no patience where it is right. */
  async token<T>(
    { place, isShared }: Place,
    token: string,
    look: () => Promise<T | undefined>,
  ): Promise<Tried<T>> {
    const waitMs = this.#tokens.waitMs(place);
    // The commands of this machine, which know it, share their place with whatever guesses there.
    if (waitMs > 0 && !isShared) return { waitMs, isCrowded: false };
    const found = await look();
    if (found !== undefined) {
      if (waitMs === 0) this.#tokens.succeed(place);
      return { found };
    }
    // A script that still has an old one guesses nothing.
    const isRepeated =
      this.#wrongTokens.add(`${place} ${createHash("sha256").update(token).digest("hex")}`) > 1;
    if (isRepeated) return { wrongCount: undefined };
    return waitMs > 0 ? { waitMs, isCrowded: false } : { wrongCount: this.#tokens.fail(place) };
  }
}

interface Lane {
  running: number;
  readonly waiting: (() => void)[];
}

/** Each place has its own: in the order of the calls, a few at once. */
class Lanes {
  readonly #lanes = new Map<string, Lane>();

  /** Undefined where too many wait there. */
  async run<T>(key: string, action: () => Promise<T>): Promise<T | undefined> {
    const lane = this.#lanes.get(key) ?? { running: 0, waiting: [] };
    if (lane.waiting.length >= MAX_WAITING) return undefined;
    this.#lanes.set(key, lane);
    if (lane.running >= AT_ONCE) await new Promise<void>((resolve) => lane.waiting.push(resolve));
    else lane.running++;
    try {
      return await action();
    } finally {
      const next = lane.waiting.shift();
      if (next === undefined) lane.running--;
      else next();
      if (lane.running === 0) this.#lanes.delete(key);
    }
  }
}
