import { isCheckStep, otherCell, type RunPlan, type Step } from "./plan.js";
import { runSteps, type StepFailure } from "./run-steps.js";

/** What would not run behind checks that are known to fail, and why. `failing`: their names, by their cells. */
export async function blockedBy(
  plan: RunPlan,
  failing: ReadonlyMap<string, readonly string[]>,
): Promise<ReadonlyMap<string, string>> {
  const causes = new Map<string, string>();
  if (failing.size === 0) return causes;
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  await runSteps(
    {
      ids: [...steps.keys()],
      waitsFor: plan.waitsFor,
      concurrency: 1,
      signal: new AbortController().signal,
      canFollowDoubt: (id) => isCheckStep(steps.get(id)),
    },
    {
      run: (id) => Promise.resolve(failureOf(steps.get(id), failing)),
      onBlocked: (id, cause) => causes.set(id, cause),
      onCancelled: () => undefined,
    },
  );
  return causes;
}

/** As a run finds it: a check that reads another cell too is a step of its own. */
function failureOf(
  step: Step | undefined,
  failing: ReadonlyMap<string, readonly string[]>,
): StepFailure | undefined {
  const found = failing.get(step?.cell.name ?? "") ?? [];
  const isOfStep = (check: string): boolean => {
    if (step?.kind === "cross-check") return step.spec.name === check;
    if (step?.kind !== "dataset" && step?.kind !== "query") return true;
    return step.cell.options.checks.every((spec) => spec.name !== check || otherCell(spec) === undefined);
  };
  const name = found.find(isOfStep);
  return name === undefined ? undefined : { cause: `check \`${name}\``, isDoubt: true };
}
