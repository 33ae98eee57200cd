/** Blocks that do not run once and always; `with` and `try` do, and so does what a file does when it is run. */
const CONDITION = /^\s*(?:async\s+)?(?:if|elif|else|for|while|def|except|match|case)\b[^#]*:\s*(?:#.*)?$/;
const MAIN = /^\s*if\s+__name__\s*==/;

/**
 * The head of the nearest such block around a line, one line long, if there is one; `inside` has the lines that begin within a
 * string or brackets.
 */
export function conditionOf(
  lines: readonly string[],
  inside: ReadonlySet<number>,
  line: number,
): string | undefined {
  let indent = indentOf(lines[line] ?? "");
  for (let at = line - 1; at >= 0 && indent > 0; at--) {
    const text = lines[at] ?? "";
    if (inside.has(at) || text.trim() === "" || indentOf(text) >= indent) continue;
    indent = indentOf(text);
    if (CONDITION.test(text) && !MAIN.test(text)) return text.replace(/\s+/g, " ").trim();
  }
  return undefined;
}

/** Whether what stands there is switched off. */
export function isNever(condition: string): boolean {
  return /^(if|elif|while)\s*\(?\s*(False|0|None)\s*\)?\s*:/.test(condition);
}

function indentOf(text: string): number {
  return /^[ \t]*/.exec(text)?.[0].length ?? 0;
}
