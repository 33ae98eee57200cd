import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { OutsideEdits } from "../../../server/analysis/outside-edits.js";
import type { NotebookView } from "../../../server/api/protocol.js";
import type { HistoryEntry } from "../../../server/workspace/history/history-line.js";
import { lakebook } from "../../support/cli.js";
import { withWorkspace } from "../../support/workspace.js";
import { at, notebook, useApi, type Json } from "./harness.js";

const first = `\uFEFF${notebook({ "cell: one": "SELECT 1 AS n", "cell: two": "SELECT n + 1 AS m FROM one" }).replaceAll("\n", "\r\n")}`;
const second = first.replace("n + 1", "n + 2").replace("SELECT 1", "SELECT 10");

const shared = useApi({ "notebooks/sales.md": first });

async function entries(name = "sales"): Promise<HistoryEntry[]> {
  const { body } = await shared.api.json<{ entries: HistoryEntry[] }>(
    "GET",
    `/api/notebooks/${name}/history`,
  );
  return body.entries;
}

function onDisk(name = "sales"): Promise<string> {
  return readFile(join(shared.api.root, `notebooks/${name}.md`), "utf8");
}

async function save(text: string): Promise<void> {
  const headers = { "if-match": "*" };
  const { status } = await shared.api.json("PUT", "/api/notebooks/sales", { body: { text }, headers });
  expect(status).toBe(200);
}

function post(path: string, body: Json) {
  return shared.api.json("POST", `/api/notebooks/${path}`, { body });
}

describe("the history of a notebook", () => {
  test("has what was there before the first save, each save and run, and what another program wrote", async () => {
    await save(second);
    const run = await shared.api.run("sales");
    const file = join(shared.api.root, "notebooks/sales.md");
    await writeFile(file, `${second}\r\nby another program\r\n`);
    const { workspace, notebooks, logger } = shared.api.services;
    const outside = new OutsideEdits(workspace, notebooks, logger);
    await outside.noteAll();
    const seen = await entries();
    expect(seen.map(({ kind, by, run: id }) => [kind, by, id])).toEqual([
      ["save", undefined, undefined],
      ["run", "owner", run.id],
      ["save", "owner", undefined],
      ["save", undefined, undefined],
    ]);
    const { etag } = (await shared.api.json<NotebookView>("GET", "/api/notebooks/sales")).body;
    expect(seen[0]?.etag).toBe(etag);
  });

  test("shows a text, and compares it by cell with what is there", async () => {
    const oldest = (await entries()).at(-1)?.id ?? "";
    const shown = await shared.api.json("GET", `/api/notebooks/sales/history/${oldest}`);
    expect(shown.body["text"]).toBe(first);
    const diff = await shared.api.json("GET", `/api/notebooks/sales/history/${oldest}/diff`);
    expect(diff.body).toMatchObject({
      from: oldest,
      to: "now",
      changes: [
        { cell: null },
        { cell: "one", before: expect.stringContaining("SELECT 1 ") as string },
        { cell: "two", after: expect.stringContaining("n + 2") as string },
      ],
    });
  });

  test("restores one cell and the whole, byte for byte, by the etag that was looked at", async () => {
    const oldest = (await entries()).at(-1)?.id ?? "";
    const path = `sales/history/${oldest}/restore`;
    const now = await onDisk();
    const stale = await post(path, { etag: "stale" });
    expect([stale.status, at(stale.body, "error", "code")]).toEqual([412, "conflict"]);
    expect((await post(path, { etag: "*", cell: "thre" })).status).toBe(404);
    expect((await post(path, { etag: "*", cell: "one" })).status).toBe(200);
    expect(await onDisk()).toBe(now.replace("SELECT 10", "SELECT 1"));
    const { etag } = (await shared.api.json<NotebookView>("GET", "/api/notebooks/sales")).body;
    expect((await post(path, { etag })).status).toBe(200);
    expect(await onDisk()).toBe(first);
    const [whole, cell] = await entries();
    expect([whole?.restored, cell?.restored, whole?.by]).toEqual([oldest, oldest, "owner"]);
    const audited = await shared.api.json("GET", "/api/audit?what=restore+text");
    expect(audited.body["entries"]).toMatchObject([{ entry: oldest }, { entry: oldest, cell: "one" }]);
  });

  test("goes with a new name, and begins anew with a copy", async () => {
    const before = await entries();
    expect((await post("sales/move", { newName: "team/sales" })).status).toBe(200);
    expect(await entries("team%2Fsales")).toEqual(before);
    expect((await post("team%2Fsales/duplicate", { newName: "copy" })).status).toBe(201);
    expect((await entries("copy")).map(({ by }) => by)).toEqual(["owner"]);
  });
});

test("lakebook history lists, shows, compares and restores without a server", () =>
  withWorkspace({ "notebooks/sales.md": first }, async (workspace) => {
    const call = (...args: readonly string[]) => lakebook(["history", "sales", ...args], { workspace });
    expect((await call()).stdout).toContain("Nothing was saved or run yet.");
    expect((await lakebook(["run", "sales"], { workspace })).code).toBe(0);
    await workspace.write("notebooks/sales.md", second);
    const listed = (await call("--json")).json() as { readonly entries: readonly HistoryEntry[] };
    expect(listed.entries).toMatchObject([{ kind: "run", by: "owner" }]);
    const { id = "" } = listed.entries[0] ?? {};
    expect((await call("--show", id)).stdout).toBe(first);
    const diff = (await call("--diff", id)).stdout;
    expect(diff).toContain("── two\n");
    expect(diff).toContain("- SELECT n + 1 AS m FROM one\n+ SELECT n + 2 AS m FROM one\n");
    expect(await call("--restore", id, "--cell", "two")).toMatchObject({ code: 0 });
    expect(await readFile(join(workspace.root, "notebooks/sales.md"), "utf8")).toBe(
      second.replace("n + 2", "n + 1"),
    );
    expect(await call("--restore", id)).toMatchObject({ code: 0 });
    expect((await call()).stdout).toMatch(/owner +restored .*as it is now/);
    expect((await call("--show", "nothing")).code).not.toBe(0);
    expect(await call("--show", id, "--restore", id)).toMatchObject({ code: 2 });
  }));
