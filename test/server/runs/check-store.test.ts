import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CheckStore } from "../../../server/runs/check-store.js";
import { withFolder } from "../../support/with-engine.js";

test("old findings go, and failing rows that nothing names any longer", () =>
  withFolder(async (folder) => {
    const store = new CheckStore(folder);
    const addRows = async (name: string): Promise<string> => {
      await mkdir(join(folder, "rows", name), { recursive: true });
      const file = join(folder, "rows", name, "failures.parquet");
      await writeFile(file, "rows");
      return file;
    };
    const finding = (file: string) => ({ name: "unique id", failures: 1, message: "1 row", file });
    await store.keep("old", finding(await addRows("of-old")));
    await utimes(join(folder, "old"), 1, 1);
    await store.keep("new", finding(await addRows("of-new")));
    await addRows("of-nobody");
    await addRows("of-a-run");

    await store.sweep(new Date(1_000_000), new Set(["/another/path/rows/of-a-run/failures.parquet"]));

    expect(await store.find("old")).toBeUndefined();
    expect(await store.find("new")).toMatchObject({ failures: 1 });
    expect((await readdir(join(folder, "rows"))).sort()).toEqual(["of-a-run", "of-new"]);
  }));

test("a finding that is known is what stands on the disk: another one, or none", () =>
  withFolder(async (folder) => {
    const store = new CheckStore(folder);
    const keep = (other: CheckStore, failures: number) =>
      other.keep("f", { name: "unique id", failures, message: `${String(failures)} rows` });
    await keep(store, 1);
    expect(await store.find("f")).toMatchObject({ failures: 1 });
    expect(await store.find("f")).toMatchObject({ failures: 1 });

    await keep(new CheckStore(folder), 2);
    expect(await store.find("f")).toMatchObject({ failures: 2 });

    await new CheckStore(folder).sweep(new Date(Date.now() + 60_000), new Set());
    expect(await store.find("f")).toBeUndefined();
  }));

test("a workspace without checks has nothing to sweep", () =>
  withFolder(async (folder) => {
    await new CheckStore(join(folder, "checks")).sweep(new Date(), new Set());
  }));
