import { readdir } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import { Api, at, endless, notebook, useApi, type Json } from "./harness.js";

const cells = {
  "cell: cities\n--| materialize: parquet": "SELECT * FROM (VALUES ('VLC', 3), ('MAD', 5)) t(city, n)",
  "cell: chosen": "SELECT n FROM cities WHERE city = $city",
  "cell: doubled": "SELECT 2 * n AS n FROM chosen",
  "cell: stored\n--| materialize: parquet": "SELECT n FROM cities WHERE city = $city",
  "cell: below": "SELECT n + 1 AS n FROM stored",
  "cell: broken": "SELECT CAST($city AS INTEGER) AS n",
};
const shared = useApi({
  "notebooks/sales.md": notebook(cells, "title: Sales\nparameters:\n  city: VLC"),
});

async function explore(parameters: Json, token?: string): Promise<Json> {
  const body = { parameters };
  const asked = token === undefined ? { body } : { body, token };
  return (await shared.api.json("POST", "/api/notebooks/sales/explore", asked)).body;
}

async function viewer(): Promise<string> {
  const { tokens } = shared.api.services.access;
  const made = await tokens.add({
    name: `v${String(Math.random()).slice(2)}`,
    role: "viewer",
    lifetimeMs: null,
    createdBy: "owner",
  });
  return made.token;
}

async function rows(cell: string, query = ""): Promise<unknown> {
  const { body } = await shared.api.json("GET", `/api/notebooks/sales/cells/${cell}/rows${query}`);
  return body["rows"];
}

describe("a viewer who chooses another value", () => {
  test("sees what the query cells give, and nobody else sees another thing", async () => {
    const run = await shared.api.run("sales");
    const token = await viewer();
    const told: string[] = [];
    const end = shared.api.services.manager.events.subscribe((_notebook, { type }) => void told.push(type));
    const explored = await explore({ city: "MAD" }, token);
    end();
    expect(explored["cells"]).toMatchObject([
      { name: "broken", outcome: "failed" },
      { name: "chosen", outcome: "succeeded", rows: 1 },
      { name: "doubled", outcome: "succeeded", rows: 1 },
    ]);
    expect(explored["blocked"]).toEqual([
      { name: "stored", by: "stored" },
      { name: "below", by: "stored" },
    ]);
    const result = String(at(explored, "cells", "2", "result"));
    expect(await rows("doubled", `?result=${result}`)).toEqual([[10]]);
    expect(await rows("doubled")).toEqual([[6]]);
    expect(told).toEqual([]);
    const { body } = await shared.api.json("GET", "/api/runs");
    expect((body["runs"] as Json[]).map(({ id }) => id)).toEqual([run.id]);
  });

  test("finds what was computed once, and a plan names the rows", async () => {
    const token = await viewer();
    await explore({ city: "MAD" }, token);
    expect((await explore({ city: "MAD" }, token))["cells"]).toMatchObject([{ name: "broken" }]);
    const { body } = await shared.api.json("POST", "/api/notebooks/sales/plan", {
      token,
      body: { parameters: { city: "MAD" } },
    });
    const planned = (body["cells"] as Json[]).find(({ name }) => name === "doubled");
    expect(planned).toMatchObject({ action: "reuse", rows: 1 });
  });

  test("cannot bring SQL along, nor values that the notebook has not", async () => {
    const token = await viewer();
    expect(at(await explore({ town: "MAD" }, token), "error", "code")).toBe("usage");
    for (const body of [{ sql: "SELECT 1" }, { cells: "chosen" }, { materialize: true }, { force: true }])
      expect((await shared.api.request("POST", "/api/notebooks/sales/explore", { token, body })).status).toBe(
        400,
      );
    const quoted = await explore({ city: "x' OR true --" }, token);
    expect(quoted["cells"]).toMatchObject([{}, { name: "chosen", rows: 0 }, {}]);
  });
});

describe("exploring that takes long", () => {
  const files = { "notebooks/slow.md": notebook({ "cell: slow": endless }, "title: Slow") };

  test("ends when its time is over, and says so", async () => {
    const api = await Api.open({ ...files, "lakebook.yaml": "query_timeout: 1s\n" });
    const { status, body } = await api.json("POST", "/api/notebooks/slow/explore", { body: {} });
    await api.close();
    expect(status).toBe(504);
    expect(at(body, "error", "code")).toBe("timeout");
    expect(at(body, "error", "message")).toMatch(/query_timeout/);
  });

  test("is given up when the server ends, which waits for no more than that", async () => {
    const api = await Api.open(files);
    const exploring = api.json("POST", "/api/notebooks/slow/explore", { body: {} });
    const { runs } = api.services.lake.paths;
    await vi.waitFor(async () => {
      expect(await readdir(runs)).not.toEqual([]);
    }, 10_000);
    await api.close();
    expect(at((await exploring).body, "error", "code")).toBe("cancelled");
  });
});

describe("exploring some cells", () => {
  test("computes these and what they read, and no other", async () => {
    await shared.api.run("sales");
    const { body } = await shared.api.json("POST", "/api/notebooks/sales/explore", {
      body: { parameters: { city: "LPA" }, cells: ["chosen"] },
    });
    expect(body["cells"]).toMatchObject([{ name: "chosen" }]);
    expect(body["blocked"]).toEqual([]);
  });

  test("names a cell that is not there", async () => {
    const { status, body } = await shared.api.json("POST", "/api/notebooks/sales/explore", {
      body: { cells: ["chosn"] },
    });
    expect([status, at(body, "error", "message")]).toEqual([
      400,
      'Cell "chosn" does not exist in notebook "sales".',
    ]);
  });
});
