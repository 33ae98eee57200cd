import { compareDiagnostics, formatDiagnostic, hasErrors } from "../../base/diagnostic.js";
import { toFlow, type DependencyGraph } from "../../graph/dependency-graph.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import { openNotebookSession } from "../session.js";

export const graph = defineCommand({
  summary: "print the dependency graph of a notebook",
  arguments: "<notebook>",
  positionals: { min: 1, max: 1 },
  options: {
    mermaid: { type: "boolean", help: "print a Mermaid flowchart" },
    ...jsonOption,
    ...workspaceOption,
  },
  async run({ positionals, values, console }) {
    const session = await openNotebookSession({
      workspace: values.workspace ?? ".",
      notebook: positionals[0] ?? "",
    });
    try {
      const analyzed = await session.notebooks.analyze(session.file);
      if (values.json === true) console.out(`${JSON.stringify(toFlow(analyzed.graph), null, 2)}\n`);
      else console.out(values.mermaid === true ? toMermaid(analyzed.graph) : toLines(analyzed.graph));
      const errors = analyzed.diagnostics
        .filter((item) => item.severity === "error")
        .sort(compareDiagnostics);
      for (const item of errors) console.err(`${formatDiagnostic(item, analyzed.notebook.source)}\n\n`);
      return hasErrors(errors) ? 2 : 0;
    } finally {
      await session.close();
    }
  },
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
