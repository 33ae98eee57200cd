import { deflateRawSync, inflateRawSync } from "node:zlib";
import { z } from "zod";
import { maybeJson } from "../../base/durable.js";
import { applyDelta, makeDelta } from "../../text/line-delta.js";

/** A text that a notebook had. */
export const historyEntrySchema = z.object({
  id: z.string(),
  /** Somebody saved it, another program wrote it (then nobody is named), or it ran. */
  kind: z.enum(["save", "run"]),
  at: z.string(),
  /** Of the last of several that are one entry. */
  until: z.string().exactOptional(),
  /** As records name people; absent: another program wrote the file. */
  by: z.string().exactOptional(),
  /** Of the text, as the notebook had it. */
  etag: z.string(),
  /** Of a run: the last one. */
  run: z.string().exactOptional(),
  /** So many saves or runs are this entry; absent: one. */
  count: z.number().exactOptional(),
  /** The entry whose text was brought back, as a whole or a cell of it. */
  restored: z.string().exactOptional(),
});
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

const lineSchema = historyEntrySchema.extend({
  /** Absent: an earlier line has that text, or a file of its own. */
  text: z.object({ base: z.string(), delta: z.string() }).exactOptional(),
});
export type HistoryLine = z.infer<typeof lineSchema>;
export type StoredText = NonNullable<HistoryLine["text"]>;

/** A line that was cut short by a crash is left out; of those with one id the last counts, in the place of the first. */
export function readLines(text: string): { readonly lines: HistoryLine[]; readonly count: number } {
  const found = new Map<string, HistoryLine>();
  let count = 0;
  for (const written of text.split("\n")) {
    if (written === "") continue;
    count++;
    const line = lineSchema.safeParse(maybeJson(written)).data;
    if (line === undefined) continue;
    const known = found.get(line.id);
    // One that only counts up names the text again and does not repeat it.
    const text = known?.etag === line.etag ? known.text : undefined;
    found.set(line.id, text === undefined ? line : { text, ...line });
  }
  return { lines: [...found.values()], count };
}

/** Begins with the break: what a crash left of the line before ends there. */
export function writeLine(line: HistoryLine): string {
  return `\n${JSON.stringify(line)}`;
}

/** Beside a text that is kept whole. */
export function pack(base: { readonly etag: string; readonly text: string }, text: string): StoredText {
  const delta = JSON.stringify(makeDelta(base.text, text));
  return { base: base.etag, delta: deflateRawSync(delta).toString("base64") };
}

const deltaSchema = z.array(z.union([z.string(), z.tuple([z.number(), z.number()])]));

/** Undefined for what is damaged. */
export function unpack(base: string, { delta }: StoredText): string | undefined {
  try {
    const parsed = deltaSchema.safeParse(
      maybeJson(inflateRawSync(Buffer.from(delta, "base64")).toString("utf8")),
    );
    return parsed.success ? applyDelta(base, parsed.data) : undefined;
  } catch {
    return undefined;
  }
}
