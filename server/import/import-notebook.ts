import { AppError } from "../base/errors.js";
import { parseNotebook } from "../notebook/parse.js";
import { readDbt, type Seed } from "./dbt.js";
import { isDbtProject, type ProjectFile } from "./dbt-project.js";
import type { Draft } from "./draft.js";
import { readJupyter } from "./jupyter.js";
import { isMarimoMarkdown, readMarimo, readMarimoMarkdown } from "./marimo.js";
import {
  isFrameworkPage,
  readFrameworkPage,
  readObservableDocument,
  readObservableHtml,
} from "./observable.js";
import { readSqlScript } from "./sql-script.js";
import { writeDraft, type ImportedNotebook } from "./write-draft.js";

/**
 * A notebook of a file of another program, which its ending and content tell: a SQL script, Jupyter, marimo, Observable. A Markdown
 * file that is none of theirs is a notebook as it is. Fails with code usage where it is nothing of all this.
 */
export function importFile(fileName: string, text: string): ImportedNotebook {
  const title = fileName.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "");
  const ending = /\.([^.\\/]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? "";
  const draft = readFile(ending, title, text.replace(/^\uFEFF/, ""));
  if (draft !== undefined) return writeDraft(draft);
  return { text, cells: parseNotebook(title, fileName, text).notebook.cells.length, left: [] };
}

/** Undefined: the text is a notebook itself. */
function readFile(ending: string, title: string, text: string): Draft | undefined {
  switch (ending) {
    case "md":
    case "markdown":
      if (isMarimoMarkdown(text)) return readMarimoMarkdown(title, text);
      return isFrameworkPage(text) ? readFrameworkPage(title, text) : undefined;
    case "sql":
      return readSqlScript(title, text);
    case "ipynb":
      return readJupyter(title, text);
    case "py":
      return readMarimo(title, text);
    case "html":
      return readObservableHtml(title, text);
    case "json":
      return readObservableDocument(title, text);
    default:
      throw new AppError("usage", `"${title}.${ending}" is no notebook that can be imported.`, {
        hint: "Import .md, .sql, .ipynb (Jupyter), .py (marimo), .html or .json (Observable), or the folder of a dbt project; a data file goes to input/.",
      });
  }
}

export interface ImportedProject extends ImportedNotebook {
  readonly title: string;
  readonly seeds: readonly Seed[];
}

/** A notebook of a project's files; the text of its seeds is not needed. Fails with code usage where they are no dbt project. */
export function importProject(files: readonly ProjectFile[]): ImportedProject {
  if (!isDbtProject(files))
    throw new AppError("usage", "The folder is no project that can be imported: it has no dbt_project.yml.", {
      hint: "Name the folder of a dbt project, or one file.",
    });
  const { draft, seeds } = readDbt(files);
  return { ...writeDraft(draft), title: draft.title, seeds };
}
