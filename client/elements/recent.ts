import { keep, keptTexts } from "../kept.js";

interface Labelled {
  readonly label: string;
}

const KEY = "lakebook-recent";
const MOST = 12;

/** What was chosen or opened last, the newest first. */
function recent(): readonly string[] {
  return keptTexts(KEY) ?? [];
}

/** `label`: of an entry of the palette. */
export function noteRecent(label: string): void {
  const others = recent().filter((other) => other !== label);
  keep(KEY, JSON.stringify([label, ...others].slice(0, MOST)));
}

export function recentFirst<Entry extends Labelled>(entries: readonly Entry[]): readonly Entry[] {
  const places = new Map(recent().map((label, at) => [label, at]));
  const place = ({ label }: Labelled): number => places.get(label) ?? MOST;
  return entries.toSorted((a, b) => place(a) - place(b));
}
