import type { Column } from "./rows.js";

/** Whether the engine would make another value of a text without a word, as it rounds where a type has no place for digits. */
export function losesDigits(text: string, { kind, type }: Column): boolean {
  if (kind === "integer" || kind === "decimal") {
    const scale = kind === "integer" ? 0 : Number(/^DECIMAL\(\d+,(\d+)\)$/.exec(type)?.[1] ?? Infinity);
    return decimalPlaces(text) > scale;
  }
  if (kind === "date") return /^\s*\d+-\d+-\d+[T ]\s*(?=[\d:.]*[1-9])\d/.test(text);
  if (kind !== "timestamp" && kind !== "time") return false;
  const places = type.includes("_NS") ? 9 : type === "TIMESTAMP_MS" ? 3 : type === "TIMESTAMP_S" ? 0 : 6;
  return (/\d:\d\d\.(\d*?)0*(?!\d)/.exec(text)?.[1]?.length ?? 0) > places;
}

/** Behind the point, without zeros at the end; 0 for what is no number. */
function decimalPlaces(text: string): number {
  const number = /^\s*[+-]?(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?\s*$/i.exec(text);
  if (number === null) return 0;
  const [, whole = "", fraction = "", exponent = "0"] = number;
  const digits = `${whole}${fraction}`.replace(/0+$/, "");
  return digits === "" ? 0 : digits.length - whole.length - Number(exponent);
}
