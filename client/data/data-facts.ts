import type { Column, Profile } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { toGridProfile } from "../elements/to-grid-profile.js";
import type { ColumnProfile } from "../grid/profile.js";
import { may, whyNot } from "../session.js";
import { keyOf, type DataSource, type KnownColumns } from "./data-tree.js";

/** As many as the server measures at once. */
const BATCH_COLUMNS = 20;

interface Facts extends KnownColumns {
  readonly columns?: readonly Column[] | undefined;
  readonly problem?: string | undefined;
  /** The query that reads a file. */
  readonly sql?: string;
  readonly isSample?: boolean;
  readonly profiles: ReadonlyMap<number, ColumnProfile>;
}

/** The page as far as its facts are asked of it. */
export interface FactsOf {
  notebook(): string;
  cellColumns(name: string): readonly Column[] | undefined;
  datasetColumns(name: string): readonly Column[] | undefined;
  /** A fingerprint; undefined: it has no rows. */
  resultOf(cell: string): string | undefined;
  changed(): void;
}

/** Columns of what was opened, and what those in sight are like: asked for once each, some at a time. */
export class DataFacts {
  readonly #page: FactsOf;
  readonly #facts = new Map<string, Facts>();
  readonly #asked = new Set<string>();

  constructor(page: FactsOf) {
    this.#page = page;
  }

  of(source: DataSource): KnownColumns {
    if (source.type === "cell") return { columns: this.#page.cellColumns(source.name) ?? [] };
    if (source.type === "dataset") return { columns: this.#page.datasetColumns(source.name) ?? [] };
    if (!may("query")) return { problem: whyNot("query") };
    return this.#facts.get(keyOf(source)) ?? {};
  }

  profileOf(source: DataSource, index: number): ColumnProfile | undefined {
    return this.#facts.get(this.#key(source))?.profiles.get(index);
  }

  /** What the columns are like is told of the first rows only. */
  isSample(source: DataSource): boolean {
    return this.#facts.get(this.#key(source))?.isSample === true;
  }

  /** Everything may be another one now. */
  forget(): void {
    this.#facts.clear();
    this.#asked.clear();
  }

  /** A column of a source is in sight; -1: the source was opened. */
  want(source: DataSource, index: number): void {
    const key = this.#key(source);
    const offset = Math.max(0, index - (index % BATCH_COLUMNS));
    const batch = `${key} ${String(offset)}`;
    if (this.#asked.has(batch) || (source.type === "file" && !may("query"))) return;
    if (source.type !== "file" && index < 0) return;
    this.#asked.add(batch);
    this.#load(source, key, offset).catch((error: unknown) => {
      this.#asked.delete(batch);
      if (!(error instanceof ApiError)) throw error;
      // Rows of cells go, and what the columns are called is known without.
      if (source.type === "file") this.#note(key, { problem: error.message });
    });
  }

  /** How a cell reads a file. Fails with ApiError. */
  async sqlOf(path: string): Promise<string> {
    const found = await api.lookAt({ path });
    if ("problem" in found) throw new ApiError(200, { error: found.problem });
    return found.sql;
  }

  async #load(source: DataSource, key: string, offset: number): Promise<void> {
    const range = { offset, limit: BATCH_COLUMNS };
    if (source.type === "file") {
      const found = await api.lookAt({ path: source.name, profile: range });
      if ("problem" in found)
        this.#note(key, { problem: [found.problem.message, found.problem.hint].filter(Boolean).join(" ") });
      else this.#note(key, found, offset, found.profile);
      return;
    }
    const result = source.type === "cell" ? this.#page.resultOf(source.name) : undefined;
    if (source.type === "cell" && result === undefined) return;
    const profile =
      source.type === "cell"
        ? await api.cellProfile(this.#page.notebook(), source.name, { ...range, result })
        : await api.lakeProfile("latest", source.name, range);
    this.#note(key, {}, offset, profile);
  }

  #note(key: string, facts: Partial<Facts>, offset = 0, profile?: Profile): void {
    const before = this.#facts.get(key);
    const profiles = new Map(before?.profiles);
    for (const [index, column] of toGridProfile(profile).entries()) profiles.set(offset + index, column);
    this.#facts.set(key, { ...before, ...facts, profiles });
    this.#page.changed();
  }

  /** Another result of a cell is another thing to measure. */
  #key(source: DataSource): string {
    return source.type === "cell"
      ? `${keyOf(source)} ${this.#page.resultOf(source.name) ?? ""}`
      : keyOf(source);
  }
}
