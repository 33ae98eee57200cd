import { isMap, isNode, isScalar, isSeq, parseDocument, type Node, type Pair, type YAMLMap } from "yaml";

/*
 * Editing YAML as a text: what is not meant keeps its characters, comments and order with it.
 */

/** A key of the outermost map. */
export function findPair(yaml: string, key: string): Pair | undefined {
  const { contents } = parseDocument(yaml, { uniqueKeys: false });
  return isMap(contents) ? pairOf(contents, key) : undefined;
}

export function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

export function isEmpty(value: unknown): boolean {
  return value === null || (isScalar(value) && value.value === null);
}

export function rangeOf(node: unknown): Node["range"] {
  return isNode(node) ? node.range : undefined;
}

export function startOf(node: unknown): number {
  return rangeOf(node)?.[0] ?? 0;
}

/** Where a value ends, without the space and the comments behind it; of an option without one, behind the colon. */
export function endOf(yaml: string, value: unknown, pair: Pair): number {
  if (isSeq(value) && value.flow !== true && value.items.length > 0)
    return endOf(yaml, value.items.at(-1), pair);
  if (isMap(value) && value.flow !== true && value.items.length > 0) {
    const last = value.items.at(-1);
    return last === undefined || isEmpty(last.value)
      ? (rangeOf(last?.key)?.[1] ?? 0)
      : endOf(yaml, last.value, pair);
  }
  const end = isEmpty(value) ? undefined : rangeOf(value)?.[1];
  return end === undefined
    ? yaml.indexOf(":", rangeOf(pair.key)?.[1]) + 1
    : yaml.slice(0, end).trimEnd().length;
}

/** What stands before that place in its line. */
export function lineBefore(yaml: string, at: number): string {
  return yaml.slice(yaml.lastIndexOf("\n", at - 1) + 1, at);
}

/** Behind the end of the line of that place. */
export function nextLine(yaml: string, at: number): number {
  const end = yaml.indexOf("\n", at);
  return end < 0 ? yaml.length : end + 1;
}
