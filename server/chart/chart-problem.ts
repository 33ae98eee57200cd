/** Why a chart cannot be drawn. The message names the option; the hint says what would do. */
export interface ChartProblem {
  readonly code: "unknown-column" | "unknown-aggregate" | "missing-channel" | "wrong-type";
  /** The option of the chart, e.g. `y` or `sort`. */
  readonly option: string;
  readonly message: string;
  readonly hint?: string;
}

/** Carries a problem out of the compilation, which catches it: nobody outside of this folder sees it. */
export class ChartFault extends Error {
  readonly problem: ChartProblem;

  constructor(problem: ChartProblem) {
    super(problem.message);
    this.problem = problem;
  }
}
