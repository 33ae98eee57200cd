import { z } from "zod";
import { AppError } from "../base/errors.js";
import type { ControlPart, Draft, Part } from "./draft.js";
import { attribute, readMarkdown, toRecord, type MarkdownBlock } from "./fenced.js";
import type { Hole, HoledSql, Variables } from "./fill-holes.js";
import { observableControl } from "./observable-controls.js";
import { dedent, expandScripts, holedScript, type HostLanguage, type ScriptPart } from "./parts.js";
import { variablesOf, type Assignment } from "./variables.js";

interface Cell {
  /** `markdown`, `sql`, or another language. */
  readonly language: string;
  readonly text: string;
  readonly name?: string | undefined;
  /** The database that it asks, where it says so. */
  readonly database?: string | undefined;
}

/** Whether an HTML file is a notebook of Observable Notebook Kit. */
export function isObservableHtml(text: string): boolean {
  return /<notebook[\s>]/i.test(text);
}

/** A notebook in the HTML format of Observable Notebook Kit. */
export function readObservableHtml(title: string, text: string): Draft {
  if (!isObservableHtml(text))
    throw new AppError("usage", "The file is no Observable notebook: it has no <notebook>.", {
      hint: "Of HTML only notebooks of Observable Notebook Kit can be imported.",
    });
  const cells = elements(text, "script").map(({ tag, body }): Cell => {
    const type = attribute(tag, "type") ?? "module";
    return {
      language: LANGUAGES.get(type) ?? type.replace(/^.*\/(x-|vnd\.)?/, ""),
      text: dedent(body.replace(/<\\\/script/gi, "</script")),
      name: attribute(tag, "output"),
      database: attribute(tag, "database"),
    };
  });
  const own = elements(text, "title")[0]?.body.trim();
  return draftOf(own === undefined || own === "" ? title : own, cells);
}

/** Elements that hold text alone, up to the first that is not closed. */
function elements(html: string, name: string): { readonly tag: string; readonly body: string }[] {
  const found: { readonly tag: string; readonly body: string }[] = [];
  const opening = new RegExp(`<${name}(\\s[^>]{0,1000})?>`, "gi");
  const closing = new RegExp(`</${name}\\s*>`, "gi");
  for (let open = opening.exec(html); open !== null; open = opening.exec(html)) {
    const start = open.index + open[0].length;
    closing.lastIndex = start;
    const close = closing.exec(html);
    if (close === null) break;
    found.push({ tag: open[1] ?? "", body: html.slice(start, close.index) });
    opening.lastIndex = close.index;
  }
  return found;
}

const LANGUAGES: ReadonlyMap<string, string> = new Map([
  ["module", "javascript"],
  ["text/markdown", "markdown"],
  ["application/sql", "sql"],
  ["text/html", "html"],
]);

const documentSchema = z.looseObject({
  title: z.string().optional(),
  nodes: z.array(
    z.looseObject({
      mode: z.string().optional(),
      value: z.string(),
      name: z.string().nullish(),
      data: z.looseObject({ source: z.looseObject({ name: z.string().optional() }).nullish() }).nullish(),
    }),
  ),
});

/** The JSON document of a notebook on observablehq.com. Fails with code usage where it is none. */
export function readObservableDocument(title: string, text: string): Draft {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AppError("usage", "The file is no JSON.", { cause: error });
  }
  const parsed = documentSchema.safeParse(json);
  if (!parsed.success)
    throw new AppError("usage", "The file is no Observable notebook: it has no nodes.", {
      hint: "A data file goes to input/.",
    });
  const cells = parsed.data.nodes.map(({ mode = "js", value, name, data }): Cell => {
    const language = mode === "md" ? "markdown" : mode === "js" ? "javascript" : mode;
    return { language, text: value, name: name ?? undefined, database: data?.source?.name };
  });
  return draftOf(parsed.data.title ?? title, cells);
}

/** Whether a Markdown file is a page of Observable Framework with SQL. */
export function isFrameworkPage(text: string): boolean {
  const { frontMatter, blocks } = readMarkdown(text);
  const isSql = (block: MarkdownBlock): boolean => block.kind === "code" && block.language === "sql";
  return (
    "sql" in frontMatter &&
    blocks.some(isSql) &&
    !blocks.some((block) => isSql(block) && /^--\|/.test(block.text))
  );
}

/** A page of Observable Framework: its tables are cells that read files, its SQL blocks cells by their `id`. */
export function readFrameworkPage(title: string, text: string): Draft {
  const { frontMatter, blocks } = readMarkdown(text);
  const tables = Object.entries(toRecord(frontMatter["sql"])).map(([name, path]) =>
    tableOf(name, String(path)),
  );
  const cells = blocks.map(toFrameworkCell);
  const own = frontMatter["title"];
  const { parts, ...head } = draftOf(typeof own === "string" ? own : title, cells);
  return { ...head, parts: [...tables, ...parts] };
}

/** What runs; any other code is there to be read. */
const RUNS = new Map([
  ["js", "javascript"],
  ["ts", "typescript"],
  ["jsx", "jsx"],
  ["tsx", "tsx"],
  ["sql", "sql"],
]);

function toFrameworkCell(block: MarkdownBlock): Cell {
  if (block.kind === "prose") return { language: "markdown", text: block.text };
  const { info, text } = block;
  const language = RUNS.get(block.language);
  if (language === undefined || attribute(info, "run") === "false")
    return { language: "markdown", text: `\`\`\`${info}\n${text}\`\`\`` };
  return { language, text, name: attribute(info, "id") };
}

function tableOf(name: string, path: string): Part {
  const sql = (file: string): string => `FROM '${file.replaceAll("'", "''")}'`;
  if (/^\w+:\/\//.test(path))
    return {
      kind: "left",
      why: `as no cell reads from another host: put the file into input/ and read it as ${name}`,
      language: "sql",
      text: sql(path),
    };
  const file = `input/${path.replace(/^.*\//, "")}`;
  return { kind: "cell", wanted: name, sql: sql(file), notes: [`Its file belongs at ${file}.`] };
}

function draftOf(title: string, cells: readonly Cell[]): Draft {
  const controls = cells.map(({ language, text }) => (language === "javascript" ? controlsOf(text) : []));
  const variables = variablesOf(
    cells.flatMap(({ language, text }) => (language === "javascript" ? valuesOf(text) : [])),
    controls.flat(),
  );
  return {
    title,
    parts: expandScripts(cells.flatMap((cell, index) => partsOf(cell, controls[index] ?? [], variables))),
  };
}

function partsOf(
  { language, text, name, database }: Cell,
  controls: readonly ControlPart[],
  variables: Variables,
): (Part | ScriptPart)[] {
  if (text.trim() === "") return [];
  if (language === "markdown" || language === "md") return [{ kind: "prose", markdown: text }];
  if (language === "sql") {
    const script = holedScript(holesOf(text), host, variables, resultName(name));
    const isOwn = database === undefined || /^(duckdb|:memory:|)$/i.test(database);
    return [
      script.kind === "script" && !isOwn
        ? { ...script, notes: [`It asked the database ${database}: here it reads cells and files.`] }
        : script,
    ];
  }
  if (language === "html" || language === "tex" || language === "dot")
    return [{ kind: "left", why: `as it is ${language}`, language, text }];
  if (language === "javascript" && controls.length > 0 && isOnlyControls(text)) return [...controls];
  return [
    ...controls,
    {
      kind: "left",
      why: `as it is ${language === "javascript" ? "JavaScript" : language}: a cell is one query`,
      language,
      text,
    },
  ];
}

/** `[{min, max}]` takes the first row apart. */
function resultName(name: string | undefined): string | undefined {
  return name === undefined || /^[A-Za-z_$][\w$]*$/.test(name) ? name : undefined;
}

/** Expressions of a template, `${…}`, with brackets in them. */
function holesOf(text: string): HoledSql {
  const pieces: string[] = [];
  const holes: Hole[] = [];
  let piece = "";
  for (let at = 0; at < text.length;) {
    const open = text.indexOf("${", at);
    const close = open < 0 ? undefined : closingBrace(text, open + 2);
    if (close === undefined) {
      piece += text.slice(at);
      break;
    }
    piece += text.slice(at, open);
    at = open;
    pieces.push(piece);
    holes.push({ text: text.slice(at + 2, close).trim(), isBound: true });
    piece = "";
    at = close + 1;
  }
  return { pieces: [...pieces, piece], holes };
}

function closingBrace(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text.charAt(at) === "{") depth++;
    else if (text.charAt(at) === "}" && depth-- === 0) return at;
  }
  return undefined;
}

const host: HostLanguage = {
  name: "JavaScript",
  mark: (hole) => `\${${hole}}`,
  variableOf: (hole) => (/^[A-Za-z_]\w*$/.test(hole) ? hole : undefined),
};

const ASSIGNED = /^[ \t]*(?:(?:const|let|var|viewof)[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*/;

/** `const x = view(Inputs.range([0, 10], {value: 5}))` and `viewof x = Inputs.…`, with plain arguments. */
function controlsOf(text: string): ControlPart[] {
  const pattern = new RegExp(
    `${ASSIGNED.source}(?:view\\(\\s*)?Inputs\\.(\\w+)\\(([\\s\\S]{0,2000}?)\\)\\s*\\)?;?[ \\t]*$`,
    "gm",
  );
  return [...text.matchAll(pattern)].flatMap(
    ([, name = "", type = "", given = ""]) => observableControl(name, type, given) ?? [],
  );
}

function isOnlyControls(text: string): boolean {
  return text
    .trim()
    .split(/;?\n/)
    .every((line) =>
      /^\s*((const|let|var|viewof)\s+)?\w+\s*=\s*(view\()?\s*Inputs\.|^\s*(\/\/.*)?$|^[^=]*[)}\],]+;?$/.test(
        line,
      ),
    );
}

function valuesOf(text: string): Assignment[] {
  return [
    ...text.matchAll(
      /^[ \t]*(?:(?:const|let|var)[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(?:(-?\d+(?:\.\d+)?)|"([^"\\\n]*)"|'([^'\\\n]*)')[ \t]*;?[ \t]*$/gm,
    ),
  ].map(([, name = "", number, double, single]) => ({
    name,
    value: number === undefined ? (double ?? single ?? "") : Number(number),
  }));
}
