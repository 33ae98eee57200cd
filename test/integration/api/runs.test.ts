import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RunView } from "../../../server/runs/run-record.js";
import { endless, notebook, useApi } from "./harness.js";

const shared = useApi({
  "notebooks/sales.md": notebook(
    {
      "cell: orders\n--| materialize: parquet\n--| checks:\n--|   - row_count: {min: 1}":
        "FROM read_csv('input/orders.csv')",
      "cell: doubled": "SELECT id * $factor AS twice FROM orders",
    },
    "title: Sales\nparameters:\n  factor: {type: integer, default: 2}",
  ),
  "notebooks/broken.md": notebook({ "cell: good": "SELECT 1 AS n", "cell: bad": "SELECT * FROM nowhere" }),
  "notebooks/inlined.md": notebook({
    "cell: numbers": "SELECT range AS i FROM range(3)",
    "cell: copied": "SELECT * FROM numbers",
  }),
  "notebooks/endless.md": notebook({ "cell: waits": endless }),
  "notebooks/strict.md": notebook({
    "cell: totals\n--| materialize: parquet\n--| checks:\n--|   - range: {column: n, min: 5}":
      "SELECT 1 AS n",
  }),
  "input/orders.csv": "id,city\n1,BCN\n2,MAD\n",
});

function post(path: string, body: Readonly<Record<string, unknown>> = {}) {
  return shared.api.json("POST", path, { body });
}

describe("POST /api/notebooks/:name/runs", () => {
  test("runs and can be followed until its end", async () => {
    const started = await post("/api/notebooks/sales/runs");
    expect(started.status).toBe(202);
    const id = started.body["id"] as string;
    const { status, body } = await shared.api.json<RunView>("GET", `/api/runs/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, notebook: "sales", isRunning: true, outcome: "none" });
    const ended = await shared.api.ended(id);
    expect(ended).toMatchObject({ outcome: "succeeded", isRunning: false, published: [] });
    expect((await shared.api.json("GET", `/api/runs/${id}`)).body).toEqual(JSON.parse(JSON.stringify(ended)));
  });

  test("publishes when told to, under the run date", async () => {
    const view = await shared.api.run("sales", { date: "2026-11-01", materialize: true });
    expect(view).toMatchObject({
      mode: "materialize",
      date: "2026-11-01",
      published: [{ dataset: "orders", path: "data_lake/2026-11-01/orders", rows: 2 }],
    });
  });

  test("takes parameters and cells", async () => {
    const view = await shared.api.run("sales", { parameters: { factor: 10 }, cells: ["doubled"] });
    expect(view).toMatchObject({ parameters: { factor: 10 }, targets: ["doubled"] });
    const { body } = await shared.api.json("GET", "/api/notebooks/sales/cells/doubled/rows");
    expect(body["rows"]).toEqual([["10"], ["20"]]);
  });

  test("runs what can be run of a notebook with errors, unless it is strict or materializes", async () => {
    const view = await shared.api.run("broken");
    expect(view.cells.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["good", "succeeded"],
      ["bad", "failed"],
    ]);
    for (const body of [{ strict: true }, { materialize: true }]) {
      const answer = await post("/api/notebooks/broken/runs", body);
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({
        error: { code: "invalid-notebook", diagnostics: [{ code: "unknown-table", cell: "bad" }] },
      });
      const plan = await post("/api/notebooks/broken/plan", body);
      expect(plan).toMatchObject({ status: 200, body: { problem: { code: "invalid-notebook" } } });
    }
    const only = await shared.api.run("broken", { strict: true, cells: ["good"] });
    expect(only.outcome).toBe("succeeded");
  });

  test("asks which input is meant when a date was published from other input", async () => {
    await shared.api.run("sales", { date: "2026-10-01", materialize: true });
    await writeFile(join(shared.api.root, "input/orders.csv"), "id,city\n1,BCN\n2,MAD\n3,VLC\n");
    const body = { date: "2026-10-01", materialize: true };
    const answer = await post("/api/notebooks/sales/runs", body);
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      error: { code: "choice-needed", details: { files: ["input/orders.csv"] } },
    });
    const plan = await post("/api/notebooks/sales/plan", body);
    expect(plan).toMatchObject({
      status: 200,
      body: { problem: { code: "choice-needed", details: { files: ["input/orders.csv"] } } },
    });
    const pinned = await shared.api.run("sales", { ...body, input: "pinned" });
    expect(pinned.published).toMatchObject([{ rows: 2 }]);
    const current = await shared.api.run("sales", { ...body, input: "current" });
    expect(current.published).toMatchObject([{ rows: 3 }]);
  });

  test("a failed check publishes nothing", async () => {
    const view = await shared.api.run("strict", { materialize: true });
    expect(view).toMatchObject({
      outcome: "failed",
      published: [],
      checks: [{ outcome: "fail", failures: 1 }],
    });
  });
});

describe("POST /api/notebooks/:name/plan", () => {
  test("says what would be computed, and computes nothing", async () => {
    const before = (await shared.api.json("GET", "/api/runs")).body["runs"] as RunView[];
    const { status, body } = await post("/api/notebooks/sales/plan", { force: true, materialize: true });
    expect(status).toBe(200);
    expect(body["cells"]).toMatchObject([{ name: "orders", action: "run", reason: "forced" }]);
    expect((await shared.api.json("GET", "/api/runs")).body["runs"]).toHaveLength(before.length);
  });
});

describe("a plan after one cell was run", () => {
  test("knows its rows, though a query cell that it reads was only computed inside it", async () => {
    const read = await shared.api.json("GET", "/api/notebooks/inlined");
    const text = (read.body["text"] as string).replace("range(3)", "range(7)");
    const plan = async (): Promise<unknown> => (await post("/api/notebooks/inlined/plan")).body["cells"];
    await shared.api.ended((await post("/api/notebooks/inlined/runs")).body["id"] as string);
    await shared.api.json("PUT", "/api/notebooks/inlined", {
      body: { text },
      headers: { "if-match": read.body["etag"] as string },
    });
    expect(await plan()).toMatchObject([
      { name: "numbers", action: "run", reason: "SQL changed" },
      { name: "copied", action: "run", reason: "`numbers` changed" },
    ]);
    const { body } = await post("/api/notebooks/inlined/runs", { cells: ["copied"] });
    await shared.api.ended(body["id"] as string);
    expect(await plan()).toMatchObject([
      { name: "numbers", action: "run" },
      { name: "copied", action: "reuse" },
    ]);
  });
});

describe("a run that goes on", () => {
  test("is cancelled, though it would not end, and stays cancelled", async () => {
    const { body } = await post("/api/notebooks/endless/runs");
    const id = body["id"] as string;
    const cancelled = await post(`/api/runs/${id}/cancel`);
    expect(cancelled.body).toMatchObject({ outcome: "cancelled", isRunning: false });
    expect((await post(`/api/runs/${id}/cancel`)).body).toEqual(cancelled.body);
  });

  test("can be tried again, but not while it runs, nor when it has succeeded", async () => {
    const { body } = await post("/api/notebooks/endless/runs");
    const id = body["id"] as string;
    expect((await post(`/api/runs/${id}/retry`)).status).toBe(409);
    await post(`/api/runs/${id}/cancel`);
    const again = await post(`/api/runs/${id}/retry`);
    expect(again.status).toBe(202);
    expect(again.body).toEqual({ id });
    const view = await post(`/api/runs/${id}/cancel`);
    expect(view.body["attempts"]).toHaveLength(2);
    const done = await shared.api.run("broken", { cells: ["good"] });
    expect((await post(`/api/runs/${done.id}/retry`)).status).toBe(409);
  });

  test("that failed can be resumed, until its date is published by another", async () => {
    const date = "2026-09-01";
    expect((await shared.api.json("GET", `/api/notebooks/strict/resumable?date=${date}`)).body).toEqual({
      run: null,
    });
    const failed = await shared.api.run("strict", { date, materialize: true });
    const { body } = await shared.api.json("GET", `/api/notebooks/strict/resumable?date=${date}`);
    expect(body).toEqual({ run: { id: failed.id } });
    expect((await shared.api.json("GET", "/api/notebooks/strict/resumable?date=soon")).status).toBe(400);
    const name = join(shared.api.root, "notebooks/strict.md");
    await writeFile(name, notebook({ "cell: totals\n--| materialize: parquet": "SELECT 7 AS n" }));
    await shared.api.run("strict", { date, materialize: true });
    const retried = await post(`/api/runs/${failed.id}/retry`);
    expect(retried.status).toBe(409);
    expect(retried.body).toMatchObject({ error: { code: "conflict" } });
  });
});

describe("GET /api/runs", () => {
  test("lists the newest first, of one notebook if asked", async () => {
    const last = await shared.api.run("broken", { cells: ["good"] });
    const { body } = await shared.api.json("GET", "/api/runs?limit=3");
    const ids = (body["runs"] as RunView[]).map((run) => run.id);
    expect(ids).toHaveLength(3);
    expect(ids).toEqual([...ids].sort().reverse());
    const own = await shared.api.json("GET", "/api/runs?notebook=broken");
    const runs = own.body["runs"] as RunView[];
    expect(runs.every((run) => run.notebook === "broken")).toBe(true);
    expect(runs.map((run) => run.id)).toContain(last.id);
    expect((await shared.api.json("GET", "/api/runs?notebook=nothing")).body).toMatchObject({ runs: [] });
    expect((await shared.api.json("GET", "/api/runs?limit=x")).status).toBe(400);
  });

  test.each(["nothing", "..%2f..%2fetc", "20260101-000000-000000", "20260101-000000-000000%2f.."])(
    "there is no run %s",
    async (id) => {
      const { status, body } = await shared.api.json("GET", `/api/runs/${id}`);
      expect(status).toBe(404);
      expect(body).toMatchObject({ error: { code: "not-found" } });
    },
  );
});
