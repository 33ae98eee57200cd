import { isAppError } from "../../base/errors.js";
import type { TaskControl } from "../engine.js";
import type { WorkerPool } from "./pool.js";

/** Parsing takes milliseconds; what takes longer is an attack or a fault. */
const PARSE_CONTROL: TaskControl = { label: "parser", timeoutMs: 10_000 };

interface Waiting {
  readonly sql: string;
  readonly resolve: (tree: string) => void;
  readonly reject: (error: unknown) => void;
}

/** Has queries serialized by DuckDB's parser; what is asked for in one turn goes to the worker in one message. */
export class QueryParser {
  readonly #pool: WorkerPool;
  #waiting: Waiting[] = [];

  constructor(pool: WorkerPool) {
    this.#pool = pool;
  }

  serialize(sql: string): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => void this.#flush());
      this.#waiting.push({ sql, resolve, reject });
    });
  }

  async #flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      const trees = await this.#run(batch.map(({ sql }) => sql));
      for (const [index, { resolve }] of batch.entries()) resolve(trees[index] ?? failedTree("no answer"));
    } catch (error) {
      if (isAppError(error, "cancelled")) for (const { reject } of batch) reject(error);
      else await this.#runEach(batch);
    }
  }

  /** One query ended the parser: the others must not suffer for it. */
  async #runEach(batch: readonly Waiting[]): Promise<void> {
    for (const { sql, resolve, reject } of batch) {
      try {
        const [tree] = await this.#run([sql]);
        resolve(tree ?? failedTree("no answer"));
      } catch (error) {
        if (isAppError(error, "engine-crashed") || isAppError(error, "timeout"))
          resolve(failedTree(error.message));
        else reject(error);
      }
    }
  }

  #run(queries: readonly string[]): Promise<readonly string[]> {
    return this.#pool.run({ type: "serialize", queries }, PARSE_CONTROL);
  }
}

/** In the form in which DuckDB itself says that a text does not parse. */
function failedTree(reason: string): string {
  return JSON.stringify({
    error: true,
    error_type: "parser",
    error_message: `The query cannot be parsed: ${reason}`,
  });
}
