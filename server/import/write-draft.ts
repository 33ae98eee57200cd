import { stringify } from "yaml";
import { AppError } from "../base/errors.js";
import { MAX_CHARACTERS, parseNotebook } from "../notebook/parse.js";
import { reservedNames, toName } from "../notebook/names.js";
import { fence, plainSentences, sqlFence } from "../notebook/template.js";
import { freeName } from "../text/free-name.js";
import { readRenamed } from "./renamed-tables.js";
import type { CellPart, CheckPart, ControlPart, Draft, Parameter, Part } from "./draft.js";

/** A place of the notebook where something could not be carried over. */
export interface LeftOut {
  /** Of the notebook's text, from 1. */
  readonly line: number;
  /** One sentence for people. */
  readonly why: string;
}

export interface ImportedNotebook {
  readonly text: string;
  /** Cells that run: queries, checks and controls. */
  readonly cells: number;
  readonly left: readonly LeftOut[];
}

interface Block {
  readonly text: string;
  /** Sentences that stand at its beginning. */
  readonly notes: readonly string[];
}

/** The text of a notebook. Names are made valid and unique, in the order of the parts. */
export function writeDraft(draft: Draft): ImportedNotebook {
  const writer = new Writer(
    draft.parts.flatMap((part) => (part.kind === "control" ? [toName(part.name)] : [])),
    draft.runsInOrder === true,
  );
  const blocks = draft.parts.flatMap((part) => writer.block(part) ?? []);
  const heading = headingOf(draft.parts);
  const title = heading ?? draft.title;
  const parameters = writer.parameters();
  const { description } = draft;
  const head = stringify(
    {
      title,
      ...(description === undefined ? {} : { description }),
      ...(parameters === undefined ? {} : { parameters }),
    },
    { lineWidth: 0 },
  );
  let text = `---\n${head}---\n\n`;
  if (heading === undefined) text += `# ${title.replace(/\s+/g, " ")}\n\n`;
  const left: LeftOut[] = [];
  for (const block of blocks) {
    const line = text.split("\n").length;
    for (const why of block.notes) left.push({ line, why });
    text += `${block.text}\n\n`;
  }
  if (text.length > MAX_CHARACTERS) throw tooLong(text.length, writer.cells);
  return { text: `${text.trimEnd()}\n`, cells: writer.cells, left };
}

function tooLong(length: number, cells: number): AppError {
  const [size, most] = [length, MAX_CHARACTERS].map((count) => count.toLocaleString("en-US"));
  return new AppError(
    "usage",
    `What is imported would be one notebook of ${String(cells)} cells and ${size ?? ""} characters: at most ${most ?? ""} are read.`,
    { hint: "Import a part of it: a copy of the project with the folders of models that belong together." },
  );
}

class Writer {
  cells = 0;
  readonly #taken = new Set(reservedNames);
  readonly #parameters = new Map<string, Parameter>();
  readonly #controls: ReadonlySet<string>;
  readonly #runsInOrder: boolean;
  /** Names that were given again, with those that the later ones got. */
  readonly #latest = new Map<string, string>();
  #unnamed = 0;

  /** `controls`: their names, of all parts. */
  constructor(controls: readonly string[], runsInOrder: boolean) {
    this.#controls = new Set(controls);
    this.#runsInOrder = runsInOrder;
  }

  block(part: Part): Block | undefined {
    switch (part.kind) {
      case "prose":
        return part.markdown.trim() === "" ? undefined : { text: closed(part.markdown.trim()), notes: [] };
      case "left": {
        if (part.text.trim() === "") return undefined;
        const why = `Not imported, ${part.why}.`;
        return {
          text: `${plainSentences(why)}\n\n${leftFence(part.language, part.text.trimEnd())}`,
          notes: [why],
        };
      }
      case "control":
        return this.#control(part);
      case "check":
        return this.#check(part);
      case "cell":
        return this.#cell(part);
    }
  }

  /** What the front matter declares: values that queries read and no control gives. */
  parameters(): Readonly<Record<string, unknown>> | undefined {
    const entries = [...this.#parameters.values()]
      .filter(({ name }) => !this.#controls.has(name))
      .map(({ name, value }): [string, unknown] => [name, value ?? { type: "string" }]);
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }

  #cell({ wanted, sql, options = {}, parameters = [], notes = [] }: CellPart): Block {
    const known = wanted === undefined ? undefined : toName(wanted);
    const base =
      known === undefined ? `cell_${String(++this.#unnamed)}` : keepsUnderscore(wanted, known, options);
    const name = this.#take(base);
    const readable = readRenamed(sql, this.#latest);
    const isRenamed = known !== undefined && name !== base;
    if (isRenamed && this.#runsInOrder) this.#latest.set(known, name);
    const reads = this.#runsInOrder
      ? `what stands below it reads this one`
      : `what reads ${base} reads that one`;
    const renamed = isRenamed ? [`It was called ${base}, as a cell before it is: ${reads}.`] : [];
    for (const parameter of parameters) this.#parameters.set(parameter.name, parameter);
    const unknown = parameters
      .filter(({ name: each, value }) => value === undefined && !this.#controls.has(each))
      .map((each) => `The value of $${each.name} is not known: it is a parameter now.`);
    return this.#fenced(`cell: ${name}`, readable, options, [...notes, ...renamed, ...unknown]);
  }

  #check({ wanted, sql, options = {}, notes = [] }: CheckPart): Block {
    return this.#fenced(
      `check: ${this.#take(toName(wanted))}`,
      readRenamed(sql, this.#latest),
      options,
      notes,
    );
  }

  #fenced(
    head: string,
    sql: string,
    options: Readonly<Record<string, unknown>>,
    notes: readonly string[],
  ): Block {
    this.cells++;
    const yaml = Object.keys(options).length === 0 ? "" : stringify(options, { lineWidth: 0 }).trimEnd();
    const lines = [head, ...(yaml === "" ? [] : yaml.split("\n"))].map((line) => `--| ${line}\n`).join("");
    const code = sqlFence(withoutOptions(sql.trim()), lines);
    return { text: withNotes(notes, code), notes };
  }

  #control({ name: wanted, options, notes = [] }: ControlPart): Block {
    this.cells++;
    const name = this.#take(toName(wanted));
    const yaml = fence("yaml", stringify({ input: name, ...options }, { lineWidth: 0 }).trimEnd());
    return { text: withNotes(notes, yaml), notes };
  }

  #take(wanted: string): string {
    const name = freeName(wanted, (candidate) => this.#taken.has(candidate));
    this.#taken.add(name);
    return name;
  }
}

function withNotes(notes: readonly string[], code: string): string {
  return [...(notes.length === 0 ? [] : [plainSentences(notes.join(" "))]), code].join("\n\n");
}

/** A query cell may be called `_df`; a dataset may not. */
function keepsUnderscore(wanted = "", name: string, options: Readonly<Record<string, unknown>>): string {
  const isHidden = /^_[a-z]/i.test(wanted) && !("materialize" in options);
  return isHidden
    ? `_${name.replace(/^_+/, "")}`
    : "materialize" in options && name.startsWith("_")
      ? `t${name}`
      : name;
}

/** A comment at its head that looks like an option line would be read as one. */
function withoutOptions(sql: string): string {
  return sql.replace(/^(?:[ \t]*(?:--[^\n]*)?(?:\n|$))+/, (head) =>
    head.replace(/^([ \t]*)--\|/gm, "$1-- |"),
  );
}

/** The first heading of the first level. */
function headingOf(parts: readonly Part[]): string | undefined {
  for (const part of parts) {
    const heading = part.kind === "prose" ? /^#[ \t]+([^\n]+)$/m.exec(part.markdown)?.[1] : undefined;
    if (heading !== undefined) return plainText(heading);
  }
  return undefined;
}

/** Without links, tags and emphasis. */
function plainText(markdown: string): string {
  return markdown
    .replace(/<[^<>]{0,1000}>/g, "")
    .replace(/\[([^[\]]{0,300})\]\([^()]{0,1000}\)/g, "$1")
    .replace(/[*`#]/g, "")
    .trim();
}

/** Never a cell: neither SQL with options nor YAML is one without a first line that says so. */
function leftFence(language: string, text: string): string {
  if (language === "sql") return fence(language, withoutOptions(text));
  return fence(/^[a-z]{1,20}$/.test(language) && !/^ya?ml$/.test(language) ? language : "text", text);
}

/** Prose that would swallow the cells behind it, or that holds what would be a cell, is kept as a text. */
function closed(markdown: string): string {
  const probe = parseNotebook("n", "n.md", `${markdown}\n\n${sqlFence("VALUES (1)", "--| cell: probe\n")}\n`);
  const [only, ...others] = probe.notebook.cells;
  return only?.name === "probe" && others.length === 0 ? markdown : fence("markdown", markdown);
}
