import { expect, test } from "vitest";
import { describeVerdict, verdictOf, type Judged } from "../../../server/notebook/verdict.js";

const judged = (
  name: string,
  severity: Judged["severity"],
  outcome: Judged["outcome"],
  failures = 0,
): Judged => ({ name, severity, outcome, message: `${String(failures)} are wrong` });

test.each([
  ["no check", [], undefined, ""],
  ["one that passed", [judged("a", "error", "pass")], undefined, ""],
  ["one that failed", [judged("a", "error", "fail", 3)], "failed", "check failed: 3 are wrong"],
  ["one that could not run", [judged("a", "error", "error")], "failed", "check could not run: 0 are wrong"],
  ["one that warned", [judged("a", "warn", "warn", 1)], "warned", "check warned: 1 are wrong"],
  ["one that put its rows aside", [judged("a", "error", "warn", 2)], "warned", "check warned: 2 are wrong"],
  [
    "a warning that could not run",
    [judged("a", "warn", "error")],
    "warned",
    "check could not run: 0 are wrong",
  ],
  [
    "a failure among warnings",
    [judged("a", "warn", "warn", 9), judged("b", "error", "fail")],
    "failed",
    "check failed: 0 are wrong",
  ],
  [
    "many failures",
    ["a", "b", "c", "d"].map((name) => judged(name, "error", "fail", 1)),
    "failed",
    "4 checks failed: `a`, `b`, `c` and 1 more",
  ],
] as const)("%s is told by the worst of it", (_what, checks, verdict, words) => {
  expect(verdictOf(checks)).toBe(verdict);
  expect(describeVerdict(checks)).toBe(words);
});
