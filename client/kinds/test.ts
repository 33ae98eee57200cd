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
  shape: svg`<path d="M2 6.5 5 9.5 10.5 2.5" fill="none" stroke="currentColor" stroke-width="1.8" />`,
};
