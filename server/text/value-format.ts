import { formatBytes, formatCompact, formatDuration, formatNumber, formatScientific } from "./format.js";

/*
 * How a number is shown where somebody said so: by a word, or by a pattern whose zeros are digits and whose other
 * characters stay, as in "0.00", "0 km", "€0.0k", "0.0%". A percent sign means a share of one.
 */

const words: Readonly<Record<string, (value: number) => string>> = {
  percent: (value) => formatPattern(value, "0.#%"),
  bytes: formatBytes,
  duration: formatSeconds,
  compact: formatCompact,
  scientific: (value) => formatScientific(value, 3),
  epoch_seconds: formatEpoch,
};

/** For messages: what may be said. */
export const FORMATS = `${Object.keys(words).join(", ")}, or a pattern such as 0.00, 0.0% or €0`;

const pattern = /^([^0#]*)(0(?:\.0*#*)?)([^0#]*)$/s;

export function isValueFormat(text: string): boolean {
  return Object.hasOwn(words, text) || (text.length <= 40 && pattern.test(text));
}

/** Returns the number as it is where the format is none. */
export function formatAs(value: number, format: string): string {
  if (!Number.isFinite(value)) return String(value);
  const word = Object.hasOwn(words, format) ? words[format] : undefined;
  return word?.(value) ?? formatPattern(value, format);
}

function formatPattern(value: number, format: string): string {
  const [, before = "", digits = "0", after = ""] = pattern.exec(format) ?? [];
  const [, fixed = "", optional = ""] = /\.(0*)(#*)$/.exec(digits) ?? [];
  const isShare = /^\s*%/.test(after);
  const shown = Math.abs(value) * (isShare ? 100 : 1);
  const rounded = shown.toFixed(Math.min(20, fixed.length + optional.length));
  const text = optional === "" ? rounded : trimZeros(rounded, fixed.length);
  const sign = value < 0 && Number(text) !== 0 ? "-" : "";
  return `${sign}${before}${formatNumber(text)}${after.replace(/^%/, "\u202f%")}`;
}

/** Leaves so many digits of the fraction at least. */
function trimZeros(text: string, least: number): string {
  const [whole = "", fraction = ""] = text.split(".");
  const short = fraction.replace(/0+$/, "").padEnd(least, "0");
  return short === "" ? whole : `${whole}.${short}`;
}

function formatSeconds(value: number): string {
  if (value === 0) return "0\u202fs";
  return (value < 0 ? "-" : "") + formatDuration(Math.abs(value) * 1000);
}

/** UTC, as all times of charts and tables. */
function formatEpoch(value: number): string {
  const date = new Date(value * 1000);
  if (Number.isNaN(date.getTime())) return formatNumber(value);
  return date
    .toISOString()
    .replace("T", " ")
    .replace(/(:\d\d)\.000Z$/, "$1")
    .replace(/ 00:00:00$/, "")
    .replace("Z", "");
}
