const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For text and for attributes in quotes, in HTML and in XML. */
export function escapeHtml(text: string): string {
  return markInvalid(text.replace(/[&<>"']/g, (character) => entities[character] ?? ""));
}

/** What no document may hold (NUL and the like) becomes a mark. */
export function markInvalid(text: string): string {
  return text
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]/g, "\ufffd")
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}
