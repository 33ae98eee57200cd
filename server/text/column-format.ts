import { formatBytes, formatDuration } from "./format.js";

/** Narrow and unbreakable, as between the digits of any number here. */
const THIN_SPACE = "\u202f";

/** Formats that have a name; the others are a pattern of digits. */
export const namedFormats = ["percent", "bytes", "duration", "epoch_seconds", "epoch_milliseconds"] as const;

/** `0`, `0.00`, `0.0 %`, `EUR 0.00`, `0.00 €`: so many digits, grouped; with % a share. */
const PATTERN = /^([A-Z]{3} ?|\p{Sc} ?)?0(?:\.(0{1,10}))?( ?%| ?[A-Z]{3}| ?\p{Sc})?$/u;
const NUMBER = /^-?\d+(\.\d+)?$/;

export function isColumnFormat(format: string): boolean {
  return namedFormats.some((name) => name === format) || PATTERN.test(format);
}

/** A number as the format says. Undefined where the value is no number: it is shown as any other. */
export function formatNumberAs(value: unknown, format: string): string | undefined {
  const text = typeof value === "number" ? plainText(value) : typeof value === "string" ? value : "";
  if (!NUMBER.test(text)) return undefined;
  const number = Number(text);
  switch (format) {
    case "bytes":
      return formatBytes(number);
    case "duration":
      return `${number < 0 ? "-" : ""}${formatDuration(Math.abs(number) * 1000)}`;
    case "epoch_seconds":
      return instant(number * 1000);
    case "epoch_milliseconds":
      return instant(number);
    default:
      return byPattern(text, format);
  }
}

/** Of a format that shows digits; `percent` is `0.0 %`. */
export function patternOf(
  format: string,
): { readonly before: string; readonly digits: number; readonly behind: string } | undefined {
  const pattern = format === "percent" ? "0.0 %" : format;
  const [found, before = "", digits = "", behind = ""] = PATTERN.exec(pattern) ?? [];
  return found === undefined ? undefined : { before, digits: digits.length, behind };
}

function byPattern(text: string, format: string): string | undefined {
  const pattern = patternOf(format);
  if (pattern === undefined) return undefined;
  const { before, digits, behind } = pattern;
  const shown = grouped(text, digits, behind.endsWith("%") ? 2 : 0);
  const sign = shown.startsWith("-") ? "-" : "";
  return `${sign}${before.replace(" ", THIN_SPACE)}${shown.slice(sign.length)}${behind.replace(" ", THIN_SPACE)}`;
}

/** Every digit counts, however long the number is: halves are rounded away from zero. `shift`: times ten to that. */
function grouped(text: string, digits: number, shift: number): string {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const kept = fraction.padEnd(shift + digits + 1, "0");
  const scaled = BigInt(whole + kept.slice(0, shift + digits));
  const rounded = scaled + (kept.charAt(shift + digits) >= "5" ? 1n : 0n);
  const written = String(rounded).padStart(digits + 1, "0");
  const at = written.length - digits;
  const parts = written.slice(0, at).replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
  return `${rounded === 0n ? "" : sign}${parts}${digits === 0 ? "" : `.${written.slice(at)}`}`;
}

/** Without an exponent. */
function plainText(value: number): string {
  const text = String(value);
  if (!text.includes("e")) return text;
  return Math.abs(value) < 1 ? value.toFixed(20) : String(BigInt(value));
}

/** UTC, as a column of times without a zone is. */
function instant(milliseconds: number): string | undefined {
  const time = new Date(milliseconds);
  if (Number.isNaN(time.getTime())) return undefined;
  return time
    .toISOString()
    .replace("T", " ")
    .replace(/(\.000)?Z$/, "");
}
