import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listPublishedDatasets } from "../../../server/rows/published-datasets.js";
import { leaseResult, leaseVersion } from "../../../server/rows/stored-rows.js";
import { filesOf } from "../../../server/runs/run-context.js";
import { ResultStore } from "../../../server/runs/result-store.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { cellOf, useRuns } from "../../support/workspace-runs.js";

const withRuns = useRuns();

const files = {
  "notebooks/sales.md": notebook({
    orders: dataset("SELECT 1::BIGINT AS id, 1.50::DECIMAL(9, 2) AS price, 'a'::ENUM('a') AS size"),
    names: "SELECT 'x' AS name, [id] AS list FROM orders",
  }),
};

const kinds = (columns: readonly { readonly name: string; readonly kind: string }[]): string[] =>
  columns.map(({ name, kind }) => `${name} ${kind}`);

test("what is stored tells the kinds of its columns, and is read where an earlier version did not", () =>
  withRuns(files, async (runs) => {
    const view = await runs.run();
    const { version = "" } = cellOf(view, "orders");
    const manifest = await runs.lake.manifest("orders", version);
    const stored = ["id integer", "price decimal", "size text"];
    expect(manifest.columns.map(({ name, kind }) => `${name} ${String(kind)}`)).toEqual(stored);
    const earlier = { ...manifest, columns: manifest.columns.map(({ kind: _, ...column }) => column) };
    expect(kinds(filesOf(runs.lake, earlier).columns)).toEqual(stored);
    const rows = await leaseVersion(runs.lake, "orders", version);
    expect(kinds(rows.columns)).toEqual(stored);
    rows.lease.release();

    const { fingerprint = "" } = cellOf(view, "names");
    const results = new ResultStore(runs.lake);
    const folder = join(
      results.folder,
      (await readdir(results.folder)).find((name) => name.startsWith(fingerprint)) ?? "",
    );
    const description = join(folder, "result.json");
    const text = await readFile(description, "utf8");
    expect(text).toContain('"kind":"list"');
    for (const described of [text, text.replaceAll(/,"kind":"\w+"/g, "")]) {
      await writeFile(description, described);
      const kept = await leaseResult(new ResultStore(runs.lake), fingerprint);
      expect(kinds(kept?.columns ?? [])).toEqual(["name text", "list list"]);
      kept?.lease.release();
    }
  }));

test("a list of the lake tells the kinds", () =>
  withRuns(files, async (runs) => {
    await runs.materialize();
    const [listed] = await listPublishedDatasets(runs.lake);
    expect(kinds(listed?.columns ?? [])).toEqual(["id integer", "price decimal", "size text"]);
  }));
