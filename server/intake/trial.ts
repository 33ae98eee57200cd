import { AppError, isAppError } from "../base/errors.js";
import type { Column, Engine, QueryScope } from "../engine/engine.js";
import type { FileReader, ReaderOfText } from "../engine/verbs.js";
import { refusal } from "./file-kind.js";

const BIND_MS = 60_000;
/** A file that takes longer than this is read in a run, not while somebody waits for the answer to an upload. */
const READ_MS = 20_000;

/** Tries queries on a file that is not in `input/` yet. */
export class Trial {
  readonly #engine: Engine;
  readonly #scope: QueryScope;
  readonly #name: string;
  /** Not all of the file was read. */
  isPartial = false;

  constructor(engine: Engine, root: string, name: string) {
    this.#engine = engine;
    this.#scope = { root, readable: [], relations: [], parameters: [] };
    this.#name = name;
  }

  /** The query of a cell that reads the file so. */
  query(reader: FileReader): string {
    return this.#engine.readerSql(reader);
  }

  /** Undefined where the engine cannot read the file so. */
  async columns(sql: string): Promise<readonly Column[] | undefined> {
    try {
      const control = { label: "upload", timeoutMs: BIND_MS };
      const [bound] = await this.#engine.bind(this.#scope, [{ name: "file", sql }], control);
      return bound?.ok === true ? bound.columns : undefined;
    } catch (error) {
      if (isAppError(error, "query", "input")) return undefined;
      throw error;
    }
  }

  /** Reads every value. Undefined where all can be read. */
  async failure(sql: string): Promise<AppError | undefined> {
    try {
      await this.#engine.readThrough({ scope: this.#scope, sql }, { label: "upload", timeoutMs: READ_MS });
      return undefined;
    } catch (error) {
      if (isAppError(error, "timeout")) {
        this.isPartial = true;
        return undefined;
      }
      if (isAppError(error, "query", "input", "out-of-memory", "engine-crashed")) return error;
      throw error;
    }
  }

  /** The first rows. None where they cannot be read. */
  async firstRows(sql: string, limit: number): Promise<readonly (readonly unknown[])[]> {
    try {
      const control = { label: "upload", timeoutMs: READ_MS };
      return (await this.#engine.query({ scope: this.#scope, sql, limit, maxCharacters: 100 }, control)).rows;
    } catch (error) {
      if (isAppError(error, "timeout", "query", "input", "out-of-memory", "engine-crashed")) return [];
      throw error;
    }
  }

  /** Columns of floats of which the file has more digits than they keep. */
  async lostDigits(reader: ReaderOfText, columns: readonly Column[]): Promise<readonly string[]> {
    const floats = columns.flatMap(({ name, kind }) => (kind === "float" ? [name] : []));
    if (floats.length === 0) return [];
    const [row] = await this.firstRows(this.#engine.lostDigitsSql(reader, columns, floats), 1);
    return floats.filter((_name, index) => row?.[index] === true);
  }

  refusal(failure: unknown): AppError {
    const why = failure instanceof AppError ? ` ${firstLine(failure.message)}` : "";
    return new AppError("input", `"${this.#name}" cannot be read as a table.${why}`, {
      hint: "Save it as CSV, JSON or Parquet, in UTF-8, with one row a line.",
      cause: failure,
    });
  }

  /** `columns`, or a failure with code input that says why not. */
  async requireColumns(sql: string): Promise<readonly Column[]> {
    const columns = await this.columns(sql);
    const failure = await this.failure(sql);
    if (columns === undefined || failure !== undefined) throw this.refusal(failure);
    if (columns.length === 0) throw refusal(this.#name, "has no columns", "Deliver it again.");
    return columns;
  }

  async copy(sql: string, file: string): Promise<void> {
    const scope = this.#scope;
    await this.#engine.copy({ scope, sql, file }, { label: "upload", timeoutMs: 10 * 60_000 });
  }
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
