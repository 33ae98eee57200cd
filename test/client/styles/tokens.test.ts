import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const tokens = readFileSync(new URL("../../../client/styles/tokens.css", import.meta.url), "utf8");
const colours = new Map(
  [...tokens.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
    ([, name = "", light = "", dark = ""]) => [name, { light, dark }],
  ),
);

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(first: string, second: string, theme: "light" | "dark"): number {
  const [low = 0, high = 0] = [first, second]
    .map((name) => luminance(colours.get(name)?.[theme] ?? "none"))
    .sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const texts = ["text", "text-muted", "text-faint", "accent", "accent-strong"];
const states = ["ok", "stale", "failed", "blocked", "idle"];
const grounds = ["sunken", "page", "surface", "raised", "hover"];

const readable: (readonly [string, string, number])[] = [
  ...[...texts, ...states.map((state) => `status-${state}`)].flatMap((text) =>
    grounds.map((ground) => [text, ground, 4.5] as const),
  ),
  ...states.map((state) => [`status-${state}`, `status-${state}-soft`, 4.5] as const),
  ...["text", "text-muted"].flatMap((text) =>
    ["selection", "accent-soft"].map((on) => [text, on, 4.5] as const),
  ),
  ["accent-strong", "accent-soft", 4.5],
  ["on-accent", "accent", 4.5],
  ["on-accent", "accent-strong", 4.5],
  ["line-control", "surface", 3],
  ["focus", "page", 3],
  ["focus", "selection", 3],
];

test.each(readable)("%s can be read on %s", (text, ground, least) => {
  for (const theme of ["light", "dark"] as const) {
    expect(contrast(text, ground, theme)).toBeGreaterThanOrEqual(least);
  }
});
