import { svg } from "lit";
import type { KindWords } from "./kind.js";

export const input: KindWords = {
  label: "Control",
  noun: "control",
  stem: "control",
  starter: (name) => `input: ${name}\ntype: text\ndefault: ""`,
  shape: svg`<path d="M1 6h10" stroke="currentColor" stroke-width="1.5" /><circle cx="7.5" cy="6" r="2.7" fill="currentColor" />`,
};
