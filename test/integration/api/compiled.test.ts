import { beforeAll, describe, expect, test } from "vitest";
import type { CompiledCell, ExpectedProblem, Explanation } from "../../../server/api/protocol.js";
import { notebook, useApi } from "./harness.js";

const shared = useApi({
  "notebooks/plans.md": notebook(
    {
      "cell: orders\n--| materialize: parquet": "SELECT range AS id, range % 3 AS shop FROM range(30)",
      "cell: of_shop": "SELECT id FROM orders WHERE shop = $shop",
      "cell: total": "SELECT count(*) AS n FROM of_shop",
      "cell: unread\n--| materialize: parquet": "SELECT 1 AS one",
      "cell: reader": "SELECT one FROM unread",
      "cell: pivoted": "PIVOT orders ON shop USING count(*)",
    },
    "parameters:\n  shop: {type: integer, default: 2}",
  ),
});

beforeAll(async () => {
  await shared.api.run("plans", { cells: ["orders"] });
});

function ask<T>(cell: string, what: "sql" | "plan", parameters = {}) {
  return shared.api.json<T>("POST", `/api/notebooks/plans/cells/${cell}/${what}`, { body: { parameters } });
}

describe("POST .../cells/:cell/sql", () => {
  test("shows the cells within, and the parameters beside the text", async () => {
    const { status, body } = await ask<CompiledCell>("total", "sql", { shop: "1" });
    expect(status).toBe(200);
    expect(body.sql).toContain('WITH "of_shop" AS (FROM (\nSELECT id FROM orders WHERE shop = $shop');
    expect(body.sql).toContain("SELECT count(*) AS n FROM of_shop");
    expect(body).toMatchObject({
      parameters: [{ name: "shop", type: "integer", value: 1 }],
      reads: ["orders"],
    });
  });

  test("says what was never run, and what is no cell", async () => {
    const unread = await ask<ExpectedProblem>("reader", "sql");
    expect([unread.status, unread.body.problem.message]).toEqual([200, 'Cell "unread" has not been run.']);
    expect((await ask("absent", "sql")).status).toBe(404);
  });
});

describe("POST .../cells/:cell/plan", () => {
  test("draws how the engine computes the cell", async () => {
    const { status, body } = await ask<Explanation>("total", "plan");
    expect(status).toBe(200);
    expect(body.text).toContain("READ_PARQUET");
    expect(body.text).toContain("AGGREGATE");
  });

  test("says why there is none", async () => {
    const answers = await Promise.all(
      ["reader", "pivoted"].map((cell) => ask<ExpectedProblem>(cell, "plan")),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[0]?.body.problem.message).toBe('Cell "unread" has not been run.');
    expect(answers[1]?.body.problem.message).toContain("PIVOT without IN");
  });
});

test("a chart whose column is gone says so, as what is ordinary while somebody works on its cell", async () => {
  const body = { from: "orders", chart: { mark: "barY", x: "gone" } };
  const answer = await shared.api.json<ExpectedProblem>("POST", "/api/notebooks/plans/chart", { body });
  expect([answer.status, answer.body.problem.message]).toEqual([200, expect.stringContaining('"gone"')]);
});
