import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { AppError } from "../base/errors.js";
import { isName, isSameMaker, makerOf, type Person } from "./person.js";
import { RecordFolder } from "./record-folder.js";
import { Users } from "./users.js";
import { lesserRole, roles, type Role } from "../base/roles.js";

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

export interface Token extends Omit<StoredToken, "format" | "hash"> {
  /** What it opens now: never more than whoever made it may. Null: nothing, since it has expired, or its maker is gone or shut out. */
  readonly opens: Role | null;
}

export interface NewToken {
  readonly name: string;
  readonly role: Role;
  /** Null: never ends. */
  readonly lifetimeMs: number | null;
  readonly createdBy: string;
}

/** The beginning tells those who look for lost secrets what it is. */
const TOKEN = /^lkb_[\w-]{43}$/;
/** Of tokens that were made by means of a token; more than these only a forged file has. */
const MAX_MAKERS = 20;

/** Tokens of programs: `.lakebook/tokens/<id>.json`, where the id is the beginning of the token's hash. */
export class Tokens {
  readonly #records: RecordFolder<StoredToken>;
  readonly #users: Users;
  readonly #now: () => number;

  constructor(stateFolder: string, now: () => number = Date.now) {
    this.#records = new RecordFolder(stateFolder, "tokens", tokenSchema);
    this.#users = new Users(stateFolder);
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
    await this.#records.exclusively(async () => {
      if ((await this.list()).some((other) => other.name === name && other.opens !== null))
        throw new AppError("conflict", `Token "${name}" exists.`, {
          hint: "Take another name, or revoke that one first.",
        });
      await this.#records.add(stored.id, stored);
    });
    return { token, entry: await this.#toToken(stored) };
  }

  /** By name; those that open nothing any more too. */
  async list(): Promise<Token[]> {
    const all = await Promise.all((await this.#records.all()).map((stored) => this.#toToken(stored)));
    return all.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** By id or by name; by id also one whose file somebody broke. Fails with code not-found where there is none. */
  async revoke(idOrName: string): Promise<Pick<Token, "id" | "name"> & Partial<Token>> {
    const token = (await this.list()).find(({ id, name }) => id === idOrName || name === idOrName);
    const broken = (await this.#records.damaged()).find((id) => id === idOrName);
    const found = token ?? (broken === undefined ? undefined : { id: broken, name: broken });
    if (found === undefined || !(await this.#records.remove(found.id)))
      throw new AppError("not-found", `Token "${idOrName}" does not exist.`, {
        hint: "lakebook token list shows them.",
      });
    return found;
  }

  /** Takes away what somebody made who is gone: it opened nothing any more. Returns the names. */
  async removeOf(maker: string): Promise<string[]> {
    const made = (await this.#records.all()).filter(({ createdBy }) => isSameMaker(createdBy, maker));
    for (const { id } of made) await this.#records.remove(id);
    return made.map(({ name }) => name);
  }

  /** Whose token it is; undefined for one that was never made, was revoked, has expired, or whose maker may nothing any more. */
  async holder(token: string): Promise<Person | undefined> {
    if (!TOKEN.test(token)) return undefined;
    const hash = digest(token);
    const stored = await this.#records.find(idOf(hash));
    if (stored === undefined || !isSame(stored.hash, hash)) return undefined;
    const role = await this.#roleOf(stored);
    return role === undefined ? undefined : { kind: "token", name: stored.name, role };
  }

  /**
   * What whoever made something then may now, by what records say of it: `ana`, `token ci`, `agent claude for ana`. Undefined: nothing
   * any more. Whoever has the command line or the start token made what nobody is named for.
   */
  async roleOfMaker(by: string | undefined, at: string, depth = 0): Promise<Role | undefined> {
    const { kind, name } = makerOf(by);
    if (kind === "owner") return "admin";
    if (kind === "user") return this.#users.roleSince(name, at);
    const made = await this.#records.all();
    const maker = made.find((other) => other.name === name && other.createdAt <= at && this.#isAlive(other));
    return maker === undefined || depth >= MAX_MAKERS ? undefined : this.#roleOf(maker, depth + 1);
  }

  async #roleOf(stored: StoredToken, depth = 0): Promise<Role | undefined> {
    if (!this.#isAlive(stored)) return undefined;
    const most = await this.roleOfMaker(stored.createdBy, stored.createdAt, depth);
    return most === undefined ? undefined : lesserRole(most, stored.role);
  }

  async #toToken(stored: StoredToken): Promise<Token> {
    const { format: _format, hash: _hash, ...token } = stored;
    return { ...token, opens: (await this.#roleOf(stored)) ?? null };
  }

  #isAlive({ expiresAt }: StoredToken): boolean {
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
