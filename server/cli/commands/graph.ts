import { compareDiagnostics, formatDiagnostic, hasErrors } from "../../base/diagnostic.js";
import { toFlow, type DependencyGraph } from "../../graph/dependency-graph.js";
import { defineCommand } from "../command.js";
import { notebookHead, notebookOptions, withNotebook } from "../with-notebook.js";

export const graph = defineCommand({
  summary: "print the dependency graph of a notebook",
  ...notebookHead,
  options: {
    mermaid: { type: "boolean", help: "print a Mermaid flowchart" },
    ...notebookOptions,
  },
  run: ({ positionals, values, console }) =>
    withNotebook({ positionals, values }, (_, analyzed) => {
      if (values.json === true) console.out(`${JSON.stringify(toFlow(analyzed.graph), null, 2)}\n`);
      else console.out(values.mermaid === true ? toMermaid(analyzed.graph) : toLines(analyzed.graph));
      const errors = analyzed.diagnostics
        .filter((item) => item.severity === "error")
        .sort(compareDiagnostics);
      for (const item of errors) console.err(`${formatDiagnostic(item, analyzed.notebook.source)}\n\n`);
      return hasErrors(errors) ? 2 : 0;
    }),
});

const SHAPES: Readonly<Record<string, readonly [string, string]>> = {
  sql: ["[", "]"],
  check: ["{{", "}}"],
  chart: ["([", "])"],
  input: ["[/", "/]"],
};

function toMermaid(graph: DependencyGraph): string {
  const { cells, edges } = toFlow(graph);
  const nodes = cells.map(({ name, kind }) => `  ${name}${(SHAPES[kind] ?? ["[", "]"]).join(`"${name}"`)}`);
  return (
    ["flowchart LR", ...nodes, ...edges.map(([parent, child]) => `  ${parent} --> ${child}`)].join("\n") +
    "\n"
  );
}

function toLines(graph: DependencyGraph): string {
  const lines = toFlow(graph).cells.map(({ name, kind, isInferred }) => {
    const from = graph.parents.get(name) ?? [];
    return `${kind.padEnd(6)}${name}${from.length === 0 ? "" : `  ←  ${from.join(", ")}`}${isInferred === true ? "  (inferred)" : ""}`;
  });
  return `${lines.join("\n")}\n`;
}
