import type { Span } from "../../base/source.js";
import { splitLines } from "../lines.js";
import { withTail, type Unit } from "./unit.js";

/** A byte order mark and the front matter. */
export interface Head {
  readonly mark: string;
  /** The line `---` above and below; empty where there is no front matter. */
  readonly opening: string;
  readonly closing: string;
  /** Blank lines and comments before the first key. */
  readonly lead: string;
  readonly keys: readonly Unit[];
}

export function splitHead(text: string, frontMatter: Span | undefined): Head {
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  if (frontMatter === undefined) return { mark, opening: "", closing: "", lead: "", keys: [] };
  const { start, end } = frontMatter;
  return {
    mark,
    opening: text.slice(mark.length, start),
    closing: text.slice(end),
    ...splitKeys(text.slice(start, end)),
  };
}

/** Each key with its value and the comments above it, as lines. */
export function splitKeys(yaml: string): { readonly lead: string; readonly keys: readonly Unit[] } {
  const keys: { type: "key"; name: string; text: string; tail: string }[] = [];
  let lead = "";
  for (const { start, next } of splitLines(yaml)) {
    const line = yaml.slice(start, next);
    const name = /^([^\s#:-][^:#]*?)\s*:(?:\s|$)/.exec(line)?.[1];
    const last = keys.at(-1);
    if (name !== undefined) keys.push({ type: "key", name, text: line, tail: "" });
    else if (last === undefined) lead += line;
    else last.text += line;
  }
  return { lead, keys: keys.map((key) => ({ ...key, ...withTail(key.text) })) };
}
