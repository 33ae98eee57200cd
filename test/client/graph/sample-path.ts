import type { Point } from "../../../client/graph/edge-path.js";

const STEPS = 24;

/** Returns points along an SVG path of the commands M, L, C and Q with absolute positions. */
export function samplePath(path: string): Point[] {
  const sampled: Point[] = [];
  let from: Point = { x: 0, y: 0 };
  for (const [, command = "", numbers = ""] of path.matchAll(/([MLCQ])([^MLCQ]*)/g)) {
    const values = numbers
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    const points = values.flatMap((x, index) =>
      index % 2 === 0 ? [{ x, y: values[index + 1] ?? NaN }] : [],
    );
    const to = points.at(-1) ?? from;
    if (command === "M") sampled.push(to);
    else {
      for (let step = 1; step <= STEPS; step++) sampled.push(curveAt([from, ...points], step / STEPS));
    }
    from = to;
  }
  return sampled;
}

/** De Casteljau's construction, for a line too. */
function curveAt(points: readonly Point[], at: number): Point {
  const [first = { x: 0, y: 0 }, ...rest] = points;
  if (rest.length === 0) return first;
  const between = rest.map((to, index) => {
    const from = points[index] ?? first;
    return { x: from.x + (to.x - from.x) * at, y: from.y + (to.y - from.y) * at };
  });
  return curveAt(between, at);
}
