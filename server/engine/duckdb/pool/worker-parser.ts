import { isAppError, type AppError } from "../../../base/errors.js";
import type { QueryAnalysis } from "../../../graph/query-analysis.js";
import type { TaskControl } from "../../engine.js";
import { analyzeCondition } from "../parse/analyze-condition.js";
import { analyzeQuery } from "../parse/analyze.js";
import type { WorkerPool } from "./pool.js";
import type { ParserText } from "../protocol.js";

/** Parsing takes milliseconds; what takes longer is an attack or a fault. */
const PARSE_CONTROL: TaskControl = { label: "parser", timeoutMs: 10_000 };

/** A text beyond this takes long enough that others should not wait behind it. */
const LONG_TEXT = 32_768;

/** By which the system ends a process for what it did. */
const FAULT_SIGNALS = new Set(["SIGSEGV", "SIGBUS", "SIGABRT", "SIGILL", "SIGFPE"]);

interface Waiting {
  readonly text: ParserText;
  readonly resolve: (analysis: QueryAnalysis) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Has texts analyzed in a worker process, since a long one takes seconds; what is asked for in one turn goes there in
 * one message. Long texts go to a worker of their own, one by one.
 */
export class QueryParser {
  readonly #pool: WorkerPool;
  readonly #longPool: WorkerPool;
  #waiting: Waiting[] = [];

  constructor(pool: WorkerPool, longPool: WorkerPool) {
    this.#pool = pool;
    this.#longPool = longPool;
  }

  analyze(text: ParserText): Promise<QueryAnalysis> {
    return new Promise((resolve, reject) => {
      const waiting = { text, resolve, reject };
      if (text.sql.length > LONG_TEXT) {
        void this.#runEach([waiting], this.#longPool);
        return;
      }
      if (this.#waiting.length === 0) setImmediate(() => void this.#flush());
      this.#waiting.push(waiting);
    });
  }

  async #flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      const found = await this.#run(
        batch.map(({ text }) => text),
        this.#pool,
      );
      for (const [index, { text, resolve }] of batch.entries())
        resolve(found[index] ?? (await unanswered(text, "no answer")));
    } catch (error) {
      if (isAppError(error, "cancelled")) for (const { reject } of batch) reject(error);
      else await this.#runEach(batch, this.#pool);
    }
  }

  /** One query may have ended the parser: the others must not suffer for it. */
  async #runEach(batch: readonly Waiting[], pool: WorkerPool): Promise<void> {
    for (const { text, resolve, reject } of batch) {
      try {
        resolve(await this.#runAlone(text, pool));
      } catch (error) {
        // What was killed, or did not start, is no fault of the query.
        if (isFault(error)) resolve(await unanswered(text, error.message));
        else reject(error);
      }
    }
  }

  /** Tried once more: a parser may be gone for a reason of its own. */
  async #runAlone(text: ParserText, pool: WorkerPool): Promise<QueryAnalysis> {
    for (let isFirst = true; ; isFirst = false) {
      try {
        const [analysis] = await this.#run([text], pool);
        return analysis ?? (await unanswered(text, "no answer"));
      } catch (error) {
        if (!isFirst || !isAppError(error, "engine-crashed")) throw error;
      }
    }
  }

  #run(texts: readonly ParserText[], pool: WorkerPool): Promise<readonly QueryAnalysis[]> {
    return pool.run({ type: "analyze", texts }, PARSE_CONTROL);
  }
}

/** The parser ended itself over the query, or came to no end. */
function isFault(error: unknown): error is AppError {
  if (isAppError(error, "timeout", "out-of-memory")) return true;
  return isAppError(error, "engine-crashed") && FAULT_SIGNALS.has(String(error.details?.["signal"]));
}

/** As for a text of which DuckDB itself says that it does not parse. */
function unanswered({ kind, sql }: ParserText, reason: string): Promise<QueryAnalysis> {
  const tree = JSON.stringify({
    error: true,
    error_type: "parser",
    error_message: `The query cannot be parsed: ${reason}`,
  });
  const serialize = (): Promise<string> => Promise.resolve(tree);
  return kind === "query" ? analyzeQuery(sql, serialize) : analyzeCondition(sql, serialize);
}
