import type { QueryResult, QueryTask } from "../../engine.js";
import type { Vocabulary } from "../../verbs.js";

const FUNCTIONS = `
  SELECT function_name, any_value(function_name || '(' || list_aggregate(coalesce(parameters, []), 'string_agg', ', ') || ')'), coalesce(any_value(description), '')
  FROM duckdb_functions()
  WHERE function_type IN ('scalar', 'aggregate', 'macro', 'table') AND regexp_full_match(function_name, '[a-z][a-z0-9_]*') AND NOT starts_with(function_name, 'pragma_') AND NOT starts_with(function_name, 'duckdb_')
  GROUP BY function_name ORDER BY function_name`;
const KEYWORDS =
  "SELECT upper(keyword_name) FROM duckdb_keywords() WHERE keyword_category <> 'unreserved' ORDER BY 1";

export async function readVocabulary(query: (task: QueryTask) => Promise<QueryResult>): Promise<Vocabulary> {
  const scope = { root: "/", readable: [], relations: [], parameters: [] };
  const functions = await query({ scope, sql: FUNCTIONS, limit: 5000 });
  const keywords = await query({ scope, sql: KEYWORDS, limit: 1000 });
  return {
    functions: functions.rows.map(([name, signature, description]) => ({
      name: String(name),
      signature: String(signature),
      description: String(description),
    })),
    keywords: keywords.rows.map(([keyword]) => String(keyword)),
  };
}
