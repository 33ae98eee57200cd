import type { Span } from "../../base/source.js";
import type { Head } from "./head.js";
import { mergeUnits } from "./merge-units.js";
import { pick } from "./pick.js";
import { plain, type ConflictKind, type MergedUnit, type MergedUnits, type Unit } from "./unit.js";
import { splitNotebook } from "./units.js";

export interface Versions {
  /** What both began with. */
  readonly base: string;
  readonly mine: string;
  /** What is in the file by now. */
  readonly theirs: string;
  /** Texts of mine that were sent to be saved and of which no answer came: theirs may go on from one. */
  readonly sent?: readonly string[] | undefined;
}

/** Both did something to the same place. */
export interface MergeConflict {
  readonly kind: ConflictKind;
  readonly type: Unit["type"];
  /** Of the cell, as theirs calls it, or of the key of the front matter. */
  readonly name?: string;
  /** As either has it; absent where it was deleted. */
  readonly mine?: string;
  readonly theirs?: string;
  /** Where in the merged text stands what is said of it there. */
  readonly span: Span;
}

export interface MergedNotebook {
  readonly text: string;
  readonly conflicts: readonly MergeConflict[];
  /** New cells of mine that have other names now, since theirs has taken theirs. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
}

/**
 * What both made of a notebook, in one text. Cells, paragraphs and keys of the front matter are merged as wholes, lines
 * of a paragraph and keys of a map in the front matter by themselves; what neither touched stays byte for byte. Where both changed the same cell
 * or key, the text has theirs; the same paragraph, both; where one deleted what the other changed, the change. Each
 * such place is told. Reads any text whatever; nothing is thrown.
 */
export function mergeNotebooks({ base, mine, theirs, sent = [] }: Versions): MergedNotebook {
  const taken = (text: string): MergedNotebook => ({ text, conflicts: [], renamed: [] });
  if (theirs === base || sent.includes(theirs)) return taken(mine);
  if (mine === theirs || mine === base) return taken(theirs);
  const [before, own, other] = [splitNotebook(base), splitNotebook(mine), splitNotebook(theirs)];
  const saved = new Set(sent.flatMap((text) => splitNotebook(text).units.map((unit) => plain(unit.text))));
  const eol = theirs.includes("\r\n") ? "\r\n" : "\n";
  const writer = new Writer(eol);
  mergeHead(before.head, own.head, other.head, writer);
  writer.write(pick(before.lead, own.lead, other.lead) ?? other.lead);
  const merged = mergeUnits(before.units, own.units, other.units, saved);
  writer.writeUnits(merged);
  const renamed = merged.units.flatMap(({ unit, wasNamed }) =>
    wasNamed === undefined || unit.name === undefined ? [] : [{ from: wasNamed, to: unit.name }],
  );
  return { text: writer.text, conflicts: writer.conflicts, renamed };
}

function mergeHead(base: Head, mine: Head, theirs: Head, writer: Writer): void {
  const ofOne = (part: "mark" | "opening" | "closing" | "lead"): string =>
    pick(base[part], mine[part], theirs[part]) ?? theirs[part];
  const merged = mergeUnits(base.keys, mine.keys, theirs.keys, new Set());
  const lead = ofOne("lead");
  const isThere = ofOne("opening") + lead !== "" || merged.units.length > 0;
  writer.write(ofOne("mark"));
  if (!isThere) return;
  writer.write(ofOne("opening") || theirs.opening || mine.opening);
  writer.write(lead);
  if (lead !== mine.lead && mine.lead !== base.lead) writer.tellLead(mine.lead, theirs.lead);
  writer.writeUnits(merged);
  writer.startLine();
  writer.write(ofOne("closing") || theirs.closing || mine.closing);
  writer.startLine();
}

class Writer {
  text = "";
  readonly conflicts: MergeConflict[] = [];
  readonly #eol: string;

  constructor(eol: string) {
    this.#eol = eol;
  }

  write(text: string): void {
    this.text += text;
  }

  /** Of a file that ended here in one of both. */
  startLine(): void {
    if (!/[\r\n\uFEFF]$/.test(this.text)) this.text += this.#eol;
  }

  writeUnits(merging: MergedUnits): void {
    const { units, end } = merging;
    units.forEach((merged, at) => {
      const { unit } = merged;
      const next = units[at + 1];
      const start = this.text.length;
      this.text += unit.text;
      this.#tell(merged, { start, end: this.text.length });
      const gap = next === undefined ? end : merging.between(merged.id, next.id);
      if (gap === undefined) this.#setApart(unit);
      else this.text += next === undefined ? gap : gap || this.#eol;
    });
  }

  /** What comes next never stood behind it: it must not become part of it. */
  #setApart({ type, tail, missing }: Unit): void {
    if (missing !== undefined) this.text += this.#eol + missing;
    const breaks = tail.match(/\r\n|\n|\r/g)?.length ?? 0;
    this.text += tail + this.#eol.repeat(Math.max(0, (type === "key" ? 1 : 2) - breaks));
  }

  tellLead(mine: string, theirs: string): void {
    const span = { start: this.text.length - theirs.length, end: this.text.length };
    this.conflicts.push({ kind: "edited", type: "key", mine, theirs, span });
  }

  #tell({ unit, conflict }: MergedUnit, span: Span): void {
    if (conflict === undefined) return;
    const { kind, mine, theirs } = conflict;
    this.conflicts.push({
      kind,
      type: unit.type,
      span,
      ...(unit.name === undefined ? {} : { name: unit.name }),
      ...(mine === undefined ? {} : { mine: mine.text }),
      ...(theirs === undefined ? {} : { theirs: theirs.text }),
    });
  }
}
