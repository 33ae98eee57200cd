import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { hashOf } from "../base/hash.js";
import { namedRecord } from "../base/named-record.js";
import { readJsonFile, replaceFile } from "../base/durable.js";
import { inputFileSchema } from "../lake/model.js";
import type { CurrentParts } from "./change-reason.js";

const partsSchema = z.object({
  sql: z.string(),
  engine: z.string(),
  parameters: namedRecord(z.unknown()),
  queries: namedRecord(z.string()),
  inputs: z.array(inputFileSchema),
  parents: z.array(z.object({ dataset: z.string(), version: z.string() })),
});
const fileSchema = z.array(z.tuple([z.string(), partsSchema]));

interface Remembered {
  readonly cells: Map<string, CurrentParts>;
  isSaved: boolean;
}

/** What each query cell was last computed from, so that it can be said what is different the next time. A file for each notebook. */
export class RememberedParts {
  readonly #folder: string;
  readonly #notebooks = new Map<string, Promise<Remembered>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async remember(notebook: string, cell: string, parts: CurrentParts): Promise<void> {
    const remembered = await this.#read(notebook);
    if (JSON.stringify(remembered.cells.get(cell)) === JSON.stringify(parts)) return;
    remembered.cells.set(cell, parts);
    remembered.isSaved = false;
  }

  /** What `remember` noted last. */
  async recall(notebook: string, cell: string): Promise<CurrentParts | undefined> {
    return (await this.#read(notebook)).cells.get(cell);
  }

  /** By the names of the cells, also of those that are no longer there if nothing was saved since. */
  async recallAll(notebook: string): Promise<ReadonlyMap<string, CurrentParts>> {
    return (await this.#read(notebook)).cells;
  }

  /** For later processes. `cells`: those that the notebook has; the others are forgotten. A loss costs words only. */
  async save(notebook: string, cells: ReadonlySet<string>): Promise<void> {
    const remembered = await this.#read(notebook);
    if (remembered.isSaved) return;
    remembered.isSaved = true;
    for (const name of remembered.cells.keys()) if (!cells.has(name)) remembered.cells.delete(name);
    await mkdir(this.#folder, { recursive: true });
    await replaceFile(this.#file(notebook), JSON.stringify([...remembered.cells]), { isLasting: false });
  }

  #read(notebook: string): Promise<Remembered> {
    const known = this.#notebooks.get(notebook) ?? this.#readFile(notebook);
    this.#notebooks.set(notebook, known);
    return known;
  }

  async #readFile(notebook: string): Promise<Remembered> {
    const stored = await readJsonFile(this.#file(notebook), fileSchema).catch(() => undefined);
    return { cells: new Map(stored), isSaved: true };
  }

  #file(notebook: string): string {
    return join(this.#folder, `${hashOf([notebook])}.json`);
  }
}
