import { chmod, rm, statfs, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { lakebook, type CliResult } from "../../support/cli.js";
import { withWorkspace, type TestWorkspace } from "../../support/workspace.js";
import { canMount, mountTmpfs, remount, unmount } from "../lake/tools.js";
import { expectDiskError } from "./disk-errors.js";
import { deliver, materializeArgs, publishedRound, roundFiles } from "./rounds.js";

/** A workspace whose data_lake/ is a small disk of its own. */
async function withDisk(size: string, use: (workspace: TestWorkspace) => Promise<void>): Promise<void> {
  await withWorkspace(roundFiles, async (workspace) => {
    mountTmpfs(workspace.path("data_lake"), size);
    try {
      await use(workspace);
    } finally {
      unmount(workspace.path("data_lake"));
    }
  });
}

function materialize(workspace: TestWorkspace): Promise<CliResult> {
  return lakebook([...materializeArgs, "--json"], { workspace });
}

describe.skipIf(!canMount)("a full disk", () => {
  test(
    "is a clear error wherever the space ends, and the old data stays as it was",
    { timeout: 240_000 },
    () =>
      withDisk("12m", async (workspace) => {
        expect((await materialize(workspace)).code).toBe(0);
        const tally = { failed: 0, succeeded: 0 };
        let shown = 1;
        for (const [index, freeKilobytes] of [0, 24, 64, 100, 140, 180, 240, 2000].entries()) {
          const round = index + 2;
          await deliver(workspace, round);
          await rm(workspace.path("data_lake/.lake/ballast"), { force: true });
          await leaveFree(workspace, freeKilobytes * 1024);
          const result = await materialize(workspace);
          await workspace.remove("data_lake/ballast");
          const isCommitted =
            result.code === 0 || expectDiskError(result, "disk is full|No space left|ENOSPC").isCommitted;
          tally[result.code === 0 ? "succeeded" : "failed"]++;
          // The folders that a commit could not show are repaired by the next start.
          if (isCommitted && result.code !== 0) await lakebook(["vacuum", "--yes"], { workspace });
          const now = await publishedRound(workspace);
          expect(now, `${freeKilobytes} kB free`).toBe(isCommitted ? round : shown);
          expect((await lakebook(["verify", "--json"], { workspace })).json()).toEqual({ problems: [] });
          shown = now;
        }
        console.log("full disk", tally);
        expect(tally.failed).toBeGreaterThan(2);
        expect(tally.succeeded).toBeGreaterThan(0);
      }),
  );

  test("for temporary files fails the cell that spills, and nothing else", () =>
    withDisk("64m", async (workspace) => {
      await workspace.write("lakebook.yaml", "memory_limit: 256MB\nconcurrency: 2\n");
      await workspace.write(
        "notebooks/spill.md",
        "```sql\n--| cell: sorted\n--| materialize: parquet\nSELECT range AS id, hash(range) AS h, repeat('x', 50) AS t FROM range(20000000) ORDER BY h\n```\n",
      );
      expect((await materialize(workspace)).code).toBe(0);
      const result = await lakebook(["materialize", "spill", "--json"], { workspace });
      expect(result.code, result.stderr).toBe(1);
      expect(JSON.stringify(result.json())).toMatch(/"code":"(disk|out-of-memory)"/);
      expect(await publishedRound(workspace)).toBe(1);
      expect((await lakebook(["verify", "--json"], { workspace })).json()).toEqual({ problems: [] });
      await deliver(workspace, 2);
      expect((await materialize(workspace)).code).toBe(0);
    }));
});

describe.skipIf(!canMount)("a read-only disk", () => {
  test("can be read, and says why it cannot be written", () =>
    withDisk("12m", async (workspace) => {
      expect((await materialize(workspace)).code).toBe(0);
      remount(workspace.path("data_lake"), "ro");
      await deliver(workspace, 2);
      const result = await materialize(workspace);
      expectDiskError(result, "read-only|EROFS");
      for (const args of [
        ["query", "FROM lake.totals"],
        ["verify"],
        ["lake"],
        ["runs"],
        ["check", "sales"],
        ["vacuum"],
      ])
        expect((await lakebook(args, { workspace })).code, args.join(" ")).toBe(0);
      expect(await publishedRound(workspace)).toBe(1);
      remount(workspace.path("data_lake"), "rw");
      expect((await materialize(workspace)).code).toBe(0);
      expect(await publishedRound(workspace)).toBe(2);
    }));
});

const isRoot = process.getuid?.() === 0;
if (isRoot)
  process.stderr.write(
    "SKIPPED: a folder without the right to write is not tested: root may write anywhere\n",
  );

describe.skipIf(isRoot)("a folder without the right to write", () => {
  test("is a clear error, and the old data stays as it was", () =>
    withWorkspace(roundFiles, async (workspace) => {
      expect((await materialize(workspace)).code).toBe(0);
      const folder = workspace.path("data_lake/.lake");
      await chmod(folder, 0o555);
      try {
        await deliver(workspace, 2);
        expectDiskError(await materialize(workspace), "permission|EACCES");
        expect(await publishedRound(workspace)).toBe(1);
      } finally {
        await chmod(folder, 0o755);
      }
    }));
});

/** Fills the disk by a file that is not the lake's. */
async function leaveFree(workspace: TestWorkspace, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(workspace.path("data_lake"));
  await writeFile(workspace.path("data_lake/ballast"), Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
}
