import { patternOf } from "./column-format.js";
import {
  addDecimals,
  readDecimal,
  shiftDecimal,
  timesDecimal,
  writeDecimal,
  type Decimal,
} from "./decimal.js";
import { readTypedTime } from "./typed-time.js";

/** What is meant by a text that is typed as a column shows its values. */
export interface Meant {
  /** One value; absent: all of a span alike, as those of a day. */
  readonly at?: string;
  /** The span, or the values that are shown as `at` is, rounded. */
  readonly from?: string;
  /** The end of it. */
  readonly below?: string;
}

const BYTES: Readonly<Record<string, number>> = { b: 0, kb: 3, mb: 6, gb: 9, tb: 12, pb: 15 };
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 };
const DURATION = /(\d+(?:\.\d+)?)(ms|s|min|m|h|d)/g;
const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;
/** Of more digits, a number is no year. */
const YEAR = /^\d{4}$/;

/**
 * A number as it is, or as the format shows it: `50 %`, `1.5 MB`, `1 h 30 min`, `€ 12.50`, `2020-07`. Undefined where it is
 * none of it. A number without the sign of the format is that number.
 */
export function readTypedNumber(typed: string, format: string | undefined): Meant | undefined {
  const text = typed.replace("−", "-");
  if (format === "epoch_seconds" || format === "epoch_milliseconds") {
    const time = timeOf(text.trim(), format === "epoch_seconds" ? 3 : 0);
    if (time !== undefined || YEAR.test(text)) return time;
  }
  const compact = text.replace(/[\s_]/g, "");
  if (NUMBER.test(compact) || /^[-+]?(inf|infinity|nan)$/i.test(compact)) return { at: compact };
  return format === undefined ? undefined : readShown(compact, format);
}

function timeOf(text: string, shift: number): Meant | undefined {
  const span = readTypedTime(text);
  if (span === undefined) return undefined;
  const [from, below] = [span.from, span.below].map((time) =>
    writeDecimal({ units: BigInt(time), scale: shift }),
  );
  return span.from === span.below ? { at: from ?? "" } : { from: from ?? "", below: below ?? "" };
}

function readShown(text: string, format: string): Meant | undefined {
  if (format === "bytes") return readBytes(text);
  if (format === "duration") return readDuration(text);
  const pattern = patternOf(format);
  if (pattern === undefined) return undefined;
  const { before, digits, behind } = pattern;
  const isShare = behind.trim() === "%";
  const signs = [before.trim(), behind.trim()].filter((sign) => sign !== "");
  const rest = signs.reduce((left, sign) => left.replace(sign.toUpperCase(), ""), text.toUpperCase());
  const number = rest.length === text.length ? undefined : readDecimal(rest);
  if (number === undefined) return undefined;
  const shift = isShare ? -2 : 0;
  return rounded(shiftDecimal(number, shift), number.scale > digits ? undefined : digits - shift);
}

function readBytes(text: string): Meant | undefined {
  const [, digits = "", unit = ""] = /^([-+]?[\d.]+)([kmgtp]?b)$/i.exec(text) ?? [];
  const [number, power] = [readDecimal(digits), BYTES[unit.toLowerCase()]];
  if (number === undefined || power === undefined) return undefined;
  const shown = power > 0 && Math.abs(Number(digits)) < 9.95 ? 1 : 0;
  return rounded(shiftDecimal(number, power), number.scale > shown ? undefined : shown - power);
}

function readDuration(text: string): Meant | undefined {
  const sign = text.startsWith("-") ? -1 : 1;
  const parts = [...text.replace(/^[-+]/, "").toLowerCase().matchAll(DURATION)];
  const whole = parts.map(([part]) => part).join("");
  if (whole === "" || whole.length !== text.replace(/^[-+]/, "").length) return undefined;
  const sum = parts.reduce<Decimal>(
    (before, [, digits = "", unit = ""]) => {
      const number = readDecimal(digits) ?? { units: 0n, scale: 0 };
      const seconds = unit === "ms" ? shiftDecimal(number, -3) : timesDecimal(number, SECONDS[unit] ?? 1);
      return addDecimals(before, seconds);
    },
    { units: 0n, scale: 0 },
  );
  const seconds = timesDecimal(sum, sign);
  const size = Math.abs(Number(writeDecimal(sum)));
  if (size >= 3600) {
    // Minutes are cut, of whole seconds.
    const [near, far] = ["-0.5", "59.5"].map((text) => readDecimal(text) ?? sum);
    const ends = [near, far].map((end) => writeDecimal(timesDecimal(addDecimals(sum, end ?? sum), sign)));
    const [from = "", below = ""] = sign < 0 ? ends.reverse() : ends;
    return { at: writeDecimal(seconds), from, below };
  }
  const shown = size < 0.1 ? 3 : size < 9.95 ? 1 : 0;
  const isFiner = parts.some(([, digits = "", unit]) => decimalsOf(digits) + (unit === "ms" ? 3 : 0) > shown);
  return rounded(seconds, isFiner ? undefined : shown);
}

function decimalsOf(digits: string): number {
  return readDecimal(digits)?.scale ?? 0;
}

/** With what is shown so where so many digits are shown; undefined: it is meant to the last digit. */
function rounded(number: Decimal, digits: number | undefined): Meant {
  const at = writeDecimal(number);
  if (digits === undefined) return { at };
  const half = shiftDecimal({ units: 5n, scale: 0 }, -digits - 1);
  const [from, below] = [-1, 1].map((sign) => writeDecimal(addDecimals(number, timesDecimal(half, sign))));
  return { at, from: from ?? at, below: below ?? at };
}
