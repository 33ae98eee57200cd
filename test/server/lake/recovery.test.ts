import {
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Lake } from "../../../server/lake/lake.js";
import { entryFile } from "../../../server/lake/log-file.js";
import { nothingRecovered } from "../../../server/lake/recovery.js";
import { verifyLake } from "../../../server/lake/verify.js";
import { openLake, publish, storeAndPublish, storeVersion, withFolder, writeBelow } from "./lake-fixture.js";
import { listFiles } from "./tree-fixture.js";

/** A lake with two dates of two datasets that was closed. */
async function withClosedLake(test: (closed: Lake, workspace: string) => Promise<void>): Promise<void> {
  await withFolder(async (workspace) => {
    const lake = await openLake(workspace);
    for (const runDate of ["2026-10-01", "2026-11-01"]) {
      const files = { [`parquet/p=1/${runDate}.parquet`]: runDate, "orders.csv": runDate };
      const orders = await storeVersion(lake, { files, draft: { formats: ["parquet", "csv"] } });
      const stock = await storeVersion(lake, {
        dataset: "stock",
        files: { [`parquet/${runDate}.parquet`]: runDate },
      });
      await publish(lake, { runDate, datasets: { orders: orders.version, stock: stock.version } });
    }
    await lake.close();
    await test(lake, workspace);
  });
}

/** Opens the lake for writing, looks what it did, and proves it. */
async function recovered(workspace: string): Promise<Lake["recovery"]> {
  const lake = await openLake(workspace);
  try {
    expect(await verifyLake(lake, { deep: true })).toEqual([]);
    return lake.recovery;
  } finally {
    await lake.close();
  }
}

describe("opening a lake for writing", () => {
  test("repairs nothing where nothing is wrong", () =>
    withClosedLake(async (_lake, workspace) => {
      expect(await recovered(workspace)).toEqual(nothingRecovered);
    }));

  test("shows again what is missing, differs or was added in public folders", () =>
    withClosedLake(async (lake, workspace) => {
      const folder = lake.folder;
      rmSync(join(folder, "2026-10-01"), { recursive: true });
      rmSync(join(folder, "2026-11-01/orders/p=1"), { recursive: true });
      rmSync(join(folder, "latest/orders.csv"));
      writeFileSync(join(folder, "latest/orders.csv"), "not ours");
      await writeBelow(folder, "latest/stock/_SUCCESS", "");
      rmSync(join(folder, "catalog.json"));
      const { projected, rescued } = await recovered(workspace);
      expect([...projected].sort()).toEqual([
        "2026-10-01/_runs/sales.json",
        "2026-10-01/orders",
        "2026-10-01/orders.csv",
        "2026-10-01/stock",
        "2026-11-01/orders",
        "catalog.json",
        "latest/orders.csv",
        "latest/stock",
      ]);
      expect(rescued).toHaveLength(2);
      const places = (await listFiles(lake.paths.foreign)).map((path) => path.replace(/^\w+\//, ""));
      expect(places.sort()).toEqual(["latest/orders.csv", "latest/stock/_SUCCESS"]);
    }));

  test("looks into older dates only where they changed at the top, or verify found fault", () =>
    withClosedLake(async (lake, workspace) => {
      await recovered(workspace);
      const [part] = await listFiles(join(lake.folder, "2026-10-01/orders"));
      rmSync(join(lake.folder, "2026-10-01/orders", part!));
      const isDeep = part!.includes("/");
      const quick = await openLake(workspace);
      expect(quick.recovery.projected).toEqual(isDeep ? [] : ["2026-10-01/orders"]);
      const problems = await verifyLake(quick, { deep: false });
      expect(problems.map(({ code }) => code)).toEqual(isDeep ? ["public-missing"] : []);
      await quick.close();
      expect((await recovered(workspace)).projected).toEqual(isDeep ? ["2026-10-01/orders"] : []);
      rmSync(join(lake.folder, "2026-10-01/orders.csv"));
      expect((await recovered(workspace)).projected).toEqual(["2026-10-01/orders.csv"]);
    }));

  test("keeps no second copy of a lake whose modes, times and links were lost", () =>
    withClosedLake(async (lake, workspace) => {
      const files = await listFiles(lake.folder);
      for (const file of files.filter((path) => !path.startsWith("."))) {
        const path = join(lake.folder, file);
        const content = readFileSync(path);
        rmSync(path);
        writeFileSync(path, content);
      }
      await writeBelow(lake.folder, "2026-11-01/orders/mine.txt", "a user's");
      const { rescued } = await recovered(workspace);
      expect(rescued.map((path) => readFileSync(path, "utf8"))).toEqual(["a user's"]);
    }));

  test("puts a public folder back that an end between the two renames left out", () =>
    withClosedLake(async (lake, workspace) => {
      const old = join(lake.paths.tmp, "old-1/2026-11-01");
      mkdirSync(old, { recursive: true });
      writeFileSync(join(lake.folder, "2026-11-01/orders/mine.txt"), "a user's");
      renameSync(join(lake.folder, "2026-11-01/orders"), join(old, "orders"));
      const { projected, rescued } = await recovered(workspace);
      expect(projected).toEqual(["2026-11-01/orders"]);
      expect(rescued.map((path) => readFileSync(path, "utf8"))).toEqual(["a user's"]);
      expect(readdirSync(lake.paths.tmp)).toEqual([]);
    }));

  test("shows what was committed and not yet projected, and removes what is public no longer", () =>
    withClosedLake(async (lake, workspace) => {
      const before = join(workspace, "before");
      for (const name of ["2026-11-01", "latest"])
        cpSync(join(lake.folder, name), join(before, name), { recursive: true });
      const writer = await openLake(workspace);
      await storeAndPublish(writer, { dataset: "stock", files: { "parquet/new": "new" } });
      await writer.close();
      for (const name of ["2026-11-01", "latest"]) {
        rmSync(join(lake.folder, name), { recursive: true });
        renameSync(join(before, name), join(lake.folder, name));
      }
      const { projected, removed } = await recovered(workspace);
      expect(projected).toContain("latest/stock");
      expect(removed).toEqual(["2026-11-01/orders", "2026-11-01/orders.csv"]);
    }));

  test("sweeps builds, temporary files and versions that no entry names", () =>
    withClosedLake(async (lake, workspace) => {
      const orphan = await storeOrphan(workspace);
      await writeBelow(lake.paths.build, "abc/parquet/half.parquet", "PAR1");
      await writeBelow(lake.paths.tmp, "new-1/orders/part", "1");
      expect((await recovered(workspace)).swept).toEqual([".lake/build/abc", `.lake/versions/${orphan}`]);
      expect(readdirSync(lake.paths.build)).toEqual([]);
      expect(readdirSync(lake.paths.tmp)).toEqual([]);
    }));

  test("leaves everything alone that it did not make", () =>
    withClosedLake(async (lake, workspace) => {
      const files = [
        "notes.txt",
        "2026-11-01/notes.txt",
        "2025-01-01/orders/part.parquet",
        "latest/mine/a.csv",
        "archive/2020/x",
        ".lake/runs/1/run.json",
        ".lake/scratch/x",
      ];
      for (const file of files) await writeBelow(lake.folder, file, "mine");
      expect(await recovered(workspace)).toEqual(nothingRecovered);
      for (const file of files) expect(readFileSync(join(lake.folder, file), "utf8")).toBe("mine");
    }));

  test("goes back to the entry before a last one that cannot be read", () =>
    withClosedLake(async (lake, workspace) => {
      truncateSync(entryFile(lake.paths.log, 6), 100);
      const { movedAside, removed } = await recovered(workspace);
      expect(movedAside).toHaveLength(1);
      // Its date is unknown to the log now, so its folder is nobody's: only latest and the catalog follow.
      expect(removed).toEqual([]);
      const reader = await openLake(workspace);
      expect(reader.resolve("orders")?.runDate).toBe("2026-10-01");
      await reader.close();
    }));

  test("says so where the log is gone and the catalog tells of run dates", () =>
    withClosedLake(async (lake, workspace) => {
      rmSync(lake.paths.control, { recursive: true });
      const { problems } = await recovered(workspace);
      expect(problems).toEqual([
        expect.stringMatching(/^"catalog.json" lists 2 datasets, .* restore data_lake\/.lake from a backup/),
      ]);
    }));

  test("opens with a version that is damaged, says so, and leaves its public folder", () =>
    withClosedLake(async (lake, workspace) => {
      const { version } = lake.resolve("orders")!;
      rmSync(join(lake.versionFolder("orders", version), "manifest.json"));
      const writer = await openLake(workspace);
      expect(writer.recovery.problems[0]).toContain("manifest.json");
      expect(await listFiles(join(lake.folder, "latest"))).toContain("orders.csv");
      const codes = (await verifyLake(writer, { deep: false })).map((problem) => problem.code);
      expect(codes).toEqual(["version-damaged"]);
      await writer.close();
    }));

  test("is a matter of names and stamps where links cannot be made and copies stand for them", () =>
    withClosedLake(async (lake, workspace) => {
      const shown = join(lake.folder, "2026-11-01/orders.csv");
      const { version } = lake.resolve("orders")!;
      rmSync(shown);
      cpSync(join(lake.versionFolder("orders", version), "orders.csv"), shown, { preserveTimestamps: true });
      expect(await recovered(workspace)).toEqual(nothingRecovered);
    }));
});

/** A version whose store entry was never committed. */
async function storeOrphan(workspace: string): Promise<string> {
  const lake = await openLake(workspace);
  const { dataset, version, seq } = await storeVersion(lake, { dataset: "orphan" });
  await lake.close();
  rmSync(entryFile(lake.paths.log, seq));
  return `${dataset}/${version}`;
}
