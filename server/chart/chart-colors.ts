/* The colours of charts by day and by night, apart from what picks among them: the page has them before it draws. */

export const light = [
  "#2b7ea8",
  "#d8813a",
  "#4c9a67",
  "#b9566c",
  "#7a6bb8",
  "#a8893a",
  "#3c9f9d",
  "#8d6b53",
  "#5f7280",
  "#c06dab",
];
export const dark = [
  "#5fb0d8",
  "#e39d5a",
  "#74c190",
  "#e2899b",
  "#a698e2",
  "#cdb263",
  "#62c6c1",
  "#bd987f",
  "#93a6b3",
  "#e09ccd",
];
export const lows = ["#e4eff5", "#1b2e38"] as const;
export const highs = ["#0d4f6e", "#9bd8f4"] as const;

/** For shadow roots that draw charts: the colours follow light and dark without drawing again. */
export const chartColorsCss = [
  ...light.map(
    (color, index) => `--chart-${String(index + 1)}: light-dark(${color}, ${dark[index] ?? color});`,
  ),
  "--chart-other: light-dark(#b9c2c7, #55616a);",
  "--chart-missing: light-dark(#d3d8da, #3f4a52);",
  `--chart-low: light-dark(${lows.join(", ")});`,
  `--chart-high: light-dark(${highs.join(", ")});`,
].join("\n");
