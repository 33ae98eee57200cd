import { isStepKind, type StepKind } from "../../server/notebook/cell-kinds.js";
import type { CellKind } from "../../server/notebook/notebook.js";
import { chartView } from "./chart-view.js";
import { inputView } from "./input-view.js";
import type { KindView } from "./kind.js";
import { testView } from "./test-view.js";

/** How the kinds are drawn that are never run; those that are have an editor and a result. */
const views: Readonly<Record<Exclude<CellKind, StepKind>, KindView>> = {
  chart: chartView,
  input: inputView,
  test: testView,
};

export function viewOf(kind: CellKind): KindView | undefined {
  return isStepKind(kind) ? undefined : views[kind];
}
