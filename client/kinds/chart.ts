import { svg } from "lit";
import { cellKinds } from "../../server/notebook/cell-kinds.js";
import type { KindWords } from "./kind.js";

export const chart: KindWords = {
  label: "Chart",
  noun: "chart",
  stem: "chart",
  starter: (name, { above }) => {
    const from = above?.cell !== undefined && cellKinds[above.cell.kind].isRelation ? above.cell.name : "";
    return `chart: ${name}\nfrom: ${from}\nmark: barY\nx: \ny: count()`;
  },
  shape: svg`<path d="M2 11V6.5M6 11V2M10 11V4.5" fill="none" stroke="currentColor" stroke-width="2.2" />`,
};
