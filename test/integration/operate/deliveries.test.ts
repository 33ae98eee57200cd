import { mkdir, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { DeliveryView } from "../../../server/operate/delivery-view.js";
import { listDeliveries } from "../../../server/operate/list-deliveries.js";
import { useRuns, type Runs } from "../../support/workspace-runs.js";

const withRuns = useRuns();
const notebook = (sql = "FROM read_csv('input/*.csv')", check = ""): string =>
  `\`\`\`sql\n--| cell: sales\n--| materialize: parquet\n${check}${sql}\n\`\`\`\n`;

async function list({ manager, lake }: Runs): Promise<Record<string, DeliveryView>> {
  const { workspace, notebooks } = manager.services;
  const files = await listDeliveries({ workspace, notebooks, lake, store: manager.store, now: Date.now() });
  return Object.fromEntries(files.map((file) => [file.path, file]));
}

describe("whoever delivers a file is told", () => {
  test("that nobody has read it, who will, that it was published, and that it changed since", () =>
    withRuns(
      { "notebooks/sales.md": notebook(), "input/a.csv": "n\n1\n", "input/other.txt": "?" },
      async (runs) => {
        expect(await list(runs)).toMatchObject({
          "input/a.csv": {
            status: "new",
            message: "new: no run has read it yet",
            readers: ["sales"],
            bytes: 4,
          },
          "input/other.txt": { status: "new", message: "new: no notebook reads it", readers: [] },
        });
        const { id } = await runs.materialize({ date: "2026-10-01" });
        expect((await list(runs))["input/a.csv"]).toMatchObject({
          status: "published",
          message: `published for 2026-10-01 by run ${id}`,
          notebook: "sales",
          date: "2026-10-01",
          run: id,
          mayBeReplaced: true,
        });
        await runs.workspace.write("input/a.csv", "n\n1\n2\n");
        expect((await list(runs))["input/a.csv"]).toMatchObject({
          status: "changed",
          message: `changed since it was published for 2026-10-01 by run ${id}`,
        });
        const second = await runs.materialize({ date: "2026-11-01" });
        expect((await list(runs))["input/a.csv"]).toMatchObject({ status: "published", run: second.id });
      },
    ));

  test("which run failed on it and why, until it is delivered again", () =>
    withRuns({ "notebooks/sales.md": notebook(), "input/a.csv": "n\n1\n" }, async (runs) => {
      await runs.workspace.write("input/b.csv", "");
      const failed = await runs.materialize();
      expect(failed.outcome).toBe("failed");
      expect((await list(runs))["input/b.csv"]).toMatchObject({
        status: "failed",
        run: failed.id,
        reason: expect.stringContaining('"input/b.csv" is empty') as string,
      });
      const later = new Date(Date.now() + 5000);
      await runs.workspace.write("input/b.csv", "n\n2\n");
      await utimes(join(runs.workspace.root, "input/b.csv"), later, later);
      expect((await list(runs))["input/b.csv"]).toMatchObject({ status: "new", isGrowing: false });
      const { id } = await runs.materialize();
      expect((await list(runs))["input/b.csv"]).toMatchObject({ status: "published", run: id });
    }));

  test("that a run failed with it because of another file", () =>
    withRuns(
      {
        "notebooks/sales.md": `${notebook("FROM read_csv('input/a.csv')")}\n\`\`\`sql\n--| cell: other\n--| materialize: parquet\nFROM read_json('input/b.json')\n\`\`\`\n`,
        "input/a.csv": "n\n1\n",
        "input/b.json": '[{"n":1},{"n":',
      },
      async (runs) => {
        const { id } = await runs.materialize();
        const { "input/a.csv": good, "input/b.json": broken } = await list(runs);
        expect(good).toMatchObject({ status: "failed", run: id, isOfAnother: true });
        expect(good?.message).toContain(`failed in run ${id} because of another file: other: "input/b.json"`);
        expect(broken).toMatchObject({ status: "failed", run: id });
        expect(broken?.isOfAnother).toBeUndefined();
      },
    ));

  test("which check failed of what was read", () =>
    withRuns(
      { "notebooks/sales.md": notebook(undefined, "--| checks: [unique: n]\n"), "input/a.csv": "n\n1\n1\n" },
      async (runs) => {
        const { id } = await runs.materialize();
        const { "input/a.csv": file } = await list(runs);
        expect(file).toMatchObject({ status: "failed", run: id });
        expect(file?.message).toMatch(new RegExp(`^failed in run ${id}: check `));
      },
    ));

  test("that it is being read, of a copy", () =>
    withRuns(
      {
        "notebooks/sales.md": notebook(
          "SELECT sum(r.range) AS n FROM read_csv('input/*.csv'), range(20_000_000_000) AS r",
        ),
        "input/a.csv": "n\n1\n",
      },
      async (runs) => {
        const { id, finished } = await runs.start();
        expect((await list(runs))["input/a.csv"]).toMatchObject({
          status: "being_read",
          run: id,
          mayBeReplaced: true,
        });
        await runs.manager.cancel(id);
        await finished;
        expect((await list(runs))["input/a.csv"]).toMatchObject({
          status: "failed",
          message: `run ${id}, which read it, was cancelled`,
        });
      },
    ));

  test("also where its name has wildcards, or it is gone by now", () =>
    withRuns(
      { "notebooks/sales.md": notebook(), "input/a[1].csv": "n\n1\n", "input/[*].csv": "n\n2\n" },
      async (runs) => {
        const { id } = await runs.materialize();
        expect(
          Object.entries(await list(runs)).map(([path, { status, run }]) => [path, status, run]),
        ).toEqual([
          ["input/[*].csv", "published", id],
          ["input/a[1].csv", "published", id],
        ]);
        await rm(join(runs.workspace.root, "input"), { recursive: true });
        await mkdir(join(runs.workspace.root, "input"));
        expect(await list(runs)).toEqual({});
      },
    ));
});
