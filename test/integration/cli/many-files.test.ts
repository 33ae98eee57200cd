import { describe, expect, test } from "vitest";
import { lakebook } from "../../support/cli.js";
import { withWorkspace } from "../../support/workspace.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";

const FILES = 400;
/** A process may have so many files open; what it starts with takes some of them. */
const through = ["prlimit", "--nofile=128:128"];

describe.skipIf(process.platform !== "linux")("a folder of more files than a process may open", () => {
  test("is pinned, read, published, verified and vacuumed", () => {
    const files: Record<string, string> = {
      "notebooks/many.md": notebook({
        one: dataset("SELECT count(*) AS n, sum(id) AS s FROM read_csv('input/many/*.csv')"),
      }),
    };
    for (let id = 0; id < FILES; id++) files[`input/many/${String(id)}.csv`] = `id\n${String(id)}\n`;
    return withWorkspace(files, async (workspace) => {
      for (const args of [
        ["materialize", "many", "--date", "2026-11-01"],
        ["run", "many"],
        ["verify"],
        ["vacuum", "--yes"],
      ]) {
        const { code, stdout, stderr } = await lakebook(args, { workspace, through });
        expect(code, stdout + stderr).toBe(0);
      }
      const query = await lakebook(["query", "FROM lake.one", "--format", "csv"], { workspace, through });
      expect(query.stdout).toContain(`${String(FILES)},${String((FILES * (FILES - 1)) / 2)}`);
      const shown = await workspace.files("data_lake/2026-11-01/initial_datasets");
      expect(shown).toHaveLength(FILES);
    });
  });
});
