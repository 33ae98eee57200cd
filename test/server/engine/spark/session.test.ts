import { afterEach, describe, expect, it } from "vitest";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer as createWebServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { parseAddress } from "../../../../server/engine/spark/connect/address.js";
import { SparkError } from "../../../../server/engine/spark/connect/failure.js";
import { SparkSession, type SparkProgress } from "../../../../server/engine/spark/connect/session.js";
import { FakeError, FakeSpark, type FakeOptions, type FakeWrite } from "../../../support/fake-spark.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function connect(options: FakeOptions = {}, token?: string): Promise<[FakeSpark, SparkSession]> {
  const fake = await new FakeSpark(options).start();
  cleanups.push(() => fake.kill());
  return [fake, sessionOf(fake, token)];
}

function sessionOf(fake: FakeSpark, token?: string, id?: string): SparkSession {
  const session = new SparkSession(parseAddress(fake.url), token, id);
  cleanups.push(() => session.close());
  return session;
}

const request = { text: "SELECT n FROM rows_1", path: "file:///lake/a", partitionBy: ["__p0"] };
const source = {
  alias: "rows_1",
  format: "parquet",
  schema: "n INT",
  paths: ["file:///lake/b"],
  options: {},
} as const;

async function failureOf(action: Promise<unknown>): Promise<SparkError> {
  const error: unknown = await action.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof SparkError) return error;
  throw new Error(`not a SparkError: ${String(error)}`);
}

const forever = (_write: FakeWrite, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve());
  });

describe("a session", () => {
  it.each([
    [
      "speaks an older HTTP, as Spark's pages do",
      () => createWebServer((_request, response) => response.end()),
      /^Protocol error$/,
    ],
    [
      "speaks HTTP/2 to browsers",
      () => createHttp2Server((_request, response) => response.end()),
      /^unsupported content type/,
    ],
  ])("says so of a server that %s, and lives on", async (_, create, message) => {
    const server = create().listen(0, "127.0.0.1");
    cleanups.push(() => server.close());
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const session = new SparkSession(parseAddress(`sc://127.0.0.1:${String(port)}`), undefined);
    const failure = await failureOf(session.version());
    expect(failure.kind).toBe("lost");
    expect(failure.message).toMatch(message);
    session.close();
  });

  it("sets what queries rely on, and tells the version", async () => {
    const [fake, session] = await connect();
    await session.configure({ "spark.sql.ansi.enabled": "true" });
    expect(await session.version()).toBe("4.3.0");
    expect(fake.settings).toEqual({ "spark.sql.ansi.enabled": "true" });
    expect([...fake.sessions]).toEqual([session.id]);
    await session.release();
    expect(fake.released).toEqual([session.id]);
  });

  it("writes a query over named files into a folder that is not there, and only a query", async () => {
    const writes: FakeWrite[] = [];
    const [, session] = await connect({
      onWrite: (write) => {
        writes.push(write);
        return Promise.resolve();
      },
    });
    const progress: SparkProgress[] = [];
    await session.write({ ...request, sources: [source] }, randomUUID(), {
      onProgress: (each) => progress.push(each),
    });
    const { alias, schema, paths } = source;
    expect(writes).toEqual([
      {
        text: "SELECT * FROM (\nSELECT n FROM rows_1\n)",
        path: "/lake/a",
        partitionBy: ["__p0"],
        sources: [{ alias, schema, paths }],
        mode: 3,
      },
    ]);
    expect(progress).toEqual([{ tasksDone: 5, tasks: 7, running: 2 }]);
  });

  it("goes on with the same operation where the connection breaks", async () => {
    let count = 0;
    const [fake, session] = await connect({
      breaks: 2,
      onWrite: () => {
        count++;
        return Promise.resolve();
      },
    });
    await session.write({ ...request, sources: [] }, randomUUID(), {});
    expect(count).toBe(1);
    expect(fake.calls).toEqual(["executePlan", "reattachExecute", "reattachExecute", "releaseExecute"]);
  });

  it("does not call a server that was killed cancelled", async () => {
    const [fake, session] = await connect({ onWrite: forever });
    const writing = failureOf(
      session.write({ ...request, sources: [] }, randomUUID(), { onProgress: () => void fake.kill() }),
    );
    expect((await writing).kind).toBe("lost");
  });

  it("interrupts what is cancelled, and waits less than a second for the server to say so", async () => {
    const aborting = new AbortController();
    const [fake, session] = await connect({ onWrite: () => new Promise(() => undefined) });
    const started = { at: 0 };
    const operation = randomUUID();
    const failure = await failureOf(
      session.write({ ...request, sources: [] }, operation, {
        signal: aborting.signal,
        onProgress: () => {
          started.at = performance.now();
          aborting.abort();
        },
      }),
    );
    expect(failure.kind).toBe("cancelled");
    expect(performance.now() - started.at).toBeLessThan(2_000);
    expect(fake.operations.get(operation)?.interrupt.signal.aborted).toBe(true);
  });

  it("finds an operation again that another process began", async () => {
    let finish = (): void => undefined;
    const [fake, session] = await connect({
      onWrite: () => new Promise((resolve) => (finish = resolve)),
    });
    const operation = randomUUID();
    const begun = new Promise<void>((resolve) => {
      void session
        .write({ ...request, sources: [] }, operation, { onProgress: () => resolve() })
        .catch(() => undefined);
    });
    await begun;
    session.close();
    const other = sessionOf(fake, undefined, session.id);
    expect(await other.status(operation)).toBe("running");
    finish();
    await other.reattach(operation, {});
    expect(await other.status(operation)).toBe("succeeded");
  });

  it("says that a server which began anew knows nothing", async () => {
    const [fake, session] = await connect();
    await session.version();
    await fake.restart();
    expect((await failureOf(session.status("x"))).kind).toBe("gone");
    expect((await failureOf(session.reattach("x", {}))).kind).toBe("gone");
  });

  it("sends the token, and says that it was rejected", async () => {
    const [fake, session] = await connect({ token: "secret" }, "secret");
    expect(await session.version()).toBe("4.3.0");
    expect((await failureOf(sessionOf(fake, "wrong").version())).kind).toBe("token");
    expect((await failureOf(sessionOf(fake).version())).kind).toBe("token");
  });

  it("asks for class, state and place of an error, in the text as it was given", async () => {
    const before = "SELECT * FROM (\n".length;
    const [, session] = await connect({
      onAnalyze: () => {
        throw new FakeError({
          message: "no column\n== SQL ==",
          errorClass: "UNRESOLVED_COLUMN.WITH_SUGGESTION",
          sqlState: "42703",
          parameters: { objectName: "`m`", proposal: "`n`" },
          span: { start: before + 7, end: before + 8 },
        });
      },
    });
    const { kind, message, errorClass, sqlState, span, parameters } = await failureOf(
      session.columns({ text: "SELECT m", sources: [] }),
    );
    expect({ kind, message, errorClass, sqlState, span, parameters }).toEqual({
      kind: "query",
      message: "no column",
      errorClass: "UNRESOLVED_COLUMN.WITH_SUGGESTION",
      sqlState: "42703",
      span: { start: 7, end: 8 },
      parameters: { objectName: "`m`", proposal: "`n`" },
    });
  });

  it("says that nobody is there", async () => {
    const [fake, session] = await connect();
    await fake.kill();
    const failure = await failureOf(session.version());
    expect(failure.kind).toBe("lost");
    expect(failure.message).toContain("ECONNREFUSED");
  });
});

describe("an address", () => {
  it("has a host, a port, and says whether it is encrypted", () => {
    expect(parseAddress("sc://spark.internal")).toMatchObject({
      url: "http://spark.internal:15002",
      isLoopback: false,
    });
    expect(parseAddress("sc://spark:443/;use_ssl=true")).toMatchObject({
      url: "https://spark:443",
      isEncrypted: true,
    });
    expect(parseAddress("sc://[::1]:15002")).toMatchObject({ url: "http://[::1]:15002", isLoopback: true });
  });

  it.each([
    ["http://spark:15002", "it has another form"],
    ["sc://spark:99999", "there is no port 99999"],
    ["sc://spark/;token=abc", "the token is taken only from LAKEBOOK_SPARK_TOKEN"],
    ["sc://spark/;user_id=me", '"user_id" is not known here'],
  ])("is refused: %s", (text, why) => {
    expect(() => parseAddress(text)).toThrow(why);
    expect(() => parseAddress(text)).not.toThrow("abc");
  });
});
