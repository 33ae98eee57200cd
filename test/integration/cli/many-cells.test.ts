import { describe, expect, test } from "vitest";
import { lakebook } from "../../support/cli.js";
import { withWorkspace } from "../../support/workspace.js";
import { chainOf } from "../../support/workspace-notebook.js";

describe("a notebook of many cells", () => {
  test.each([
    ["is checked", ["check"]],
    ["is planned", ["materialize", "--dry-run"]],
  ])("%s in time that grows with their number, not with its square", (_name, [command = "", ...options]) =>
    withWorkspace(
      { "notebooks/n200.md": chainOf(200), "notebooks/n400.md": chainOf(400) },
      async (workspace) => {
        const cpuSeconds = async (name: string): Promise<number> => {
          // What the shell counts includes the processes that its child has waited for.
          const through = ["/bin/sh", "-c", '"$@" && times', "sh"];
          const { code, stdout, stderr } = await lakebook([command, name, ...options], {
            workspace,
            through,
          });
          expect(code, stderr).toBe(0);
          const [, ofChildren = ""] = stdout.trimEnd().split("\n").slice(-2);
          return [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
            (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
            0,
          );
        };
        const [some, twice] = [await cpuSeconds("n200"), await cpuSeconds("n400")];
        console.log(command, { "200 cells": some, "400 cells": twice });
        expect(twice).toBeLessThan(3 * some);
      },
    ),
  );
});
