import { stat } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { listPublishedDatasets } from "../../../server/rows/published-datasets.js";
import { readPage } from "../../../server/rows/result-pages.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { queryOutside, readPublished } from "../../support/workspace-parquet.js";
import { cellOf, runDate, useRuns } from "../../support/workspace-runs.js";

const withRuns = useRuns();

function only(body: string): Record<string, string> {
  return { "notebooks/sales.md": notebook({ orders: body }) };
}

const three = "SELECT * FROM (VALUES (1, 'a,\"b\"'), (2, NULL), (3, '')) AS t(id, name)";

describe("materialize:", () => {
  test.each([
    ["parquet", [/^orders\/part-[\w-]+\.parquet$/]],
    ["csv", [/^orders\.csv$/]],
    ["json", [/^orders\.json$/]],
    ["[parquet, csv]", [/^orders\.csv$/, /^orders\/part-[\w-]+\.parquet$/]],
    ["[csv, json, parquet]", [/^orders\.csv$/, /^orders\.json$/, /^orders\/part-[\w-]+\.parquet$/]],
  ])("%s publishes just that", (formats, patterns) =>
    withRuns(only(`--| materialize: ${formats}\n${three}`), async (runs) => {
      await runs.materialize();
      for (const folder of ["latest", runDate]) {
        const files = (await runs.workspace.files(`data_lake/${folder}`)).filter((path) =>
          path.startsWith("orders"),
        );
        expect(files).toEqual(patterns.map((pattern) => expect.stringMatching(pattern) as string));
      }
    }),
  );

  test("csv has a header, and tells NULL from an empty text", () =>
    withRuns(only(`--| materialize: csv\n${three}`), async (runs) => {
      await runs.materialize();
      const text = await runs.workspace.read("data_lake/latest/orders.csv");
      expect(text).toBe('id,name\n1,"a,""b"""\n2,\n3,""\n');
    }));

  test("json reads back as it was", () =>
    withRuns(only(`--| materialize: json\n${three}`), async (runs) => {
      await runs.materialize();
      const path = runs.workspace.path("data_lake/latest/orders.json");
      expect(await queryOutside(`FROM read_json('${path}') ORDER BY id`)).toEqual([
        { id: "1", name: 'a,"b"' },
        { id: "2", name: null },
        { id: "3", name: "" },
      ]);
    }));

  test("csv lets descendants read exact types all the same", () =>
    withRuns(
      {
        "notebooks/sales.md": notebook({
          orders:
            "--| materialize: csv\nSELECT 1.10::DECIMAL(9, 2) AS price, TIMESTAMP '2026-01-01' AS t, ['a'] AS list",
          types: dataset("SELECT typeof(price) AS price, typeof(t) AS t, typeof(list) AS list FROM orders"),
        }),
      },
      async (runs) => {
        await runs.materialize();
        expect(await readPublished(runs.workspace, "latest/types")).toEqual([
          { price: "DECIMAL(9,2)", t: "TIMESTAMP", list: "VARCHAR[]" },
        ]);
      },
    ));
});

describe("partition_by", () => {
  const odd = [
    "NULL",
    "''",
    "'null'",
    "'__HIVE_DEFAULT_PARTITION__'",
    "'a/b'",
    "'a=b'",
    "'a b'",
    "'%2F'",
    "'..'",
    "'Málaga'",
    "'日本'",
    "'🚲'",
    "'it''s'",
    "chr(10)",
  ];

  test.each([...odd, "'a\\b'", "'?*[x]'", "'#'"])("reads %s back as it was", (value) =>
    withRuns(only(dataset(`SELECT 1 AS id, ${value} AS place`, "partition_by: [place]")), async (runs) => {
      expect((await runs.materialize()).outcome).toBe("succeeded");
      const expected = await queryOutside(`SELECT 1 AS id, ${value} AS place`);
      expect(await readPublished(runs.workspace, "latest/orders")).toEqual(expected);
    }),
  );

  test("keeps all values apart, for descendants too", () =>
    withRuns(
      {
        "notebooks/sales.md": notebook({
          orders: dataset(`SELECT unnest([${odd.join(", ")}]) AS place`, "partition_by: [place]"),
          places: dataset("SELECT place, count(*) AS n FROM orders GROUP BY place"),
        }),
      },
      async (runs) => {
        await runs.materialize();
        const rows = await readPublished(runs.workspace, "latest/places");
        expect(rows).toHaveLength(odd.length);
        expect(rows.every((row) => row["n"] === "1")).toBe(true);
      },
    ));

  test("keeps type and order of the columns", () =>
    withRuns(
      only(dataset("SELECT 7::SMALLINT AS a, DATE '2026-01-02' AS day, 'x' AS b", "partition_by: [day, a]")),
      async (runs) => {
        await runs.materialize();
        const rows = await readPublished(runs.workspace, "latest/orders");
        expect(rows).toEqual([{ a: 7, day: "2026-01-02", b: "x" }]);
        expect(Object.keys(rows[0] ?? {})).toEqual(["a", "day", "b"]);
      },
    ));

  test("names a column that is not there", () =>
    withRuns(only(dataset("SELECT 1 AS id", "partition_by: [place]")), async (runs) => {
      const view = await runs.materialize();
      expect(cellOf(view, "orders").error?.message).toContain("place");
    }));
});

describe("no rows", () => {
  test.each(["", "--| partition_by: [city]\n"])("are a dataset with a schema %j", (option) =>
    withRuns(
      {
        "notebooks/sales.md": notebook({
          orders: `--| materialize: [parquet, csv]\n${option}SELECT 1::BIGINT AS id, 'BCN' AS city WHERE false`,
          total: dataset("SELECT count(*) AS n, any_value(id) AS id FROM orders"),
        }),
      },
      async (runs) => {
        const view = await runs.materialize();
        expect(cellOf(view, "orders")).toMatchObject({ outcome: "succeeded", rows: 0 });
        expect(await readPublished(runs.workspace, "latest/orders")).toEqual([]);
        expect(await readPublished(runs.workspace, "latest/total")).toEqual([{ n: "0", id: null }]);
        expect(await runs.workspace.read("data_lake/latest/orders.csv")).toBe("id,city\n");
      },
    ),
  );
});

describe("types that Parquet cannot hold", () => {
  test("HUGEINT is stored as DECIMAL(38,0), and said so", () =>
    withRuns(
      only(dataset("SELECT 99999999999999999999999999999999999999::HUGEINT AS n, sum(1) AS total")),
      async (runs) => {
        const view = await runs.materialize();
        const { notes } = cellOf(view, "orders");
        expect(notes?.[0]).toBe('column "n" is stored as DECIMAL(38,0) instead of HUGEINT');
        expect(cellOf(await runs.materialize(), "orders")).toMatchObject({ outcome: "reused", notes });
        expect(await readPublished(runs.workspace, "latest/orders")).toEqual([
          { n: "99999999999999999999999999999999999999", total: "1" },
        ]);
      },
    ));

  test("a query cell has them as they are, and so has what reads it", () => {
    const greatest = "170141183460469231731687303715884105727";
    const cells = {
      wide: `SELECT max(${greatest}::HUGEINT) AS n, union_value(a := 1) AS u FROM range(2)`,
      rest: dataset("SELECT n - 170141183460469231731687303715884105720 AS n FROM wide"),
      ranks: "SELECT rank() OVER (ORDER BY n) AS rank FROM wide",
    };
    return withRuns({ "notebooks/sales.md": notebook(cells) }, async (runs) => {
      const view = await runs.run();
      expect(view.outcome).toBe("succeeded");
      const { results, engine } = runs.manager.services;
      const kept = await results.find(cellOf(view, "wide").fingerprint ?? "");
      const { files = [], columns = [] } = kept?.value ?? {};
      const rows = { key: "wide", rows: 1, files, columns };
      const page = { offset: 0, limit: 10, sort: ["-n"], filter: ["n:gt:2"] };
      expect(await readPage({ engine }, rows, page)).toMatchObject({
        columns: [{ type: "HUGEINT" }, { type: "UNION(a INTEGER)" }],
        rows: [[greatest, "1"]],
      });
    });
  });

  test("HUGEINT beyond 38 digits is an error", () =>
    withRuns(only(dataset("SELECT 170141183460469231731687303715884105727::HUGEINT AS n")), async (runs) => {
      const view = await runs.materialize();
      expect(view).toMatchObject({ outcome: "failed", published: [] });
    }));
});

describe("the public folders", () => {
  test("hold read-only files, which no one edits by mistake", () =>
    withRuns(only(dataset("SELECT 1 AS id")), async (runs) => {
      await runs.materialize();
      const [file] = await runs.workspace.files("data_lake/latest/orders");
      const { mode } = await stat(runs.workspace.path(`data_lake/latest/orders/${file}`));
      expect(mode & 0o222).toBe(0);
    }));

  test("are listed by the path of what was published", () =>
    withRuns(only("--| materialize: csv\nSELECT 1 AS id"), async (runs) => {
      await runs.materialize();
      const [listed] = await listPublishedDatasets(runs.lake);
      expect(await runs.workspace.read(listed?.path ?? "")).toBe("id\n1\n");
    }));

  test("are told of in catalog.json", () =>
    withRuns(only(dataset("SELECT 1 AS id", "description: All of them", "tags: [daily]")), async (runs) => {
      await runs.materialize();
      const catalog = JSON.stringify(await runs.workspace.readJson("data_lake/catalog.json"));
      for (const text of ['"orders"', '"All of them"', '"daily"', '"id"', runDate])
        expect(catalog).toContain(text);
    }));
});
