import { AppError } from "../base/errors.js";
import type { Lake } from "../lake/lake.js";
import type { OutputFormat, ParameterDefinition } from "../notebook/notebook.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { intervalOf, today } from "../runs/interval.js";
import { bindParameters } from "../runs/run-context.js";
import { fixedControls } from "../share/snapshot.js";
import { takeSnapshot, type SnapshotServices } from "../share/take-snapshot.js";
import { exportSql } from "./export-sql.js";
import { renderHtml } from "./render-html.js";

export const exportFormats = ["html", "md", "sql"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Rows of each table in an exported file. */
const EXPORT_ROWS = 100;

export interface ExportedFile {
  readonly fileName: string;
  readonly type: string;
  readonly text: string;
  /** What is not in it that its reader may look for. */
  readonly notes?: readonly string[];
}

/** The notebook as one file that needs no server. No run begins: results are those of the last runs, and of other choices. */
export async function exportNotebook(
  services: SnapshotServices,
  analyzed: AnalyzedNotebook,
  format: ExportFormat,
): Promise<ExportedFile> {
  const { notebook } = analyzed;
  const fileName = `${notebook.name.split("/").at(-1) ?? ""}.${format}`;
  switch (format) {
    case "html": {
      const snapshot = await takeSnapshot(services, analyzed);
      const text = await renderHtml(snapshot, { rowLimit: EXPORT_ROWS });
      return { fileName, type: "text/html; charset=utf-8", text, notes: fixedControls(snapshot) };
    }
    case "md":
      requireUtf8(analyzed);
      return { fileName, type: "text/markdown; charset=utf-8", text: notebook.source.text };
    case "sql":
      return { fileName, type: "application/sql; charset=utf-8", text: await toSql(services, analyzed) };
  }
}

/** The text is not the file then: each byte that is not UTF-8 became another one. */
function requireUtf8({ notebook, diagnostics }: AnalyzedNotebook): void {
  if (!diagnostics.some(({ code }) => code === "invalid-utf8")) return;
  throw new AppError("invalid-notebook", `Notebook "${notebook.name}" is not UTF-8.`, {
    hint: "Copy its file from notebooks/, or save it there as UTF-8.",
  });
}

async function toSql({ lake }: SnapshotServices, analyzed: AnalyzedNotebook): Promise<string> {
  const definitions = new Map<string, ParameterDefinition>();
  for (const node of analyzed.graph.nodes.values())
    for (const definition of node.parameters) definitions.set(definition.name, definition);
  const date = today();
  const dates = lake?.publications().filter((entry) => entry.notebook === analyzed.notebook.name) ?? [];
  const { start, end } = intervalOf(
    date,
    analyzed.notebook.frontMatter.schedule,
    dates.map((entry) => entry.runDate),
  );
  const record = { date, intervalStart: start, intervalEnd: end, parameters: {} };
  const formats = await formatsOf(lake, analyzed);
  return exportSql({
    analyzed,
    parameters: bindParameters(record, [...definitions.values()]),
    formatOf: (schema, name) => formats.get(`${schema}.${name}`),
  });
}

/** A dataset need not be published as Parquet. */
async function formatsOf(
  lake: Lake | undefined,
  { graph }: AnalyzedNotebook,
): Promise<Map<string, OutputFormat>> {
  const formats = new Map<string, OutputFormat>();
  for (const { schema, name } of [...graph.nodes.values()].flatMap((node) => node.facts?.tables ?? [])) {
    if (schema === undefined) continue;
    const placement = lake?.find(name, schema);
    if (lake === undefined || placement === undefined) continue;
    const [first, ...others] = (await lake.manifest(name, placement.version)).formats;
    if (first !== undefined) formats.set(`${schema}.${name}`, others.includes("parquet") ? "parquet" : first);
  }
  return formats;
}
