import type { Verdict } from "../notebook/verdict.js";
import type { Snapshot } from "../share/snapshot.js";
import { escapeHtml } from "../text/escape-html.js";
import { signToSvg, type Sign } from "./signs.js";

type Graph = Snapshot["graph"];

interface Node {
  readonly name: string;
  readonly kind: string;
  readonly layer: number;
  row: number;
}

const BOX_HEIGHT = 26;
const ROW_HEIGHT = 38;
const GAP = 56;
const CHARACTER = 6.7;
const LONGEST_NAME = 30;

const SIGNS: Readonly<Record<Verdict, Sign>> = { failed: "cross", warned: "triangle" };

/**
 * Parents at the left, children at the right; `verdicts` of the cells that have any. Empty for a notebook without cells.
 */
export function graphToSvg(graph: Graph, verdicts: ReadonlyMap<string, Verdict> = new Map()): string {
  const layers = layOut(graph);
  if (layers.length === 0) return "";
  const lefts = layers.map((_layer, index) => leftOf(layers, index));
  const width = leftOf(layers, layers.length) - GAP + 2;
  const height = Math.max(...layers.map((layer) => layer.length)) * ROW_HEIGHT + 2;
  const place = new Map<string, { x: number; y: number; width: number }>();
  layers.forEach((layer, index) => {
    const top = (height - layer.length * ROW_HEIGHT) / 2 + (ROW_HEIGHT - BOX_HEIGHT) / 2;
    for (const node of layer)
      place.set(node.name, {
        x: lefts[index] ?? 0,
        y: top + node.row * ROW_HEIGHT,
        width: widthOf(layer),
      });
  });
  const edges = graph.edges.map(([parent, child]) => edge(place.get(parent), place.get(child))).join("");
  const boxes = layers.flat().map((node) => box(node, place.get(node.name), verdicts.get(node.name)));
  return (
    `<svg class="graph" role="img" aria-label="Dependency graph of ${String(boxes.length)} cells" ` +
    `viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}">` +
    `${edges}${boxes.join("")}</svg>`
  );
}

/** Each cell stands one layer behind the last of its parents; within a layer near the middle of its parents. */
function layOut({ cells, edges }: Graph): Node[][] {
  const parents = new Map<string, string[]>(cells.map((cell) => [cell.name, []]));
  for (const [parent, child] of edges) if (parents.has(parent)) parents.get(child)?.push(parent);
  const depths = new Map<string, number>();
  const depthOf = (name: string, path: ReadonlySet<string>): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    if (path.has(name)) return 0;
    const inner = new Set([...path, name]);
    const depth = Math.max(-1, ...(parents.get(name) ?? []).map((parent) => depthOf(parent, inner))) + 1;
    depths.set(name, depth);
    return depth;
  };
  const nodes = new Map(
    cells.map(({ name, kind }) => [name, { name, kind, layer: depthOf(name, new Set()), row: 0 }]),
  );
  const layers: Node[][] = [];
  for (const node of nodes.values()) (layers[node.layer] ??= []).push(node);
  layers.forEach((layer) => {
    const middle = new Map(
      layer.map((node, index) => {
        const rows = (parents.get(node.name) ?? []).map((parent) => centered(nodes.get(parent), layers));
        return [node.name, rows.length === 0 ? index : rows.reduce((a, b) => a + b, 0) / rows.length];
      }),
    );
    layer.sort((a, b) => (middle.get(a.name) ?? 0) - (middle.get(b.name) ?? 0));
    layer.forEach((node, row) => (node.row = row));
  });
  return layers;
}

function centered(node: Node | undefined, layers: readonly Node[][]): number {
  return node === undefined ? 0 : node.row - (layers[node.layer]?.length ?? 0) / 2;
}

function leftOf(layers: readonly Node[][], index: number): number {
  return layers.slice(0, index).reduce((sum, layer) => sum + widthOf(layer) + GAP, 1);
}

function widthOf(layer: readonly Node[]): number {
  return Math.round(Math.max(...layer.map((node) => shorten(node.name).length)) * CHARACTER + 20);
}

function box(
  { name, kind }: Node,
  at: { x: number; y: number; width: number } | undefined,
  verdict: Verdict | undefined,
): string {
  if (at === undefined) return "";
  const look = verdict === undefined ? "" : ` check-${verdict}`;
  const words = verdict === undefined ? "" : `: a check ${verdict}`;
  const sign = verdict === undefined ? "" : signToSvg(SIGNS[verdict], { x: at.x + 4, y: at.y + 7 });
  return (
    `<g class="node ${escapeHtml(kind)}${look}"><title>${escapeHtml(name)}${words}</title>` +
    `<rect x="${String(at.x)}" y="${String(at.y)}" width="${String(at.width)}" height="${String(BOX_HEIGHT)}" rx="5"/>${sign}` +
    `<text x="${String(at.x + (verdict === undefined ? 10 : 19))}" y="${String(at.y + 17)}">${escapeHtml(shorten(name))}</text></g>`
  );
}

function edge(
  from: { x: number; y: number; width: number } | undefined,
  to: { x: number; y: number; width: number } | undefined,
): string {
  if (from === undefined || to === undefined) return "";
  const [x1, y1, x2, y2] = [from.x + from.width, from.y + BOX_HEIGHT / 2, to.x, to.y + BOX_HEIGHT / 2];
  const middle = (x1 + x2) / 2;
  const points = [x1, y1, middle, y1, middle, y2, x2, y2].map((value) => value.toFixed(1));
  return `<path d="M${points[0] ?? ""} ${points[1] ?? ""}C${points.slice(2).join(" ")}"/>`;
}

function shorten(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
}
