import { LIST, listValue, VARCHAR } from "@duckdb/node-api";
import type { QueryAnalysis } from "../../../graph/query-analysis.js";
import { analyzeCondition } from "../parse/analyze-condition.js";
import { analyzeQuery } from "../parse/analyze.js";
import type { ParserText } from "../protocol.js";
import type { TaskContext } from "./tasks-scope.js";
import type { WorkerInstance } from "./worker-instance.js";

let parser: Promise<WorkerInstance> | undefined;

/** Analyzes each text by DuckDB's parser. Nothing is bound or run, so one instance serves for ever. */
export async function analyzeTexts(
  texts: readonly ParserText[],
  context: TaskContext,
): Promise<readonly QueryAnalysis[]> {
  parser ??= openParser(context);
  const serializer = new Serializer(await parser);
  const serialize = (sql: string): Promise<string> => serializer.serialize(sql);
  return Promise.all(
    texts.map(({ kind, sql }) =>
      kind === "query" ? analyzeQuery(sql, serialize) : analyzeCondition(sql, serialize),
    ),
  );
}

/** What is asked for in one turn is one statement. */
class Serializer {
  readonly #instance: WorkerInstance;
  #waiting: {
    readonly sql: string;
    readonly resolve: (tree: string) => void;
    readonly reject: (e: unknown) => void;
  }[] = [];

  constructor(instance: WorkerInstance) {
    this.#instance = instance;
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
    const queries = { value: listValue(batch.map(({ sql }) => sql)), type: LIST(VARCHAR) };
    try {
      const statement = "SELECT json_serialize_sql(unnest($queries))";
      const rows = await this.#instance.rows(statement, new Map([["queries", queries]]));
      for (const [index, { resolve }] of batch.entries()) resolve(String(rows[index]?.[0]));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

function openParser({ shelf, limits, tempFolder }: TaskContext): Promise<WorkerInstance> {
  return shelf.open({ limits, tempFolder, places: { folders: [], files: [] } });
}
