interface Labelled {
  readonly label: string;
}

const KEY = "lakebook-recent";
const MOST = 12;

/** What was chosen or opened last, the newest first. */
function recent(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((item) => typeof item === "string") : [];
  } catch {
    return [];
  }
}

/** `label`: of an entry of the palette. */
export function noteRecent(label: string): void {
  const others = recent().filter((other) => other !== label);
  localStorage.setItem(KEY, JSON.stringify([label, ...others].slice(0, MOST)));
}

export function recentFirst<Entry extends Labelled>(entries: readonly Entry[]): readonly Entry[] {
  const places = new Map(recent().map((label, at) => [label, at]));
  const place = ({ label }: Labelled): number => places.get(label) ?? MOST;
  return entries.toSorted((a, b) => place(a) - place(b));
}
