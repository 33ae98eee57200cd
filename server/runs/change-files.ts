import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** What a run found out of changes, for all of its cells that ask for the same. */
export class ChangeFiles {
  readonly #folder: string;
  readonly #files = new Map<string, Promise<string>>();
  #holds = 0;
  #isClosed = false;

  /** The folder is made when it is needed. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes a file unless the run has it. */
  get(name: string, make: (file: string) => Promise<void>): Promise<string> {
    const known = this.#files.get(name);
    if (known !== undefined) return known;
    const made = this.#make(make);
    this.#files.set(name, made);
    // Another cell may succeed where this one was cancelled.
    made.catch(() => this.#files.delete(name));
    return made;
  }

  /** Undefined where the run has no such file. */
  find(name: string): Promise<string> | undefined {
    return this.#files.get(name);
  }

  /** Makes a file, also where the run has one of that name. */
  put(name: string, make: (file: string) => Promise<void>): Promise<string> {
    this.#files.delete(name);
    return this.get(name, make);
  }

  /** Work that others wait for goes on when the run has ended: the files stay until it calls what this returns. */
  hold(): () => Promise<void> {
    this.#holds++;
    return async () => {
      this.#holds--;
      await this.#removeIfDone();
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#removeIfDone();
  }

  async #removeIfDone(): Promise<void> {
    if (this.#isClosed && this.#holds === 0) await rm(this.#folder, { recursive: true, force: true });
  }

  async #make(make: (file: string) => Promise<void>): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    const file = join(this.#folder, `${randomUUID()}.parquet`);
    await make(file);
    return file;
  }
}
