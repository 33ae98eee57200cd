import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError, isAppError, isSystemError } from "../base/errors.js";
import { readJsonFile, replaceFile } from "../base/durable.js";
import { oneAtATime } from "../base/one-at-a-time.js";

const proposalSchema = z.object({
  format: z.literal(1),
  id: z.string(),
  notebook: z.string(),
  /** Of the file that it was made for. */
  etag: z.string(),
  by: z.string(),
  createdAt: z.string(),
  reason: z.string(),
  /** Texts between the fences, without the last line break. */
  cells: z.array(z.object({ cell: z.string(), before: z.string(), after: z.string() })),
});
export type Proposal = Omit<z.infer<typeof proposalSchema>, "format">;

const ID = /^[0-9a-f]{16}$/;
/** More than these nobody looks through. */
const MAX_OPEN = 50;

/** Edits that wait for a person beside their notebook: `.lakebook/proposals/<id>.json`, for this user only. */
export class ProposalStore {
  readonly #folder: string;

  constructor(stateFolder: string) {
    this.#folder = join(stateFolder, "proposals");
  }

  /** Fails with code conflict where too many wait already. */
  async create(given: Omit<Proposal, "id" | "createdAt">): Promise<Proposal> {
    if ((await this.list(given.notebook)).length >= MAX_OPEN)
      throw new AppError("conflict", `${String(MAX_OPEN)} proposals for "${given.notebook}" wait already.`, {
        hint: "Somebody has to accept or reject some of them first.",
      });
    const proposal = {
      ...given,
      id: randomBytes(8).toString("hex"),
      createdAt: new Date().toISOString(),
    };
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await chmod(this.#folder, 0o700);
    await this.#write(proposal);
    return proposal;
  }

  /** The oldest first. */
  async list(notebook: string): Promise<Proposal[]> {
    const found = await Promise.all((await this.#ids()).map((id) => this.#read(id)));
    return found
      .flatMap((item) => (item?.notebook === notebook ? [item] : []))
      .sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  }

  /** Takes a cell out of a proposal, and the proposal away with its last one. Fails with code not-found. */
  settle(notebook: string, id: string, cell: string): Promise<void> {
    return oneAtATime(this.#folder, () => this.#settle(notebook, id, cell));
  }

  async #settle(notebook: string, id: string, cell: string): Promise<void> {
    const proposal = ID.test(id) ? await this.#read(id) : undefined;
    if (proposal?.notebook !== notebook || !proposal.cells.some((item) => item.cell === cell))
      throw new AppError("not-found", `Proposal "${id}" does not exist, or has nothing for cell "${cell}".`);
    const cells = proposal.cells.filter((item) => item.cell !== cell);
    if (cells.length === 0) await rm(this.#path(id), { force: true });
    else await this.#write({ ...proposal, cells });
  }

  #write(proposal: Proposal): Promise<void> {
    return replaceFile(this.#path(proposal.id), JSON.stringify({ format: 1, ...proposal }), { mode: 0o600 });
  }

  /** A file that somebody broke is no proposal. */
  async #read(id: string): Promise<Proposal | undefined> {
    try {
      const stored = await readJsonFile(this.#path(id), proposalSchema);
      if (stored === undefined) return undefined;
      const { format: _format, ...proposal } = stored;
      return proposal;
    } catch (error) {
      if (isAppError(error, "damaged")) return undefined;
      throw error;
    }
  }

  async #ids(): Promise<string[]> {
    try {
      const names = await readdir(this.#folder);
      return names.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length));
    } catch (error) {
      if (isSystemError(error, "ENOENT")) return [];
      throw error;
    }
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}
