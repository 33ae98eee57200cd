import { BoundedCache } from "../base/bounded-cache.js";
import { compareDiagnostics, hasErrors, type Diagnostic } from "../base/diagnostic.js";
import { giveWay } from "../base/give-way.js";
import { NO_RETRIES } from "./schemas.js";
import { SourceText, type Span } from "../base/source.js";
import { decodeUtf8 } from "../text/utf8.js";
import { cellFences, type CellFence } from "./cell-fences.js";
import { parseFrontMatter } from "./front-matter.js";
import { parameterOf, parseFence } from "./kinds/kinds.js";
import { informNested, warnNearMiss } from "./near-misses.js";
import { moveCell, moveDiagnostics, moveFence } from "./move-cell.js";
import type { Block, Cell, CellKind, FrontMatter, Notebook } from "./notebook.js";
import { parseOutline, type Fence } from "./outline.js";
import { Report } from "./report.js";
import { warnSwallowed } from "./swallowed-fences.js";

/*
 * A notebook is a Markdown file that reads well, rendered and in a diff. Its rules:
 *
 * 1. A `sql` fence whose first line is `--| cell: N` or `--| check: N`, and a `yaml` fence whose first key is
 *    `chart: N`, `input: N` or `test: N`, is a cell. Every other fence, a plain `sql` one too, is prose and never runs;
 *    so is every fence in a list or a quotation. Kinds: `sql`, `check`, `chart`, `input`, `test`.
 * 2. `N` is the cell's identity: relation, folder in the lake, key in logs. It is `[a-z_][a-z0-9_]*` and unique
 *    in the notebook; some names are reserved.
 * 3. Options are YAML in `--|` lines at the head of the body, so that the body stays SQL which a DuckDB shell
 *    accepts. One space after the bar belongs to the prefix.
 * 4. A SQL cell holds exactly one query. What a query may say is not decided here but by the engine's parser.
 * 5. Parameters are those of the front matter, input cells, and the built-in ones.
 * 6. Front matter, options, charts and inputs are validated with Zod. Unknown keys are kept and warned about.
 *    Parsing always returns a notebook plus diagnostics; one bad cell never hides the others, so a fence
 *    without an end stops where the next cell begins.
 * 7. A diagnostic has code, severity, message, place (line and column in the file), and a hint.
 *
 * Outputs and state are never in the file.
 */

export interface ParsedNotebook {
  readonly notebook: Notebook;
  /** Sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
}

interface ParsedCell {
  readonly cell: Cell;
  readonly diagnostics: readonly Diagnostic[];
}

/** A notebook beyond these is shown as a text and never analyzed: its cost would be everybody's. */
export const MAX_CHARACTERS = 2 ** 20;
const MAX_CELLS = 2000;
/** Further ones say nothing new, and a text can be made of nothing else. */
const MAX_WARNINGS = 1000;

const splitHint = "Split it into several notebooks, which read each other's datasets as lake.<name>.";

/** Reads any text whatever; nothing is thrown. Beyond 1 MiB of characters or 2,000 cells it has no cells. */
export function parseNotebook(name: string, fileName: string, text: string): ParsedNotebook {
  const steps = parseSteps(name, fileName, text);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same, and the event loop turns meanwhile. */
export async function parseNotebookInSlices(
  name: string,
  fileName: string,
  text: string,
): Promise<ParsedNotebook> {
  const steps = parseSteps(name, fileName, text);
  for (;;) {
    await giveWay();
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Comes to rest after every fence. */
function* parseSteps(name: string, fileName: string, text: string): Generator<undefined, ParsedNotebook> {
  const source = new SourceText(fileName, text);
  if (text.length > MAX_CHARACTERS) return unreadNotebook(name, source, tooLong(text));
  const report = new Report();
  const outline = parseOutline(text, report);
  yield;
  const frontMatter = parseFrontMatter(text, outline.frontMatter, report);
  const found: CellFence[] = [];
  for (const fence of outline.fences) {
    found.push(...findCells(text, fence, report));
    const excess = found[MAX_CELLS];
    if (excess !== undefined) return unreadNotebook(name, source, tooMany(excess.fence));
  }
  for (const nested of outline.nested) informNested(nested, report);
  const parsed: ParsedCell[] = [];
  for (const { fence, kind } of found) {
    yield;
    parsed.push(parseCell(text, fence, kind));
  }
  yield;
  const judged = judgeNames(parsed, frontMatter, source);
  const cells = judged.map(({ cell, diagnostics }) =>
    withEngine({ ...cell, hasErrors: hasErrors(diagnostics) }, frontMatter),
  );
  const title = frontMatter.title ?? outline.heading ?? name;
  const blocks = toBlocks(cells, { start: outline.start, end: text.length });
  const diagnostics = [...report.diagnostics, ...judged.flatMap((each) => each.diagnostics)];
  return {
    notebook: { name, title, source, frontMatter, blocks, cells },
    diagnostics: withoutExcess(diagnostics.sort(compareDiagnostics)),
  };
}

function withEngine(cell: Cell, { engine }: FrontMatter): Cell {
  if (cell.kind !== "sql" || engine === undefined) return cell;
  return { ...cell, options: { engine, ...cell.options } };
}

function withoutExcess(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  let left = MAX_WARNINGS;
  return diagnostics.filter(({ severity }) => severity === "error" || left-- > 0);
}

function unreadNotebook(name: string, source: SourceText, limit: Diagnostic): ParsedNotebook {
  const { length } = source.text;
  const notebook: Notebook = {
    name,
    title: name,
    source,
    frontMatter: { parameters: [], retries: NO_RETRIES },
    blocks: [{ type: "prose", span: { start: 0, end: length } }],
    cells: [],
  };
  return { notebook, diagnostics: [limit] };
}

function tooLong(text: string): Diagnostic {
  const report = new Report();
  const span = { start: MAX_CHARACTERS, end: Math.min(text.length, MAX_CHARACTERS + 1) };
  const size = text.length.toLocaleString("en-US");
  const message = `The notebook has ${size} characters, and ${MAX_CHARACTERS.toLocaleString("en-US")} are read: none of its cells runs`;
  report.error("notebook-limit", span, message, splitHint);
  return report.diagnostics[0] as Diagnostic;
}

function tooMany({ openingSpan }: Fence): Diagnostic {
  const report = new Report();
  const message = `The notebook has more than ${MAX_CELLS.toLocaleString("en-US")} cells: none of them runs`;
  report.error("notebook-limit", openingSpan, message, splitHint);
  return report.diagnostics[0] as Diagnostic;
}

export interface DecodedNotebook {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  /** True where saving the text would lose bytes of the file. */
  readonly isReadOnly: boolean;
}

/** Keeps a byte order mark and the line breaks. A byte that is not UTF-8 becomes U+FFFD and makes it read-only. */
export function decodeNotebook(bytes: Uint8Array): DecodedNotebook {
  const { text, invalid } = decodeUtf8(bytes);
  if (invalid === undefined) return { text, diagnostics: [], isReadOnly: false };
  const diagnostic: Diagnostic = {
    code: "invalid-utf8",
    severity: "error",
    message: `Byte ${invalid.byte} of the file is not UTF-8`,
    span: { start: invalid.offset, end: invalid.offset + 1 },
    hint: "Save the file as UTF-8 in an editor that knows its encoding; until then it is read-only here.",
  };
  return { text, diagnostics: [diagnostic], isReadOnly: true };
}

function findCells(text: string, fence: Fence, report: Report): CellFence[] {
  const found = cellFences(text, fence);
  if (found.length > 0 || report.diagnostics.length > MAX_WARNINGS) return found;
  warnNearMiss(fence, text, report);
  warnSwallowed(fence, text, report);
  return [];
}

/** By the text of the fence, with places within it: of a notebook that is saved, one cell has changed. */
const parsedCells = new BoundedCache<ParsedCell>(10_000, 8_000_000);

function parseCell(text: string, fence: Fence, kind: CellKind): ParsedCell {
  const { start, end } = fence.span;
  const alone = moveFence(fence, -start);
  const { openingSpan, bodySpan } = alone;
  const shape = [kind, fence.isClosed, openingSpan.end, bodySpan.start, bodySpan.end].join(" ");
  const head = `${shape} ${fence.marker}\n`;
  // One flat text: a slice of the notebook's would keep all of that in memory.
  const key = head + text.slice(start, end);
  const known = parsedCells.get(key) ?? parseAlone(key.slice(head.length), alone, kind);
  parsedCells.set(key, known);
  return {
    cell: moveCell(known.cell, start),
    diagnostics: moveDiagnostics(known.diagnostics, start),
  };
}

function parseAlone(text: string, fence: Fence, kind: CellKind): ParsedCell {
  const report = new Report();
  const cell = parseFence(text, fence, kind, report);
  if (!fence.isClosed) {
    const message = `The fence of "${cell.name}" has no closing line`;
    report.error("unclosed-fence", fence.openingSpan, message, `Write ${fence.marker} below its last line.`);
  }
  return { cell, diagnostics: report.diagnostics.map((diagnostic) => ({ ...diagnostic, cell: cell.name })) };
}

/** Adds a diagnostic to each cell whose name is taken by a cell above it or by a parameter. */
function judgeNames(
  parsed: readonly ParsedCell[],
  frontMatter: FrontMatter,
  source: SourceText,
): ParsedCell[] {
  const first = new Map<string, Cell>();
  const parameters = new Set(frontMatter.parameters.map((parameter) => parameter.name));
  return parsed.map(({ cell, diagnostics }) => {
    const { name, nameSpan: span } = cell;
    const report = new Report();
    const taken = first.get(name);
    if (taken === undefined) first.set(name, cell);
    else {
      const { line } = source.positionAt(taken.nameSpan.start);
      report.error(
        "duplicate-cell",
        span,
        `Cell "${name}" is already on line ${line}`,
        `Choose another name, e.g. "${name}_2".`,
      );
    }
    if (parameterOf(cell) !== undefined && parameters.has(name)) {
      const message = `Input "${name}" has the name of a parameter of the front matter`;
      report.error("duplicate-parameter", span, message, "Remove the parameter, or choose another name.");
    }
    return {
      cell,
      diagnostics: [...diagnostics, ...report.diagnostics.map((each) => ({ ...each, cell: name }))],
    };
  });
}

/** Cells, and the prose between them; together they cover the span without gaps. */
function toBlocks(cells: readonly Cell[], { start, end }: Span): Block[] {
  const blocks: Block[] = [];
  let at = start;
  for (const cell of cells) {
    if (cell.span.start > at) blocks.push({ type: "prose", span: { start: at, end: cell.span.start } });
    blocks.push({ type: "cell", cell, span: cell.span });
    at = cell.span.end;
  }
  if (end > at) blocks.push({ type: "prose", span: { start: at, end } });
  return blocks;
}
