import { writeFile } from "node:fs/promises";
import { AppError, isSystemError } from "../../base/errors.js";
import { exportFormats, exportNotebook, type ExportFormat } from "../../export/export-notebook.js";
import { CommandExplorer } from "../command-explorer.js";
import { defineCommand, workspaceOption } from "../command.js";
import { openNotebookSession } from "../session.js";

export const exportCommand = defineCommand({
  summary: "write a notebook as one HTML, Markdown or SQL file; no run begins",
  arguments: "<notebook>",
  positionals: { min: 1, max: 1 },
  options: {
    format: { type: "string", value: "html|md|sql", help: "default: as --output ends, else html" },
    output: { type: "string", value: "FILE", help: "default: standard output" },
    ...workspaceOption,
  },
  async run({ positionals, values, console, signal }) {
    const format = readFormat(values.format, values.output);
    const session = await openNotebookSession({
      workspace: values.workspace ?? ".",
      notebook: positionals[0] ?? "",
    });
    const explorer = new CommandExplorer(values.workspace ?? ".", signal);
    try {
      const analyzed = await session.notebooks.analyze(session.file);
      const { text, notes = [] } = await exportNotebook({ ...session, explorer }, analyzed, format);
      for (const note of notes) console.err(`${note}\n`);
      if (values.output === undefined) console.out(text);
      else await write(values.output, text);
      return 0;
    } finally {
      await explorer.close();
      await session.close();
    }
  },
});

function readFormat(given: string | undefined, output: string | undefined): ExportFormat {
  const ending = /\.([a-z]+)$/.exec(output ?? "")?.[1];
  const wanted = given ?? (isFormat(ending) ? ending : "html");
  if (isFormat(wanted)) return wanted;
  throw new AppError("usage", `"--format ${wanted}" is none of ${exportFormats.join(", ")}.`);
}

function isFormat(text: string | undefined): text is ExportFormat {
  return exportFormats.some((format) => format === text);
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new AppError("disk", `"${path}" cannot be written: ${error.message}`, { cause: error });
  }
}
