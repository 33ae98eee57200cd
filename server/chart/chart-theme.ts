/** Colours of what stands for data. What is not data, such as axes, has the colour of the text around it. */
export interface ChartTheme {
  readonly series: readonly string[];
  readonly other: string;
  readonly missing: string;
  /** From 0, close to the ground, to 1. */
  readonly sequential: (share: number) => string;
  readonly text: string;
  readonly muted: string;
  /** Of tips. */
  readonly raised: string;
}

const light = [
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
const dark = [
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
const lows = ["#e4eff5", "#1b2e38"] as const;
const highs = ["#0d4f6e", "#9bd8f4"] as const;

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

/** Of the page, by custom properties. */
export const pageTheme: ChartTheme = {
  series: light.map((_, index) => `var(--chart-${String(index + 1)})`),
  other: "var(--chart-other)",
  missing: "var(--chart-missing)",
  sequential: (share) =>
    `color-mix(in oklab, var(--chart-high) ${String(Math.round(share * 100))}%, var(--chart-low))`,
  text: "var(--text)",
  muted: "var(--text-muted)",
  raised: "var(--raised)",
};

/** For a file that stands alone. */
export const printTheme: ChartTheme = {
  series: light,
  other: "#b9c2c7",
  missing: "#d3d8da",
  sequential: (share) => mix(lows[0], highs[0], share),
  text: "#1e262b",
  muted: "#535f67",
  raised: "#ffffff",
};

function mix(from: string, to: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const [a, b] = [from, to].map((color) => Number.parseInt(color.slice(at, at + 2), 16));
    return Math.round((a ?? 0) + ((b ?? 0) - (a ?? 0)) * share);
  });
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
