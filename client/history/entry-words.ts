import type { HistoryEntry } from "../../server/api/protocol.js";
import { diffLines } from "../../server/text/line-diff.js";

const MOST_NAMED = 3;

/** `saved 12 times by eva`, `ran`, `written by another program`. `nameOf`: who is worth naming. */
export function entryWords(
  { kind, by, count = 1, restored }: HistoryEntry,
  nameOf: (by: string) => string | undefined,
): string {
  if (by === undefined && kind === "save") return "written by another program";
  const verb = restored !== undefined ? "restored" : kind === "run" ? "ran" : "saved";
  const times = count === 1 ? "" : count === 2 ? " twice" : ` ${String(count)} times`;
  const name = by === undefined ? undefined : nameOf(by);
  return `${verb}${times}${name === undefined ? "" : ` by ${name}`}`;
}

/** Entries by the day on which they began, in local time; days and entries stay in their order. */
export function byDay<T extends Pick<HistoryEntry, "at">>(
  entries: readonly T[],
): readonly { readonly day: string; readonly entries: readonly T[] }[] {
  const days = new Map<string, T[]>();
  for (const entry of entries) {
    const began = new Date(entry.at);
    const weekday = began.toLocaleDateString("en-GB", { weekday: "long" });
    const date = began.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
    const day = `${weekday}, ${date}`;
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days].map(([day, list]) => ({ day, entries: list }));
}

/** The time of each entry, by its id, in local time; with seconds where another one is of the same minute. */
export function timesOf(entries: readonly Pick<HistoryEntry, "id" | "at">[]): ReadonlyMap<string, string> {
  const minuteOf = (at: string): string => at.slice(0, "2026-11-01T12:00".length);
  const counts = new Map<string, number>();
  for (const { at } of entries) counts.set(minuteOf(at), (counts.get(minuteOf(at)) ?? 0) + 1);
  return new Map(
    entries.map(({ id, at }) => {
      const seconds = (counts.get(minuteOf(at)) ?? 0) > 1 ? ({ second: "2-digit" } as const) : {};
      const time = { hour: "2-digit", minute: "2-digit", ...seconds } as const;
      return [id, new Date(at).toLocaleTimeString("en-GB", time)];
    }),
  );
}

/** The cells that a text changes, and by how many lines: `sums +2 −1, old is gone, text +1`. The first of many. */
export function changedWords(
  changes: readonly { readonly cell: string | null; readonly before?: string; readonly after?: string }[],
): string {
  const named = changes.map(({ cell, before, after }) => {
    const name = cell ?? "text";
    if (before === undefined) return `${name} is new`;
    if (after === undefined) return `${name} is gone`;
    const sides = diffLines(ended(before), ended(after)).map(({ side }) => side);
    const count = (side: "before" | "after"): number => sides.filter((other) => other === side).length;
    const signs = [`+${String(count("after"))}`, `−${String(count("before"))}`];
    return [name, ...signs.filter((sign) => !sign.endsWith("0") || sign.length > 2)].join(" ");
  });
  const rest = named.length - MOST_NAMED;
  return rest <= 1 ? named.join(", ") : `${named.slice(0, MOST_NAMED).join(", ")} and ${String(rest)} more`;
}

/** What stands before a fence's end may lack its break. */
function ended(text: string): string {
  return `${text.trimEnd()}\n`;
}
