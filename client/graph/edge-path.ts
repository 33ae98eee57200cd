export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** The widest half of a node on the column whose middle is at this x, or null where there is no column. */
export type HalfWidthAt = (x: number) => number | null;

const ARROW = { length: 5, width: 3.5 };

/**
 * Draws an edge from left to right that never runs under a node. dagre's own edges are straight between the middles of
 * columns and cut corners of boxes; it does keep a free lane for each in every column. So the lanes are followed
 * straight through the columns, and curves are drawn only in the gaps between them:
 *
 *   ┌──────┐     column     ┌──────┐
 *   │source├─╮  ┌──────┐   ╭┤target│
 *   └──────┘ │  └──────┘   │└──────┘
 *            ╰─────────────╯
 */
export function buildEdgePath(
  source: Box,
  target: Box,
  lanes: readonly Point[],
  halfWidthAt: HalfWidthAt,
): readonly Point[] {
  const points: Point[] = [{ x: source.x + source.width / 2, y: source.y }];
  const sourceHalf = halfWidthAt(source.x) ?? source.width / 2;
  const targetHalf = halfWidthAt(target.x) ?? target.width / 2;
  points.push({ x: source.x + sourceHalf, y: source.y });
  for (const { x, y } of lanes) {
    const half = halfWidthAt(x);
    if (half === null || x <= source.x || x >= target.x) continue;
    points.push({ x: x - half, y }, { x: x + half, y });
  }
  points.push({ x: target.x - targetHalf, y: target.y }, { x: target.x - target.width / 2, y: target.y });
  return points;
}

/** Writes the points of an edge as SVG: odd steps are straight, even ones curved. `turn` swaps x and y. */
export function writeEdgePath(points: readonly Point[], turn: (point: Point) => Point): string {
  const write = (x: number, y: number): string => {
    const turned = turn({ x, y });
    return `${round(turned.x)} ${round(turned.y)}`;
  };
  const [first, ...rest] = points;
  const last = points.at(-1);
  if (!first || !last) return "";
  let path = `M${write(first.x, first.y)}`;
  let from = first;
  for (const [index, to] of rest.entries()) {
    const middle = (from.x + to.x) / 2;
    const isStraight = index % 2 === 0 || from.y === to.y;
    if (isStraight) path += `L${write(to.x, to.y)}`;
    else path += `C${write(middle, from.y)} ${write(middle, to.y)} ${write(to.x, to.y)}`;
    from = to;
  }
  const back = last.x - ARROW.length;
  path += `M${write(back, last.y - ARROW.width)}L${write(last.x, last.y)}L${write(back, last.y + ARROW.width)}`;
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
