import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { changedFiles, touchedBy } from "./touched.js";
import { withWorkspace } from "./workspace.js";

const nobody = () => [];

describe("what a change touches", () => {
  test("are units for code, and tests with real processes only where they were changed themselves", () => {
    const changed = [
      "server/base/hash.ts",
      "test/integration/cli/check.test.ts",
      "test/integration/api/harness.ts",
      "test/browser/pages.test.ts",
    ];
    expect(touchedBy(changed, nobody)).toEqual({
      toLint: changed,
      toFormat: changed,
      related: ["server/base/hash.ts"],
      integration: ["test/integration/cli/check.test.ts"],
      left: ["test/browser/pages.test.ts"],
    });
  });

  test("are the units that name what is no code, once each", () => {
    const namedIn = (name: string) =>
      name === "README.md" ? ["test/server/readme.test.ts", "test/integration/cli/packed.test.ts"] : [];
    const touched = touchedBy(["README.md", "test/server/readme.test.ts"], namedIn);
    expect(touched.related).toEqual(["test/server/readme.test.ts"]);
    expect(touched.toLint).toEqual(["test/server/readme.test.ts"]);
    expect(touched.toFormat).toEqual(["README.md", "test/server/readme.test.ts"]);
  });

  test("is what differs from origin/main, or else the last commit", () =>
    withWorkspace({}, async ({ root }) => {
      const git = (...args: string[]) => {
        const identity = ["-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "commit.gpgsign=false"];
        const { status, stderr } = spawnSync("git", [...identity, ...args], { cwd: root, encoding: "utf8" });
        expect(status, stderr).toBe(0);
      };
      const commit = async (file: string) => {
        await writeFile(join(root, file), file);
        git("add", file);
        git("commit", "-q", "-m", file);
      };
      git("init", "-q");
      await commit("first");
      await commit("second");
      expect(changedFiles(root)).toEqual(["second"]);
      git("update-ref", "refs/remotes/origin/main", "HEAD");
      expect(changedFiles(root)).toEqual(["second"]);
      await commit("third");
      await writeFile(join(root, "first"), "changed");
      await writeFile(join(root, "new"), "");
      expect(changedFiles(root)).toEqual(["first", "third", "new"]);
    }));
});
