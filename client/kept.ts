/** What this browser keeps of a choice, for the next time; null where there is nothing, or it keeps nothing. */
export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** There may be no room: then the choice holds until the page is loaded again. */
export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    return;
  }
}

/** Of what was kept as JSON: the texts of a list. */
export function keptTexts(key: string): readonly string[] | undefined {
  try {
    const found: unknown = JSON.parse(kept(key) ?? "null");
    return Array.isArray(found) ? found.filter((item) => typeof item === "string") : undefined;
  } catch {
    return undefined;
  }
}
