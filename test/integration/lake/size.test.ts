import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sha256 } from "../../../server/base/hash.js";
import { checkpointFile } from "../../../server/lake/checkpoint.js";
import { Lake } from "../../../server/lake/lake.js";
import { entryFile, formatEntry } from "../../../server/lake/log-file.js";
import type { LogEntry } from "../../../server/lake/model.js";
import { verifyLake } from "../../../server/lake/verify.js";
import { countWork } from "../../support/count-work.js";
import { openLake, publish, storeVersion, withFolder, withLake } from "../../server/lake/lake-fixture.js";

const ENTRIES = 50_000;

async function timed<T>(action: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const start = performance.now();
  const value = await action();
  return { value, ms: Math.round(performance.now() - start) };
}

/** Versions that were stored and, all but the last thousand, expired. */
function writeLongLog(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const at = "2026-11-01T06:00:00.000Z";
  const [contentHash, manifestSha256] = [sha256("content"), sha256("manifest")];
  for (let seq = 1; seq <= ENTRIES; seq++) {
    const version = `v${seq}`;
    const names = { dataset: "orders", version, fingerprint: `f${seq}`, notebook: "sales" };
    const entry: LogEntry =
      seq % 1000 === 0
        ? {
            format: 1,
            seq,
            at,
            type: "expire",
            publications: [],
            versions: [{ dataset: "orders", version: `v${seq - 1}` }],
          }
        : { format: 1, seq, at, type: "store", ...names, rows: 1, bytes: 1, contentHash, manifestSha256 };
    writeFileSync(entryFile(folder, seq), formatEntry(entry));
  }
}

test(
  `a lake with ${ENTRIES} entries opens by its checkpoint, and not by reading them all`,
  { timeout: 180_000 },
  () =>
    withFolder(async (workspace) => {
      const folder = join(workspace, "data_lake");
      writeLongLog(join(folder, ".lake/log"));
      const first = await timed(() => openLake(workspace));
      await first.value.close();
      const again = await timed(() => openLake(workspace));
      await again.value.close();
      expect(again.value.state.toFolded()).toEqual(first.value.state.toFolded());
      const openToRead = async (): Promise<void> => {
        const { state } = await Lake.open(folder, { mode: "read" });
        expect(state.seq).toBe(ENTRIES);
        expect(state.toFolded()).toEqual(first.value.state.toFolded());
      };
      const some = await countWork(openToRead);
      rmSync(checkpointFile(join(folder, ".lake/log")));
      const all = await countWork(openToRead);
      console.log("long log", { "first, ms": first.ms, "again, ms": again.ms, "work, calls": { some, all } });
      expect(some).toBeLessThan(all / 2);
    }),
);

test("a dataset of 1,000 partitions is stored, published, replaced and proved", { timeout: 60_000 }, () =>
  withLake(async (lake) => {
    const files = Object.fromEntries(
      [...Array(1000).keys()].map((index) => [`parquet/p=${index}/part-${index}.parquet`, `${index}`]),
    );
    const stored = await timed(() => storeVersion(lake, { files }));
    const published = await timed(() => publish(lake, { datasets: { orders: stored.value.version } }));
    const next = await storeVersion(lake, { files: { ...files, "parquet/p=1000/part.parquet": "" } });
    const replaced = await timed(() => publish(lake, { datasets: { orders: next.version } }));
    const noop = await timed(() => publish(lake, { datasets: { orders: next.version } }));
    const verified = await timed(() => verifyLake(lake, { deep: true }));
    expect(verified.value).toEqual([]);
    expect(noop.value.isNoop).toBe(true);
    console.log("1,000 partitions, ms", {
      store: stored.ms,
      publish: published.ms,
      replace: replaced.ms,
      noop: noop.ms,
      verify: verified.ms,
    });
  }),
);

test("few open files are enough for many", { timeout: 60_000 }, () =>
  withFolder(async (workspace) => {
    const fixture = JSON.stringify(new URL("../../server/lake/lake-fixture.ts", import.meta.url).pathname);
    // Node's own loading of modules opens many at once: the files become few behind it.
    const script = `
      import { closeSync, openSync } from "node:fs";
      import { openLake, publish, storeVersion } from ${fixture};
      const taken = [];
      try {
        for (;;) taken.push(openSync("/dev/null"));
      } catch {
        for (const file of taken.splice(-40)) closeSync(file);
      }
      const lake = await openLake(process.argv[1]);
      const files = Object.fromEntries([...Array(500).keys()].map((index) => ["parquet/" + index, "x"]));
      const { version } = await storeVersion(lake, { files });
      await publish(lake, { datasets: { orders: version } });
      await lake.close();`;
    const command = `ulimit -n 1024; exec "$0" --import tsx --input-type=module --eval "$1" "$2"`;
    execFileSync("sh", ["-c", command, process.execPath, script, workspace], { stdio: "pipe" });
    const lake = await openLake(workspace);
    expect((await lake.manifest("orders", lake.resolve("orders")!.version)).files).toHaveLength(500);
    await lake.close();
  }),
);
