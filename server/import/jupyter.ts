import { z } from "zod";
import { AppError } from "../base/errors.js";
import type { Draft, Part } from "./draft.js";
import type { Hole, HoledSql, Variables } from "./fill-holes.js";
import { expandScripts, holedScript, type HostLanguage, type ScriptPart } from "./parts.js";
import { pythonHost, pythonParts, readPython, type PythonCode } from "./python.js";
import { looksLikeSql } from "./sql-script.js";
import { variablesOf } from "./variables.js";

const sourceSchema = z
  .union([z.string(), z.array(z.string())])
  .transform((text) => (typeof text === "string" ? text : text.join("")));
const cellSchema = z.looseObject({
  cell_type: z.string(),
  source: sourceSchema.optional(),
  /** Of format 3. */
  input: sourceSchema.optional(),
  metadata: z.looseObject({ deepnote_variable_name: z.string().optional() }).optional(),
});
const kernelSchema = z.looseObject({ name: z.string().optional(), language: z.string().optional() });
const notebookSchema = z.looseObject({
  cells: z.array(cellSchema).optional(),
  worksheets: z.array(z.looseObject({ cells: z.array(cellSchema) })).optional(),
  metadata: z
    .looseObject({ kernelspec: kernelSchema.optional(), language_info: kernelSchema.optional() })
    .optional(),
});

type Cell =
  | { readonly kind: "markdown"; readonly text: string }
  | { readonly kind: "sql"; readonly text: string; readonly name?: string | undefined }
  | { readonly kind: "python"; readonly text: string; readonly code: PythonCode }
  | { readonly kind: "other"; readonly text: string; readonly language: string };

/**
 * A Jupyter notebook: cells of `%%sql` and its like, of `%sql` in Databricks, of a kernel of SQL, and the SQL that Python runs.
 * Outputs are left out. Fails with code usage where it is none.
 */
export function readJupyter(title: string, text: string): Draft {
  const cells = cellsOf(text);
  const variables = variablesOf(
    cells.flatMap((cell) => (cell.kind === "python" ? cell.code.assignments : [])),
  );
  const parts = expandScripts(cells.flatMap((cell) => partsOf(cell, variables)));
  return { title, runsInOrder: true, parts };
}

function cellsOf(text: string): Cell[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AppError("usage", "The file is no Jupyter notebook: it is no JSON.", { cause: error });
  }
  const parsed = notebookSchema.safeParse(json);
  const raw = parsed.data?.cells ?? parsed.data?.worksheets?.flatMap(({ cells }) => cells);
  if (raw === undefined)
    throw new AppError("usage", "The file is no Jupyter notebook: it has no cells.", {
      hint: "Save it in Jupyter as .ipynb, format 4.",
    });
  const { kernelspec, language_info: info } = parsed.data?.metadata ?? {};
  const language = (info?.name ?? kernelspec?.language ?? kernelspec?.name ?? "python").toLowerCase();
  return raw.flatMap(({ cell_type: type, source, input, metadata }): Cell[] => {
    const body = source ?? input ?? "";
    if (body.trim() === "") return [];
    if (type === "sql") return [{ kind: "sql", text: body, name: metadata?.deepnote_variable_name }];
    if (type !== "code") return [{ kind: "markdown", text: body }];
    return codeCells(body, language);
  });
}

/** Of Databricks too, whose cells begin with the language that they are in. */
function codeCells(body: string, language: string): Cell[] {
  const [line = "", percent = "", magic = "", words = ""] = /^\s*(%%?)([a-z_]+)\b([^\n]*)/i.exec(body) ?? [];
  const word = magic.toLowerCase();
  const rest = body.slice(line.length);
  if (/^(md|markdown|html)$/.test(word)) return [{ kind: "markdown", text: `${words}\n${rest}` }];
  const isWhole = percent === "%%" || (words.trim() === "" && rest.trim() !== "");
  if (isSqlMagic(word) && isWhole) return [{ kind: "sql", ...readMagic(words, rest) }];
  if (/sql/.test(language)) return [{ kind: "sql", text: body }];
  if (language !== "python") return [{ kind: "other", text: body, language }];
  return linesOfPython(body);
}

function isSqlMagic(word: string): boolean {
  return /^(sql|sparksql|bigquery|duckdb|dql|query|read_sql|snowflake|athena|trino)$/.test(word);
}

/** Splits off the lines `%sql SELECT …` and `x = %sql SELECT …`. */
function linesOfPython(body: string): Cell[] {
  const cells: Cell[] = [];
  let python: string[] = [];
  const flush = (): void => {
    const text = python.join("\n");
    python = [];
    if (text.trim() !== "") cells.push({ kind: "python", text, code: readPython(text) });
  };
  for (const line of body.split("\n")) {
    const match = /^\s*(?:(\w+)\s*=\s*)?%(\w+)\s+(.*)$/.exec(line);
    const magic =
      match !== null && isSqlMagic((match[2] ?? "").toLowerCase())
        ? readMagic(match[3] ?? "", "")
        : undefined;
    if (magic === undefined || !looksLikeSql(magic.text)) {
      python.push(line);
      continue;
    }
    flush();
    cells.push({ kind: "sql", text: magic.text, name: match?.[1] ?? magic.name });
  }
  flush();
  return cells;
}

/** What stands behind `%%sql` on its line: a connection, options, a name, and maybe the beginning of the query. */
function readMagic(
  line: string,
  body: string,
): { readonly text: string; readonly name?: string | undefined } {
  let rest = line.trim();
  let name: string | undefined;
  for (;;) {
    const option =
      /^(--save|-s|-o|--output|--variable|-v)[ =]+(\w+)\s*/.exec(rest) ??
      /^(--with|-w|--file|-f|--project|--params|--alias|-a|--connection_arguments|--creator|--section|--persist)[ =]+(\S+)\s*/.exec(
        rest,
      ) ??
      /^(--?[\w-]+)\s*/.exec(rest) ??
      /^(\S+:\/\/\S*|\w+@\w+)\s*/.exec(rest) ??
      /^(\{\{?\w+\}?\}|\$\w+)\s*$/.exec(rest);
    if (option !== null) {
      if (/^(--save|-s|-o|--output|--variable|-v)$/.test(option[1] ?? "")) name = option[2];
      rest = rest.slice(option[0].length);
      continue;
    }
    // BigQuery's comes first, without a mark.
    const assigned = /^(\w+)\s*=?<<\s*/.exec(rest) ?? /^(\w+)\s+(?=--)/.exec(rest);
    if (assigned === null) break;
    name = assigned[1];
    rest = rest.slice(assigned[0].length);
  }
  if (/^\w+$/.test(rest) && body.trim() !== "") {
    name ??= rest;
    rest = "";
  }
  return { text: rest === "" ? body.replace(/^\n/, "") : `${rest}\n${body}`, name };
}

function partsOf(cell: Cell, variables: Variables): (Part | ScriptPart)[] {
  switch (cell.kind) {
    case "markdown":
      return [{ kind: "prose", markdown: cell.text }];
    case "sql":
      return [holedScript(magicHoles(cell.text), magicHost, variables, cell.name)];
    case "python":
      return pythonParts(cell.code, variables, pythonHost);
    case "other":
      return [
        {
          kind: "left",
          why: `as it is ${cell.language}: a cell is one query`,
          language: cell.language,
          text: cell.text,
        },
      ];
  }
}

/** JupySQL's `{{name}}`, ipython-sql's `:name` and `{name}`. */
function magicHoles(sql: string): HoledSql {
  const pieces: string[] = [];
  const holes: Hole[] = [];
  let end = 0;
  for (const match of sql.matchAll(
    /\{\{\s{0,20}([^{}\s][^{}]{0,200}?)\s{0,20}\}\}|\{(\w+)\}|(?<![:\w'"])[:@]([A-Za-z_]\w*)\b(?!')/g,
  )) {
    pieces.push(sql.slice(end, match.index));
    const [, braced, single, bound] = match;
    holes.push({ text: braced ?? single ?? bound ?? "", isBound: bound !== undefined });
    end = match.index + match[0].length;
  }
  return { pieces: [...pieces, sql.slice(end)], holes };
}

const magicHost: HostLanguage = {
  name: "Python",
  mark: (hole) => `{{${hole}}}`,
  variableOf: (hole) => (/^[A-Za-z_]\w*$/.test(hole) ? hole : undefined),
};
