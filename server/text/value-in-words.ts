/** What a control is set to, for people. */
export function valueInWords(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(valueInWords).join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === null || value === undefined) return "none";
  if (value === "") return "empty";
  return typeof value === "string" ? value : JSON.stringify(value);
}
