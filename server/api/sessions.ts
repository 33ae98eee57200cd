import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const LIFETIME_MS = 30 * 24 * 3_600_000;
const MAX_SESSIONS = 1000;

/** Browsers that have shown the token. Only hashes are kept, so that nothing read from memory opens a door. */
export class Sessions {
  readonly lifetimeMs = LIFETIME_MS;
  readonly #expiry = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Returns the id for the cookie. Beyond a thousand sessions the oldest one ends. */
  create(): string {
    const id = randomBytes(32).toString("base64url");
    this.#expiry.set(hash(id), this.#now() + LIFETIME_MS);
    const [oldest] = this.#expiry.keys();
    if (oldest !== undefined && this.#expiry.size > MAX_SESSIONS) this.#expiry.delete(oldest);
    return id;
  }

  has(id: string): boolean {
    const expiry = this.#expiry.get(hash(id));
    return expiry !== undefined && expiry > this.#now();
  }

  revoke(id: string): void {
    this.#expiry.delete(hash(id));
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
