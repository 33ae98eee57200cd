import { inkOn, mix, type Shade } from "./chart-palettes.js";

/** Colours of what stands for data. What is not data, such as axes, has the colour of the text around it. */
export interface ChartTheme {
  readonly series: readonly string[];
  readonly other: string;
  readonly missing: string;
  /** From 0, close to the ground, to 1. */
  readonly sequential: (share: number) => string;
  /** Of a colour by day and by night, that which this theme shows. */
  readonly shade: (shade: Shade) => string;
  /** For text upon a colour of `series`, or upon one that `shade` gave. */
  readonly ink: (color: string) => string;
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
  shade: ([day, night]) => (day === night ? day : `light-dark(${day}, ${night})`),
  ink: inkOfPage,
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
  shade: ([day]) => day,
  ink: (color) => (color.startsWith("#") && color.length === 7 ? inkOn(color) : "#14191d"),
  text: "#1e262b",
  muted: "#535f67",
  raised: "#ffffff",
};

function inkOfPage(color: string): string {
  const share = /color-mix\(.* (\d+)%/.exec(color)?.[1];
  // By day a ramp grows dark, by night bright.
  if (share !== undefined)
    return Number(share) > 50 ? "light-dark(#ffffff, #14191d)" : "light-dark(#14191d, #ffffff)";
  const index = Number(/--chart-(\d+)/.exec(color)?.[1] ?? 0) - 1;
  const [day = "", night = day] =
    index < 0 ? (color.match(/#[0-9a-f]{6}/gi) ?? []) : [light[index], dark[index]];
  return day === "" ? "var(--text)" : `light-dark(${inkOn(day)}, ${inkOn(night)})`;
}
