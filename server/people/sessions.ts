import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const LIFETIME_MS = 30 * 24 * 3_600_000;
const MAX_SESSIONS = 1000;

/** Whose session it is: undefined of whoever showed the start token. `stamp`: see `Users`. */
export type SessionUser = { readonly user: string; readonly stamp: string } | undefined;

/** Hash of a session's id, when it ends, and of a user's session whose it is. */
export type SessionEntry =
  | readonly [hash: string, expiry: number]
  | readonly [hash: string, expiry: number, user: string, stamp: string];

export interface SessionsOptions {
  readonly now?: () => number;
  /** Sessions of an earlier server. */
  readonly known?: readonly SessionEntry[];
  readonly onChange?: (entries: readonly SessionEntry[]) => void;
}

/** Browsers that have logged in. Only hashes are kept, so that nothing read from memory or disk opens a door. */
export class Sessions {
  readonly lifetimeMs = LIFETIME_MS;
  readonly #entries: Map<string, SessionEntry>;
  readonly #now: () => number;
  readonly #onChange: SessionsOptions["onChange"];

  constructor({ now = Date.now, known = [], onChange }: SessionsOptions = {}) {
    this.#now = now;
    this.#onChange = onChange;
    const start = now();
    const latest = start + LIFETIME_MS;
    // No session lasts longer than one given now, whatever a file says.
    const valid = known.filter(([, expiry]) => expiry > start && expiry <= latest);
    this.#entries = new Map(valid.slice(-MAX_SESSIONS).map((entry) => [entry[0], entry]));
  }

  /** Returns the id for the cookie. Beyond a thousand sessions the oldest one ends. */
  create(of?: SessionUser): string {
    const id = randomBytes(32).toString("base64url");
    const now = this.#now();
    for (const [known, [, expiry]] of this.#entries) if (expiry <= now) this.#entries.delete(known);
    const [key, expiry] = [hash(id), now + LIFETIME_MS];
    this.#entries.set(key, of === undefined ? [key, expiry] : [key, expiry, of.user, of.stamp]);
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined && this.#entries.size > MAX_SESSIONS) this.#entries.delete(oldest);
    this.#changed();
    return id;
  }

  has(id: string): boolean {
    return this.find(id) !== undefined;
  }

  /** Undefined where there is no such session, or it has ended. */
  find(id: string): { readonly of: SessionUser } | undefined {
    const entry = this.#entries.get(hash(id));
    if (entry === undefined || entry[1] <= this.#now()) return undefined;
    const [, , user, stamp] = entry;
    return { of: user === undefined || stamp === undefined ? undefined : { user, stamp } };
  }

  revoke(id: string): void {
    if (this.#entries.delete(hash(id))) this.#changed();
  }

  #changed(): void {
    this.#onChange?.([...this.#entries.values()]);
  }
}

/** Takes the same time whatever the two texts have in common. */
export function isSameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function hash(text: string): string {
  return digest(text).toString("hex");
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
