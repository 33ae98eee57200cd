import { AppError } from "../base/errors.js";

const unitsMs: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };
const LONGEST_MS = 3650 * 86_400_000;

/** For those who say nothing: a link that is forgotten must not stay open for ever. */
export const DEFAULT_LIFETIME = "30d";

/** Milliseconds of `12h`, `30d` or `8w`; null of `never` and of null. Fails with code usage. */
export function parseLifetime(text: string | null): number | null {
  if (text === null || text === "never") return null;
  const match = /^(\d{1,5})(h|d|w)$/.exec(text.trim());
  const ms = Number(match?.[1]) * (unitsMs[match?.[2] ?? ""] ?? NaN);
  if (ms > 0 && ms <= LONGEST_MS) return ms;
  throw new AppError("usage", `"${text}" is no time after which something expires.`, {
    hint: "Write hours, days or weeks, e.g. 12h, 30d or 8w, ten years at most; or never.",
  });
}
