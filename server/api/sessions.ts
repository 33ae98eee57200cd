import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const LIFETIME_MS = 30 * 24 * 3_600_000;
const MAX_SESSIONS = 1000;

/** Hash of a session's id, and when it ends. */
export type SessionEntry = readonly [hash: string, expiry: number];

export interface SessionsOptions {
  readonly now?: () => number;
  /** Sessions of an earlier server. */
  readonly known?: readonly SessionEntry[];
  readonly onChange?: (entries: readonly SessionEntry[]) => void;
}

/** Browsers that have shown the token. Only hashes are kept, so that nothing read from memory or disk opens a door. */
export class Sessions {
  readonly lifetimeMs = LIFETIME_MS;
  readonly #expiry: Map<string, number>;
  readonly #now: () => number;
  readonly #onChange: SessionsOptions["onChange"];

  constructor({ now = Date.now, known = [], onChange }: SessionsOptions = {}) {
    this.#now = now;
    this.#onChange = onChange;
    const start = now();
    const latest = start + LIFETIME_MS;
    // No session lasts longer than one given now, whatever a file says.
    const valid = known.filter(([, expiry]) => expiry > start && expiry <= latest);
    this.#expiry = new Map(valid.slice(-MAX_SESSIONS));
  }

  /** Returns the id for the cookie. Beyond a thousand sessions the oldest one ends. */
  create(): string {
    const id = randomBytes(32).toString("base64url");
    for (const [known, expiry] of this.#expiry) if (expiry <= this.#now()) this.#expiry.delete(known);
    this.#expiry.set(hash(id), this.#now() + LIFETIME_MS);
    const [oldest] = this.#expiry.keys();
    if (oldest !== undefined && this.#expiry.size > MAX_SESSIONS) this.#expiry.delete(oldest);
    this.#onChange?.([...this.#expiry]);
    return id;
  }

  has(id: string): boolean {
    const expiry = this.#expiry.get(hash(id));
    return expiry !== undefined && expiry > this.#now();
  }

  revoke(id: string): void {
    this.#expiry.delete(hash(id));
    this.#onChange?.([...this.#expiry]);
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
