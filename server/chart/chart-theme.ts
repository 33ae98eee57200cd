import { dark, highs, light, lows } from "./chart-colors.js";
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
