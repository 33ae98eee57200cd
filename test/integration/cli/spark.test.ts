import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lakebook, runOf, startLakebook } from "../../support/cli.js";
import { shakeHands, writeRows } from "../../support/fake-rows.js";
import { FakeSpark, type FakeWrite } from "../../support/fake-spark.js";
import { TlsProxy } from "../../support/tls-proxy.js";
import { withWorkspace } from "../../support/workspace.js";

const text = `---
engine: spark
---
\`\`\`sql
--| cell: orders
--| engine: duckdb
--| materialize: parquet
SELECT * FROM read_csv('input/orders.csv')
\`\`\`

\`\`\`sql
--| cell: large
SELECT id, amount FROM orders WHERE amount > 1
\`\`\`

\`\`\`sql
--| cell: total
--| materialize: [parquet, csv]
SELECT sum(amount)::BIGINT AS amount FROM large
\`\`\`
`;

test("cells that ask for Spark are computed there, published, and compared with DuckDB", () =>
  withWorkspace(
    { "notebooks/sales.md": text, "input/orders.csv": "id,amount\n1,1\n2,2\n3,40\n" },
    async (workspace) => {
      let sum = 42;
      const total = (): string => `SELECT ${String(sum)}::BIGINT AS amount`;
      const large = "SELECT * FROM (VALUES (2::BIGINT, 2::BIGINT), (3, 40)) t(id, amount)";
      const fake = await new FakeSpark({
        token: "secret",
        onWrite: (write) =>
          write.path.endsWith("/answer")
            ? shakeHands(write)
            : writeRows(write, write.text.includes("sum(") ? total() : large),
      }).start();
      const env = { LAKEBOOK_SPARK_TOKEN: "secret" };
      try {
        const command = ["materialize", "sales", "--spark", fake.url, "--json"];
        const run = runOf(await lakebook(command, { workspace, env }));
        expect(run.outcome).toBe("succeeded");
        expect(fake.writes.at(-1)?.text).toContain("`amount`");
        const reused = runOf(await lakebook(command, { workspace, env }));
        expect(reused.cells.map(({ outcome }) => outcome)).not.toContain("succeeded");

        const check = ["check", "sales", "--parity"];
        const more = { workspace, env: { ...env, LAKEBOOK_SPARK: fake.url } };
        const same = await lakebook(check, more);
        expect(same.stdout).toContain("✓ large: 2 rows the same on DuckDB and Spark\n");
        expect(same.stdout).toContain("✓ total: 1 row the same on DuckDB and Spark\n");
        expect(same.code).toBe(0);
        sum = 43;
        const different = await lakebook(check, more);
        expect(different.code).toBe(3);
        expect(different.stdout).toContain("✗ total: 1 row only on DuckDB, 1 row only on Spark\n");
        const left = await readdir(join(workspace.root, "data_lake/.lake/tmp"));
        expect(left.filter((name) => name !== "engine")).toEqual([]);

        const rejected = await lakebook([...command, "--force"], { workspace });
        expect(rejected.code).not.toBe(0);
        expect(rejected.stdout).toContain("Spark rejected the token.");
      } finally {
        await fake.kill();
      }
    },
  ));

test("a dataset of deliveries is computed as a whole there, each time", () => {
  const deliveries = `\`\`\`sql
--| cell: visits
--| materialize: parquet
--| incremental: by_key
--| key: id
SELECT id, minutes FROM read_csv('input/visits.csv', columns = {id: 'BIGINT', minutes: 'BIGINT'})
\`\`\`

\`\`\`sql
--| cell: total
--| engine: spark
--| materialize: parquet
--| incremental: by_key
--| key: id
SELECT id, sum(minutes)::BIGINT AS minutes FROM visits GROUP BY id
\`\`\`
`;
  return withWorkspace({ "notebooks/sales.md": deliveries }, async (workspace) => {
    let rows = "VALUES (1::BIGINT, 5::BIGINT)";
    const fake = await new FakeSpark({
      onWrite: (write) =>
        write.path.endsWith("/answer")
          ? shakeHands(write)
          : writeRows(write, `SELECT * FROM (${rows}) t(id, minutes)`),
    }).start();
    const deliver = async (date: string, csv: string): Promise<unknown> => {
      await workspace.write("input/visits.csv", csv);
      const command = ["materialize", "sales", "--date", date, "--spark", fake.url, "--json"];
      const { outcome, cells } = runOf(await lakebook(command, { workspace }));
      return [outcome, cells.find(({ name }) => name === "total")?.rows];
    };
    try {
      expect(await deliver("2026-09-01", "id,minutes\n1,5\n")).toEqual(["succeeded", 1]);
      rows = "VALUES (1::BIGINT, 5::BIGINT), (2, 7)";
      expect(await deliver("2026-10-01", "id,minutes\n2,7\n")).toEqual(["succeeded", 2]);
    } finally {
      await fake.kill();
    }
  });
});

test("a token travels by TLS, to a server whose certificate is known", () =>
  withWorkspace(
    {
      "notebooks/one.md":
        "```sql\n--| cell: one\n--| engine: spark\n--| materialize: parquet\nSELECT 1 AS n\n```\n",
    },
    async (workspace) => {
      const onWrite = (write: FakeWrite): Promise<void> =>
        write.path.endsWith("/answer") ? shakeHands(write) : writeRows(write, "SELECT 1 AS n");
      const fake = await new FakeSpark({ token: "secret", onWrite }).start();
      const port = Number(new URL(fake.url).port);
      const proxy = await TlsProxy.start(workspace.root, port);
      const url = `sc://localhost:${String(proxy.port)}/;use_ssl=true`;
      const materialize = (env: Readonly<Record<string, string>>, address = url) =>
        lakebook(["materialize", "one", "--spark", address, "--json"], {
          workspace,
          env: { LAKEBOOK_SPARK_TOKEN: "secret", ...env },
        });
      try {
        const unknown = await materialize({});
        expect(unknown.code).not.toBe(0);
        const [failed] = runOf(unknown).cells;
        expect(failed?.error?.message).toMatch(
          /^Spark at localhost:\d+ cannot be asked by TLS: unable to verify the first certificate\.$/,
        );
        const plain = `sc://127.0.0.1:${String(port)}/;use_ssl=true`;
        const [wrong] = runOf(await materialize({}, plain)).cells;
        expect(wrong?.error?.message).toMatch(/^Spark at 127\.0\.0\.1:\d+ cannot be asked by TLS: /);
        const known = runOf(await materialize({ NODE_EXTRA_CA_CERTS: proxy.authority }));
        expect(known.outcome).toBe("succeeded");
      } finally {
        await proxy.kill();
        await fake.kill();
      }
    },
  ));

test("a Spark that is named where a server runs the cells is told to be of no effect", () =>
  withWorkspace({ "notebooks/one.md": "```sql\n--| cell: one\nSELECT 1 AS n\n```\n" }, async (workspace) => {
    const server = startLakebook(["serve", "--port", "0"], { workspace });
    try {
      await server.shows(/http:\/\/\S+/);
      const named = await lakebook(["run", "one", "--spark", "sc://127.0.0.1:1"], { workspace });
      expect(named.stderr).toContain("its own Spark is used");
      expect(named.code).toBe(0);
      expect((await lakebook(["run", "one"], { workspace })).stderr).not.toContain("Spark");
    } finally {
      server.kill("SIGTERM");
      await server.finished;
    }
  }));
