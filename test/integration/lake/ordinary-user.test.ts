import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { verifyLake } from "../../../server/lake/verify.js";
import { openLake, withFolder } from "../../server/lake/lake-fixture.js";
import { RUN_DATE, readAll } from "./rounds.js";
import { NOBODY, canBecomeNobody } from "./tools.js";
import { WriterProcess } from "./writer-process.js";

/** A workspace of somebody who is not root: for root, permissions mean nothing. */
async function withWorkspaceOfNobody(use: (workspace: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    chmodSync(folder, 0o755);
    const workspace = join(folder, "workspace");
    mkdirSync(workspace);
    chownSync(workspace, NOBODY, NOBODY);
    await use(workspace);
  });
}

async function runAsNobody(workspace: string, ...args: string[]): Promise<WriterProcess> {
  const writer = new WriterProcess(workspace, args, [], NOBODY);
  await writer.ended;
  if (writer.events.length === 0) throw new Error(writer.stderr);
  return writer;
}

describe.skipIf(!canBecomeNobody)("an ordinary user", () => {
  test("stores, publishes, replaces, vacuums and recovers read-only files", { timeout: 60_000 }, () =>
    withWorkspaceOfNobody(async (workspace) => {
      const writer = await runAsNobody(workspace, "publish", "6");
      expect(writer.of("published")).toHaveLength(6);
      const killed = new WriterProcess(workspace, ["publish"], [], NOBODY);
      await killed.until("published");
      await killed.kill();
      expect((await runAsNobody(workspace, "publish", "1")).of("published")).toHaveLength(1);
      const lake = await openLake(workspace);
      expect(await verifyLake(lake, { deep: true })).toEqual([]);
      const round = Number(lake.publication("sales", RUN_DATE)?.record["round"]);
      for (const finding of readAll(lake.folder)) expect(finding).toEqual({ round });
      await lake.close();
    }),
  );

  test("is told which folder they may not write", { timeout: 60_000 }, () =>
    withWorkspaceOfNobody(async (workspace) => {
      chownSync(workspace, 0, 0);
      const [failure] = (await runAsNobody(workspace, "publish-reopening", "1")).of("failed");
      expect(failure).toMatchObject({
        code: "disk",
        message: `"${workspace}/data_lake": permission denied (EACCES in mkdir)`,
        hint: "Give the user that runs Lakebook access to it.",
      });
    }),
  );

  test("is told which input they may not read", { timeout: 60_000 }, () =>
    withWorkspaceOfNobody(async (workspace) => {
      mkdirSync(join(workspace, "input"));
      writeFileSync(join(workspace, "input/secret.json"), "[]", { mode: 0o600 });
      const [failure] = (await runAsNobody(workspace, "pin", "input/secret.json")).of("failed");
      expect(failure).toMatchObject({
        code: "input",
        message: '"input/secret.json" cannot be read: permission denied',
      });
    }),
  );
});
