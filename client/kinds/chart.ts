import { svg } from "lit";
import { toYaml } from "../chart/chart-choices.js";
import { suggestChoices } from "../chart/suggest-choices.js";
import type { KindWords } from "./kind.js";

export const chart: KindWords = {
  label: "Chart",
  noun: "chart",
  stem: "chart",
  starter: (name, { relation }) =>
    toYaml(relation?.name ?? "", suggestChoices(relation?.columns ?? [], name)).trimEnd(),
  shape: svg`<path d="M2 11V6.5M6 11V2M10 11V4.5" fill="none" stroke="currentColor" stroke-width="2.2" />`,
};
