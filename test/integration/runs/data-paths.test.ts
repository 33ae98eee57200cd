import { describe, expect, test } from "vitest";
import { lakebook } from "../../support/cli.js";
import type { TestWorkspace } from "../../support/workspace.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { readPublished } from "../../support/workspace-parquet.js";
import { useRuns, type Runs } from "../../support/workspace-runs.js";

const withRuns = useRuns();

/** Folders that lie in the workspace, beside it, and anywhere; each may be copied or only hashed. */
describe.each([true, false])("data_paths with snapshot: %s", (snapshot) => {
  test.each([
    ["in the workspace", "archive"],
    ["beside it", "../beside"],
    ["anywhere", "<absolute>"],
  ])("reads a file and a glob of a folder %s, and sees that it changed", (_name, place) =>
    withRuns({}, async (runs) => {
      const { workspace } = runs;
      const folder = place === "<absolute>" ? `${workspace.temp}/anywhere` : place;
      const path = place === "<absolute>" ? "../temp/anywhere" : place;
      await workspace.write(`${path}/a.csv`, "id\n1\n2\n");
      await workspace.write(`${path}/b.csv`, "id\n3\n");
      await workspace.write("lakebook.yaml", `data_paths:\n  - path: ${folder}\n    snapshot: ${snapshot}\n`);
      await workspace.write(
        "notebooks/sales.md",
        notebook({
          one: dataset(`SELECT count(*) AS n FROM read_csv('${folder}/a.csv')`),
          all: dataset(`SELECT count(*) AS n FROM read_csv('${folder}/*.csv')`),
        }),
      );
      await runs.restart();
      expect(await diagnosticsOf(workspace)).toEqual([]);
      expect((await runs.materialize()).outcome).toBe("succeeded");
      expect([await count(runs, "one"), await count(runs, "all")]).toEqual(["2", "3"]);

      await workspace.write(`${path}/a.csv`, "id\n1\n");
      await expect(runs.materialize()).rejects.toMatchObject({ code: "choice-needed" });
      if (snapshot) {
        expect((await runs.materialize({ input: "pinned", force: true })).outcome).toBe("succeeded");
        expect(await count(runs, "one")).toBe("2");
      }
      expect((await runs.materialize({ input: "current" })).outcome).toBe("succeeded");
      expect([await count(runs, "one"), await count(runs, "all")]).toEqual(["1", "2"]);
      const sql = `FROM '${folder}/a.csv'`;
      expect((await lakebook(["query", sql, "--format", "csv"], { workspace })).stdout).toBe("id\n1\n");
    }),
  );
});

async function diagnosticsOf(workspace: TestWorkspace): Promise<unknown> {
  const { stdout } = await lakebook(["check", "sales", "--json"], { workspace });
  return (JSON.parse(stdout) as { readonly diagnostics: unknown }).diagnostics;
}

async function count({ workspace }: Runs, name: string): Promise<unknown> {
  return (await readPublished(workspace, `latest/${name}`))[0]?.["n"];
}
