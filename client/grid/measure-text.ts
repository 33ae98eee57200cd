import type { MeasureText } from "./column-widths.js";

/** Returns a function that measures text as an element sets it, without laying anything out. */
export function createTextMeasure(element: Element): MeasureText {
  const canvas = document.createElement("canvas").getContext("2d");
  let font: string | null = null;
  return (text, kind) => {
    if (!canvas) return text.length * 7;
    font ??= fontOf(element);
    canvas.font = kind === "nested" ? font.replace(/px .*/, "px monospace") : font;
    // A canvas knows no tabular figures; they are as wide as a zero.
    return canvas.measureText(text.replace(/[\d-]/g, "0")).width;
  };
}

function fontOf(element: Element): string {
  const { fontSize, fontFamily } = getComputedStyle(element);
  return `${fontSize} ${fontFamily}`;
}
