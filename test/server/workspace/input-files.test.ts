import { mkdir, symlink } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { findInputFiles } from "../../../server/workspace/input-files.js";
import { openWorkspace } from "../../../server/workspace/workspace.js";
import { withWorkspace, type TestWorkspace } from "../../support/workspace.js";

async function find({ root }: TestWorkspace, pattern: string): Promise<string[]> {
  return (await findInputFiles(await openWorkspace(root), pattern)).map(({ path }) => path);
}

describe("a pattern below a link to a folder", () => {
  const withLink = (use: (workspace: TestWorkspace) => Promise<void>): Promise<void> =>
    withWorkspace({ "input/orders/a.csv": "id\n1\n", "elsewhere/b.csv": "id\n2\n" }, async (workspace) => {
      await symlink(workspace.path("elsewhere"), workspace.path("input/linked"));
      await mkdir(workspace.path("input/none"));
      await use(workspace);
    });

  test.each(["input/*/b.csv", "input/**/b.csv", "input/l*/*.csv", "input/**/*.csv"])(
    "says that %s does not follow it",
    (pattern) =>
      withLink(async (workspace) => {
        await workspace.remove("input/orders/a.csv");
        await expect(find(workspace, pattern)).rejects.toMatchObject({
          code: "input",
          message: expect.stringContaining('"input/linked" is a link to a folder') as string,
          hint: expect.stringContaining("data_paths") as string,
        });
      }),
  );

  test.each(["input/none/*.csv", "input/*.csv", "input/o*/b.csv", "input/orders/**/b.csv"])(
    "does not blame it where %s leads elsewhere",
    (pattern) =>
      withLink(async (workspace) => {
        await expect(find(workspace, pattern)).rejects.toMatchObject({
          message: `"${pattern}" matches no file.`,
        });
      }),
  );

  test("finds what lies beside it", () =>
    withLink(async (workspace) => {
      expect(await find(workspace, "input/*/*.csv")).toEqual(["input/orders/a.csv"]);
    }));
});
