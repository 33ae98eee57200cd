import type { QueryAnalysis } from "../../../graph/query-analysis.js";
import type { Engine, QueryScope, TaskControl } from "../../engine.js";

/** Undefined where one of the types is none. */
export async function storedTypes(
  engine: Pick<Engine, "analyzeConditions" | "bind">,
  scope: QueryScope,
  types: readonly string[],
  control: TaskControl,
): Promise<readonly string[] | undefined> {
  // A type alone is what may stand behind a cast in both its forms, without leaving the brackets of either.
  const casts = types.flatMap((type) => [castTo(type), `NULL::\n${type}\n`]);
  const analyses = await engine.analyzeConditions(casts);
  const isType = (analysis: QueryAnalysis): boolean =>
    analysis.ok && analysis.facts.tables.length + analysis.facts.files.length === 0;
  if (!analyses.every(isType)) return undefined;
  const names = types.map((_, index) => `c${String(index)}`);
  const sql = `SELECT ${types.map((type, index) => `${castTo(type)} AS ${names[index] ?? ""}`).join(", ")}`;
  const [bound] = await engine.bind(
    { ...scope, relations: [], parameters: [] },
    [{ name: "types", sql, isStored: true }],
    control,
  );
  if (bound?.ok !== true || bound.columns.length !== types.length) return undefined;
  const known = new Map(bound.columns.map(({ name, type }) => [name, type]));
  return types.map((type, index) => known.get(names[index] ?? "") ?? type);
}

function castTo(type: string): string {
  return `CAST(NULL AS\n${type}\n)`;
}
