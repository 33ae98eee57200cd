import type { RunMode } from "./editor-events.js";
import type { Span } from "./sql-scopes.js";

/** The key presses of the editor that its plain forerunner knows: those that would leave it, or mean something else. */
export function plainKey(event: KeyboardEvent): RunMode | "indent" | undefined {
  const { key, altKey, shiftKey } = event;
  const hasCtrl = event.ctrlKey || event.metaKey;
  if (key === "Tab") return hasCtrl || altKey || shiftKey ? undefined : "indent";
  if (key !== "Enter") return undefined;
  if (hasCtrl) return shiftKey ? "run-with-stale" : "run";
  if (altKey) return "run-and-insert";
  return shiftKey ? "run-and-next" : undefined;
}

/** Where a part of the text lies in a text area, which counts each line break as one character. */
export function plainSpan(text: string, { start, end }: Span): Span {
  const plain = (offset: number): number => text.slice(0, offset).replace(/\r\n/g, "\n").length;
  return { start: plain(start), end: plain(end) };
}

/** The opposite of `plainSpan`. */
export function sourceSpan(text: string, { start, end }: Span): Span {
  const lines = text.replace(/\r\n/g, "\n");
  const eol = text.includes("\r\n") ? 2 : 1;
  const source = (offset: number): number =>
    offset + (lines.slice(0, offset).split("\n").length - 1) * (eol - 1);
  return { start: source(start), end: source(end) };
}
