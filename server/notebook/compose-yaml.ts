import { Composer, Parser } from "yaml";
import type { CST, Document, ParsedNode } from "yaml";

const longestText = 100_000;
const deepestNesting = 40;

/**
 * Returns the document, with its errors, or why it is refused. Its depth is measured on the tokens, whose
 * parser has a stack of its own: the composer recurses, and an overflow in the middle of it can end the process.
 */
export function composeYaml(text: string): Document.Parsed | string {
  if (text.length > longestText) return `YAML of more than ${longestText} characters is not read`;
  const tokens = [...new Parser().parse(text)];
  if (isTooDeep(tokens)) return `YAML nested more than ${deepestNesting} levels deep is not read`;
  const composer = new Composer<ParsedNode, true>({
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const [first, second] = [...composer.compose(tokens, true, text.length)];
  if (first === undefined) return "YAML without a document";
  return second === undefined ? first : "YAML of several documents is not read";
}

function isTooDeep(tokens: readonly CST.Token[]): boolean {
  let level: readonly CST.Token[] = tokens;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepestNesting) return true;
    level = level.flatMap(childrenOf);
  }
  return false;
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === "document") return token.value ? [token.value] : [];
  if (!("items" in token)) return [];
  return token.items.flatMap((item) =>
    [item.key, item.value].filter((child) => child !== null && child !== undefined),
  );
}
