import { existsSync, rmSync } from "node:fs";
import { readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../../server/base/hash.js";
import { Lake } from "../../../server/lake/lake.js";
import {
  openLake,
  publish,
  storeAndPublish,
  storeVersion,
  versionDraft,
  withFolder,
  withLake,
  writeBelow,
} from "./lake-fixture.js";
import { until } from "../../support/kill.js";
import { listFiles, overwrite, statOf } from "./tree-fixture.js";

const csvToo = {
  files: {
    "parquet/city=BCN/part-1.parquet": "bcn",
    "parquet/city=MAD/part-2.parquet": "mad",
    "orders.csv": "id\n",
  },
  draft: { formats: ["parquet", "csv"] },
} as const;

describe("Lake.store", () => {
  test("makes a build an immutable version that the log knows", () =>
    withLake(async (lake) => {
      const entry = await storeVersion(lake, { files: { "parquet/part-1.parquet": "rows" } });
      const folder = lake.versionFolder("orders", entry.version);
      expect(await listFiles(folder)).toEqual(["manifest.json", "parquet/part-1.parquet"]);
      expect(entry).toMatchObject({ seq: 1, type: "store", dataset: "orders", rows: 1, bytes: 4 });
      expect(statOf(folder, "parquet/part-1.parquet").mode & 0o777).toBe(0o444);
      expect(statOf(folder).mode & 0o700).toBe(0o700);
      expect(await readdir(lake.paths.build)).toEqual([]);
    }));

  test("writes the hash of each file into the manifest", () =>
    withLake(async (lake) => {
      const { version } = await storeVersion(lake, { files: { "parquet/part-1.parquet": "rows" } });
      const manifest = await lake.manifest("orders", version);
      expect(manifest.files).toMatchObject([{ path: "parquet/part-1.parquet", sha256: sha256("rows") }]);
      expect(manifest).toMatchObject({ dataset: "orders", version, format: 1, rows: 1 });
    }));

  test("refuses a build that is not what the draft says, and discards it", () =>
    withLake(async (lake) => {
      const build = await lake.createBuild();
      await writeBelow(build.folder, "parquet/part-1.parquet", "rows");
      await writeBelow(build.folder, "parquet/left-over.tmp", "");
      const draft = versionDraft("orders", { "parquet/part-1.parquet": "rows" });
      await expect(lake.store(build, draft)).rejects.toThrow("left-over.tmp");
      expect(await readdir(lake.paths.build)).toEqual([]);
      expect(lake.state.seq).toBe(0);
    }));

  test.each([true, false])("leaves a build where it is while somebody reads it (well or not: %s)", (isWell) =>
    withLake(async (lake) => {
      const build = await lake.createBuild();
      await writeBelow(build.folder, "parquet/part-1.parquet", "rows");
      const draft = versionDraft("orders", { "parquet/part-1.parquet": "rows" });
      let end = (): void => undefined;
      const readers = new Promise<void>((resolve, reject) => {
        end = () => {
          if (isWell) resolve();
          else reject(new Error("The reader failed"));
        };
      });
      const storing = lake.store(build, draft, readers);
      await until("the build is sealed", () => existsSync(join(build.folder, "manifest.json")));
      expect(await readFile(join(build.folder, "parquet/part-1.parquet"), "utf8")).toBe("rows");
      expect(lake.state.seq).toBe(0);
      end();
      const { version } = await storing;
      expect(lake.state.seq).toBe(1);
      expect(await readdir(lake.versionFolder("orders", version))).toContain("manifest.json");
    }),
  );

  test.each(["initial_datasets", "latest", "_runs", "../up", "Orders", "__proto__"])(
    "refuses the name %s",
    (dataset) =>
      withLake(async (lake) => {
        await expect(storeVersion(lake, { dataset })).rejects.toMatchObject({ code: "usage" });
      }),
  );

  test("takes several builds at once", () =>
    withLake(async (lake) => {
      const names = ["a", "b", "c", "d", "e", "f"];
      const entries = await Promise.all(names.map((dataset) => storeVersion(lake, { dataset })));
      expect(entries.map((entry) => entry.seq).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    }));
});

describe("Lake.findVersion", () => {
  test("finds the newest version of a fingerprint, also after a restart", () =>
    withFolder(async (workspace) => {
      const first = await openLake(workspace);
      await storeVersion(first, { draft: { fingerprint: "f1" } });
      const newer = await storeVersion(first, { draft: { fingerprint: "f1" } });
      await first.close();
      const second = await openLake(workspace);
      expect(second.findVersion("orders", "f1")?.version).toBe(newer.version);
      expect(second.findVersion("orders", "f2")).toBeUndefined();
      expect(second.findVersion("customers", "f1")).toBeUndefined();
      await second.close();
    }));

  test("passes over a version whose folder is missing", () =>
    withLake(async (lake) => {
      const { version } = await storeVersion(lake, { draft: { fingerprint: "f1" } });
      await rm(lake.versionFolder("orders", version), { recursive: true });
      expect(lake.findVersion("orders", "f1")).toBeUndefined();
    }));
});

describe("Lake.manifest", () => {
  test("throws damaged for a manifest that was edited", () =>
    withFolder(async (workspace) => {
      const writer = await openLake(workspace);
      const { version } = await storeVersion(writer);
      await writer.close();
      const path = join(writer.versionFolder("orders", version), "manifest.json");
      overwrite(path, (await readFile(path, "utf8")).replace('"rows": 1', '"rows": 2'));
      const lake = await openLake(workspace);
      await expect(lake.manifest("orders", version)).rejects.toMatchObject({ code: "damaged" });
      await lake.close();
    }));

  test("publishes no version that lacks a file, and leaves what is published as it was", () =>
    withLake(async (lake) => {
      const { datasets } = await storeAndPublish(lake);
      const { version } = await storeVersion(lake, { files: { "parquet/b.parquet": "other" } });
      rmSync(join(lake.versionFolder("orders", version), "parquet/b.parquet"));
      await expect(publish(lake, { datasets: { orders: version } })).rejects.toMatchObject({
        code: "damaged",
        message: expect.stringContaining('b.parquet" is missing') as string,
        hint: expect.stringContaining("Restore it from a backup") as string,
      });
      expect(lake.resolve("orders")?.version).toBe(datasets[0]?.version);
    }));

  test("throws not-found for a version that never was", () =>
    withLake(async (lake) => {
      await expect(lake.manifest("orders", "nope")).rejects.toMatchObject({ code: "not-found" });
    }));
});

describe("Lake.publish", () => {
  test("shows the formats that were asked for, below the run date and below latest", () =>
    withLake(async (lake, workspace) => {
      const { datasets } = await storeAndPublish(lake, csvToo);
      expect(await listFiles(join(workspace, "data_lake"))).toEqual([
        "2026-11-01/_runs/sales.json",
        "2026-11-01/orders.csv",
        "2026-11-01/orders/city=BCN/part-1.parquet",
        "2026-11-01/orders/city=MAD/part-2.parquet",
        "catalog.json",
        "latest/orders.csv",
        "latest/orders/city=BCN/part-1.parquet",
        "latest/orders/city=MAD/part-2.parquet",
      ]);
      expect(datasets).toMatchObject([
        { dataset: "orders", path: "data_lake/2026-11-01/orders", rows: 3, isChanged: true },
      ]);
    }));

  test("does not show Parquet that was not asked for", () =>
    withLake(async (lake, workspace) => {
      const { datasets } = await storeAndPublish(lake, { ...csvToo, draft: { formats: ["csv"] } });
      expect(await listFiles(join(workspace, "data_lake/latest"))).toEqual(["orders.csv"]);
      expect(datasets[0]?.path).toBe("data_lake/2026-11-01/orders.csv");
    }));

  test("shows hard links of the version's files", () =>
    withLake(async (lake, workspace) => {
      const { datasets } = await storeAndPublish(lake, csvToo);
      const stored = statOf(lake.versionFolder("orders", datasets[0]!.version), "orders.csv");
      expect(statOf(workspace, "data_lake/2026-11-01/orders.csv").ino).toBe(stored.ino);
      expect(statOf(workspace, "data_lake/latest/orders.csv").ino).toBe(stored.ino);
    }));

  test("replaces a dataset as a whole", () =>
    withLake(async (lake, workspace) => {
      await storeAndPublish(lake, csvToo);
      await storeAndPublish(lake, { files: { "parquet/city=VLC/part-3.parquet": "vlc" } });
      expect(await listFiles(join(workspace, "data_lake/2026-11-01"))).toEqual([
        "_runs/sales.json",
        "orders/city=VLC/part-3.parquet",
      ]);
      expect(await listFiles(join(workspace, "data_lake/latest"))).toEqual([
        "orders/city=VLC/part-3.parquet",
      ]);
      // Whoever reads the old folder may finish.
      expect(
        (await listFiles(lake.paths.tmp)).map((path) => path.replace(/^old-[^/]+\//, "")).sort(),
      ).toContain("2026-11-01/orders/city=BCN/part-1.parquet");
    }));

  test("commits several datasets as one entry", () =>
    withLake(async (lake) => {
      const a = await storeVersion(lake, { dataset: "a" });
      const b = await storeVersion(lake, { dataset: "b" });
      const { entry } = await publish(lake, { datasets: { a: a.version, b: b.version } });
      expect(entry.seq).toBe(3);
      expect(lake.datasetNames()).toEqual(["a", "b"]);
    }));

  test("takes from public what the notebook publishes no longer", () =>
    withLake(async (lake, workspace) => {
      const a = await storeVersion(lake, {
        dataset: "a",
        files: { "parquet/1": "1", "a.csv": "1" },
        draft: { formats: ["csv", "parquet"] },
      });
      const b = await storeVersion(lake, { dataset: "b" });
      await publish(lake, { runDate: "2026-10-01", datasets: { a: a.version } });
      await publish(lake, { datasets: { a: a.version, b: b.version } });
      await publish(lake, { datasets: { b: b.version } });
      expect(await readdir(join(workspace, "data_lake/2026-11-01"))).toEqual(["_runs", "b"]);
      expect(await readdir(join(workspace, "data_lake/latest"))).toEqual(["a", "a.csv", "b"]);
      expect(lake.resolve("a")?.runDate).toBe("2026-10-01");
      expect(lake.resolve("a", "2026-11-01")).toBeUndefined();
    }));

  test("shows each dataset of its greatest run date in latest, whatever the order of publishing", () =>
    withLake(async (lake, workspace) => {
      await storeAndPublish(lake, { files: { "parquet/new": "new" } }, { runDate: "2026-11-01" });
      await storeAndPublish(lake, { files: { "parquet/old": "old" } }, { runDate: "2026-10-01" });
      expect(await readdir(join(workspace, "data_lake/latest/orders"))).toEqual(["new"]);
      expect(await readdir(join(workspace, "data_lake/2026-10-01/orders"))).toEqual(["old"]);
    }));

  test("adds no entry for what is published already, and repairs its folders", () =>
    withLake(async (lake, workspace) => {
      const { entry } = await storeAndPublish(lake, csvToo);
      await rm(join(workspace, "data_lake/2026-11-01/orders.csv"));
      await rm(join(workspace, "data_lake/latest/orders/city=MAD"), { recursive: true });
      const again = await publish(lake, { datasets: entry.datasets, run: "run-2" });
      expect(again).toMatchObject({
        isNoop: true,
        entry: { seq: 2, run: "run-1" },
        datasets: [{ isChanged: false }],
      });
      expect(await readFile(join(workspace, "data_lake/2026-11-01/orders.csv"), "utf8")).toBe("id\n");
      expect(await listFiles(join(workspace, "data_lake/latest"))).toHaveLength(3);
    }));

  test("commits again when only the input changed", () =>
    withLake(async (lake) => {
      const { entry } = await storeAndPublish(lake);
      const input = { path: "input/a.json", sha256: "0".repeat(64), bytes: 1, isPinned: false };
      const again = await publish(lake, { datasets: entry.datasets, inputs: [input] });
      expect(again).toMatchObject({ isNoop: false, entry: { seq: 3 }, datasets: [{ isChanged: false }] });
    }));

  test("keeps the publications of two notebooks for one date apart", () =>
    withLake(async (lake, workspace) => {
      await storeAndPublish(lake, { dataset: "a" }, { notebook: "sales" });
      await storeAndPublish(lake, { dataset: "b" }, { notebook: "team/stock" });
      expect(await listFiles(join(workspace, "data_lake/2026-11-01"))).toEqual([
        "_runs/sales.json",
        "_runs/team/stock.json",
        "a/part-1.parquet",
        "b/part-1.parquet",
      ]);
      await publish(lake, { notebook: "sales", datasets: {} });
      expect(await readdir(join(workspace, "data_lake/2026-11-01"))).toEqual(["_runs", "b"]);
    }));

  test("refuses when another publication came first than the one it was planned on", () =>
    withLake(async (lake) => {
      const { version } = await storeVersion(lake);
      const request = { datasets: { orders: version } };
      const { entry } = await publish(lake, { ...request, expectedTxn: null });
      for (const expectedTxn of [null, "other"])
        await expect(publish(lake, { datasets: {}, expectedTxn })).rejects.toMatchObject({
          code: "conflict",
        });
      expect(await publish(lake, { ...request, expectedTxn: null })).toMatchObject({ isNoop: true });
      await publish(lake, { datasets: {}, expectedTxn: entry.txn });
    }));

  test.each([
    [{ runDate: "2026-02-30" }, "usage"],
    [{ runDate: "../2026" }, "usage"],
    [{ notebook: "../sales" }, "usage"],
    [{ notebook: "a/b/c" }, "usage"],
    [{ datasets: { latest: "v" } }, "usage"],
    [{ datasets: { orders: "never-stored" } }, "conflict"],
  ])("refuses %j as %s and commits nothing", (request, code) =>
    withLake(async (lake) => {
      await expect((async () => publish(lake, request as object))()).rejects.toMatchObject({ code });
      expect(lake.state.seq).toBe(0);
    }),
  );

  test("reports a projection that fails after the commit as such, and the next opening makes up for it", () =>
    withFolder(async (workspace) => {
      const lake = await openLake(workspace);
      const { version } = await storeVersion(lake);
      await writeBelow(workspace, "data_lake/2026-11-01", "a file where a folder has to be");
      await expect(publish(lake, { datasets: { orders: version } })).rejects.toMatchObject({
        details: { isCommitted: true },
      });
      expect(lake.resolve("orders")?.version).toBe(version);
      await lake.close();
      await rm(join(workspace, "data_lake/2026-11-01"));
      const repaired = await openLake(workspace);
      expect(repaired.recovery.projected).toContain("2026-11-01/orders");
      await repaired.close();
    }));

  test("leaves the files of users alone", () =>
    withLake(async (lake, workspace) => {
      await storeAndPublish(lake, { files: { "parquet/1": "1" } });
      await writeBelow(workspace, "data_lake/notes.txt", "mine");
      await writeBelow(workspace, "data_lake/2026-11-01/notes.txt", "mine");
      await writeBelow(workspace, "data_lake/2026-11-01/orders/notes.txt", "mine");
      await storeAndPublish(lake, { files: { "parquet/2": "2" } });
      expect(await readdir(join(workspace, "data_lake/2026-11-01/orders"))).toEqual(["2"]);
      expect(await readFile(join(workspace, "data_lake/notes.txt"), "utf8")).toBe("mine");
      expect(await readFile(join(workspace, "data_lake/2026-11-01/notes.txt"), "utf8")).toBe("mine");
      const rescued = await listFiles(lake.paths.foreign);
      expect(rescued.map((path) => path.replace(/^\w+\//, ""))).toEqual(["2026-11-01/orders/notes.txt"]);
    }));
});

describe("Lake.open for reading", () => {
  test("reads an empty or missing lake and writes nothing", () =>
    withFolder(async (workspace) => {
      const lake = await Lake.open(join(workspace, "data_lake"), { mode: "read" });
      expect(lake.datasetNames()).toEqual([]);
      expect(lake.resolve("orders")).toBeUndefined();
      expect(await readdir(workspace)).toEqual([]);
      await lake.close();
    }));

  test("needs no lock and sees what a writer commits", () =>
    withLake(async (writer) => {
      const reader = await Lake.open(writer.folder, { mode: "read" });
      const { datasets } = await storeAndPublish(writer);
      expect(reader.resolve("orders")).toBeUndefined();
      await reader.refresh();
      expect(reader.resolve("orders")?.version).toBe(datasets[0]?.version);
      expect((await reader.manifest("orders", datasets[0]!.version)).rows).toBe(1);
    }));

  test("refuses to write", () =>
    withLake(async (writer) => {
      const reader = await Lake.open(writer.folder, { mode: "read" });
      expect(() => reader.createBuild()).toThrow("open for writing");
    }));
});

describe("the inputs of a publication", () => {
  test("lie below initial_datasets, byte for byte", () =>
    withLake(async (lake, workspace) => {
      const absolutePath = await writeBelow(workspace, "input/shop/orders.json", "[1]");
      const input = await lake.pinInput({ absolutePath, path: "input/shop/orders.json", snapshot: true });
      await storeAndPublish(lake, {}, { inputs: [input] });
      const shown = join(workspace, "data_lake/2026-11-01/initial_datasets/shop/orders.json");
      expect(await readFile(shown, "utf8")).toBe("[1]");
    }));

  test("from elsewhere lie below _elsewhere, and those that were only hashed nowhere", () =>
    withLake(async (lake, workspace) => {
      const absolutePath = await writeBelow(workspace, "x.csv", "1");
      const paths = ["/data/x.csv", "../other/x.csv", "x.csv"];
      const pin = (path: string, snapshot = true) => lake.pinInput({ absolutePath, path, snapshot });
      const inputs = await Promise.all([...paths.map((path) => pin(path)), pin("big.csv", false)]);
      await storeAndPublish(lake, {}, { inputs });
      expect(await listFiles(join(workspace, "data_lake/2026-11-01/initial_datasets"))).toEqual([
        "_elsewhere/_up/other/x.csv",
        "_elsewhere/data/x.csv",
        "_elsewhere/x.csv",
      ]);
    }));

  test("are those of all notebooks of the date; about one path the later commit holds", () =>
    withLake(async (lake, workspace) => {
      const file = await writeBelow(workspace, "input/a", "first");
      const first = await lake.pinInput({ absolutePath: file, path: "input/a", snapshot: true });
      await writeBelow(workspace, "input/a", "second");
      const second = await lake.pinInput({ absolutePath: file, path: "input/a", snapshot: true });
      await storeAndPublish(lake, { dataset: "x" }, { notebook: "x", inputs: [first] });
      await storeAndPublish(
        lake,
        { dataset: "y" },
        { notebook: "y", inputs: [second, { ...first, path: "input/a/b" }] },
      );
      const folder = join(workspace, "data_lake/2026-11-01/initial_datasets");
      expect(await listFiles(folder)).toEqual(["a"]);
      expect(await readFile(join(folder, "a"), "utf8")).toBe("second");
    }));
});
