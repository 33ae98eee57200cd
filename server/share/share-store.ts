import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError, isAppError, isSystemError } from "../base/errors.js";
import { readJsonFile, replaceFile } from "../base/durable.js";
import { isAllowed } from "../base/roles.js";
import { isSameMaker } from "../people/person.js";
import { Tokens } from "../people/tokens.js";
import { snapshotSchema, type Snapshot } from "./snapshot.js";

const shareSchema = z.object({
  format: z.literal(1),
  id: z.string(),
  notebook: z.string(),
  title: z.string(),
  createdAt: z.string(),
  /** Who made it. */
  by: z.string().exactOptional(),
  /** Null: never. */
  expiresAt: z.string().nullable(),
  /** SHA-256 of the token, in hex. The token itself is nowhere but in the link. */
  tokenHash: z.string(),
  snapshot: snapshotSchema,
});

type StoredShare = z.infer<typeof shareSchema>;

export type Share = Omit<StoredShare, "format" | "tokenHash" | "snapshot">;

const ID = /^[0-9a-f]{16}$/;
const TOKEN = /^[\w-]{43}$/;

/**
 * Links to snapshots: `.lakebook/shares/<id>.json`, readable by this user only. The id is the beginning of the token's
 * hash, so that a link is found without looking through the folder, and tells nothing about the token.
 */
export class ShareStore {
  readonly folder: string;
  readonly #makers: Pick<Tokens, "roleOfMaker">;
  readonly #now: () => number;

  constructor(stateFolder: string, now: () => number = Date.now) {
    this.folder = join(stateFolder, "shares");
    this.#makers = new Tokens(stateFolder, now);
    this.#now = now;
  }

  /** Returns the token too, which nobody can ask for again. */
  async create(
    snapshot: Snapshot,
    lifetimeMs: number | null,
    by?: string,
  ): Promise<{ readonly share: Share; readonly token: string }> {
    const token = randomBytes(32).toString("base64url");
    const tokenHash = hash(token);
    const share: Share = {
      id: idOf(tokenHash),
      notebook: snapshot.name,
      title: snapshot.title,
      createdAt: new Date(this.#now()).toISOString(),
      ...(by === undefined ? {} : { by }),
      expiresAt: lifetimeMs === null ? null : new Date(this.#now() + lifetimeMs).toISOString(),
    };
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await chmod(this.folder, 0o700);
    const stored: StoredShare = { format: 1, ...share, tokenHash, snapshot };
    await replaceFile(this.#path(share.id), JSON.stringify(stored), { mode: 0o600 });
    return { share, token };
  }

  /** Newest first. Those that have expired are removed, their snapshots with them. */
  async list(notebook?: string): Promise<Share[]> {
    const found: Share[] = [];
    for (const id of await this.#ids()) {
      const stored = await this.#read(id);
      if (stored === undefined) continue;
      if (!this.#isAlive(stored)) await rm(this.#path(id), { force: true });
      else if (notebook === undefined || stored.notebook === notebook) found.push(toShare(stored));
    }
    return found.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  }

  /**
   * Removes the link and its snapshot. Fails with code not-found where there is none, and with code forbidden where `by` is
   * given and did not make it.
   */
  async revoke(id: string, by?: string): Promise<void> {
    try {
      if (!ID.test(id)) throw unknownShare(id);
      if (by !== undefined && existsSync(this.#path(id)) && !isSameMaker((await this.#read(id))?.by, by))
        throw new AppError("forbidden", "Somebody else made this link.", { hint: "An admin can end it." });
      await rm(this.#path(id));
    } catch (error) {
      throw isSystemError(error, "ENOENT", "ENOTDIR") ? unknownShare(id) : error;
    }
  }

  /** Closes all links of somebody who is gone: they showed nothing any more. Returns how many. */
  async removeOf(maker: string): Promise<number> {
    const made = (await this.list()).filter(({ by }) => isSameMaker(by, maker));
    for (const { id } of made) await rm(this.#path(id), { force: true });
    return made.length;
  }

  /** What the link shows; undefined for one that was never made, was revoked or has expired, or whose maker may not share any more. */
  async open(token: string): Promise<Snapshot | undefined> {
    if (!TOKEN.test(token)) return undefined;
    const tokenHash = hash(token);
    const stored = await this.#read(idOf(tokenHash));
    if (stored === undefined || !isSame(stored.tokenHash, tokenHash)) return undefined;
    const role = await this.#makers.roleOfMaker(stored.by, stored.createdAt);
    const isOpen = this.#isAlive(stored) && role !== undefined && isAllowed(role, "share");
    return isOpen ? stored.snapshot : undefined;
  }

  #isAlive({ expiresAt }: StoredShare): boolean {
    return expiresAt === null || Date.parse(expiresAt) > this.#now();
  }

  #path(id: string): string {
    return join(this.folder, `${id}.json`);
  }

  /** A file that somebody broke is no link. */
  async #read(id: string): Promise<StoredShare | undefined> {
    try {
      return await readJsonFile(this.#path(id), shareSchema);
    } catch (error) {
      if (isAppError(error, "damaged")) return undefined;
      throw error;
    }
  }

  async #ids(): Promise<string[]> {
    try {
      const names = await readdir(this.folder);
      return names.flatMap((name) =>
        ID.test(name.slice(0, -5)) && name.endsWith(".json") ? [name.slice(0, -5)] : [],
      );
    } catch (error) {
      if (isSystemError(error, "ENOENT")) return [];
      throw error;
    }
  }
}

function toShare({ id, notebook, title, createdAt, by, expiresAt }: StoredShare): Share {
  return { id, notebook, title, createdAt, ...(by === undefined ? {} : { by }), expiresAt };
}

function hash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function idOf(tokenHash: string): string {
  return tokenHash.slice(0, 16);
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function unknownShare(id: string): AppError {
  return new AppError("not-found", `Share "${id}" does not exist.`, {
    hint: "List them with: lakebook share --list",
  });
}
