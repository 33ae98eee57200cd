/** As high as its rows, up to nine of them; known before they are here, so that nothing jumps. */
export function gridHeight(rows: number | undefined): string {
  return rows === undefined || rows > 8 ? "18.5rem" : `${String(6.25 + 1.5 * Math.max(1, rows))}rem`;
}
