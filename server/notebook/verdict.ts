import { formatCount } from "../text/format.js";

/** How a check came out, as far as its cell is concerned. */
export interface Judged {
  readonly name: string;
  readonly severity: "error" | "warn";
  readonly outcome: "pass" | "warn" | "fail" | "error";
  readonly message: string;
}

/** What the checks of a cell say of it; undefined: nothing against it. */
export type Verdict = "failed" | "warned";

const NAMES_AT_MOST = 3;

/** A check of severity error that failed, or could not run, stops the publication; one that put its rows aside warns. */
export function blocks({ severity, outcome }: Pick<Judged, "severity" | "outcome">): boolean {
  return severity === "error" && (outcome === "fail" || outcome === "error");
}

export function verdictOf(checks: readonly Judged[]): Verdict | undefined {
  if (checks.some(blocks)) return "failed";
  return checks.some(({ outcome }) => outcome !== "pass") ? "warned" : undefined;
}

/** What decides the verdict, in words: what one check found, or the names of several, which stand between backticks. Empty where there is nothing to say. */
export function describeVerdict(checks: readonly Judged[]): string {
  const verdict = verdictOf(checks);
  if (verdict === undefined) return "";
  const [first, ...others] = checks.filter(
    (check) => check.outcome !== "pass" && (verdict === "warned" || blocks(check)),
  );
  if (first === undefined) return "";
  if (others.length === 0)
    return `check ${first.outcome === "error" ? "could not run" : verdict}: ${first.message}`;
  const names = [first, ...others].slice(0, NAMES_AT_MOST).map(({ name }) => `\`${name}\``);
  const more = others.length + 1 - names.length;
  return `${formatCount(others.length + 1, "check")} ${verdict}: ${names.join(", ")}${more > 0 ? ` and ${String(more)} more` : ""}`;
}
