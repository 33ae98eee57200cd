import { sha256 } from "../base/hash.js";
import { maybeJson } from "../base/durable.js";

/**
 * JSON that carries its own SHA-256, so that a file which is cut short, filled with zeros or changed by a
 * bit is told from a good one: `{"sha256":"…","<name>":{…}}`, still one JSON object for any other program.
 */
export function seal(name: string, value: unknown): string {
  const json = JSON.stringify(value);
  return `{"sha256":"${sha256(json)}","${name}":${json}}\n`;
}

/** Returns undefined unless the text is whole. */
export function unseal(name: string, text: string): unknown {
  const start = `{"sha256":"${text.slice(11, 75)}","${name}":`;
  if (!text.startsWith(start) || !text.endsWith("}\n")) return undefined;
  const json = text.slice(start.length, -2);
  return sha256(json) === text.slice(11, 75) ? maybeJson(json) : undefined;
}
