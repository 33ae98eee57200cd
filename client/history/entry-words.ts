import type { HistoryEntry } from "../../server/api/protocol.js";

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
