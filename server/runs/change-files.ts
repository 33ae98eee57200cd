import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Leases } from "../lake/leases.js";
import { SharedWork } from "./shared-work.js";
import type { StepControl } from "./step-control.js";

/** Writes the file; `control` speaks for all who wait for it. */
export type MakeFile = (file: string, control: StepControl) => Promise<void>;

/**
 * What a run found out of changes, for all of its cells that ask for the same. Who asks holds the folder; whoever made
 * this removes it.
 */
export class ChangeFiles {
  readonly folder: string;
  readonly #leases: Leases;
  readonly #made = new Map<string, string>();
  readonly #making = new SharedWork<string>();

  /** The folder is made when it is needed. */
  constructor(leases: Leases, folder: string) {
    this.#leases = leases;
    this.folder = folder;
  }

  /** Makes a file unless the run has it. Where its maker is out of time or cancelled, one of those who wait makes it. */
  get(name: string, control: StepControl, make: MakeFile): Promise<string> {
    return this.ask(name, control, (shared) => this.#write((file) => make(file, shared)));
  }

  /** The same of an answer that is no file. */
  async ask(
    name: string,
    control: StepControl,
    find: (control: StepControl) => Promise<string>,
  ): Promise<string> {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const { value, lease } = await this.#making.run(name, control, async (shared) => {
      const found = await find(shared);
      this.#made.set(name, found);
      return { value: found, lease: this.#leases.open(this.folder) };
    });
    lease.release();
    return value;
  }

  /** Undefined where the run has no such file. */
  find(name: string): string | undefined {
    return this.#made.get(name);
  }

  /** Makes a file, also where the run has one of that name. */
  async put(name: string, make: (file: string) => Promise<void>): Promise<string> {
    const file = await this.#write(make);
    this.name(name, file);
    return file;
  }

  /** Gives a file that the run has another name. */
  name(name: string, file: string): void {
    this.#made.set(name, file);
  }

  async #write(make: (file: string) => Promise<void>): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    const file = join(this.folder, `${randomUUID()}.parquet`);
    await make(file);
    return file;
  }
}
