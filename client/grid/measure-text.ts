import type { LitElement } from "lit";
import type { MeasureText } from "./column-widths.js";

interface Fonts {
  readonly text: string;
  readonly nested: string;
  /** A canvas knows no tabular figures, so these are measured in the page. */
  readonly digitWidth: number;
}

/** Returns a function that measures text as an element sets it, without laying anything out but once. */
export function createTextMeasure(element: LitElement): MeasureText {
  const canvas = document.createElement("canvas").getContext("2d");
  let fonts: Fonts | null = null;
  return (text, kind) => {
    if (!canvas) return text.length * 8;
    fonts ??= readFonts(element);
    canvas.font = kind === "nested" ? fonts.nested : fonts.text;
    if (kind === "nested") return canvas.measureText(text).width;
    // Signs and the dashes of dates are as wide as the figures they stand with.
    const others = text.replace(/[\d+-]/g, "");
    return canvas.measureText(others).width + (text.length - others.length) * fonts.digitWidth;
  };
}

function readFonts(element: LitElement): Fonts {
  const { fontSize, fontFamily } = getComputedStyle(element);
  const probe = document.createElement("span");
  probe.style.cssText = "position:absolute;visibility:hidden;font-variant-numeric:tabular-nums";
  probe.textContent = "0".repeat(20);
  element.renderRoot.append(probe);
  const digitWidth = probe.getBoundingClientRect().width / 20;
  probe.remove();
  return { text: `${fontSize} ${fontFamily}`, nested: `${fontSize} monospace`, digitWidth };
}
