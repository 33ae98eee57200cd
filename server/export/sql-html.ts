import { escapeHtml } from "../text/escape-html.js";
import { isKeyword } from "../text/sql-keywords.js";
import { tokenizeSql, type Token } from "../text/sql-tokens.js";

const classes: Readonly<Record<Token["kind"], string>> = {
  comment: "c",
  option: "c",
  string: "s",
  quoted: "",
  number: "n",
  word: "",
  parameter: "p",
  symbol: "",
};

/** SQL as HTML with a little colour. */
export function sqlToHtml(sql: string): string {
  let html = "";
  let at = 0;
  for (const token of tokenizeSql(sql)) {
    const text = sql.slice(token.start, token.end);
    const name = token.kind === "word" && isKeyword(text) ? "k" : classes[token.kind];
    html += escapeHtml(sql.slice(at, token.start));
    html += name === "" ? escapeHtml(text) : `<span class="${name}">${escapeHtml(text)}</span>`;
    at = token.end;
  }
  return html + escapeHtml(sql.slice(at));
}
