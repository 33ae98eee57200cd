import { isAlias, isMap, isScalar, isSeq, type Scalar, type YAMLMap, type YAMLParseError } from "yaml";
import type { Span } from "../base/source.js";
import { composeYaml } from "./compose-yaml.js";
import { Report } from "./report.js";
import { toFileSpan, type YamlPart } from "./yaml-part.js";
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from "./yaml-tree.js";

const largestTree = 10_000;

export interface ParsedYaml {
  /** Absent where there is nothing, or nothing that could be read. */
  readonly tree?: YamlNode;
  /** Where to report what else is wrong: nowhere if the YAML is broken, for most of it would follow from that. */
  readonly following: Report;
}

/** Parses YAML into a tree with places in the file; of broken YAML, what can be read. */
export function parseYaml(part: YamlPart, report: Report): ParsedYaml {
  const document = composeYaml(part.text);
  if (typeof document === "string") {
    report.error("yaml-limit", part.span, document, "Write it as SQL, or shorter.");
    return { following: new Report() };
  }
  const builder = new TreeBuilder(part, report);
  const tree = document.contents === null ? undefined : builder.build(document.contents);
  const error = document.errors[0];
  // The first error is the cause; the others mostly follow from it.
  if (error !== undefined) reportError(error, part, report);
  for (const warning of document.warnings) {
    report.warn("invalid-yaml", toFileSpan(part, warning.pos[0], warning.pos[1]), warning.message);
  }
  const isBroken = error !== undefined || builder.isBroken;
  return { ...(tree && { tree }), following: isBroken ? new Report() : report };
}

function reportError(error: Pick<YAMLParseError, "message" | "pos">, part: YamlPart, report: Report): void {
  // What is missing at the end is shown behind the last text, not on the line of the closing fence.
  const start = Math.min(error.pos[0], Math.max(0, part.text.trimEnd().length - 1));
  const span = toFileSpan(part, start, Math.max(start + 1, error.pos[1]));
  report.error(
    "invalid-yaml",
    span,
    `This is not valid YAML: ${error.message}`,
    hints.find(([pattern]) => pattern.test(error.message))?.[1],
  );
}

/** By yaml's messages: one of its codes stands for several of them. */
const hints: readonly (readonly [RegExp, string])[] = [
  [/^Tabs/, "Indent with spaces."],
  [/^Missing closing/, "Close the quotation."],
  [/^Flow/, "Close the bracket."],
  [/followed by map values|on a single line/, "Write a key, a colon, a space and a value."],
  [/^Nested mappings/, "Begin keys of one map in the same column; put quotes around a text with a colon."],
  [/cannot start with/, "Put quotes around a text with special characters."],
  [/indent/i, "Begin keys of one map in the same column."],
];

/** Turns yaml's nodes into ours. A class only for what the walk carries along. */
class TreeBuilder {
  isBroken = false;
  readonly #part: YamlPart;
  readonly #report: Report;
  readonly #anchors = new Map<string, YamlNode>();
  #expanded = 0;

  constructor(part: YamlPart, report: Report) {
    this.#part = part;
    this.#report = report;
  }

  build(node: unknown): YamlNode {
    if (isAlias(node)) return this.#resolve(node.source, this.#spanOf(node));
    const built = isMap(node)
      ? this.#map(node)
      : isSeq(node)
        ? this.#list(node.items, this.#spanOf(node))
        : this.#leaf(node);
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor) this.#anchors.set(node.anchor, built);
    return built;
  }

  #map(node: YAMLMap): YamlMap {
    const entries = new Map<string, YamlEntry>();
    const merged: YamlEntry[] = [];
    for (const pair of node.items) {
      const key = this.#key(pair.key);
      if (key === undefined) continue;
      const value = pair.value === null ? nullAt(key.keySpan.end) : this.build(pair.value);
      if (key.key === "<<") merged.push(...this.#mergedEntries(value));
      else if (entries.has(key.key)) this.#reportDuplicate(key);
      else entries.set(key.key, { ...key, value });
    }
    for (const entry of merged) if (!entries.has(entry.key)) entries.set(entry.key, entry);
    const all = [...entries.values()];
    return {
      type: "map",
      entries: all,
      span: this.#spanOf(node),
      size: sizeOf(all.map((entry) => entry.value)),
    };
  }

  #key(node: unknown): { key: string; keySpan: Span } | undefined {
    const keySpan = this.#spanOf(node);
    if (isScalar(node) && node.value !== null) return { key: sourceOf(node), keySpan };
    this.#report.error(
      "invalid-yaml",
      keySpan,
      "A key is a name, not a list or a map",
      'Write key: "value".',
    );
    return undefined;
  }

  #reportDuplicate({ key, keySpan }: { key: string; keySpan: Span }): void {
    this.#report.error("duplicate-key", keySpan, `Key "${key}" is written twice`, "Remove one of the two.");
  }

  #mergedEntries(value: YamlNode): readonly YamlEntry[] {
    if (value.type === "map") return value.entries;
    return value.type === "list" ? value.items.flatMap((item) => this.#mergedEntries(item)) : [];
  }

  #list(items: readonly unknown[], span: Span): YamlList {
    const built = items.map((item) => this.build(item));
    return { type: "list", items: built, span, size: sizeOf(built) };
  }

  #leaf(node: unknown): YamlNode {
    const span = this.#spanOf(node);
    if (!isScalar(node)) return nullAt(span.start);
    const isPlain = node.type === "PLAIN";
    return { type: "leaf", value: toScalar(node), source: sourceOf(node), isPlain, span, size: 1 };
  }

  /** Small anchors that name each other can stand for billions of nodes, so what they expand to is counted. */
  #resolve(name: string, span: Span): YamlNode {
    const target = this.#anchors.get(name);
    const isWithinLimit = this.#expanded <= largestTree;
    this.#expanded += target?.size ?? 0;
    if (target !== undefined && this.#expanded <= largestTree) return { ...target, span };
    this.isBroken = true;
    if (target === undefined) {
      this.#report.error(
        "invalid-yaml",
        span,
        `Alias "${name}" has no anchor above it`,
        `Write &${name} at a value.`,
      );
    } else if (isWithinLimit) {
      this.#report.error("yaml-limit", span, `Aliases expand to more than ${largestTree} values`);
    }
    return nullAt(span.start);
  }

  #spanOf(node: unknown): Span {
    const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined;
    if (!range) return { start: this.#part.span.start, end: this.#part.span.start };
    const trimmed = this.#part.text.slice(range[0], range[1]).trimEnd().length;
    return toFileSpan(this.#part, range[0], range[0] + trimmed);
  }
}

function sizeOf(nodes: readonly YamlNode[]): number {
  return nodes.reduce((size, node) => size + node.size, 1);
}

function nullAt(offset: number): YamlNode {
  return {
    type: "leaf",
    value: null,
    source: "",
    isPlain: true,
    span: { start: offset, end: offset },
    size: 1,
  };
}

function sourceOf(node: Scalar): string {
  return node.source ?? String(node.value);
}

function toScalar(node: Scalar): YamlScalar {
  const { value } = node;
  return typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean" ||
    value === null
    ? value
    : sourceOf(node);
}
