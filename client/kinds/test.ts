import { svg } from "lit";
import { cellKinds } from "../../server/notebook/cell-kinds.js";
import type { KindWords } from "./kind.js";

export const test: KindWords = {
  label: "Test",
  noun: "test",
  stem: "test",
  starter: (name, { above }) => {
    const isTestable = above?.cell !== undefined && cellKinds[above.cell.kind].isStep;
    return `test: ${name}\ncell: ${isTestable ? above.cell.name : ""}\ngiven:\n\nexpect:\n  - `;
  },
  shape: svg`<path d="M4 1.5h4M5 1.5v3L2 10.5h8L7 4.5v-3" fill="none" stroke="currentColor" stroke-width="1.4" />`,
};
