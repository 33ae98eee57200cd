import type { Span } from "../base/source.js";

/**
 * YAML as plain data that knows where each key and value stands in the file. Aliases are resolved, merges
 * are carried out, and a key appears once.
 */
export type YamlNode = YamlMap | YamlList | YamlLeaf;

export type YamlScalar = string | number | boolean | null;

export interface YamlMap {
  readonly type: "map";
  readonly entries: readonly YamlEntry[];
  readonly span: Span;
  /** How many nodes it is made of, aliases counted as what they stand for. */
  readonly size: number;
}

export interface YamlEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: YamlNode;
}

export interface YamlList {
  readonly type: "list";
  readonly items: readonly YamlNode[];
  readonly span: Span;
  readonly size: number;
}

export interface YamlLeaf {
  readonly type: "leaf";
  readonly value: YamlScalar;
  /** The text as written, without quotes: `08001` where the value is 8001. */
  readonly source: string;
  /** Written without quotes, on one line or several. */
  readonly isPlain: boolean;
  readonly span: Span;
  readonly size: 1;
}

export function findValue(map: YamlMap, key: string): YamlNode | undefined {
  return map.entries.find((entry) => entry.key === key)?.value;
}

export function toPlain(node: YamlNode): unknown {
  switch (node.type) {
    case "map":
      // Not by assignment: a key may be `__proto__`.
      return Object.fromEntries(node.entries.map((entry) => [entry.key, toPlain(entry.value)]));
    case "list":
      return node.items.map(toPlain);
    case "leaf":
      return node.value;
  }
}

/** As it is written, so that no digit is lost. YAML writes `.inf` and `.nan` with a point that nobody else knows. */
export function numberText({ source }: YamlLeaf): string {
  return source.replace(/^([+-]?)\.(?=inf$|nan$)/i, "$1");
}

/** The text of JSON that says the same, with all digits of its numbers. */
export function toJson(node: YamlNode): string {
  switch (node.type) {
    case "map":
      return `{${node.entries.map(({ key, value }) => `${JSON.stringify(key)}:${toJson(value)}`).join(",")}}`;
    case "list":
      return `[${node.items.map(toJson).join(",")}]`;
    case "leaf":
      if (typeof node.value !== "number") return JSON.stringify(node.value);
      if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(node.source)) return node.source;
      return JSON.stringify(Number.isFinite(node.value) ? node.value : numberText(node));
  }
}

/** The map that a tree is, or an empty one at the given place. */
export function toMap(tree: YamlNode | undefined, span: Span): YamlMap {
  return tree?.type === "map" ? tree : { type: "map", entries: [], span, size: 1 };
}

/** True for a key without a value. */
export function isNull(node: YamlNode): boolean {
  return node.type === "leaf" && node.value === null;
}

/** The span of the value that a path leads to, or of the last one on the way that exists. */
export function spanAt(node: YamlNode, path: readonly PropertyKey[]): Span {
  let found = node;
  for (const step of path) {
    const next: YamlNode | undefined =
      found.type === "map"
        ? findValue(found, String(step))
        : found.type === "list"
          ? found.items[Number(step)]
          : undefined;
    if (next === undefined) break;
    found = next;
  }
  return found.span;
}

/** A map of one key, for a shorthand that leaves it out. */
export function wrapInMap(key: string, value: YamlNode): YamlMap {
  return {
    type: "map",
    entries: [{ key, keySpan: value.span, value }],
    span: value.span,
    size: value.size + 1,
  };
}
