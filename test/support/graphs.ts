import { buildGraph, type GraphResult } from "../../server/graph/dependency-graph.js";
import { parseNotebook } from "../../server/notebook/parse.js";
import type { QueryAnalysis, QueryFacts } from "../../server/graph/query-analysis.js";

/** A cell of a test's notebook. `reads` are names of relations; `lake.x` is a dataset of the lake. */
export interface CellDraft {
  readonly kind?: "sql" | "check";
  readonly reads?: readonly string[];
  /** Lines of YAML below the cell's name. */
  readonly options?: readonly string[];
  readonly parameters?: readonly string[];
  readonly isProjection?: boolean;
}

const nowhere = { start: 0, end: 1 };

function facts({ reads = [], parameters = [], isProjection = false }: CellDraft): QueryFacts {
  return {
    tables: reads.map((read) => {
      const [name = "", schema] = read.split(".").reverse();
      return { ...(schema === undefined ? {} : { schema }), name, count: 1, span: nowhere };
    }),
    files: [],
    groupedBy: [],
    parameters: parameters.map((name) => ({ name, span: nowhere })),
    volatileFunctions: [],
    normalized: "",
    isProjection,
    keepsEveryRow: false,
    keepsOrder: false,
    isOrdered: false,
    isInferred: false,
  };
}

/** A real graph of a real notebook; only what its queries read is given instead of parsed. */
export function graphOf(
  cells: Readonly<Record<string, CellDraft>>,
  frontMatter = "",
  tail = "",
): GraphResult {
  const fences = Object.entries(cells).map(([name, { kind = "sql", options = [] }]) => {
    const lines = [`${kind === "sql" ? "cell" : "check"}: ${name}`, ...options].map((line) => `--| ${line}`);
    return `\`\`\`sql\n${lines.join("\n")}\nSELECT 1\n\`\`\`\n`;
  });
  const text = `${frontMatter === "" ? "" : `---\n${frontMatter}\n---\n`}${fences.join("\n")}\n${tail}`;
  const { notebook } = parseNotebook("test", "notebooks/test.md", text);
  const analyses = new Map(
    Object.entries(cells).map(([name, draft]): [string, QueryAnalysis] => [
      name,
      { ok: true, facts: facts(draft) },
    ]),
  );
  return buildGraph(notebook, analyses);
}
