import { describe, expect, test } from "vitest";
import type { Manifest } from "../../../server/lake/model.js";
import { endEvents, runIdOf, startEvent } from "../../../server/operate/lineage/run-events.js";
import type { RunView } from "../../../server/runs/run-record.js";

const scope = { namespace: "shop", root: "/srv/shop", producer: "urn:lakebook:1.2.3" };
const run = {
  id: "20261101-050000-0abcde",
  notebook: "sales",
  mode: "materialize",
  date: "2026-11-01",
  trigger: { kind: "schedule", at: "2026-11-01T05:00:00.000Z" },
  createdAt: "2026-11-01T05:00:01.000Z",
  attempts: [
    {
      attempt: 1,
      startedAt: "2026-11-01T05:00:01.000Z",
      finishedAt: "2026-11-01T05:00:09.000Z",
      outcome: "succeeded",
    },
  ],
  outcome: "succeeded",
  inputs: [{ path: "input/orders.csv", sha256: "0", bytes: 1, isPinned: true }],
  cells: [
    {
      name: "orders",
      kind: "sql",
      status: "idle",
      outcome: "succeeded",
      version: "v1",
      finishedAt: "2026-11-01T05:00:05.000Z",
    },
  ],
  published: [
    { dataset: "orders", path: "data_lake/2026-11-01/orders", rows: 2, version: "v1", isChanged: true },
  ],
} as unknown as RunView;
const manifest = {
  dataset: "orders",
  version: "v1",
  sql: "FROM read_csv('input/orders.csv')",
  columns: [{ name: "id", type: "BIGINT" }],
  rows: 2,
  files: [{ path: "part.parquet", bytes: 100 }],
  parents: [{ dataset: "riders", version: "v7" }],
  inputs: [{ path: "input/orders.csv" }, { path: "/archive/old.csv" }],
} as unknown as Manifest;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("a run as OpenLineage tells it", () => {
  test("has an id that is a UUID: another one for each attempt and cell, the same for whoever asks", () => {
    const ids = [
      runIdOf(run),
      runIdOf(run, "orders"),
      runIdOf({ ...run, attempts: [...run.attempts, ...run.attempts] }),
    ];
    for (const id of ids) expect(id).toMatch(UUID);
    expect(new Set(ids).size).toBe(3);
    expect(runIdOf(run)).toBe(ids[0]);
  });

  test("begins under the instant that it was due", () => {
    expect(startEvent(scope, run)).toMatchObject({
      eventType: "START",
      eventTime: "2026-11-01T05:00:01.000Z",
      job: { namespace: "shop", name: "sales" },
      run: { runId: runIdOf(run), facets: { nominalTime: { nominalStartTime: "2026-11-01T05:00:00.000Z" } } },
    });
    const byHand: RunView = { ...run };
    delete (byHand as { trigger?: unknown }).trigger;
    expect(startEvent(scope, byHand)).toMatchObject({
      run: { facets: { nominalTime: { nominalStartTime: "2026-11-01T00:00:00Z" } } },
    });
  });

  test("tells of each dataset its parents, columns and size, by the paths that others read", () => {
    const [start, complete, end] = endEvents(scope, run, [{ cell: run.cells[0] as never, manifest }]);
    expect([start?.["eventType"], complete?.["eventType"], end?.["eventType"]]).toEqual([
      "START",
      "COMPLETE",
      "COMPLETE",
    ]);
    expect(complete).toMatchObject({
      job: { name: "sales.orders", facets: { sql: { query: "FROM read_csv('input/orders.csv')" } } },
      run: {
        runId: runIdOf(run, "orders"),
        facets: { parent: { run: { runId: runIdOf(run) }, job: { name: "sales" } } },
      },
      inputs: [
        { namespace: "file", name: "/srv/shop/input/orders.csv" },
        { namespace: "file", name: "/archive/old.csv" },
        { namespace: "file", name: "/srv/shop/data_lake/latest/riders" },
      ],
      outputs: [
        {
          name: "/srv/shop/data_lake/latest/orders",
          facets: { schema: { fields: [{ name: "id", type: "BIGINT" }] }, version: { datasetVersion: "v1" } },
          outputFacets: { outputStatistics: { rowCount: 2, size: 100 } },
        },
      ],
    });
    expect(end).toMatchObject({
      inputs: [{ name: "/srv/shop/input/orders.csv" }],
      outputs: [{ namespace: "file" }],
    });
  });

  test("that failed says why, at its cell too; one that was stopped is aborted", () => {
    const error = { code: "query", message: "no such courier" };
    const cell = { ...run.cells[0], outcome: "failed", error };
    const failed = { ...run, outcome: "failed", cells: [cell], published: [] } as unknown as RunView;
    const events = endEvents(scope, failed, []);
    expect(events.map(({ eventType }) => eventType)).toEqual(["START", "FAIL", "FAIL"]);
    for (const event of events.slice(1))
      expect(event).toMatchObject({ run: { facets: { errorMessage: { message: "no such courier" } } } });
    const stopped = { ...run, outcome: "interrupted", cells: [], published: [] } as unknown as RunView;
    expect(endEvents(scope, stopped, []).map(({ eventType }) => eventType)).toEqual(["ABORT"]);
  });
});
