import { createHash } from "node:crypto";

/** SHA-256 of a text (as UTF-8) or of bytes, in hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** SHA-256 of a JSON value, in hex. The order of an object's keys does not count; that of an array does. */
export function hashOf(value: unknown): string {
  return sha256(canonicalJson(value));
}

/** JSON with the keys of every object sorted and those of undefined values left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isRecord(part) ? sortKeys(part) : part));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Object.fromEntries defines own properties, so a key `__proto__` counts like any other. */
function sortKeys(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
