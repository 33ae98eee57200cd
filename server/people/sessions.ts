import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const LIFETIME_MS = 30 * 24 * 3_600_000;
/** Of whoever has the start token; a user has fewer, and ends nobody else's. */
const MAX_OWNER_SESSIONS = 1000;
const MAX_USER_SESSIONS = 50;

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
    this.#entries = new Map(valid.map((entry) => [entry[0], entry]));
    for (const user of new Set(valid.map(([, , user]) => user))) this.#endOldest(user);
  }

  /** Returns the id for the cookie. Beyond fifty of one user that user's oldest one ends. */
  create(of?: SessionUser): string {
    const id = randomBytes(32).toString("base64url");
    const now = this.#now();
    for (const [known, [, expiry]] of this.#entries) if (expiry <= now) this.#entries.delete(known);
    const [key, expiry] = [hash(id), now + LIFETIME_MS];
    this.#entries.set(key, of === undefined ? [key, expiry] : [key, expiry, of.user, of.stamp]);
    this.#endOldest(of?.user);
    this.#changed();
    return id;
  }

  #endOldest(user: string | undefined): void {
    const own = [...this.#entries.values()].filter((entry) => entry[2] === user);
    const most = user === undefined ? MAX_OWNER_SESSIONS : MAX_USER_SESSIONS;
    for (const [key] of own.slice(0, Math.max(0, own.length - most))) this.#entries.delete(key);
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

  /** False where there was none. */
  revoke(id: string): boolean {
    const wasThere = this.#entries.delete(hash(id));
    if (wasThere) this.#changed();
    return wasThere;
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
