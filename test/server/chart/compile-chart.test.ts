import { describe, expect, test } from "vitest";
import type { ChartOptions } from "../../../server/notebook/chart-options.js";
import { REST } from "../../../server/chart/plot-description.js";
import { useChartTable } from "./chart-table.js";

const shared = useChartTable();
const byY = { by: "y", descending: true } as const;

const days = `SELECT 'C' || (range % 7) AS city, range AS id, (range * 0.37) % 50 AS delay,
  DATE '2025-01-01' + CAST(range % 300 AS INTEGER) AS day, TIMESTAMP '2025-01-01' + INTERVAL (range) MINUTE AS at,
  range % 2 = 0 AS warm, (range % 12) + 1 AS month, 'z' || lpad(CAST(range % 23 AS VARCHAR), 2, '0') AS zone
  FROM range(2000)`;
const many = days.replace("range(2000)", "range(20000)");

function draw(query: string, options: ChartOptions) {
  return shared.table.draw(query, options);
}

async function rows(query: string, options: ChartOptions): Promise<readonly (readonly unknown[])[]> {
  return (await draw(query, options)).rows;
}

function plain(caption: string): string {
  return caption.replaceAll("\u202f", ",");
}

describe("bars", () => {
  test("count by name, sorted and limited, and say how many there were", async () => {
    const query = "SELECT unnest(['b', 'a', 'b', NULL, 'c', 'b', 'c']) AS name";
    const chart = await draw(query, { mark: "barY", x: "name", y: "count()", sort: byY, limit: 2 });
    expect(chart.rows).toEqual([
      ["b", "3"],
      ["c", "2"],
    ]);
    expect(chart.columns.map(({ name }) => name)).toEqual(["x", "y"]);
    expect(chart.caption).toBe("2 of 4 values of name, by count.");
    expect(chart.plot).toMatchObject({ mark: "bar", base: "x", isStacked: true });
  });

  test("keep a place for what has no name", async () => {
    expect(await rows("SELECT unnest(['a', NULL]) AS name", { mark: "barY", x: "name" })).toEqual([
      ["a", "1"],
      [null, "1"],
    ]);
  });

  test("are ranked by the whole, whatever their colours", async () => {
    const query =
      "FROM (VALUES ('a', 'x', 5), ('b', 'x', 3), ('b', 'y', 3), ('c', 'y', 1)) AS t(name, kind, n)";
    const options = { mark: "barY", x: "name", y: "sum(n)", fill: "kind", sort: byY, limit: 2 } as const;
    expect(await rows(query, options)).toEqual([
      ["b", "3", "x"],
      ["b", "3", "y"],
      ["a", "5", "x"],
    ]);
  });

  test("do not stack what does not add up", async () => {
    const chart = await draw(days, { mark: "barY", x: "city", y: "median(delay)", fill: "warm" });
    expect(chart.plot.isStacked).toBeUndefined();
  });

  test("can be sorted by a column or an aggregate that is not drawn", async () => {
    const query = "FROM (VALUES ('mon', 1, 10), ('tue', 2, 30), ('wed', 3, 20)) AS t(name, number, n)";
    const names = async (by: string, descending = false): Promise<unknown[]> =>
      (await rows(query, { mark: "barY", x: "name", y: "sum(n)", sort: { by, descending } })).map(
        ([name]) => name,
      );
    expect(await names("number", true)).toEqual(["wed", "tue", "mon"]);
    expect(await names("max(n)", true)).toEqual(["tue", "wed", "mon"]);
    expect(await names("x", true)).toEqual(["wed", "tue", "mon"]);
    expect(await names("name")).toEqual(["mon", "tue", "wed"]);
  });

  test("of whole numbers keep each in its place", async () => {
    const chart = await draw(days, { mark: "barY", x: "month", y: "count()" });
    expect(chart.plot.channels.x).toMatchObject({ scale: "ordinal", range: [1, 12] });
    expect(chart.rows).toHaveLength(12);
  });

  test("of many numbers are binned", async () => {
    const chart = await draw(days, { mark: "barY", x: "id", y: "count()" });
    expect(chart.plot).toMatchObject({ mark: "rect", channels: { x: { step: 100 } } });
    expect(chart.rows[0]).toEqual([0, "100"]);
  });

  test("of times are cut to a grain that fits, which the caption names", async () => {
    const chart = await draw(days, { mark: "barY", x: "day", y: "count()" });
    expect(chart.plot).toMatchObject({ mark: "rect", channels: { x: { grain: "month" } } });
    expect(chart.caption).toBe("By month.");
    const given = await draw(days, { mark: "barY", x: "day", y: "count()", grain: "quarter" });
    expect(given.caption).toBe("");
    expect(given.rows).toHaveLength(4);
  });

  test("of months are not cut finer than months", async () => {
    const query = "SELECT DATE '2025-01-01' + INTERVAL (range) MONTH AS month, range AS n FROM range(4)";
    const chart = await draw(query, { mark: "barY", x: "month", y: "n" });
    expect(chart.plot.channels.x).toMatchObject({ grain: "month" });
    expect(chart.caption).toBe("");
  });

  test("add up rows that share a place, and say so", async () => {
    const chart = await draw("FROM (VALUES ('a', 1), ('a', 2)) AS t(name, n)", {
      mark: "barY",
      x: "name",
      y: "n",
    });
    expect(chart.rows).toEqual([["a", "3"]]);
    expect(chart.caption).toBe("Rows with the same name are added up.");
  });

  test("show the greatest where there are too many", async () => {
    const query = "SELECT 'n' || range AS name, range AS n FROM range(300)";
    const chart = await draw(query, { mark: "barY", x: "name", y: "sum(n)" });
    expect(chart.rows).toHaveLength(50);
    expect(chart.rows[0]).toEqual(["n299", "299"]);
    expect(chart.caption).toBe("50 of 300 values of name, by sum of n.");
  });

  test("give the rarer colours one together", async () => {
    const chart = await draw(days, { mark: "barY", x: "warm", y: "count()", fill: "zone" });
    const colors = new Set(chart.rows.map((row) => row[2]));
    expect(colors.size).toBe(10);
    expect(colors).toContain(REST);
    const sum = chart.rows.reduce((total, row) => total + Number(row[1]), 0);
    expect(sum).toBe(2000);
    expect(chart.caption).toBe("Only the 9 most frequent values of zone have a colour of their own.");
  });

  test("lie on their side", async () => {
    const chart = await draw(days, {
      mark: "barX",
      y: "city",
      x: "avg(delay)",
      sort: { by: "x", descending: true },
    });
    expect(chart.plot).toMatchObject({ mark: "bar", base: "y" });
    const values = chart.rows.map(([x]) => Number(x));
    expect(values).toEqual([...values].sort((a, b) => b - a));
  });
});

describe("histograms", () => {
  test("count every row once, at the edges too", async () => {
    const query = "SELECT range / 10.0 AS n FROM range(101)";
    for (const type of ["DOUBLE", "DECIMAL(6,2)", "FLOAT"]) {
      const chart = await draw(`SELECT CAST(n AS ${type}) AS n FROM (${query})`, {
        mark: "histogram",
        x: "n",
        bins: 10,
      });
      expect(chart.plot.channels.x?.step).toBe(1);
      expect(chart.rows.map(([, n]) => Number(n))).toEqual([10, 10, 10, 10, 10, 10, 10, 10, 10, 11]);
    }
  });

  test("leave out what is no number, and say how many", async () => {
    const query = "SELECT unnest([1.5, 2.5, NULL, NULL, 'nan'::DOUBLE, 'inf'::DOUBLE]) AS n";
    const chart = await draw(query, { mark: "histogram", x: "n" });
    expect(chart.rows.reduce((total, [, n]) => total + Number(n), 0)).toBe(2);
    expect(chart.caption).toContain("4 rows without n are not drawn.");
  });

  test("of one value are one bin, of none are none", async () => {
    expect(await rows("SELECT 7 AS n FROM range(3)", { mark: "histogram", x: "n" })).toEqual([[7, "3"]]);
    expect(await rows("SELECT 7 AS n WHERE false", { mark: "histogram", x: "n" })).toEqual([]);
    expect(await rows("SELECT NULL::DOUBLE AS n", { mark: "histogram", x: "n" })).toEqual([]);
  });

  test("of names are bars", async () => {
    expect((await draw(days, { mark: "histogram", x: "city" })).plot.mark).toBe("bar");
  });
});

describe("lines and areas", () => {
  test("follow their base", async () => {
    const query = "FROM (VALUES (DATE '2025-01-02', 2), (DATE '2025-01-01', 1)) AS t(day, n)";
    expect(await rows(query, { mark: "lineY", x: "day", y: "n" })).toEqual([
      ["2025-01-01", 1],
      ["2025-01-02", 2],
    ]);
  });

  test("of too many points keep the least and the greatest of each part", async () => {
    const query = many.replace(
      "(range * 0.37) % 50",
      "CASE range WHEN 7777 THEN 900 WHEN 11111 THEN -900 ELSE 1 END",
    );
    const chart = await draw(query, { mark: "lineY", x: "at", y: "delay" });
    expect(chart.rows.length).toBeLessThanOrEqual(5000);
    const values = chart.rows.map(([, y]) => Number(y));
    expect([Math.min(...values), Math.max(...values)]).toEqual([-900, 900]);
    expect(plain(chart.caption)).toContain("20,000 rows, drawn by the least and the greatest value");
    const times = chart.rows.map(([x]) => String(x));
    expect(times).toEqual([...times].sort());
  });

  test("of too many aggregated points are reduced too", async () => {
    const chart = await draw(many, { mark: "lineY", x: "at", y: "sum(delay)", grain: "minute" });
    expect(chart.rows.length).toBeLessThanOrEqual(5000);
    expect(chart.caption).toContain("least and the greatest");
  });

  test("of too many series keep the most frequent ones", async () => {
    const chart = await draw(many, { mark: "lineY", x: "at", y: "delay", stroke: "zone" });
    expect(new Set(chart.rows.map((row) => row[2])).size).toBe(9);
    expect(chart.rows.length).toBeLessThanOrEqual(5000);
    expect(chart.caption).toContain("Only the 9 most frequent values of zone are drawn.");
  });

  test("with a grain and a plain column draw the mean, and say so", async () => {
    const chart = await draw(days, { mark: "lineY", x: "at", y: "delay", grain: "day" });
    expect(chart.rows).toHaveLength(2);
    expect(chart.caption).toBe("Of rows with the same at the mean is drawn.");
  });

  test("an area adds up", async () => {
    const chart = await draw(days, { mark: "areaY", x: "day", y: "id", fill: "city" });
    expect(chart.plot).toMatchObject({ mark: "area", isStacked: true });
  });
});

describe("dots", () => {
  test("beyond the budget are a sample, always the same", async () => {
    const options = { mark: "dot", x: "delay", y: "id" } as const;
    const chart = await draw(many, options);
    expect(chart.rows).toHaveLength(5000);
    expect(plain(chart.caption)).toBe("5,000 of 20,000 rows, a sample.");
    expect(await rows(many, options)).toEqual(chart.rows);
    const mean = chart.rows.reduce((sum, [, id]) => sum + Number(id), 0) / 5000;
    expect(Math.abs(mean - 10_000)).toBeLessThan(500);
  });

  test("within it are all rows that have a place", async () => {
    const query = "FROM (VALUES (1, 2), (NULL, 3), (4, NULL)) AS t(a, b)";
    const chart = await draw(query, { mark: "dot", x: "a", y: "b" });
    expect(chart.rows).toEqual([[1, 2]]);
    expect(chart.caption).toBe("2 rows without a value are not drawn.");
  });

  test("can be the first of an order", async () => {
    const options = { mark: "dot", x: "delay", y: "id", sort: byY, limit: 3 } as const;
    expect((await rows(many, options)).map(([, id]) => id)).toEqual(["19999", "19998", "19997"]);
  });

  test("can be aggregates, one for each colour", async () => {
    expect(await rows(days, { mark: "dot", x: "avg(delay)", y: "count()", fill: "city" })).toHaveLength(7);
  });
});

describe("heat maps", () => {
  test("count, or take the mean of what is given", async () => {
    expect(await rows(days, { mark: "cell", x: "city", y: "warm" })).toHaveLength(14);
    const chart = await draw(days, { mark: "cell", x: "month", y: "city", fill: "delay" });
    expect(chart.rows).toHaveLength(84);
    expect(chart.caption).toBe("Of rows in the same cell the mean is drawn.");
  });

  test("cut numbers and times", async () => {
    const chart = await draw(days, { mark: "cell", x: "at", y: "delay" });
    expect(chart.plot.channels).toMatchObject({
      x: { scale: "ordinal", grain: "hour" },
      y: { scale: "ordinal", step: 5 },
    });
  });

  test("drop the rarer names, and say so", async () => {
    const query = "SELECT 'n' || range % 200 AS name, range % 3 AS n FROM range(5000)";
    const chart = await draw(query, { mark: "cell", x: "name", y: "n" });
    expect(new Set(chart.rows.map(([x]) => x)).size).toBe(50);
    expect(chart.caption).toContain("Only the 50 most frequent values of name are drawn.");
  });
});

describe("any chart", () => {
  test("takes any name of a column", async () => {
    const odd = `we"ird '; DROP TABLE result; --`;
    const query = `SELECT 1 AS "${odd.replaceAll('"', '""')}", 'a' AS "x", 2 AS "y", 3 AS "groups", 4 AS "color"`;
    expect(await rows(query, { mark: "barY", x: odd, y: "count()" })).toEqual(
      [["1", "1"]].map(() => [1, "1"]),
    );
    expect(
      await rows(query, { mark: "barY", x: "x", y: "y", fill: "groups", sort: byY, limit: 1 }),
    ).toHaveLength(1);
    expect(await rows(query, { mark: "dot", x: "y", y: "color", fill: "x" })).toEqual([[2, 4, "a"]]);
    expect(await rows(query, { mark: "lineY", x: "y", y: odd, stroke: "x" })).toEqual([[2, 1, "a"]]);
  });

  test("takes any type", async () => {
    const query = `SELECT 9007199254740993::HUGEINT AS huge, 1.25::DECIMAL(38,10) AS dec, [1, 2] AS list, {'a': 1} AS struct,
      'x'::BLOB AS blob, TIMESTAMPTZ '2025-06-01 10:00:00+02' AS tz, TIMESTAMP_NS '2025-06-01 10:00:00' AS ns,
      TIME '10:00' AS time, uuid() AS id, INTERVAL 1 DAY AS span, NULL AS nothing, 'infinity'::TIMESTAMP AS never, true AS truth`;
    const names = [
      "huge",
      "dec",
      "list",
      "struct",
      "blob",
      "tz",
      "ns",
      "time",
      "id",
      "span",
      "nothing",
      "never",
      "truth",
    ];
    for (const x of names) {
      await draw(query, { mark: "barY", x, y: "count()" });
      await draw(query, { mark: "dot", x, y: "huge", fill: x, fx: x });
      await draw(query, { mark: "cell", x, y: x, fill: `mean(dec)` });
    }
    expect(await rows(query, { mark: "barY", x: "tz", y: "count()", grain: "hour" })).toEqual([
      ["2025-06-01 08:00:00", "1"],
    ]);
  });

  test("of facets keeps the most frequent", async () => {
    const chart = await draw(days, { mark: "barY", x: "warm", y: "count()", fx: "zone" });
    expect(new Set(chart.rows.map((row) => row[2])).size).toBe(12);
    expect(chart.caption).toBe("Only the 12 most frequent values of zone are drawn.");
  });

  test("may have a colour by name, and a column of that name wins", async () => {
    expect((await draw(days, { mark: "barY", x: "city", fill: "tomato" })).plot.color).toBe("tomato");
    expect(
      (await draw("SELECT 'a' AS red", { mark: "barY", x: "red", fill: "red" })).plot.color,
    ).toBeUndefined();
    await expect(draw(days, { mark: "barY", x: "city", fill: "url(#x)" })).rejects.toThrow("there is no");
  });

  test("needs no query where there are no rows", async () => {
    const chart = await draw("SELECT 1 AS n, 'a' AS name WHERE false", {
      mark: "barY",
      x: "name",
      y: "sum(n)",
    });
    expect(chart.rows).toEqual([]);
    expect(shared.table.queries).toEqual([]);
  });

  test("is one query where nothing has to be known before", async () => {
    await draw(days, { mark: "barY", x: "city", y: "count()", sort: byY });
    expect(shared.table.queries).toHaveLength(1);
    await draw(days, { mark: "histogram", x: "delay" });
    expect(shared.table.queries).toHaveLength(2);
  });

  test.each([
    [{ mark: "barY", x: "cty" }, 'there is no column "cty"', 'Did you mean "city"?'],
    [{ mark: "barY" }, 'needs "x"', "For example: x: city"],
    [{ mark: "barY", x: "count()", y: "city" }, "must be a column", "barX"],
    [{ mark: "barY", x: "city", y: "zone" }, "needs a number", "distinct(zone)"],
    [{ mark: "lineY", x: "day", y: "city" }, "needs a number", "count(*)"],
    [{ mark: "lineY", x: "day" }, 'needs "y"', "For example"],
    [{ mark: "dot", x: "id", y: "delay", r: "city" }, "needs a number", "count(*)"],
    [{ mark: "barY", x: "city", fx: "count()" }, "must be a column", undefined],
    [
      { mark: "barY", x: "city", sort: { by: "dealy", descending: false } },
      'there is no column "dealy"',
      "delay",
    ],
    [{ x: "city" }, 'needs "mark"', "barY"],
  ] as const)("%j is refused", async (options, message, hint) => {
    const error: unknown = await draw(days, options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "usage", message: expect.stringContaining(message) as string });
    if (hint !== undefined) expect(error).toMatchObject({ hint: expect.stringContaining(hint) as string });
  });
});

describe("the queries of a chart", () => {
  const times = `SELECT TIMESTAMP '2025-01-01' + INTERVAL (range) MINUTE AS at, range % 7 AS n, range % 20 AS city
    FROM range(200001)`;
  const extents = (): string[] => shared.table.queries.filter((sql) => sql.includes("_min"));

  test("ask for the least and the greatest value as the engine knows them without a look at the rows", async () => {
    await draw(times, { mark: "lineY", x: "at", y: "mean(n)" });
    expect(extents()).toHaveLength(1);
    expect(extents()[0]).not.toContain("FILTER");
  });

  test.each([
    ["an infinite time", "SELECT 'infinity'::TIMESTAMP", "at"],
    ["a time before all others", "SELECT '-infinity'::TIMESTAMP", "at"],
    ["an infinite date", "SELECT 'infinity'::DATE", "day"],
    ["an infinite number", "SELECT 'inf'::DOUBLE", "amount"],
    ["what is no number", "SELECT 'nan'::DOUBLE", "amount"],
  ])("ask again of the finite ones only where there is %s", async (_, odd, name) => {
    const rest = `SELECT range * 0.5 AS amount, "at", CAST("at" AS DATE) AS day
      FROM (SELECT range, TIMESTAMP '2025-01-01' + INTERVAL (range) DAY AS "at" FROM range(300))`;
    const options = { mark: "barY", x: name, y: "count()" } as const;
    const clean = await draw(rest, options);
    expect(extents()).toHaveLength(1);
    const mixed = await draw(`${rest} UNION ALL BY NAME ${odd} AS "${name}"`, options);
    expect(extents()).toHaveLength(2);
    expect(mixed.plot.channels.x).toEqual(clean.plot.channels.x);
    expect(mixed.rows).toEqual(clean.rows);
  });

  test("count the colours of many rows before anything is computed with them", async () => {
    const chart = await draw(times, { mark: "barY", x: "n", y: "count()", fill: "city" });
    expect(shared.table.queries).toHaveLength(2);
    expect(plain(chart.caption)).toContain(
      "Only the 9 most frequent values of city have a colour of their own.",
    );
    const few = times.replace("200001", "2000");
    const same = await draw(few, { mark: "barY", x: "n", y: "count()", fill: "city" });
    expect(same.caption).toBe(chart.caption);
  });

  test("ask for the number of colours alone without a row for each row", async () => {
    const sql =
      "SELECT DATE '2026-01-01' + (range % 90)::INTEGER AS day, range % 3 AS kind FROM range(200001)";
    await draw(sql, { mark: "barY", x: "day", grain: "month", y: "count()", fill: "kind" });
    expect(shared.table.queries).toHaveLength(2);
    expect(shared.table.queries[0]).toMatch(/\)\) AS color_values$/);
  });
});
