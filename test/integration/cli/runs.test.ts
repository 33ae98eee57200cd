import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { lakebook, runOf, type CliResult } from "../../support/cli.js";
import {
  createWorkspace,
  removeWorkspace,
  withWorkspace,
  type TestWorkspace,
} from "../../support/workspace.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { outcomes } from "../../support/workspace-runs.js";
import { readPublished } from "../../support/workspace-parquet.js";

/** What programs rely on; more fields are welcome. */
const runShape = z.object({
  id: z.string(),
  notebook: z.string(),
  date: z.string(),
  outcome: z.enum(["succeeded", "succeeded_with_warnings", "failed", "cancelled"]),
  cells: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(["sql", "check"]),
      outcome: z.enum(["succeeded", "reused", "failed", "cancelled", "blocked", "skipped"]),
      reason: z.string().optional(),
      rows: z.number().optional(),
      durationMs: z.number().optional(),
      error: z.object({ code: z.string(), message: z.string() }).optional(),
    }),
  ),
  checks: z.array(
    z.object({
      name: z.string(),
      cell: z.string().optional(),
      outcome: z.enum(["pass", "warn", "fail", "error"]),
      failures: z.number(),
    }),
  ),
  published: z.array(z.object({ dataset: z.string(), path: z.string(), rows: z.number() })),
  removed: z.array(z.object({ dataset: z.string(), path: z.string(), rows: z.number() })),
});

const files = {
  "input/orders.csv": "id,city\n1,BCN\n2,BCN\n3,MAD\n",
  "notebooks/sales.md": notebook(
    {
      orders: dataset(
        "SELECT id, city FROM read_csv('input/orders.csv') WHERE id >= $first_id",
        "checks: [{unique: [id]}]",
      ),
      by_city: dataset("SELECT city, count(*) AS n FROM orders GROUP BY city"),
      top: dataset("SELECT max(n) AS n FROM by_city"),
      shown: "SELECT * FROM by_city ORDER BY city",
      "check some_city": "SELECT 1 WHERE NOT EXISTS (FROM by_city)",
    },
    "parameters:\n  first_id: {type: integer, default: 1}",
  ),
};

/** One workspace, whose tests go on from one another. */
describe("materialize", () => {
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = await createWorkspace(files);
  });
  afterAll(() => removeWorkspace(workspace));

  const materialize = (...args: readonly string[]): Promise<CliResult> =>
    lakebook(["materialize", "sales", "--date", "2026-11-01", ...args], { workspace });

  test("--dry-run says what would run, and runs nothing", async () => {
    const { code, stdout } = await materialize("--dry-run");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^orders +run +never run$/m);
    expect(stdout).toContain("Nothing was run.");
    const planned = (await materialize("--dry-run", "--json")).json() as { cells: Record<string, string>[] };
    expect(planned.cells.map(({ name, action }) => [name, action])).toEqual(
      expect.arrayContaining([
        ["orders", "run"],
        ["top", "run"],
        ["some_city", "check"],
      ]),
    );
    expect(await workspace.files("data_lake/latest")).toEqual([]);
  });

  test("publishes, and says what and where", async () => {
    const { code, stdout, stderr } = await materialize();
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("4 cells");
    expect(stdout).toMatch(/^by_city +2 +published +data_lake\/2026-11-01\/by_city$/m);
    expect(stderr).toMatch(/✓ orders: 3 rows in .*never run/);
    expect(await workspace.files("data_lake/2026-11-01/by_city")).toHaveLength(1);
  });

  test("reuses everything the second time and says why", async () => {
    const { code, stdout, stderr } = await materialize();
    expect(code).toBe(0);
    expect(stdout).toContain("4 cells, 4 reused");
    expect(stderr).toMatch(/= by_city: 2 rows, reused — SQL, the cell that it reads unchanged since 20/);
    expect((await materialize("--dry-run")).stdout).toMatch(
      /^by_city +reuse +SQL, the cell that it reads unchanged/m,
    );
  });

  test("--json prints what programs rely on, and nothing else", async () => {
    const result = await materialize("--json");
    const run = runShape.parse(result.json());
    expect(run).toMatchObject({
      notebook: "sales",
      date: "2026-11-01",
      outcome: "succeeded",
      checks: [
        { name: "orders.unique_id", cell: "orders", outcome: "pass", failures: 0 },
        { name: "some_city" },
      ],
    });
    expect(run.published).toEqual([
      { dataset: "by_city", path: "data_lake/2026-11-01/by_city", rows: 2 },
      { dataset: "orders", path: "data_lake/2026-11-01/orders", rows: 3 },
      { dataset: "top", path: "data_lake/2026-11-01/top", rows: 1 },
    ]);
  });

  test("computes an edited aggregation and what reads it", async () => {
    await workspace.replace(
      "notebooks/sales.md",
      "count(*) AS n FROM orders",
      "2 * count(*) AS n FROM orders",
    );
    expect(outcomes(runOf(await materialize("--json")))).toEqual({
      orders: "reused",
      by_city: "succeeded",
      top: "succeeded",
      some_city: "succeeded",
    });
  });

  test("--force computes everything", async () => {
    expect(new Set(Object.values(outcomes(runOf(await materialize("--json", "--force")))))).toEqual(
      new Set(["succeeded"]),
    );
  });

  test("--cell publishes one dataset, --param changes a value", async () => {
    const run = runOf(await materialize("--json", "--cell", "by_city", "--param", "first_id=2"));
    expect(run.published.map((item) => item.dataset)).toEqual(["by_city"]);
    expect(await readPublished(workspace, "latest/by_city")).toEqual([
      { city: "BCN", n: "2" },
      { city: "MAD", n: "2" },
    ]);
    expect((await readPublished(workspace, "latest/orders")).length).toBe(3);
  });

  test("exits 2 and names the files where the input is another", async () => {
    await workspace.write("input/orders.csv", "id,city\n1,BCN\n");
    const choice = await materialize();
    expect({ code: choice.code, stdout: choice.stdout }).toEqual({ code: 2, stdout: "" });
    expect(choice.stderr).toContain("input/orders.csv");
    expect(choice.stderr).toMatch(/--input pinned.*--input current/);
    expect((await materialize("--json")).json()).toMatchObject({
      error: { code: "choice-needed", details: { files: ["input/orders.csv"] } },
    });
  });

  test("--input pinned takes what was published, --input current what is there", async () => {
    expect(runOf(await materialize("--json", "--input", "pinned")).outcome).toBe("succeeded");
    expect(await readPublished(workspace, "latest/orders")).toHaveLength(3);
    expect(runOf(await materialize("--json", "--input", "current")).outcome).toBe("succeeded");
    expect(await readPublished(workspace, "latest/orders")).toHaveLength(1);
  });

  test("lakebook runs lists them, newest first", async () => {
    const { runs } = (await lakebook(["runs", "sales", "--json"], { workspace })).json() as {
      runs: z.infer<typeof runShape>[];
    };
    expect(runs.length).toBeGreaterThan(6);
    for (const run of runs) runShape.parse(run);
    expect(runs.map((run) => run.id)).toEqual(
      runs
        .map((run) => run.id)
        .sort()
        .reverse(),
    );
    expect((await lakebook(["runs"], { workspace })).stdout).toContain(runs[0]?.id);
    expect((await lakebook(["runs", "--limit", "1", "--json"], { workspace })).json()).toMatchObject({
      runs: [{ id: runs[0]?.id }],
    });
  });

  test("a notebook, a run, a check or a dataset that does not exist is a wrong call with a suggestion", async () => {
    const { runs } = (await lakebook(["runs", "--limit", "1", "--json"], { workspace })).json() as {
      runs: z.infer<typeof runShape>[];
    };
    const id = runs[0]?.id ?? "";
    const other = `${id.slice(0, -1)}${id.endsWith("0") ? "1" : "0"}`;
    for (const [args, hint] of [
      [["runs", "sale"], 'Did you mean "sales"?'],
      [["runs", "nope"], "lakebook runs"],
      [["runs", other], `Did you mean "${id}"?`],
      [["runs", id, "--check", "orders.unique_di"], 'Did you mean "orders.unique_id"?'],
      [["runs", "sales", "--check", "orders.unique_id"], "lakebook runs sales"],
      [["lake", "order"], 'Did you mean "orders"?'],
      [["diff", "order", "latest", "draft"], 'Did you mean "orders"?'],
    ] as const) {
      const { code, stdout, stderr } = await lakebook(args, { workspace });
      expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: "" });
      expect(stderr).toContain(hint);
    }
  });

  test("lakebook runs shows a run, and the rows that failed a check in it whatever ran since", async () => {
    await workspace.write("input/orders.csv", "id,city\n7,BCN\n7,MAD\n8,VLC\n");
    const failed = runOf(await lakebook(["run", "sales", "--cell", "orders", "--json"], { workspace }));
    await workspace.write("input/orders.csv", "id,city\n1,BCN\n");
    await lakebook(["run", "sales", "--cell", "orders"], { workspace });

    const shown = await lakebook(["runs", failed.id], { workspace });
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/orders\.unique_id +fail +1 value of id occurs more than once, in 2 rows/);
    expect(shown.stderr).toContain(`lakebook runs ${failed.id} --check orders.unique_id`);
    const rows = await lakebook(["runs", failed.id, "--check", "unique_id"], { workspace });
    expect(rows.stdout.split("\n").map((line) => line.trim().split(/\s+/).slice(-2).join())).toEqual(
      expect.arrayContaining(["7,BCN", "7,MAD"]),
    );
    expect(rows.stdout).not.toContain("VLC");
    const answer = await lakebook(["runs", failed.id, "--check", "orders.unique_id", "--json"], {
      workspace,
    });
    expect(answer.json()).toMatchObject({
      run: failed.id,
      check: { name: "orders.unique_id", outcome: "fail", failures: 1 },
      totalRows: 2,
    });
  });

  test("lakebook lake lists what is published", async () => {
    const { datasets } = (await lakebook(["lake", "--json"], { workspace })).json() as {
      datasets: unknown[];
    };
    expect(datasets).toMatchObject([
      { dataset: "by_city", runDate: "2026-11-01", notebook: "sales", isLatest: true },
      { dataset: "orders" },
      { dataset: "top" },
    ]);
    expect((await lakebook(["lake"], { workspace })).stdout).toContain("data_lake/2026-11-01/by_city");
  });

  test("lakebook verify proves it, and finds a file that was changed in place", async () => {
    const verify = (): Promise<CliResult> => lakebook(["verify", "--json"], { workspace });
    expect((await verify()).json()).toEqual({ problems: [] });
    const [file = ""] = await workspace.files("data_lake/latest/orders");
    await workspace.remove(`data_lake/latest/orders/${file}`);
    await workspace.write(`data_lake/latest/orders/${file}`, "changed");
    const found = await verify();
    expect(found.code).toBe(1);
    expect(found.json()).toMatchObject({
      problems: [{ path: expect.stringContaining("latest/orders") as string }],
    });
    expect((await materialize()).code).toBe(0);
    expect((await verify()).json()).toEqual({ problems: [] });
  });

  test("lakebook vacuum says what it would remove, and removes it with --yes", async () => {
    const vacuum = async (...args: string[]): Promise<{ versions: unknown[]; isDone: boolean }> =>
      (await lakebook(["vacuum", "--json", ...args], { workspace })).json() as {
        versions: unknown[];
        isDone: boolean;
      };
    expect(await vacuum()).toMatchObject({ isDone: false });
    expect(await vacuum("--yes")).toMatchObject({ isDone: true });
    expect((await lakebook(["verify"], { workspace })).stdout).toContain("The lake is what its log says.");
    expect((await materialize()).stdout).toContain("4 reused");
  });
});

test("lakebook vacuum names the publications that go, before it removes them", () =>
  withWorkspace(
    { "notebooks/sales.md": notebook({ orders: dataset("SELECT 1 AS id") }) },
    async (workspace) => {
      for (const date of ["2026-10-01", "2026-11-01"])
        await lakebook(["materialize", "sales", "--date", date], { workspace });
      const { stdout } = await lakebook(["vacuum", "--keep", "1"], { workspace });
      expect(stdout).toContain("sales  2026-10-01\nWould remove 1 publication, 0 versions");
      expect(await workspace.files("data_lake/2026-10-01/orders")).toHaveLength(1);
    },
  ));

describe("a run that failed", () => {
  test("is retried by its id and by --resume with the same input and SQL", () =>
    withWorkspace(files, async (workspace) => {
      const materialize = (...args: readonly string[]): Promise<CliResult> =>
        lakebook(["materialize", "sales", "--date", "2026-11-01", "--json", ...args], { workspace });
      await workspace.replace("notebooks/sales.md", "max(n)", "CAST('x' || max(n) AS INTEGER)");
      const first = await materialize();
      expect(first.code).toBe(1);
      expect(outcomes(runOf(first))).toMatchObject({
        orders: "succeeded",
        by_city: "succeeded",
        top: "failed",
      });
      expect(first.stderr).toMatch(/✗ top: failed — .*x2/);

      await workspace.write("input/orders.csv", "id,city\n9,BIO\n");
      await workspace.replace("notebooks/sales.md", "CAST('x' || max(n) AS INTEGER)", "max(n)");
      const { id } = runOf(first);
      for (const again of [
        await lakebook(["retry", id, "--json"], { workspace }),
        await materialize("--resume"),
      ]) {
        expect(again.code).toBe(1);
        expect(runOf(again).id).toBe(id);
        expect(outcomes(runOf(again))).toMatchObject({ orders: "reused", by_city: "reused", top: "failed" });
      }

      expect((await materialize()).code).toBe(0);
      const superseded = await lakebook(["retry", id], { workspace });
      expect(superseded.code).toBe(1);
      expect(superseded.stderr).toMatch(/superseded/);
    }));

  test("that publishes nothing, as nothing is a dataset, says so", () =>
    withWorkspace(
      { "notebooks/plain.md": "```sql\n--| cell: one\nSELECT 1 AS n\n```\n" },
      async (workspace) => {
        const { code, stdout } = await lakebook(["materialize", "plain"], { workspace });
        expect([code, stdout]).toEqual([0, expect.stringContaining("no cell that ran is a dataset")]);
        const view = runOf(await lakebook(["materialize", "plain", "--json"], { workspace }));
        expect(view).toMatchObject({
          outcome: "succeeded",
          published: [],
          note: expect.any(String) as string,
        });
      },
    ));

  test("by a check exits 3, says which and how many, and publishes nothing", () =>
    withWorkspace(files, async (workspace) => {
      await workspace.write("input/orders.csv", "id,city\n1,BCN\n1,MAD\n");
      const result = await lakebook(["materialize", "sales"], { workspace });
      expect(result.code).toBe(3);
      expect(result.stdout).toMatch(/✗ check orders\.unique_id: .*1 /);
      expect(result.stdout).toContain("Nothing was published.");
      expect(result.stderr).toContain("by_city: blocked — blocked by check `orders.unique_id`");
      expect(await workspace.files("data_lake/latest")).toEqual([]);
    }));
});

describe("run", () => {
  test("computes cells, query cells too, and publishes nothing", () =>
    withWorkspace(files, async (workspace) => {
      const result = await lakebook(["run", "sales", "--json", "--param", "first_id=3"], { workspace });
      expect(result.code).toBe(0);
      const run = runShape.parse(result.json());
      expect(run.cells.find((cell) => cell.name === "shown")).toMatchObject({
        outcome: "succeeded",
        rows: 1,
      });
      expect(run.published).toEqual([]);
      expect(await workspace.files("data_lake/latest")).toEqual([]);
      const one = await lakebook(["run", "sales", "--json", "--cell", "by_city"], { workspace });
      expect(Object.keys(outcomes(runOf(one))).sort()).toEqual(["by_city", "orders"]);
    }));
});
