import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { AppError } from "../base/errors.js";
import { isName, type Person } from "./person.js";
import { RecordFolder } from "./record-folder.js";
import { roles, type Role } from "../base/roles.js";

const tokenSchema = z.object({
  format: z.literal(1),
  id: z.string(),
  name: z.string(),
  role: z.enum(roles),
  /** SHA-256 of the token, in hex. The token itself is kept nowhere. */
  hash: z.string(),
  createdAt: z.string(),
  createdBy: z.string(),
  /** Null: never. */
  expiresAt: z.string().nullable(),
});
type StoredToken = z.infer<typeof tokenSchema>;

export type Token = Omit<StoredToken, "format" | "hash">;

export interface NewToken {
  readonly name: string;
  readonly role: Role;
  /** Null: never ends. */
  readonly lifetimeMs: number | null;
  readonly createdBy: string;
}

/** The beginning tells those who look for lost secrets what it is. */
const TOKEN = /^lkb_[\w-]{43}$/;

/** Tokens of programs: `.lakebook/tokens/<id>.json`, where the id is the beginning of the token's hash. */
export class Tokens {
  readonly #records: RecordFolder<StoredToken>;
  readonly #now: () => number;

  constructor(stateFolder: string, now: () => number = Date.now) {
    this.#records = new RecordFolder(stateFolder, "tokens", tokenSchema);
    this.#now = now;
  }

  /** Returns the token too, which nobody can ask for again. Fails with code usage for a name that may not be. */
  async add({
    name,
    role,
    lifetimeMs,
    createdBy,
  }: NewToken): Promise<{ readonly token: string; readonly entry: Token }> {
    if (!isName(name))
      throw new AppError("usage", `"${name}" is no name for a token.`, {
        hint: "Small letters, digits and . _ @ + -, 64 at most.",
      });
    const taken = (await this.list()).some((other) => other.name === name && this.#isAlive(other));
    if (taken)
      throw new AppError("conflict", `Token "${name}" exists.`, {
        hint: "Take another name, or revoke that one first.",
      });
    const token = `lkb_${randomBytes(32).toString("base64url")}`;
    const hash = digest(token);
    const now = this.#now();
    const stored: StoredToken = {
      format: 1,
      id: idOf(hash),
      name,
      role,
      hash,
      createdAt: new Date(now).toISOString(),
      createdBy,
      expiresAt: lifetimeMs === null ? null : new Date(now + lifetimeMs).toISOString(),
    };
    await this.#records.add(stored.id, stored);
    return { token, entry: toToken(stored) };
  }

  /** By name; those that have expired too. */
  async list(): Promise<Token[]> {
    const all = (await this.#records.all()).map(toToken);
    return all.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** By id or by name. Fails with code not-found where there is none. */
  async revoke(idOrName: string): Promise<Token> {
    const token = (await this.list()).find(({ id, name }) => id === idOrName || name === idOrName);
    if (token === undefined || !(await this.#records.remove(token.id)))
      throw new AppError("not-found", `Token "${idOrName}" does not exist.`, {
        hint: "lakebook token list shows them.",
      });
    return token;
  }

  /** Whose token it is; undefined for one that was never made, was revoked or has expired. */
  async holder(token: string): Promise<Person | undefined> {
    if (!TOKEN.test(token)) return undefined;
    const hash = digest(token);
    const stored = await this.#records.find(idOf(hash));
    if (stored === undefined || !isSame(stored.hash, hash) || !this.#isAlive(stored)) return undefined;
    return { kind: "token", name: stored.name, role: stored.role };
  }

  #isAlive({ expiresAt }: Pick<Token, "expiresAt">): boolean {
    return expiresAt === null || Date.parse(expiresAt) > this.#now();
  }
}

function digest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function idOf(hash: string): string {
  return hash.slice(0, 16);
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function toToken({ format: _format, hash: _hash, ...token }: StoredToken): Token {
  return token;
}
