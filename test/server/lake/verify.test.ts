import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkpointFile } from "../../../server/lake/checkpoint.js";
import { Lake } from "../../../server/lake/lake.js";
import { entryFile, formatEntry, readEntry } from "../../../server/lake/log-file.js";
import type { PublishEntry } from "../../../server/lake/model.js";
import { verifyLake } from "../../../server/lake/verify.js";
import { storeAndPublish, storeVersion, withLake, writeBelow } from "./lake-fixture.js";
import { listFiles, overwrite } from "./tree-fixture.js";

interface Published {
  readonly lake: Lake;
  readonly folder: string;
  readonly version: string;
  /** The folder of the version. */
  readonly stored: string;
}

/** A lake with input, one draft and one published dataset. */
async function withPublished(test: (published: Published) => Promise<void>): Promise<void> {
  await withLake(async (lake, workspace) => {
    const absolutePath = await writeBelow(workspace, "input/a.json", "[1]");
    const input = await lake.pinInput({ absolutePath, path: "input/a.json", snapshot: true });
    await storeVersion(lake, { dataset: "draft" });
    const files = { "parquet/p=1/a.parquet": "aaaa", "orders.csv": "id\n" };
    const options = { files, draft: { formats: ["parquet", "csv"], inputs: [input] } } as const;
    const { datasets } = await storeAndPublish(lake, options, { inputs: [input], record: { cells: [] } });
    const version = datasets[0]!.version;
    await test({ lake, folder: lake.folder, version, stored: lake.versionFolder("orders", version) });
  });
}

async function findProblems(lake: Lake, deep = true): Promise<string[]> {
  return (await verifyLake(lake, { deep })).map(({ code, path }) => `${code} ${path}`).sort();
}

describe("verifyLake", () => {
  test("finds nothing in a lake that is as its log says, in read mode too", () =>
    withPublished(async ({ lake, folder }) => {
      expect(await findProblems(lake)).toEqual([]);
      const before = await listFiles(join(folder, ".lake"));
      expect(await findProblems(await Lake.open(folder, { mode: "read" }))).toEqual([]);
      expect(await listFiles(join(folder, ".lake"))).toEqual(before);
    }));

  test("finds a public file that was edited in place by its hash, and names the version as well", () =>
    withPublished(async ({ lake, folder, version }) => {
      overwrite(join(folder, "2026-11-01/orders/p=1/a.parquet"), "bbbb");
      expect(await findProblems(lake, false)).toEqual([]);
      expect(await findProblems(lake)).toEqual([
        `file-differs data_lake/.lake/versions/orders/${version}/parquet/p=1/a.parquet`,
        "public-differs data_lake/2026-11-01/orders/p=1/a.parquet",
        "public-differs data_lake/latest/orders/p=1/a.parquet",
      ]);
    }));

  test("finds a file of another size without reading it", () =>
    withPublished(async ({ lake, stored }) => {
      overwrite(join(stored, "orders.csv"), "");
      expect((await findProblems(lake, false)).map((problem) => problem.split(" ")[0])).toEqual([
        "file-differs",
        "public-differs",
        "public-differs",
      ]);
    }));

  test("finds a version's file that is missing or extra", () =>
    withPublished(async ({ lake, stored, version }) => {
      rmSync(join(stored, "orders.csv"));
      writeFileSync(join(stored, "parquet/extra"), "");
      expect((await findProblems(lake, false)).filter((problem) => problem.includes("versions"))).toEqual([
        `file-extra data_lake/.lake/versions/orders/${version}/parquet/extra`,
        `file-missing data_lake/.lake/versions/orders/${version}/orders.csv`,
      ]);
    }));

  test("finds a manifest that is missing or was edited", () =>
    withPublished(async ({ lake, stored, version }) => {
      const manifest = join(stored, "manifest.json");
      overwrite(manifest, readFileSync(manifest, "utf8").replace("SELECT 1", "SELECT 2"));
      expect(await findProblems(lake)).toEqual([
        `version-damaged data_lake/.lake/versions/orders/${version}/manifest.json`,
      ]);
      rmSync(manifest);
      expect(await findProblems(lake)).toEqual([
        `version-damaged data_lake/.lake/versions/orders/${version}/manifest.json`,
      ]);
    }));

  test("finds public files that are missing, extra, or other files", () =>
    withPublished(async ({ lake, folder }) => {
      rmSync(join(folder, "latest/orders.csv"));
      rmSync(join(folder, "2026-11-01/orders/p=1"), { recursive: true });
      await writeBelow(folder, "latest/orders/p=1/b.parquet", "");
      rmSync(join(folder, "2026-11-01/orders.csv"));
      writeFileSync(join(folder, "2026-11-01/orders.csv"), "id,id\n");
      writeFileSync(join(folder, "latest/draft.csv"), "nobody's");
      expect(await findProblems(lake, false)).toEqual([
        "public-differs data_lake/2026-11-01/orders.csv",
        "public-extra data_lake/latest/orders/p=1/b.parquet",
        "public-missing data_lake/2026-11-01/orders/p=1/a.parquet",
        "public-missing data_lake/latest/orders.csv",
      ]);
    }));

  test("finds a copy that was changed and kept its size and time", () =>
    withPublished(async ({ lake, folder, stored }) => {
      const shown = join(folder, "latest/orders.csv");
      rmSync(shown);
      copyFileSync(join(stored, "orders.csv"), shown);
      expect(await findProblems(lake, false)).toEqual(["public-differs data_lake/latest/orders.csv"]);
    }));

  test("finds a dataset that is public no longer and still there", () =>
    withPublished(async ({ lake, folder }) => {
      await storeAndPublish(lake, { dataset: "stock" });
      await writeBelow(folder, "2026-11-01/orders.csv", "id\n");
      expect(await findProblems(lake)).toEqual(["public-extra data_lake/2026-11-01/orders.csv"]);
    }));

  test("finds pinned input that is missing or was changed", () =>
    withPublished(async ({ lake }) => {
      const input = lake.publications()[0]!.inputs[0]!;
      overwrite(lake.inputFile(input.sha256), "[2]");
      expect((await verifyLake(lake, { deep: false })).length).toBe(0);
      expect(await findProblems(lake)).toEqual([`input-differs data_lake/.lake/inputs/${input.sha256}`]);
      rmSync(lake.inputFile(input.sha256));
      expect(await findProblems(lake, false)).toContain(
        `input-missing data_lake/.lake/inputs/${input.sha256}`,
      );
    }));

  test("finds a record or catalog that is not current", () =>
    withPublished(async ({ lake, folder }) => {
      overwrite(join(folder, "catalog.json"), "{}");
      overwrite(join(folder, "2026-11-01/_runs/sales.json"), "{}");
      expect(await findProblems(lake)).toEqual([
        "catalog-differs data_lake/catalog.json",
        "public-differs data_lake/2026-11-01/_runs/sales.json",
      ]);
    }));

  test("finds damage in the log that came after it was read", () =>
    withPublished(async ({ lake }) => {
      overwrite(entryFile(lake.paths.log, 2), "");
      expect(await findProblems(lake)).toEqual(["log-damaged data_lake/.lake/log/00000000000000000002.json"]);
      rmSync(entryFile(lake.paths.log, 2));
      expect(await findProblems(lake)).toEqual(["log-damaged data_lake/.lake/log/00000000000000000002.json"]);
    }));

  test("finds an entry that was exchanged for another whole one", () =>
    withPublished(async ({ lake }) => {
      const read = readEntry(lake.paths.log, 3);
      const { entry } = read as { entry: PublishEntry };
      overwrite(entryFile(lake.paths.log, 3), formatEntry({ ...entry, run: "another" }));
      expect(await findProblems(lake)).toContain("log-damaged data_lake/.lake/log");
    }));

  test("finds a checkpoint that is not what the log says", () =>
    withPublished(async ({ lake }) => {
      writeFileSync(checkpointFile(lake.paths.log), "");
      expect(await findProblems(lake)).toEqual(["checkpoint-wrong data_lake/.lake/log/checkpoint.json"]);
    }));

  test("finds a version folder that no entry names", () =>
    withPublished(async ({ lake }) => {
      await writeBelow(lake.paths.versions, "orders/x/manifest.json", "{}");
      expect(await findProblems(lake)).toEqual(["file-extra data_lake/.lake/versions/orders/x"]);
    }));

  test("says what is wrong and what to do", () =>
    withPublished(async ({ lake, folder }) => {
      chmodSync(folder, 0o755);
      rmSync(join(folder, "latest/orders.csv"));
      expect(await verifyLake(lake, { deep: true })).toEqual([
        {
          code: "public-missing",
          path: "data_lake/latest/orders.csv",
          message: '"data_lake/latest/orders.csv" is missing',
          hint: "It is repaired when the lake is next opened for writing.",
        },
      ]);
    }));

  test("names the run date whose materialization computes a damaged version again, or says that nothing needs it", () =>
    withPublished(async ({ lake, stored }) => {
      rmSync(join(stored, "orders.csv"));
      const hintOf = async (code: string): Promise<string | undefined> =>
        (await verifyLake(lake, { deep: false })).find((problem) => problem.code === code)?.hint;
      expect(await hintOf("file-missing")).toBe(
        "Restore it from a backup, or compute it again: lakebook materialize sales --date 2026-11-01 --input pinned --force",
      );
      expect(await hintOf("public-differs")).toContain("once the file in data_lake/.lake is restored");
      await storeAndPublish(lake, { files: { "parquet/a.parquet": "other" } });
      expect(await hintOf("file-missing")).toContain("Nothing that is published now needs it");
    }));

  test("says of pinned input which delivery it is, and how it comes back", () =>
    withPublished(async ({ lake }) => {
      rmSync(lake.inputFile(lake.publications()[0]!.inputs[0]!.sha256));
      const problems = await verifyLake(lake, { deep: false });
      expect(problems.find(({ code }) => code === "input-missing")?.hint).toBe(
        'It is "input/a.json". Deliver it for 2026-11-01 again, from data_lake/2026-11-01/initial_datasets if that is still there, and materialize that date with --input current.',
      );
    }));

  test("says that the log has to be restored where a publication names a version that it does not have", () =>
    withPublished(async ({ lake, folder }) => {
      const { publication: last } = lake.resolve("orders")!;
      const entry = {
        ...last,
        seq: lake.state.seq + 1,
        txn: "t2",
        datasets: { orders: "20260101T000000000Z-00000000" },
      };
      writeFileSync(entryFile(lake.paths.log, entry.seq), formatEntry(entry));
      const reader = await Lake.open(folder, { mode: "read" });
      const problems = await verifyLake(reader, { deep: false });
      expect(problems.find(({ code }) => code === "unknown-version")?.hint).toContain(
        "Restore data_lake/.lake/log",
      );
      await expect(reader.manifest("orders", entry.datasets.orders)).rejects.toMatchObject({
        code: "damaged",
        message: '"orders/20260101T000000000Z-00000000" was published, and the log does not have it',
        hint: expect.stringContaining("lakebook materialize sales --date 2026-11-01") as string,
      });
    }));
});
