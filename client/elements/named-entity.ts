/**
 * In the place of the package `entities`, of which markdown-it asks nothing else: every browser has the table of HTML's
 * named characters, which is larger than the rest of that package. `text`: one of them with its semicolon, as `&nbsp;`.
 */
export function decodeHTMLStrict(text: string): string {
  const field = document.createElement("textarea");
  field.innerHTML = text;
  return field.value;
}
