import { expect } from "vitest";
import type { RunView } from "../../../server/runs/run-record.js";
import type { CliResult } from "../../support/cli.js";

interface Failure {
  readonly code: string;
  readonly message: string;
}

/**
 * A disk that fails is told as such: exit code 1, code `disk`, what failed and how, no stack. Says whether the
 * publication was committed before.
 */
export function expectDiskError(result: CliResult, reason: string): { readonly isCommitted: boolean } {
  expect(result.code, result.stderr).toBe(1);
  expect(result.stderr).not.toMatch(/internal error|^ +at /m);
  const answer = result.json() as Partial<RunView> & { readonly error?: Failure };
  const failures = [answer.error, ...(answer.cells ?? []).map((cell) => cell.error)].filter(
    (error) => error !== undefined,
  );
  expect(failures, result.stderr).not.toEqual([]);
  for (const { code, message } of failures) {
    expect(code, message).toBe("disk");
    expect(message).toMatch(new RegExp(`${reason}|fsync failed|the disk is full, or|is published for`, "i"));
  }
  return { isCommitted: answer.error?.message.includes("is published for") ?? false };
}
