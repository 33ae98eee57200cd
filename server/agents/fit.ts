/** Of one value in a row, or any other text that is not a notebook's. */
const MAX_TEXT = 20_000;

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

export interface Fitted {
  readonly value: unknown;
  /** What was left out, in words. */
  readonly cut: readonly string[];
}

/** A JSON value in at most so many bytes: the longest lists lose their ends, and the longest texts theirs. */
export function fit(given: unknown, maxBytes: number): Fitted {
  const value = JSON.parse(JSON.stringify(given ?? null)) as Json;
  const cuts = new Map<string, Cut>();
  for (let bytes = sizeOf(value); bytes > maxBytes; bytes = sizeOf(value)) {
    const place = heaviest(value);
    if (place === undefined) return { value: null, cut: ["all of it"] };
    shorten(place, maxBytes / bytes, cuts);
  }
  return {
    value,
    cut: [...cuts].map(([path, { kept, of, unit }]) => `${path} has ${kept} of ${of} ${unit}`),
  };
}

interface Cut {
  readonly kept: string;
  readonly of: string;
  readonly unit: "characters" | "entries";
}

interface Place {
  readonly holder: Json[] | Record<string, Json>;
  readonly key: string;
  readonly path: string;
}

/** Goes where most of the bytes are, as long as one part has more than half of them; the last thing that can be shortened. */
function heaviest(root: Json): Place | undefined {
  let place: Place = { holder: { value: root }, key: "value", path: "" };
  let found: Place | undefined;
  for (;;) {
    const value = valueAt(place);
    if (typeof value === "string" ? value.length > 100 : Array.isArray(value) && value.length > 1)
      found = place;
    if (typeof value !== "object" || value === null) return found;
    const next = largestPart(value, place.path);
    if (next === undefined) return found;
    if (found !== undefined && sizeOf(valueAt(next)) * 2 < sizeOf(value)) return found;
    place = next;
  }
}

function largestPart(value: Json[] | Record<string, Json>, path: string): Place | undefined {
  const parts = Object.entries(value).sort(([, a], [, b]) => sizeOf(b) - sizeOf(a));
  const key = parts[0]?.[0];
  if (key === undefined) return undefined;
  return { holder: value, key, path: path === "" ? key : `${path}.${key}` };
}

function shorten({ holder, key, path }: Place, share: number, cuts: Map<string, Cut>): void {
  const value = valueAt({ holder, key, path });
  const before = cuts.get(path);
  const set = (next: Json): void => void ((holder as Record<string, Json>)[key] = next);
  if (typeof value === "string") {
    const kept = Math.floor(Math.min(value.length * share, MAX_TEXT) * 0.9);
    set(`${value.slice(0, kept)}…`);
    cuts.set(path, { kept: String(kept), of: before?.of ?? String(value.length), unit: "characters" });
  } else if (Array.isArray(value)) {
    const kept = Math.max(1, Math.floor(value.length * share * 0.9));
    set(value.slice(0, kept));
    cuts.set(path, { kept: String(kept), of: before?.of ?? String(value.length), unit: "entries" });
  }
}

function valueAt({ holder, key }: Place): Json {
  return (holder as Record<string, Json>)[key] ?? null;
}

function sizeOf(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}
