/** A field for a date changes with each key, and holds none, or one of the first centuries, until all of its year is typed. */
export function isPartOfDate(field: HTMLInputElement): boolean {
  const isPart = field.validity.badInput || field.value.startsWith("0");
  return field.type === "date" && isPart && field.matches(":focus");
}
