import type { Box, Point } from "./edge-path.js";

const MAX_SCALE = 2;
const MIN_SCALE = 0.08;
/** More would only make a small graph loud. */
const MAX_FIT = 1;

/** Which part of the plane is seen: a point of the graph is at `x * scale + left` of the pane. */
export interface GraphView {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Returns the view that shows the whole graph in the middle of the pane. */
export function fitView(graph: Size, pane: Size): GraphView {
  const fitting = Math.min(pane.width / graph.width, pane.height / graph.height, MAX_FIT);
  const scale = Number.isFinite(fitting) ? Math.max(MIN_SCALE, fitting) : 1;
  return {
    scale,
    left: (pane.width - graph.width * scale) / 2,
    top: (pane.height - graph.height * scale) / 2,
  };
}

/** Zooms so that the point of the pane under the pointer stays where it is. */
export function zoomView({ scale, left, top }: GraphView, factor: number, at: Point): GraphView {
  const zoomed = Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale * factor));
  const ratio = zoomed / scale;
  return { scale: zoomed, left: at.x - (at.x - left) * ratio, top: at.y - (at.y - top) * ratio };
}

/** Moves the view; a part of the graph always stays in the pane. */
export function moveView(view: GraphView, x: number, y: number, graph: Size, pane: Size): GraphView {
  return {
    scale: view.scale,
    left: keepWithin(view.left + x, graph.width * view.scale, pane.width),
    top: keepWithin(view.top + y, graph.height * view.scale, pane.height),
  };
}

/** Moves as little as needed to show the whole of a node. */
export function revealBox(view: GraphView, box: Box, pane: Size): GraphView {
  const margin = 12;
  const halfWidth = (box.width / 2) * view.scale + margin;
  const halfHeight = (box.height / 2) * view.scale + margin;
  const x = box.x * view.scale + view.left;
  const y = box.y * view.scale + view.top;
  return {
    scale: view.scale,
    left: view.left + bring(x, halfWidth, pane.width - halfWidth),
    top: view.top + bring(y, halfHeight, pane.height - halfHeight),
  };
}

/** Whether some of the graph is outside the pane, so that there is something to move. */
export function isBeyond({ scale, left, top }: GraphView, graph: Size, pane: Size): boolean {
  const right = left + graph.width * scale;
  const bottom = top + graph.height * scale;
  return left < -1 || top < -1 || right > pane.width + 1 || bottom > pane.height + 1;
}

function bring(value: number, low: number, high: number): number {
  if (low > high) return (low + high) / 2 - value;
  return Math.max(low, Math.min(value, high)) - value;
}

function keepWithin(start: number, length: number, pane: number): number {
  const left = Math.min(60, length, pane / 2);
  return Math.max(left - length, Math.min(start, pane - left));
}
