const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

/** Spreads JSON over lines. Works on the text, since parsing would lose digits of long numbers; returns other text as it is. */
export function indentJson(text: string): string {
  const tokens = text.match(token) ?? [];
  if (tokens.join("") !== text.replace(/("(?:[^"\\]|\\.)*")|\s+/gs, "$1")) return text;
  let depth = 0;
  let out = "";
  for (const [index, part] of tokens.entries()) {
    const next = tokens[index + 1];
    const isOpening = part === "{" || part === "[";
    const isClosing = part === "}" || part === "]";
    if (isOpening) depth++;
    if (isClosing) depth--;
    const isEmpty = isOpening && (next === "}" || next === "]");
    const isBeforeEnd = !isOpening && part !== "," && (next === "}" || next === "]");
    if (isEmpty) out += part;
    else if (isOpening || part === ",") out += part + newLine(depth);
    else if (isBeforeEnd) out += part + newLine(depth - 1);
    else out += part === ":" ? ": " : part;
  }
  return out;
}

function newLine(depth: number): string {
  return `\n${"  ".repeat(Math.max(0, depth))}`;
}
