import type { BenchServer } from "./server.js";

/* What follows while somebody drags a range over a chart of `big`: each move is another range, which nobody asked for yet. */

export const pickedCharts = `
\`\`\`yaml
chart: by_city
from: big
mark: barY
x: city
y: sum(amount)
\`\`\`

\`\`\`yaml
chart: by_amount
from: big
mark: histogram
x: amount
\`\`\`
`;

interface Chart {
  readonly sql: string;
  readonly groupedBy: readonly { readonly column: string; readonly channel?: string }[];
}

const BINS = 20;

export async function comparePicked<T>(
  server: BenchServer,
  measure: (name: string, sql: string, ask: () => Promise<number>) => Promise<T>,
): Promise<T[]> {
  const chartOf = (cell: string, picked: string): string =>
    `/api/notebooks/rows/cells/${cell}/chart?picked=${encodeURIComponent(picked)}`;
  const { answer } = await server.ask<Chart>("GET", "/api/notebooks/rows/cells/by_amount/chart");
  const by = answer.groupedBy.map(({ channel: _, ...group }) => group);
  let turn = 0;
  const nextMove = (): string => {
    const from = (turn % BINS) * 500;
    const to = from + 500 * (1 + (Math.floor(turn / BINS) % 3));
    turn++;
    return JSON.stringify({ by, ranges: [[String(from), String(to)]] });
  };
  const filtered = await server.ask<Chart>("GET", chartOf("by_city", nextMove()));
  const chart = await measure("chart, filtered by a range of another", filtered.answer.sql, async () => {
    const { seconds } = await server.ask("GET", chartOf("by_city", nextMove()));
    return seconds;
  });
  const where = /WHERE (.*)/.exec(filtered.answer.sql)?.[1] ?? "true";
  const rows = await measure(
    "first rows and their number, filtered so",
    `SELECT count(*) FROM result WHERE ${where}`,
    async () => {
      const path = `/api/notebooks/rows/cells/big/rows?limit=100&picked=${encodeURIComponent(nextMove())}`;
      return (await server.ask("GET", path)).seconds;
    },
  );
  return [chart, rows];
}
