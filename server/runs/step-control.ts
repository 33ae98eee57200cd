import type { TaskControl } from "../engine/engine.js";

/** How a step is watched and stopped while it computes. */
export interface StepControl extends TaskControl {
  /** Called when it turns out that something has to be computed, before it is. */
  readonly onCompute: () => void;
}
