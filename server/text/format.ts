import { familyOf, type TypeFamily, type TypeKind } from "./type-kind.js";

/** Narrow and unbreakable, so that a number stays one word. */
const THIN_SPACE = "\u202f";

/** Longer text in a cell is cut: nobody reads it there, and the detail shows the whole. */
const MAX_CELL_LENGTH = 240;

/** What a value is, which decides its alignment and how quiet it looks. NULL and '' are kinds, so no text can fake them. */
export type ValueKind = "null" | "empty" | TypeFamily;

export interface FormattedValue {
  readonly text: string;
  readonly kind: ValueKind;
}

/** Groups the digits by three. Text keeps every digit; a fraction of a JavaScript number is rounded to six. */
export function formatNumber(value: number | bigint | string): string {
  const text = typeof value === "number" ? roundFraction(value) : String(value);
  const parts = /^(-?)(\d+)(\..*)?$/.exec(text);
  if (!parts) return text;
  const [, sign = "", whole = "", fraction = ""] = parts;
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE) + fraction;
}

function roundFraction(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(6)));
}

/** Returns "1 row", "2 500 rows". */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatNumber(count)} ${count === 1 ? noun : plural}`;
}

/** Returns a count in few characters: "950", "1.2k", "34M", "2e16". */
export function formatCompact(count: number): string {
  return Math.abs(count) >= 999.5e12 ? formatScientific(count, 2) : scale(count, ["", "k", "M", "B", "T"], 1);
}

/** Returns "2.5e16", with at most so many digits. */
export function formatScientific(value: number, digits: number): string {
  return Number(value.toPrecision(digits)).toExponential().replace("e+", "e");
}

export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"].map((unit) => `${THIN_SPACE}${unit}`);
  return scale(bytes, units, 1);
}

function scale(value: number, units: readonly string[], digits: number): string {
  let scaled = value;
  let step = 0;
  // What would be rounded up to 1000 belongs to the next unit.
  while (Math.abs(scaled) >= 999.5 && step < units.length - 1) {
    scaled /= 1000;
    step++;
  }
  const isRounded = step > 0 && Math.abs(scaled) < 9.95;
  return (isRounded ? scaled.toFixed(digits) : String(Math.round(scaled))) + (units[step] ?? "");
}

/** Returns "8 ms", "0.4 s", "12 s", "3 min 20 s", "2 h 05 min". */
export function formatDuration(durationMs: number): string {
  if (durationMs < 100) return `${Math.round(durationMs)}${THIN_SPACE}ms`;
  if (durationMs < 9_950) return `${(durationMs / 1000).toFixed(1)}${THIN_SPACE}s`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 60) return `${seconds}${THIN_SPACE}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}${THIN_SPACE}min ${seconds % 60}${THIN_SPACE}s`;
  return `${Math.floor(minutes / 60)}${THIN_SPACE}h ${twoDigits(minutes % 60)}${THIN_SPACE}min`;
}

/** Returns "12 %", "0.4 %", "<0.1 %". */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return `<0.1${THIN_SPACE}%`;
  if (percent < 100 && percent > 99.9) return `>99.9${THIN_SPACE}%`;
  const isWhole = percent === 0 || percent >= 9.95;
  return `${isWhole ? Math.round(percent) : percent.toFixed(1)}${THIN_SPACE}%`;
}

/** Returns an instant in the reader's time zone, to the second. Text without a zone is a value of data: it is kept. */
export function formatTimestamp(value: Date | number | string): string {
  if (typeof value === "string" && !/[T ].*(Z|[+-]\d\d(:?\d\d)?)$/.test(value)) {
    return value.replace(/^(\d{4}-\d\d-\d\d)T/, "$1 ");
  }
  const instant = new Date(value);
  if (Number.isNaN(instant.getTime())) return String(value);
  const date = [instant.getFullYear(), twoDigits(instant.getMonth() + 1), twoDigits(instant.getDate())];
  const time = [instant.getHours(), instant.getMinutes(), instant.getSeconds()].map(twoDigits);
  return `${date.join("-")} ${time.join(":")}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/**
 * Returns a type's name for a narrow place: "decimal(18,2)", "timestamptz", "struct". Brackets that hold more than numbers
 * are left out.
 */
export function formatType(type: string): string {
  const short = type.replace(/ WITH TIME ZONE$/i, "TZ").replace(/\((?![\d, ]*\)).*\)/s, "");
  return showControls(short.toLowerCase());
}

/**
 * Returns the text of a cell. 64-bit integers and decimals arrive as strings and keep every digit. What is invisible,
 * or would turn the direction of what follows, becomes visible.
 */
export function formatValue(value: unknown, typeKind: TypeKind): FormattedValue {
  if (value === null || value === undefined) return { text: "NULL", kind: "null" };
  if (value === "") return { text: "empty", kind: "empty" };
  const kind = typeof value === "object" ? "nested" : familyOf(typeKind);
  const text = toText(value, typeKind);
  const isCut = text.length > MAX_CELL_LENGTH;
  const shown = showControls(isCut ? cut(text) : text);
  return { text: isCut ? `${shown}…` : showEdges(shown), kind };
}

/** Returns a value as it is, in one piece: what the clipboard gets. NULL is nothing. */
export function toText(value: unknown, typeKind: TypeKind): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return JSON.stringify(value);
  if (typeof value === "string") return typeKind === "json" ? compactJson(value) : value;
  // eslint-disable-next-line @typescript-eslint/no-base-to-string -- Objects are gone.
  return String(value);
}

/** Text, not parsed: JavaScript would lose digits. */
function compactJson(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/gs, "$1");
}

function cut(text: string): string {
  const end = text.codePointAt(MAX_CELL_LENGTH - 1) ?? 0;
  return text.slice(0, end > 0xffff ? MAX_CELL_LENGTH - 1 : MAX_CELL_LENGTH);
}

const invisible =
  /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;
const pictures: Readonly<Record<string, string>> = { "\n": "↵", "\r": "␍", "\t": "⇥", "\x7f": "␡" };

/** Makes control characters, marks of direction and lone surrogates visible. */
export function showControls(text: string, keep = ""): string {
  return text.replace(invisible, (character) =>
    keep.includes(character) ? character : toPicture(character),
  );
}

function toPicture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return pictures[character] ?? String.fromCharCode(0x2400 + code);
  return pictures[character] ?? `\\u${code.toString(16).padStart(4, "0")}`;
}

export function showEdges(text: string): string {
  return text.replace(/^ +| +$/g, (spaces) => "␣".repeat(spaces.length));
}
