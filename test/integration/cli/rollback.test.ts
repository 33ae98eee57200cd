import { describe, expect, test } from "vitest";
import { lakebook, startLakebook } from "../../support/cli.js";
import { withWorkspace, type TestWorkspace } from "../../support/workspace.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";

const DATE = "2026-10-01";
const version = (n: number) => notebook({ orders: dataset(`SELECT ${n} AS n FROM range(${n})`) });

async function publish(workspace: TestWorkspace, n: number): Promise<void> {
  await workspace.write("notebooks/sales.md", version(n));
  expect((await lakebook(["materialize", "sales", "--date", DATE], { workspace })).code).toBe(0);
}

async function shown(workspace: TestWorkspace): Promise<unknown> {
  const sql = "SELECT max(n) AS n FROM lake.orders";
  return (await lakebook(["query", sql, "--format", "json"], { workspace })).json();
}

describe("rollback and tag", () => {
  test("by hand: back, forth, to a number, with names, and what is refused says why", () =>
    withWorkspace({ "notebooks/sales.md": version(1) }, async (workspace) => {
      for (const n of [1, 2, 3]) await publish(workspace, n);
      const dry = await lakebook(["rollback", "sales", DATE, "--dry-run"], { workspace });
      expect(dry.stdout).toContain(
        `sales would show publication 2 for ${DATE} again instead of 3, as number 4.`,
      );
      const back = await lakebook(["rollback", "sales", DATE, "--json"], { workspace });
      expect(back.json()).toMatchObject({
        ...{ notebook: "sales", date: DATE, from: 3, to: 2, number: 4, isNoop: false, removed: [] },
        published: [{ dataset: "orders", path: `data_lake/${DATE}/orders`, rows: 2, rowsBefore: 3 }],
      });
      expect(await shown(workspace)).toMatchObject({ rows: [[2]] });
      const tagged = await lakebook(["tag", "sales", DATE, "audited", "--json"], { workspace });
      expect(tagged.json()).toMatchObject({
        name: "audited",
        number: 4,
        isCurrent: true,
        datasets: ["orders"],
      });
      const diff = await lakebook(["diff", "orders", `${DATE}@1`, "audited"], { workspace });
      expect(diff.stdout).toContain("1 row before, 2 rows after (whole rows compared: no key)");
      const to = await lakebook(["rollback", "sales", DATE, "--to", "1"], { workspace });
      expect(to).toMatchObject({ code: 0, stdout: expect.stringContaining("replaced") as string });
      expect((await lakebook(["rollback", "sales", DATE, "--to", "1"], { workspace })).stdout).toContain(
        "already",
      );
      expect((await lakebook(["tag"], { workspace })).stdout).toMatch(/sales +audited +2026-10-01@4/);
      const query = "SELECT n, tags, is_current FROM lakebook.versions ORDER BY n";
      expect(
        (await lakebook(["query", query, "--format", "csv"], { workspace })).stdout
          .split(/\r?\n/)
          .slice(1, 6),
      ).toEqual(["1,,false", "2,,false", "3,,false", "4,audited,false", "5,,true"]);
      expect(await lakebook(["rollback", "sales", DATE, "--to", "9"], { workspace })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("There are 1, 2, 3, 4 and 5.") as string,
      });
      expect(await lakebook(["tag", "sales", DATE, "audited"], { workspace })).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("--delete") as string,
      });
      expect((await lakebook(["tag", "sales", DATE, "audited", "--delete"], { workspace })).code).toBe(0);
      expect((await lakebook(["verify"], { workspace })).code).toBe(0);
    }));

  test("are handed to a server that holds the lake", () =>
    withWorkspace({ "notebooks/sales.md": version(1) }, async (workspace) => {
      for (const n of [1, 2]) await publish(workspace, n);
      const server = startLakebook(["serve", "--port", "0"], { workspace });
      try {
        await server.shows(/http:\/\/\S+/);
        expect((await lakebook(["rollback", "sales", DATE, "--json"], { workspace })).json()).toMatchObject({
          ...{ from: 2, to: 1, number: 3 },
        });
        expect(
          (await lakebook(["tag", "sales", DATE, "first", "--json"], { workspace })).json(),
        ).toMatchObject({
          number: 3,
        });
        expect(await lakebook(["rollback", "sales", DATE, "--to", "8"], { workspace })).toMatchObject({
          code: 2,
        });
      } finally {
        server.kill("SIGTERM");
        await server.finished;
      }
      expect((await lakebook(["tag", "sales", "--json"], { workspace })).json()).toMatchObject({
        tags: [{ name: "first", isCurrent: true }],
      });
    }));
});
