import type { Engine } from "../engine/engine.js";

export interface FunctionEntry {
  readonly name: string;
  /** `date_trunc(part, timestamp)`. */
  readonly signature: string;
  readonly description: string;
}

export interface Vocabulary {
  readonly functions: readonly FunctionEntry[];
  readonly keywords: readonly string[];
}

const FUNCTIONS = `
  SELECT function_name, any_value(function_name || '(' || list_aggregate(coalesce(parameters, []), 'string_agg', ', ') || ')'), coalesce(any_value(description), '')
  FROM duckdb_functions()
  WHERE function_type IN ('scalar', 'aggregate', 'macro', 'table') AND regexp_full_match(function_name, '[a-z][a-z0-9_]*') AND NOT starts_with(function_name, 'pragma_') AND NOT starts_with(function_name, 'duckdb_')
  GROUP BY function_name ORDER BY function_name`;
const KEYWORDS =
  "SELECT upper(keyword_name) FROM duckdb_keywords() WHERE keyword_category <> 'unreserved' ORDER BY 1";

let known: Promise<Vocabulary> | undefined;

/** The engine's own functions and keywords; asked once. */
export function vocabularyOf(engine: Engine): Promise<Vocabulary> {
  known ??= ask(engine).catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  return known;
}

async function ask(engine: Engine): Promise<Vocabulary> {
  const scope = { root: "/", readable: [], relations: [], parameters: [] };
  const control = { label: "vocabulary", timeoutMs: 30_000 };
  const functions = await engine.query({ scope, sql: FUNCTIONS, limit: 5000 }, control);
  const keywords = await engine.query({ scope, sql: KEYWORDS, limit: 1000 }, control);
  return {
    functions: functions.rows.map(([name, signature, description]) => ({
      name: String(name),
      signature: String(signature),
      description: String(description),
    })),
    keywords: keywords.rows.map(([keyword]) => String(keyword)),
  };
}
