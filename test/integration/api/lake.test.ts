import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { PublishedDetail } from "../../../server/api/protocol.js";
import { notebook, useApi, type Json } from "./harness.js";

const shared = useApi({
  "input/trips.csv": 'id,city,note\n1,BCN,a\n2,MAD,\n3,BCN,"x, y"\n',
  "notebooks/trips.md": notebook({
    "cell: trips\n--| materialize: [parquet, csv]\n--| checks:\n--|   - not_null: [id]":
      "SELECT * FROM 'input/trips.csv' ORDER BY id",
    "cell: by_city\n--| materialize: parquet\n--| partition_by: [city]":
      "SELECT city, id FROM trips ORDER BY id",
    "cell: nothing\n--| materialize: parquet": "SELECT 1 AS n WHERE false",
  }),
});

beforeAll(async () => {
  const { outcome } = await shared.api.run("trips", { materialize: true, date: "2026-11-01" });
  expect(outcome).toBe("succeeded");
});

describe("GET /api/lake/:date/:dataset", () => {
  const detail = async (dataset: string) =>
    (await shared.api.json<PublishedDetail>("GET", `/api/lake/2026-11-01/${dataset}`)).body;

  test("tells partitions with rows, and what the dataset was computed of", async () => {
    const { partitions, parents, sql } = await detail("by_city");
    expect(partitions).toMatchObject([
      { values: ["BCN"], rows: 2, files: 1 },
      { values: ["MAD"], rows: 1, files: 1 },
    ]);
    expect(parents).toEqual([{ dataset: "trips", runDate: "2026-11-01" }]);
    expect(sql).toContain("FROM trips");
  });

  test("tells input files and checks", async () => {
    const { inputs, checks, partitions } = await detail("trips");
    expect(inputs).toMatchObject([{ path: "input/trips.csv", bytes: 41 }]);
    expect(checks).toMatchObject([{ outcome: "pass" }]);
    expect(partitions).toEqual([]);
  });
});

describe("POST /api/lake/verify", () => {
  const verify = (body: unknown) => shared.api.json("POST", "/api/lake/verify", { body });

  test("proves the lake against its log", async () => {
    for (const body of [{}, { quick: true }])
      expect(await verify(body)).toMatchObject({ status: 200, body: { problems: [] } });
    expect((await verify({ fast: true })).status).toBe(400);
  });

  test("tells a file that was changed in place", async () => {
    const [file = ""] = await readdir(join(shared.api.root, "data_lake/2026-11-01/nothing"));
    const path = join(shared.api.root, "data_lake/2026-11-01/nothing", file);
    const before = await readFile(path);
    await chmod(path, 0o644);
    await writeFile(path, "PAR1");
    const { problems } = (await verify({})).body as { problems: Json[] };
    expect(problems[0]).toMatchObject({
      code: "file-differs",
      path: expect.stringContaining(file) as string,
    });
    await writeFile(path, before);
    await chmod(path, 0o444);
  });
});

describe("POST /api/lake/vacuum", () => {
  const vacuum = (body: unknown) => shared.api.json("POST", "/api/lake/vacuum", { body });

  test("only says what would go, unless it is told otherwise", async () => {
    const { status, body } = await vacuum({});
    expect(status).toBe(200);
    expect(body).toMatchObject({ isDone: false, publications: [], versions: [], inputs: [], problems: [] });
    expect((await vacuum({ dryRun: false })).body).toMatchObject({ isDone: true, versions: [] });
    expect((await shared.api.request("GET", "/api/lake/2026-11-01/trips/rows")).status).toBe(200);
  });

  test.each([{ keep: 0 }, { keep: "12" }, { dryrun: false }])("refuses %j", async (body) => {
    expect((await vacuum(body)).status).toBe(400);
  });
});

describe("GET /api/lake/:date/:dataset/download", () => {
  const download = (dataset: string, format: string, date = "latest") =>
    shared.api.request("GET", `/api/lake/${date}/${dataset}/download?format=${format}`);
  const csv = async (dataset: string) => (await download(dataset, "csv")).text();

  test("sends an attachment that no browser opens", async () => {
    const { status, headers } = await download("trips", "csv");
    expect(status).toBe(200);
    expect(headers.get("content-disposition")).toBe('attachment; filename="trips_2026-11-01.csv"');
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("gives the same rows whether the CSV was published or is written now", async () => {
    expect(await csv("trips")).toBe('id,city,note\n1,BCN,a\n2,MAD,\n3,BCN,"x, y"\n');
    const [head, ...rows] = (await csv("by_city")).trimEnd().split("\n");
    expect([head, ...rows.sort()]).toEqual(["city,id", "BCN,1", "BCN,3", "MAD,2"]);
    expect(await csv("nothing")).toBe("n\n");
  });

  test.each(["trips", "by_city", "nothing"])("gives %s as one Parquet file", async (dataset) => {
    const bytes = Buffer.from(await (await download(dataset, "parquet")).arrayBuffer());
    expect([bytes.subarray(0, 4).toString(), bytes.subarray(-4).toString()]).toEqual(["PAR1", "PAR1"]);
  });

  test.each(["trips", "by_city", "nothing"])("gives %s as JSON that any parser reads", async (dataset) => {
    const answer = await download(dataset, "json");
    expect(answer.headers.get("content-type")).toBe("application/json");
    const rows = (await answer.json()) as readonly unknown[];
    const lines = (await csv(dataset)).trimEnd().split("\n");
    expect(rows).toHaveLength(lines.length - 1);
  });

  test("leaves nothing behind", async () => {
    await csv("by_city");
    const left = async () =>
      (await readdir(shared.api.services.lake.paths.tmp)).filter((name) => name.startsWith("download"));
    await expect.poll(left).toEqual([]);
  });

  test("knows only CSV, JSON and Parquet, and what is published", async () => {
    expect((await download("trips", "xlsx")).status).toBe(400);
    expect((await download("trips", "csv", "2020-01-01")).status).toBe(404);
    expect((await download("..%2F..%2Flog", "csv")).status).toBe(404);
  });
});
