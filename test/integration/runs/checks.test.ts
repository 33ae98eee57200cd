import { describe, expect, test } from "vitest";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { queryOutside, readPublished } from "../../support/workspace-parquet.js";
import { cellOf, checkOf, outcomes, useRuns, type Runs } from "../../support/workspace-runs.js";

const withRuns = useRuns();

/** orders (with the given options) -> total; other stands beside them. */
function sales(sql: string, ...options: readonly string[]): Record<string, string> {
  return {
    "notebooks/sales.md": notebook({
      orders: dataset(sql, ...options),
      total: dataset("SELECT count(*) AS n FROM orders"),
      totals: dataset("SELECT sum(n) AS n FROM total"),
      other: dataset("SELECT 1 AS n"),
      places: dataset("SELECT unnest(['BCN', 'MAD']) AS city"),
    }),
  };
}

const good = "SELECT * FROM (VALUES (1, 'BCN', 5), (2, 'MAD', 0)) AS t(id, city, minutes)";
const bad =
  "SELECT * FROM (VALUES (1, 'BCN', 5), (1, 'XXX', -3), (NULL, NULL, NULL)) AS t(id, city, minutes)";

/** An entry of checks:, the name that it gets, and the failures of the bad rows. */
const rules: readonly (readonly [entry: string, name: string, failures: number])[] = [
  ["not_null: [id]", "orders.not_null_id", 1],
  ["not_null: [id, city]", "orders.not_null_id_city", 1],
  ["unique: [id]", "orders.unique_id", 1],
  ["accepted_values: {column: city, values: [BCN, MAD]}", "orders.accepted_values_city", 1],
  ["range: {column: minutes, min: 0, max: 240}", "orders.range_minutes", 1],
  ["relationships: {column: city, to: places.city}", "orders.relationships_city", 1],
  ["row_count: {min: 1, max: 2}", "orders.row_count", 1],
  ["row_count_matches: {cell: places}", "orders.row_count_matches_places", 1],
  ["row_count_matches: {distinct: places.city}", "orders.row_count_matches_places_city", 1],
  ['expression: "minutes >= 0"', "orders.expression", 2],
  ["pattern: {column: city, regex: 'BCN|MAD'}", "orders.pattern_city", 1],
];

describe("an entry of checks:", () => {
  test.each(rules)("%s lets good rows pass", (entry, _name) =>
    withRuns(sales(good, `checks: [{${entry}}]`), async (runs) => {
      const view = await runs.materialize();
      expect(view.checks.map((check) => check.outcome)).toEqual(["pass"]);
      expect(view.outcome).toBe("succeeded");
    }),
  );

  test.each(rules)("%s stops bad rows", (entry, _name, failures) =>
    withRuns(sales(bad, `checks: [{${entry}}]`), async (runs) => {
      const view = await runs.materialize();
      expect(view.checks).toHaveLength(1);
      expect(view.checks[0]).toMatchObject({ cell: "orders", outcome: "fail" });
      expect(view.checks[0]?.failures).toBeGreaterThanOrEqual(failures);
      expect(view).toMatchObject({ outcome: "failed", published: [] });
    }),
  );
});

describe("not_in_future", () => {
  const late = "SELECT * FROM (VALUES (1, TIMESTAMP '2026-10-31 23:59:59'), (2, NULL)) AS t(id, day)";

  test("looks at the run's date, and again in a run of another date", () =>
    withRuns(sales(late, "checks: [{not_in_future: day}]"), async (runs) => {
      const before = await runs.materialize({ date: "2026-10-30" });
      expect(before).toMatchObject({ outcome: "failed", published: [] });
      expect(before.checks).toMatchObject([
        { outcome: "fail", failures: 1, message: "1 of 2 rows has a day after 2026-10-30" },
      ]);
      const on = await runs.materialize({ date: "2026-10-31" });
      expect(on.checks).toMatchObject([{ outcome: "pass", isReused: false }]);
      const again = await runs.materialize({ date: "2026-10-31" });
      expect(again.checks).toMatchObject([{ outcome: "pass", isReused: true }]);
    }));
});

describe("freshness", () => {
  test("is that of the run's date, whatever day it is", () =>
    withRuns(
      sales(
        "SELECT TIMESTAMP '2026-10-30 12:00:00' AS day",
        "checks: [{freshness: {column: day, max_age: 1d}}]",
      ),
      async (runs) => {
        expect((await runs.materialize({ date: "2026-10-31" })).checks).toMatchObject([{ outcome: "pass" }]);
        expect((await runs.materialize({ date: "2026-11-01" })).checks).toMatchObject([
          { outcome: "fail", message: expect.stringContaining("expected 2026-10-31") as string },
        ]);
      },
    ));
});

describe("schema", () => {
  test.each([
    ["{columns: {id: int, city: text}, match: subset}", "pass"],
    ["{columns: {id: int, city: text}}", "fail"],
    ["[id, city, minutes]", "pass"],
    ["{columns: {id: BIGINT}, match: subset, severity: warn}", "warn"],
    ["{columns: {id: INTEGR}, match: subset}", "error"],
  ])("%s", (entry, outcome) =>
    withRuns(sales(good, `checks: [{schema: ${entry}}, {unique: id}]`), async (runs) => {
      const view = await runs.run({ cells: ["orders"], tolerant: true });
      expect(view.checks.map((check) => check.outcome)).toEqual([outcome, "pass"]);
    }),
  );
});

describe("volume", () => {
  test("compares with what was published for earlier run dates, and only for these", () =>
    withRuns(sales("SELECT * FROM range(100) t(id)", "checks: [{volume: 20%}]"), async (runs) => {
      const rows = async (date: string, before: number, now: number) => {
        await runs.workspace.replace("notebooks/sales.md", `range(${before})`, `range(${now})`);
        return (await runs.materialize({ date })).checks;
      };
      const first = await runs.materialize({ date: "2026-10-02" });
      expect(first.checks).toMatchObject([
        { outcome: "pass", message: "100 rows; no run date before to compare with" },
      ]);
      expect(await rows("2026-10-03", 100, 110)).toMatchObject([{ outcome: "pass" }]);
      expect(await rows("2026-10-04", 110, 10)).toMatchObject([
        {
          outcome: "fail",
          message: "10 rows; the median of 2 run dates before is 105, expected 84 to 126",
        },
      ]);
      // A date before all of them, and one that compares with another one than before.
      expect((await runs.materialize({ date: "2026-10-01" })).checks).toMatchObject([{ outcome: "pass" }]);
      expect((await runs.materialize({ date: "2026-10-03" })).checks).toMatchObject([
        {
          outcome: "fail",
          isReused: false,
          message: expect.stringContaining("the median of 2 run dates") as string,
        },
      ]);
    }));
});

describe("a failed check of severity error", () => {
  test("publishes nothing and leaves what was published as it was", () =>
    withRuns(sales(good, "checks: [{unique: [id]}]"), async (runs) => {
      await runs.materialize();
      const before = await runs.workspace.files("data_lake/latest");
      await runs.workspace.replace("notebooks/sales.md", good, bad);
      await runs.workspace.replace("notebooks/sales.md", "SELECT 1 AS n", "SELECT 2 AS n");
      const view = await runs.materialize();
      expect(view).toMatchObject({ outcome: "failed", published: [] });
      expect(await runs.workspace.files("data_lake/latest")).toEqual(before);
      expect(await readPublished(runs.workspace, "latest/other")).toEqual([{ n: 1 }]);
      expect(await readPublished(runs.workspace, "latest/total")).toEqual([{ n: "2" }]);
    }));

  test("blocks the descendants, which name it, and lets the others go on", () =>
    withRuns(sales(bad, "checks: [{unique: [id]}]"), async (runs) => {
      const view = await runs.materialize();
      expect(outcomes(view)).toEqual({
        orders: "succeeded",
        total: "blocked",
        totals: "blocked",
        other: "succeeded",
        places: "succeeded",
      });
      expect(cellOf(view, "total").reason).toBe("blocked by check `orders.unique_id`");
      expect(cellOf(view, "totals").reason).toBe("blocked by check `orders.unique_id`");
    }));

  test("keeps its failing rows, capped, and counts them all", () =>
    withRuns(
      sales("SELECT range AS id, NULL::VARCHAR AS city FROM range(25000)", "checks: [{not_null: [city]}]"),
      async (runs) => {
        const check = checkOf(await runs.materialize(), "orders.not_null_city");
        expect(check).toMatchObject({ outcome: "fail", failures: 25_000 });
        expect(check.message).toContain("25000 of 25000 rows");
        const [kept] = await queryOutside(
          `SELECT count(*) AS n, count(DISTINCT id) AS ids FROM '${check.file}'`,
        );
        expect(kept).toEqual({ n: "10000", ids: "10000" });
      },
    ));

  test("accepts so many failing rows as max says", () =>
    withRuns(sales(bad, "checks: [{not_null: {columns: [id], max: 1}}]"), async (runs) => {
      const view = await runs.materialize();
      expect(checkOf(view, "orders.not_null_id")).toMatchObject({ outcome: "pass", failures: 1 });
      expect(view.outcome).toBe("succeeded");
    }));

  test.each([
    ["33%", "fail"],
    ["34%", "pass"],
  ])("accepts the share of rows that max says: %s", (max, outcome) =>
    withRuns(sales(bad, `checks: [{not_null: {columns: [id], max: ${max}}}]`), async (runs) => {
      const view = await runs.materialize();
      expect(checkOf(view, "orders.not_null_id")).toMatchObject({ outcome, failures: 1, rows: 3 });
    }),
  );

  test("looks only where its condition says", () =>
    withRuns(sales(bad, "checks: [{not_null: {columns: [city], where: id IS NOT NULL}}]"), async (runs) => {
      expect((await runs.materialize()).outcome).toBe("succeeded");
    }));
});

describe("a check that is added to what is published", () => {
  const add = (runs: Runs, option: string): Promise<void> =>
    runs.workspace.replace("notebooks/sales.md", "--| cell: orders", `--| cell: orders\n--| ${option}`);

  test("looks at what is stored, and computes nothing again", () =>
    withRuns(sales(good), async (runs) => {
      await runs.materialize();
      await add(runs, "checks: [{unique: id}, {pattern: {column: city, regex: 'BCN', severity: warn}}]");
      const view = await runs.materialize();
      expect(outcomes(view)["orders"]).toBe("reused");
      expect(view.checks).toMatchObject([
        { name: "orders.unique_id", outcome: "pass", isReused: false },
        { name: "orders.pattern_city", outcome: "warn", failures: 1 },
      ]);
      expect(view.outcome).toBe("succeeded_with_warnings");
    }));

  test("fails the run where it finds something, and what is published stays", () =>
    withRuns(sales(good), async (runs) => {
      await runs.materialize();
      const before = await runs.workspace.files("data_lake/latest");
      await add(runs, "checks: [{range: {column: minutes, min: 1}}]");
      const view = await runs.materialize();
      expect(view).toMatchObject({ outcome: "failed", published: [] });
      expect(outcomes(view)).toMatchObject({ orders: "reused", total: "blocked" });
      expect(checkOf(view, "orders.range_minutes")).toMatchObject({ outcome: "fail", failures: 1 });
      expect(await runs.workspace.files("data_lake/latest")).toEqual(before);
    }));

  test.each([
    ["columns: {id: VARCHAR, city: VARCHAR, minutes: INTEGER}", "orders"],
    ["key: [city, town]", "orders"],
  ])("is refused as before it was stored: %s", (option, cell) =>
    withRuns(sales(good), async (runs) => {
      await runs.materialize();
      await add(runs, option);
      const view = await runs.materialize();
      expect(view).toMatchObject({ outcome: "failed", published: [] });
      expect(cellOf(view, cell)).toMatchObject({ outcome: "failed" });
    }),
  );
});

describe("a check of severity warn", () => {
  test("does not stop the publication", () =>
    withRuns(sales(bad, "checks: [{unique: {columns: [id], severity: warn}}]"), async (runs) => {
      const view = await runs.materialize();
      expect(view.outcome).toBe("succeeded_with_warnings");
      expect(checkOf(view, "orders.unique_id")).toMatchObject({ outcome: "warn", failures: 1 });
      expect(view.published).toHaveLength(5);
    }));
});

describe("a condition that is no condition", () => {
  test("is refused before the run, and moves no verdict of another check", () => {
    const checks = (...entries: readonly string[]) =>
      sales("SELECT 8 AS a, 2 AS b, NULL::INT AS c", `checks: [${entries.join(", ")}]`);
    const wide = '{expression: "COLUMNS(*) IS NOT NULL OR true"}';
    return withRuns(checks(wide, "{not_null: [c]}"), async (runs) => {
      await expect(runs.materialize()).rejects.toMatchObject({
        code: "invalid-notebook",
        diagnostics: [{ code: "not-a-condition", cell: "orders" }],
      });
      // What is run although the notebook has errors refuses the same.
      const view = await runs.run({ cells: ["orders"], tolerant: true });
      expect(checkOf(view, "orders.expression")).toMatchObject({ outcome: "error" });
      expect(checkOf(view, "orders.not_null_c")).toMatchObject({ outcome: "fail", failures: 1 });
      await runs.workspace.replace("notebooks/sales.md", `${wide}, `, "");
      expect(checkOf(await runs.materialize(), "orders.not_null_c")).toMatchObject({
        outcome: "fail",
        isReused: true,
      });
    });
  });

  test("may name its cell, of which the failing rows are kept too", () =>
    withRuns(sales(bad, `checks: [{expression: "orders.minutes >= 0"}]`), async (runs) => {
      const check = checkOf(await runs.materialize(), "orders.expression");
      expect(check).toMatchObject({ outcome: "fail", failures: 2 });
      expect(await queryOutside(`SELECT id FROM '${check.file}' ORDER BY ALL`)).toEqual([
        { id: 1 },
        { id: null },
      ]);
    }));
});

describe("a check that cannot run", () => {
  const broken = `expression: "CAST(city AS INTEGER) > 0"`;

  test("counts as failed", () =>
    withRuns(sales(good, `checks: [{${broken}}]`), async (runs) => {
      const view = await runs.materialize();
      expect(view).toMatchObject({ outcome: "failed", published: [] });
      expect(view.checks[0]).toMatchObject({ outcome: "error", severity: "error" });
      expect(view.checks[0]?.message).toMatch(/BCN/);
    }));

  test("is tried again by the next run", () =>
    withRuns(sales(good, `checks: [{${broken}}]`), async (runs) => {
      await runs.materialize();
      const view = await runs.materialize();
      expect(view.checks[0]).toMatchObject({ outcome: "error", isReused: false });
    }));

  test("leaves the others of the same dataset their say", () =>
    withRuns(sales(bad, `checks: [{${broken}}, {unique: [id]}]`), async (runs) => {
      const view = await runs.materialize();
      expect(view.checks.map((check) => check.outcome)).toEqual(["error", "fail"]);
    }));
});

describe("a check cell", () => {
  const withCheck = (check: string, body: string): Record<string, string> => ({
    "notebooks/sales.md": notebook({
      orders: dataset(good),
      total: dataset("SELECT count(*) AS n FROM orders"),
      [`check ${check}`]: body,
    }),
  });

  test("passes without a row", () =>
    withRuns(withCheck("none_late", "FROM orders WHERE minutes > 60"), async (runs) => {
      const view = await runs.materialize();
      expect(view.outcome).toBe("succeeded");
      expect(checkOf(view, "none_late")).toMatchObject({ outcome: "pass", failures: 0 });
      expect(outcomes(await runs.materialize())["none_late"]).toBe("reused");
    }));

  test("fails with rows, which can be opened, and blocks what reads the same", () =>
    withRuns(withCheck("none_late", "FROM orders WHERE minutes > 3"), async (runs) => {
      const view = await runs.materialize();
      expect(outcomes(view)).toEqual({ orders: "succeeded", total: "blocked", none_late: "failed" });
      expect(cellOf(view, "total").reason).toBe("blocked by check `none_late`");
      expect(await queryOutside(`FROM '${checkOf(view, "none_late").file}'`)).toEqual([
        { id: 1, city: "BCN", minutes: 5 },
      ]);
      expect(view.published).toEqual([]);
    }));

  test("warns with severity warn", () =>
    withRuns(withCheck("none_late", "--| severity: warn\nFROM orders WHERE minutes > 3"), async (runs) => {
      const view = await runs.materialize();
      expect(view.outcome).toBe("succeeded_with_warnings");
      expect(view.published).toHaveLength(2);
    }));

  test("counts as failed where it cannot run", () =>
    withRuns(withCheck("none_late", "FROM orders WHERE CAST(city AS INTEGER) > 3"), async (runs) => {
      const view = await runs.materialize();
      expect(view).toMatchObject({ outcome: "failed", published: [] });
      expect(checkOf(view, "none_late")).toMatchObject({ outcome: "error" });
    }));

  test("may be disabled", () =>
    withRuns(withCheck("none_late", "--| disabled: true\nFROM orders WHERE minutes > 3"), async (runs) => {
      const view = await runs.materialize();
      expect(view.outcome).toBe("succeeded");
      expect(outcomes(view)["none_late"]).toBe("skipped");
    }));
});

describe("a contract", () => {
  const contract = (text: string): Record<string, string> => sales(good, `columns: ${text}`);

  test("lets its own columns pass", () =>
    withRuns(contract("{id: int, city: {type: text, nullable: false}, minutes: INTEGER}"), async (runs) => {
      expect((await runs.materialize()).outcome).toBe("succeeded");
    }));

  test.each([
    ["{id: INTEGER, city: VARCHAR}", 'column "minutes" is not in the contract'],
    ["{id: INTEGER, town: VARCHAR, city: VARCHAR, minutes: INTEGER}", 'column "town" is missing'],
    ["{id: BIGINT, city: VARCHAR, minutes: INTEGER}", 'column "id" is INTEGER, and BIGINT in the contract'],
  ])("refuses what differs from %s", (text, message) =>
    withRuns(contract(text), async (runs) => {
      const view = await runs.materialize();
      expect(view).toMatchObject({ outcome: "failed", published: [] });
      expect(cellOf(view, "orders").error?.message).toContain(message);
    }),
  );

  test("refuses a NULL where there may be none", () =>
    withRuns(
      sales(bad, "columns: {id: {type: INTEGER, nullable: false}, city: VARCHAR, minutes: INTEGER}"),
      async (runs) => {
        const view = await runs.materialize();
        expect(checkOf(view, "orders.contract_not_null")).toMatchObject({ outcome: "fail", failures: 1 });
      },
    ));
});

describe("a key", () => {
  test.each([
    ["twice", "SELECT unnest([1, 1]) AS id", "fail"],
    ["NULL", "SELECT unnest([1, NULL]) AS id", "fail"],
    ["once", "SELECT unnest([1, 2]) AS id", "pass"],
  ])("that is there %s", (_name, sql, outcome) =>
    withRuns({ "notebooks/sales.md": notebook({ orders: dataset(sql, "key: id") }) }, async (runs) => {
      const view = await runs.materialize();
      expect(view.checks.some((check) => check.outcome === "fail")).toBe(outcome === "fail");
    }),
  );
});
