import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const idSchema = z.uuid();

/** Names the sessions that are open on a cluster, so that another process can end those of one that was killed. */
export class OpenSessions {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async add(id: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeFile(join(this.#folder, id), "");
  }

  async remove(id: string): Promise<void> {
    await rm(join(this.#folder, id), { force: true });
  }

  async ids(): Promise<readonly string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => idSchema.safeParse(name).success);
  }
}
