import { NotPrinted } from "./refusal.js";

/** An identifier of Spark's SQL. `${` would be a variable to it, and a name has no escapes. */
export function quoteName(name: string): string {
  if (name.includes("${")) throw new NotPrinted(`the name "${name}"`, "choose a name without ${");
  return `\`${name.replaceAll("`", "``")}\``;
}

/** A string of Spark's SQL. */
export function quoteText(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("${", "\\u0024{");
  return `'${escaped}'`;
}
