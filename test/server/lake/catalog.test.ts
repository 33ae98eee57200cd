import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Lake } from "../../../server/lake/lake.js";
import { listPublishedDatasets } from "../../../server/rows/published-datasets.js";
import { publish, storeAndPublish, storeVersion, withLake } from "./lake-fixture.js";

function readCatalog(lake: Lake): { datasets: Record<string, unknown>[] } {
  return JSON.parse(readFileSync(join(lake.folder, "catalog.json"), "utf8")) as {
    datasets: Record<string, unknown>[];
  };
}

const file = (path: string, partition: (string | null)[], rows: number) =>
  ({ path, format: "parquet", rows, bytes: 4, partition }) as const;

describe("catalog.json", () => {
  test("describes each dataset as its greatest run date shows it", () =>
    withLake(async (lake) => {
      const paths = ["parquet/1", "parquet/2", "parquet/3"];
      const files = Object.fromEntries(paths.map((path) => [path, "rows"]));
      const draft = {
        description: "What was ordered",
        owner: "sales",
        tags: ["daily"],
        key: ["id"],
        partitionBy: ["city"],
        rows: 6,
        files: [file("parquet/1", ["MAD"], 1), file("parquet/2", [null], 2), file("parquet/3", ["MAD"], 3)],
        parents: [{ dataset: "raw", version: "v1" }],
      };
      const checks = [
        { name: "key", cell: "orders", outcome: "pass" },
        { name: "other", cell: "stock" },
      ];
      await storeAndPublish(lake, { files, draft }, { record: { checks } });
      expect(readCatalog(lake).datasets).toMatchObject([
        {
          name: "orders",
          description: "What was ordered",
          owner: "sales",
          tags: ["daily"],
          latestDate: "2026-11-01",
          rows: 6,
          bytes: 12,
          columns: [{ name: "id", type: "INTEGER" }],
          key: ["id"],
          partitionBy: ["city"],
          partitions: [
            { values: { city: "MAD" }, rows: 4, bytes: 8, files: 2 },
            { values: { city: null }, rows: 2, bytes: 4, files: 1 },
          ],
          lineage: { notebook: "sales", parents: [{ dataset: "raw", version: "v1" }], inputs: [] },
          checks: [{ name: "key", outcome: "pass" }],
        },
      ]);
    }));

  test("describes the last hundred run dates, and names those before; a list takes as many as it is asked for", () =>
    withLake(async (lake) => {
      const dates = Array.from({ length: 102 }, (_, day) =>
        new Date(Date.UTC(2026, 0, day + 1)).toISOString().slice(0, 10),
      );
      const { version } = await storeVersion(lake);
      for (const runDate of dates) await publish(lake, { runDate, datasets: { orders: version } });
      const text = readFileSync(join(lake.folder, "catalog.json"), "utf8");
      const { datasets } = JSON.parse(text) as { datasets: Record<string, unknown>[] };
      expect(datasets[0]).toMatchObject({ latestDate: dates.at(-1), earlierRunDates: dates.slice(0, 2) });
      expect(datasets[0]?.["runDates"]).toHaveLength(100);
      const listed = await listPublishedDatasets(lake, 2);
      expect(listed.map(({ runDate, runDates }) => [runDate, runDates])).toEqual([
        [dates[101], 102],
        [dates[100], 102],
      ]);
    }));

  test("lists all run dates with their versions, and datasets by name", () =>
    withLake(async (lake) => {
      const orders = await storeVersion(lake);
      const stock = await storeVersion(lake, { dataset: "stock" });
      await publish(lake, {
        runDate: "2026-11-01",
        datasets: { stock: stock.version, orders: orders.version },
      });
      await publish(lake, { runDate: "2026-10-01", datasets: { orders: orders.version } });
      const { datasets } = readCatalog(lake);
      expect(datasets.map(({ name }) => name)).toEqual(["orders", "stock"]);
      expect(datasets[0]?.["runDates"]).toMatchObject([
        { runDate: "2026-10-01", version: orders.version, rows: 1, notebook: "sales" },
        { runDate: "2026-11-01", version: orders.version },
      ]);
    }));

  test("is not written again when nothing in it changed", () =>
    withLake(async (lake) => {
      const { entry } = await storeAndPublish(lake);
      const before = statSync(join(lake.folder, "catalog.json")).ino;
      await publish(lake, { datasets: entry.datasets });
      expect(statSync(join(lake.folder, "catalog.json")).ino).toBe(before);
    }));

  test("is empty when the last dataset went", () =>
    withLake(async (lake) => {
      await storeAndPublish(lake);
      await publish(lake, { datasets: {} });
      expect(readCatalog(lake).datasets).toEqual([]);
    }));
});
