const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const longestMs = 7 * 24 * 3_600_000;

/** Milliseconds of seconds as a number, or of `30s`, `5m`, `1h`; nothing for zero and for more than a week. */
export function parseDuration(value: unknown): number | undefined {
  const ms = typeof value === "number" ? value * 1_000 : typeof value === "string" ? parseText(value) : NaN;
  return ms >= 1 && ms <= longestMs ? Math.round(ms) : undefined;
}

function parseText(text: string): number {
  const match = /^(\d{1,9}(?:\.\d{1,9})?)\s*(ms|s|m|h)$/.exec(text.trim());
  return Number(match?.[1]) * (unitsMs[match?.[2] ?? ""] ?? NaN);
}

/** Days or hours, in milliseconds: `90d`, `12h`. */
export function parseLateness(value: unknown): number | undefined {
  const match = typeof value === "string" ? /^(\d{1,6})\s*(h|d)$/.exec(value.trim()) : null;
  return match === null ? undefined : Number(match[1]) * (match[2] === "d" ? 24 : 1) * 3_600_000;
}
