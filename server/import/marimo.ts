import { AppError } from "../base/errors.js";
import type { ControlPart, Draft, Part } from "./draft.js";
import { attribute, readMarkdown, type MarkdownBlock } from "./fenced.js";
import type { Variables } from "./fill-holes.js";
import { marimoControl } from "./marimo-controls.js";
import { dedent, expandScripts, type ScriptPart } from "./parts.js";
import { callsOf, pythonHost, pythonParts, readPython, type PythonCode } from "./python.js";
import { stringIn } from "./python-text.js";
import { variablesOf } from "./variables.js";

interface Cell {
  readonly prose?: string | undefined;
  readonly isDisabled?: boolean;
  readonly code: PythonCode;
  readonly controls: readonly ControlPart[];
}

/** Whether a Python file is a notebook of marimo. */
export function isMarimo(text: string): boolean {
  return /^app\s*=\s*marimo\.App\(/m.test(text) || /^@app\.cell/m.test(text);
}

/** A notebook of marimo: the cells of `mo.sql`, prose of `mo.md`, and UI elements with plain arguments as controls. */
export function readMarimo(title: string, text: string): Draft {
  if (!isMarimo(text))
    throw new AppError("usage", "The file is no marimo notebook: it has no @app.cell.", {
      hint: "Of Python only marimo's notebooks can be imported.",
    });
  return draftOf(
    title,
    bodiesOf(text).map(({ head, body }) => ({
      ...toCell(body),
      isDisabled: /\bdisabled\s*=\s*True\b/.test(head),
    })),
  );
}

/** Whether a Markdown file is a notebook of marimo. */
export function isMarimoMarkdown(text: string): boolean {
  return (
    "marimo-version" in readMarkdown(text).frontMatter ||
    /^```+(sql|python)\s+\{[^}]*\.?marimo[^}]*\}/m.test(text)
  );
}

/** A notebook of marimo in Markdown: blocks `sql {.marimo query="df"}` and `python {.marimo}`. */
export function readMarimoMarkdown(title: string, text: string): Draft {
  const { frontMatter, blocks } = readMarkdown(text);
  const own = frontMatter["title"];
  return draftOf(typeof own === "string" ? own : title, blocks.map(toMarkdownCell));
}

function toMarkdownCell(block: MarkdownBlock): Cell {
  if (block.kind === "prose") return { ...nothing, prose: block.text };
  const { info, language, text } = block;
  if (!info.includes("marimo")) return { ...nothing, prose: `\`\`\`${info}\n${text}\`\`\`` };
  if (language !== "sql") return toCell(text);
  const literal = stringIn(`f"""${text.replaceAll('"""', '\\"""')}"""`, 0);
  const { pieces, holes } = literal ?? { pieces: [text], holes: [] };
  const query = { pieces, holes, target: attribute(info, "query"), start: 0, end: 0 };
  return { ...nothing, code: { ...nothing.code, queries: [query] } };
}

const nothing: Cell = { controls: [], code: { queries: [], assignments: [], rest: "" } };

function draftOf(title: string, cells: readonly Cell[]): Draft {
  const variables = variablesOf(
    cells.flatMap(({ code }) => code.assignments),
    cells.flatMap(({ controls }) => controls),
  );
  return { title, parts: expandScripts(cells.flatMap((cell) => partsOf(cell, variables))) };
}

function toCell(source: string): Cell {
  const controls = callsOf(source, /^mo\.ui\.\w+$/).flatMap(
    ({ target, callee, text }) => marimoControl(target, callee.slice("mo.ui.".length), text) ?? [],
  );
  return { prose: proseOf(source), controls, code: readPython(source) };
}

interface Body {
  /** The decorator and the line of the function. */
  readonly head: string;
  /** Without its indentation and its return. */
  readonly body: string;
}

function bodiesOf(text: string): Body[] {
  const lines = text.split("\n");
  const bodies: Body[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (!/^(@app\.(cell|function)|with app\.setup)/.test(lines[at] ?? "")) continue;
    // The head may take several lines.
    const start = at;
    while (at < lines.length && !/:\s*(#.*)?$/.test(lines[at] ?? "")) at++;
    const head = lines.slice(start, at + 1).join("\n");
    const body: string[] = [];
    for (at++; at < lines.length && /^(\s|$)/.test(lines[at] ?? ""); at++) body.push(lines[at] ?? "");
    // A text of several lines may begin at the margin: it goes on until it ends.
    while (at < lines.length && isOpen(body.join("\n"))) body.push(lines[at++] ?? "");
    at--;
    bodies.push({ head, body: dedent(body.join("\n")).replace(/\n?return\b[^\n]*(\n[ \t)].*)*\s*$/, "") });
  }
  return bodies;
}

function isOpen(source: string): boolean {
  return (source.match(/"""/g) ?? []).length % 2 === 1;
}

function partsOf(
  { prose, code, controls, isDisabled = false }: Cell,
  variables: Variables,
): (Part | ScriptPart)[] {
  if (prose !== undefined) return [{ kind: "prose", markdown: prose }];
  const named = new Set(controls.map(({ name }) => name));
  const rest = withoutControls(code.rest, named);
  // A name that begins with _ is known in its cell alone, and often there many times.
  const queries = code.queries.map((query) => ({
    ...query,
    target: query.target?.startsWith("_") === true ? undefined : query.target,
  }));
  const parts = pythonParts({ ...code, queries, rest }, variables, pythonHost);
  return [
    ...controls,
    ...parts.map((part) => (isDisabled && part.kind === "script" ? { ...part, isDisabled } : part)),
  ];
}

/** The text of a cell that is one `mo.md(…)`. Expressions stay as they are written. */
function proseOf(source: string): string | undefined {
  const match = /^\s*mo\.md\(\s*/.exec(source);
  if (match === null) return undefined;
  const text = stringIn(source, match[0].length);
  if (text === undefined || !/^\s*,?\s*\)(\.\w+\(.*\))?\s*$/.test(source.slice(text.end))) return undefined;
  const whole = text.pieces.map(
    (piece, index) => piece + (index < text.holes.length ? `{${text.holes[index]?.text ?? ""}}` : ""),
  );
  return dedent(whole.join(""));
}

function withoutControls(rest: string, names: ReadonlySet<string>): string {
  if (names.size === 0) return rest;
  const lines = rest.split("\n").filter((line) => line.trim() !== "");
  const isShown = lines.every(
    (line) => names.has(/^\s*(\w+)\s*(=|$)/.exec(line)?.[1] ?? "") || /^\s*[\w)\]}"',.= \-[]*,?$/.test(line),
  );
  return isShown ? "" : rest;
}
