import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { join } from "node:path";
import { lakebook } from "../../support/cli.js";
import { createWorkspace, removeWorkspace, type TestWorkspace } from "../../support/workspace.js";

let workspace: TestWorkspace;
let elsewhere: TestWorkspace;

beforeAll(async () => {
  workspace = await createWorkspace({});
  elsewhere = await createWorkspace({
    "shop/dbt_project.yml": "name: shop\nmodels:\n  +materialized: table\n",
    "shop/seeds/raw_orders.csv": "id,cents\n1,250\n2,300\n",
    "shop/models/orders.sql": "select id, cents / 100 as amount from {{ ref('raw_orders') }}",
    "shop/models/odd.sql": "select {{ dbt_utils.star('x') }}",
    "shop/models/schema.yml": "models: [{name: orders, columns: [{name: id, data_tests: [unique]}]}]",
    "shop/target/run/odd.sql": "select 1",
    "shop/.git/config.sql": "select 1",
  });
});
afterAll(() => Promise.all([removeWorkspace(workspace), removeWorkspace(elsewhere)]));

describe("lakebook import", () => {
  const shop = (): string => join(elsewhere.root, "shop");

  test("makes a notebook of a dbt project that runs, with its data", async () => {
    const { code, stdout } = await lakebook(["import", shop(), "--json"], { workspace });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      notebook: "shop",
      cells: 2,
      left: [
        {
          line: expect.any(Number) as number,
          why: "Not imported, as of the model odd its template uses dbt_utils.star, which is not known here.",
        },
      ],
      seeds: ["input/raw_orders.csv"],
    });
    expect((await lakebook(["materialize", "shop", "--date", "2026-01-01"], { workspace })).code).toBe(0);
    const rows = await lakebook(["query", "FROM lake.orders ORDER BY id", "--format", "csv"], { workspace });
    expect(rows.stdout).toBe("id,amount\n1,2.5\n2,3\n");
  });

  test("never writes over a notebook or a file", async () => {
    const again = await lakebook(["import", shop()], { workspace });
    expect(again.stdout).toContain("notebooks/shop_2.md: 2 cells");
    const named = await lakebook(["import", shop(), "--name", "shop"], { workspace });
    expect([named.code, named.stderr]).toEqual([
      1,
      expect.stringContaining('Notebook "shop" exists already.'),
    ]);
    await workspace.write("input/raw_orders.csv", "id\n1\n");
    const other = await lakebook(["import", shop()], { workspace });
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining("is another file")]);
  });

  test("says what cannot be imported", async () => {
    const fails = async (...args: readonly string[]): Promise<string> => {
      const { code, stderr } = await lakebook(["import", ...args], { workspace });
      expect(code).not.toBe(0);
      return stderr;
    };
    expect(await fails(elsewhere.root + "/nothing.sql")).toContain("does not exist");
    expect(await fails(join(elsewhere.root, "shop/models"))).toContain("no dbt_project.yml");
    expect(await fails(join(elsewhere.root, "shop/seeds/raw_orders.csv"))).toContain(
      "a data file goes to input/",
    );
  });
});
