import { existsSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Lake } from "../../../server/lake/lake.js";
import { planRollback, rollBack } from "../../../server/lake/rollback.js";
import { verifyLake } from "../../../server/lake/verify.js";
import { openLake, publish, storeVersion, withFolder, withLake, writeBelow } from "./lake-fixture.js";
import { statOf } from "./tree-fixture.js";

const date = "2026-11-01";
const sales = { notebook: "sales", date };

/** Publications 1 to `count`, each of `orders` and, from the second on, of `stock`. */
async function publishTimes(lake: Lake, count: number): Promise<void> {
  for (let n = 1; n <= count; n++) {
    const names = n === 1 ? ["orders"] : ["orders", "stock"];
    const stored = await Promise.all(
      names.map((dataset) =>
        storeVersion(lake, { dataset, files: { "parquet/part.parquet": `${dataset} ${n}` } }),
      ),
    );
    const datasets = Object.fromEntries(stored.map(({ dataset, version }) => [dataset, version]));
    await publish(lake, {
      runDate: date,
      datasets,
      record: { checks: [{ name: `of ${n}`, cell: "orders" }] },
    });
  }
}

const shown = (workspace: string, path: string): Promise<string> =>
  readFile(join(workspace, "data_lake", path), "utf8");

async function catalogOf(workspace: string): Promise<{ name: string; version: string; checks: unknown }[]> {
  return (JSON.parse(await shown(workspace, "catalog.json")) as { datasets: never[] }).datasets;
}

describe("rollBack", () => {
  test("shows the publication before the current one again, everywhere, and forth again the next time", () =>
    withLake(async (lake, workspace) => {
      await publishTimes(lake, 3);
      const second = lake.state.publicationsOf("sales", date)[1]!;
      expect(await rollBack(lake, sales)).toMatchObject({
        ...{ from: 3, to: 2, number: 4, isNoop: false, removed: [] },
        published: [
          { dataset: "orders", path: `data_lake/${date}/orders`, rows: 1, rowsBefore: 1, isChanged: true },
          { dataset: "stock" },
        ],
      });
      for (const base of [date, "latest"])
        expect(await shown(workspace, `${base}/orders/part.parquet`)).toBe("orders 2");
      expect((await catalogOf(workspace)).map(({ name, version }) => [name, version])).toEqual(
        Object.entries(second.datasets),
      );
      expect((await catalogOf(workspace))[0]!.checks).toEqual([{ name: "of 2", cell: "orders" }]);
      expect(JSON.parse(await shown(workspace, `${date}/_runs/sales.json`))).toMatchObject({
        restores: second.txn,
      });
      expect(lake.history().at(-1)).toMatchObject({ restores: second.txn, datasets: second.datasets });
      expect(await rollBack(lake, sales)).toMatchObject({ from: 4, to: 3, number: 5 });
      expect(await shown(workspace, "latest/orders/part.parquet")).toBe("orders 3");
      expect(await verifyLake(lake, { deep: true })).toEqual([]);
    }));

  test("takes from the date what the publication did not have, and copies nothing", () =>
    withLake(async (lake, workspace) => {
      await publishTimes(lake, 2);
      const { orders = "" } = lake.state.publicationsOf("sales", date)[0]!.datasets;
      expect(await planRollback(lake, { ...sales, to: 1 })).toMatchObject({
        removed: [{ dataset: "stock", path: `data_lake/${date}/stock`, rows: 1 }],
      });
      expect(lake.state.publicationsOf("sales", date)).toHaveLength(2);
      await rollBack(lake, { ...sales, to: 1 });
      expect(existsSync(join(workspace, "data_lake", date, "stock"))).toBe(false);
      expect(existsSync(join(workspace, "data_lake/latest/stock"))).toBe(false);
      expect((await catalogOf(workspace)).map(({ name }) => name)).toEqual(["orders"]);
      expect(statOf(join(workspace, "data_lake", date), "orders/part.parquet").ino).toBe(
        statOf(lake.versionFolder("orders", orders), "parquet/part.parquet").ino,
      );
    }));

  test("does nothing where that is shown already", () =>
    withLake(async (lake) => {
      await publishTimes(lake, 2);
      await rollBack(lake, sales);
      const { seq } = lake.state;
      for (const to of [1, 3])
        expect(await rollBack(lake, { ...sales, to })).toMatchObject({ isNoop: true, number: 3 });
      expect(lake.state.seq).toBe(seq);
    }));

  test("names the first of a chain of rollbacks as what it shows", () =>
    withLake(async (lake) => {
      await publishTimes(lake, 2);
      await rollBack(lake, { ...sales, to: 1 });
      await rollBack(lake, { ...sales, to: 2 });
      await rollBack(lake, { ...sales, to: 3 });
      const all = lake.state.publicationsOf("sales", date);
      expect(all.map(({ restores }) => all.findIndex(({ txn }) => txn === restores) + 1)).toEqual([
        0, 0, 1, 2, 1,
      ]);
    }));

  test.each([
    [{ ...sales, to: 7 }, "not-found", "There are 1 and 2."],
    [{ ...sales, date: "2026-10-01" }, "not-found", "lakebook lake"],
    [{ ...sales, notebook: "sale" }, "not-found", "lakebook lake"],
    [{ ...sales, date: "yesterday" }, "usage", "2026-11-01"],
  ])("refuses %j", (request, code, hint) =>
    withLake(async (lake) => {
      await publishTimes(lake, 2);
      await expect(rollBack(lake, request)).rejects.toMatchObject({
        code,
        hint: expect.stringContaining(hint) as string,
      });
    }),
  );

  test("refuses the only publication that there is", () =>
    withLake(async (lake) => {
      await publishTimes(lake, 1);
      await expect(rollBack(lake, sales)).rejects.toMatchObject({
        code: "conflict",
        message: expect.stringContaining("only once") as string,
      });
    }));

  test("says what vacuum removed, and what is still there", () =>
    withLake(async (lake) => {
      await publishTimes(lake, 3);
      const [first] = lake.state.publicationsOf("sales", date);
      const versions = [{ dataset: "orders", version: first!.datasets["orders"]! }];
      await lake.expire({ type: "expire", versions, publications: [] }, lake.state.seq);
      await expect(rollBack(lake, { ...sales, to: 1 })).rejects.toMatchObject({
        code: "conflict",
        message: `Publication 1 of "sales" for ${date} cannot be shown again: vacuum removed its dataset "orders".`,
        hint: "Whose datasets are all there are 2 and 3.",
      });
    }));

  test("says that input is gone", () =>
    withLake(async (lake, workspace) => {
      const absolutePath = await writeBelow(workspace, "input/a.csv", "a");
      const input = await lake.pinInput({ absolutePath, path: "input/a.csv", snapshot: true });
      const { version } = await storeVersion(lake);
      await publish(lake, { datasets: { orders: version }, inputs: [input] });
      await publish(lake, { datasets: { orders: version } });
      rmSync(lake.inputFile(input.sha256));
      await expect(rollBack(lake, sales)).rejects.toMatchObject({
        message: expect.stringContaining('input "input/a.csv"') as string,
      });
    }));

  test("finds the earlier publications after a restart too", () =>
    withFolder(async (workspace) => {
      const lake = await openLake(workspace);
      await publishTimes(lake, 2);
      await lake.close();
      const again = await openLake(workspace);
      expect(await rollBack(again, sales)).toMatchObject({ from: 2, to: 1 });
      await again.close();
    }));
});

describe("a tag", () => {
  const tag = { ...sales, name: "audited" };

  test("stays with the publication that was shown when it was given, and is known after a restart", () =>
    withFolder(async (workspace) => {
      const lake = await openLake(workspace);
      await publishTimes(lake, 2);
      expect(await lake.tag(tag)).toMatchObject({ name: "audited", runDate: date });
      await rollBack(lake, sales);
      await lake.close();
      const again = await openLake(workspace);
      expect(again.state.tags().map((found) => again.state.numberOf(found))).toEqual([2]);
      await again.untag(tag);
      expect(again.state.tags()).toEqual([]);
      expect(await verifyLake(again, { deep: true })).toEqual([]);
      await again.close();
    }));

  test("is given again to the same without an entry, and never moves", () =>
    withLake(async (lake) => {
      await publishTimes(lake, 1);
      await lake.tag(tag);
      const { seq } = lake.state;
      await lake.tag(tag);
      expect(lake.state.seq).toBe(seq);
      await publishTimes(lake, 2);
      await expect(lake.tag(tag)).rejects.toMatchObject({
        code: "conflict",
        message: `"audited" is the tag of ${date}@1 of "sales" already.`,
        hint: `Delete it first: lakebook tag sales ${date} audited --delete`,
      });
    }));

  test.each(["latest", "Draft", "2026-11-01", "2026-11-01@1", "", "a b", "-x", "ä", "x".repeat(65)])(
    "cannot be called %j",
    (name) =>
      withLake(async (lake) => {
        await publishTimes(lake, 1);
        await expect(lake.tag({ ...sales, name })).rejects.toMatchObject({ code: "usage" });
      }),
  );

  test("needs something that is published, and is deleted under its own date only", () =>
    withLake(async (lake) => {
      await expect(lake.tag(tag)).rejects.toMatchObject({ code: "not-found" });
      await publishTimes(lake, 1);
      await lake.tag(tag);
      await expect(lake.untag({ ...tag, date: "2026-10-01" })).rejects.toMatchObject({ code: "not-found" });
    }));
});
