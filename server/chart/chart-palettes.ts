import type { ColorScheme } from "../notebook/chart-options.js";

/** A colour by day and by night. */
export type Shade = readonly [light: string, dark: string];

interface Palette {
  /** Of names, in their order. */
  readonly series?: readonly Shade[];
  /** Of numbers, from the least to the greatest. */
  readonly ramp?: readonly Shade[];
  /** The middle of the ramp is zero. */
  readonly isDiverging?: boolean;
}

const palettes: Readonly<Record<Exclude<ColorScheme, "default">, Palette>> = {
  // Okabe and Ito's, told apart by nearly everybody.
  accessible: {
    series: shades(
      "#0072b2 #d98e04 #008f68 #b8638f #4aa3d9 #d55e00 #8f8500 #5d5d5d",
      "#4fb0ea #f0b23e #3fc79b #e6a3c6 #9ad2f7 #f58a45 #d8cf4a #b5b5b5",
    ),
  },
  muted: {
    series: shades(
      "#6b8ba4 #b08968 #7f9c82 #a77f8e #8a84a8 #9c9470 #6f9a99 #8c7b6e",
      "#8fb0c9 #cfab8a #a0bda3 #c9a1b0 #ada7cb #bdb592 #92bdbc #af9e91",
    ),
  },
  vivid: {
    series: shades(
      "#1f6feb #e5484d #12a150 #f08c00 #8e4ec6 #0797b9 #d6409f #7a7f00 #5b5bd6 #b35900",
      "#6ca8ff #ff8a8d #4ccf84 #ffb454 #c493f0 #4cc8e6 #f58fce #c2c83f #9c9cff #e59a4d",
    ),
  },
  blues: ramp("#dbe9f6 #6aaed6 #08519c", "#16283a #2f78b3 #a9d6f5"),
  greens: ramp("#dff0de #74c08a #0a6b3a", "#14291c #2f8a55 #a6e3bb"),
  oranges: ramp("#fde6d2 #f39a53 #9c3f06", "#33200f #b8652a #ffcb9c"),
  purples: ramp("#e9e6f4 #9c93cc #4a2f91", "#221d36 #6d5fb3 #cbc3f3"),
  greys: ramp("#e6e8ea #939a9f #2b3136", "#262b2f #747c82 #dde2e6"),
  viridis: ramp("#440154 #3b528b #21918c #5ec962 #fde725", "#440154 #3b528b #21918c #5ec962 #fde725"),
  red_blue: { ...ramp("#b2283a #f0eeec #2468b0", "#f0858f #2b3034 #79b6ef"), isDiverging: true },
  brown_teal: { ...ramp("#8c5a17 #f1eee8 #0f756b", "#dba85c #2c302e #5fcabc"), isDiverging: true },
};

export function paletteOf(scheme: unknown): Palette {
  return typeof scheme === "string" && Object.hasOwn(palettes, scheme)
    ? palettes[scheme as keyof typeof palettes]
    : {};
}

function shades(light: string, dark: string): readonly Shade[] {
  const night = dark.split(" ");
  return light.split(" ").map((color, index) => [color, night[index] ?? color]);
}

function ramp(light: string, dark: string): Palette {
  return { ramp: shades(light, dark) };
}

/** A colour between those of a ramp. */
export function mixRamp(stops: readonly Shade[], share: number): Shade {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const index = Math.min(Math.floor(at), stops.length - 2);
  const [from, to] = [stops[index], stops[index + 1]];
  if (from === undefined || to === undefined) return stops[0] ?? ["#808080", "#808080"];
  return [mix(from[0], to[0], at - index), mix(from[1], to[1], at - index)];
}

export function mix(from: string, to: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const [a, b] = [from, to].map((color) => Number.parseInt(color.slice(at, at + 2), 16));
    return Math.round((a ?? 0) + ((b ?? 0) - (a ?? 0)) * share);
  });
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** Dark or white, whichever is read more easily on a colour `#rrggbb`. */
export function inkOn(color: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
  return luminance > 0.22 ? "#14191d" : "#ffffff";
}
