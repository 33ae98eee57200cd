import { describe, expect, test } from "vitest";
import { Lake } from "../../../server/lake/lake.js";
import { verifyLake } from "../../../server/lake/verify.js";
import { lakebook } from "../../support/cli.js";
import { withWorkspace } from "../../support/workspace.js";
import { hasStrace, strace } from "../lake/tools.js";
import { expectDiskError } from "./disk-errors.js";
import { deliver, materializeArgs, publishedRound, roundFiles } from "./rounds.js";

/**
 * Calls by which the command and its workers change the disk, and the n-th of them that fails; strace takes names as
 * patterns, for they differ between machines. FAULT_CALLS=all fails every single one, which takes long.
 */
const isAll = process.env["FAULT_CALLS"] === "all";
const faults: readonly (readonly [calls: string, error: string, which: readonly number[]])[] = [
  ["fsync", "EIO", isAll ? upTo(80) : [3, 20, 45, 60]],
  ["/^link(at)?$", "ENOSPC", isAll ? upTo(24) : [1, 4, 12]],
  ["/^rename(at2?)?$", "EIO", isAll ? upTo(26) : [1, 4, 9, 14]],
  ["/^mkdir(at)?$", "ENOSPC", isAll ? upTo(72) : [10, 40]],
  ["pwrite64", "ENOSPC", [1]],
];

describe.skipIf(!hasStrace)("a system call that fails at the n-th time", () => {
  test.each(faults)(
    "%s with %s is a clear error, and the old data stays as it was",
    { timeout: 1_800_000 },
    (calls, error, which) =>
      withWorkspace(roundFiles, async (workspace) => {
        expect((await lakebook(materializeArgs, { workspace })).code).toBe(0);
        const tally = { failed: 0, succeeded: 0 };
        let shown = 1;
        for (const [index, n] of which.entries()) {
          const round = index + 2;
          await deliver(workspace, round);
          const through = strace(calls, `error=${error}:when=${n}`);
          // One thread for the disk, so that the n-th call is the n-th of all.
          const result = await lakebook([...materializeArgs, "--json"], {
            workspace,
            through,
            env: { UV_THREADPOOL_SIZE: "1" },
          });
          const isCommitted = result.code === 0 || expectDiskError(result, error).isCommitted;
          tally[result.code === 0 ? "succeeded" : "failed"]++;

          const lake = await Lake.open(workspace.path("data_lake"), { mode: "write" });
          expect(lake.recovery.problems).toEqual([]);
          expect(await verifyLake(lake, { deep: true })).toEqual([]);
          await lake.close();
          const now = await publishedRound(workspace);
          expect(now, `${calls} ${n}`).toBe(isCommitted ? round : shown);
          shown = now;
        }
        console.log(calls, error, tally);
        expect(tally.failed).toBeGreaterThan(0);
        await deliver(workspace, which.length + 2);
        expect((await lakebook(materializeArgs, { workspace })).code).toBe(0);
        expect(await publishedRound(workspace)).toBe(which.length + 2);
      }),
  );
});

function upTo(n: number): number[] {
  return [...Array(n).keys()].map((index) => index + 1);
}
