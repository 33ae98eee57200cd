import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { appendFile, cp, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { RunView } from "../../../server/runs/run-record.js";
import { EventStream } from "./event-stream.js";
import { createWorkspace, endless, notebook, type Json } from "./harness.js";
import { CommandProcess, ServerProcess } from "./processes.js";

const files = {
  "notebooks/sales.md": notebook({
    "cell: orders\n--| materialize: parquet": "FROM read_csv('input/orders.csv')",
  }),
  "notebooks/endless.md": notebook({
    "cell: waits\n--| materialize: parquet": endless,
    "cell: first\n--| materialize: parquet": "SELECT 1 AS n",
  }),
  "notebooks/pins.md": notebook(
    { "cell: pinned\n--| materialize: parquet": "SELECT $n AS n" },
    "parameters:\n  n: {type: string, default: x}",
  ),
  "notebooks/pins_slow.md": notebook({
    "cell: old": 'FROM "2026-10-01".pinned',
    "cell: waits": endless,
  }),
  "input/orders.csv": "id,city\n1,BCN\n2,MAD\n",
};

let root: string;
beforeAll(async () => {
  root = await createWorkspace(files);
});
afterAll(() => rm(root, { recursive: true, force: true }));

function command(...args: readonly string[]): CommandProcess {
  return new CommandProcess([...args, "--workspace", root]);
}

async function mode(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

function serverFile(): string {
  return join(root, ".lakebook/server.json");
}

async function isRunning(server: ServerProcess, id: string): Promise<boolean> {
  const { cells } = await server.view(id);
  return cells.some((cell) => cell.name === "waits" && cell.status === "running");
}

describe("lakebook serve", () => {
  test("says where it is, tells the command line, and takes that back in the end", async () => {
    const server = await ServerProcess.start(root);
    expect(server.token).toMatch(/^[\w-]{43}$/);
    const content = JSON.parse(await readFile(serverFile(), "utf8")) as Json;
    const { id, ...rest } = content;
    expect(id).toBeTypeOf("string");
    expect(rest).toMatchObject({ url: server.url, token: server.token, pid: server.pid });
    expect(await mode(serverFile())).toBe("600");
    expect(await mode(join(root, ".lakebook"))).toBe("700");
    expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: "ok", id });
    if (process.getuid?.() === 0) expect(server.stderr).toContain("runs as root");
    expect((await server.stop("SIGTERM")).code).toBe(0);
    expect(existsSync(serverFile())).toBe(false);
    expect(server.stdout.split("\n")).toHaveLength(2);
  });

  test("takes the token from the environment, or from --token before it, and writes it nowhere", async () => {
    const fromEnvironment = await ServerProcess.start(root, [], { env: { LAKEBOOK_TOKEN: "from+the?env" } });
    expect(fromEnvironment.stdout).toBe(`Lakebook is running at ${fromEnvironment.url}/\n`);
    expect((await fromEnvironment.fetch("/api/lake")).status).toBe(200);
    await fromEnvironment.stop("SIGINT");
    const fromOption = await ServerProcess.start(root, ["--token", "chosen"], {
      env: { LAKEBOOK_TOKEN: "other" },
    });
    expect((await fromOption.fetch("/api/lake")).status).toBe(200);
    expect(fromOption.stdout + fromOption.stderr).not.toContain("chosen");
    const headers = { authorization: "Bearer other" };
    expect((await fetch(`${fromOption.url}/api/lake`, { headers })).status).toBe(401);
  });

  test("refuses a workspace that another one serves, and names it", async () => {
    const server = await ServerProcess.start(root);
    const second = command("serve", "--port", "0");
    expect((await second.ended).code).toBe(1);
    expect(second.stderr).toContain("locked:");
    expect(second.stderr).toContain(String(server.pid));
    expect(await readFile(serverFile(), "utf8")).toContain(server.url);
  });

  test("knows nothing of a copy of its workspace: that has commands and a server of its own", async () => {
    const server = await ServerProcess.start(root);
    const copy = `${root}-copy`;
    onTestFinished(() => rm(copy, { recursive: true, force: true }));
    await cp(root, copy, { recursive: true });
    await writeFile(
      join(copy, "notebooks/own.md"),
      "```sql\n--| cell: own\n--| materialize: parquet\nSELECT 1 AS n\n```\n",
    );
    const args = ["materialize", "own", "--date", "2026-11-01", "--workspace", copy];
    const published = new CommandProcess(args);
    expect(await published.ended, published.stderr).toMatchObject({ code: 0 });
    expect(existsSync(join(copy, "data_lake/2026-11-01/own"))).toBe(true);
    expect(existsSync(join(root, "data_lake/2026-11-01"))).toBe(false);
    await (await ServerProcess.start(copy)).stop("SIGTERM");
    expect((await server.fetch("/healthz")).status).toBe(200);
  });

  test.each([
    [".lakebook is a file", (state: string) => writeFile(state, "x"), "is not a folder"],
    [
      "server.json is a folder",
      (state: string) => mkdir(join(state, "server.json/x"), { recursive: true }),
      "server.json",
    ],
    [
      "sessions.json is a folder",
      (state: string) => mkdir(join(state, "sessions.json/x"), { recursive: true }),
      "sessions.json",
    ],
  ])("ends at once where %s, and gives the lake back", async (_what, spoil, message) => {
    const other = await createWorkspace({});
    onTestFinished(() => rm(other, { recursive: true, force: true }));
    await rm(join(other, ".lakebook"), { recursive: true, force: true });
    await spoil(join(other, ".lakebook"));
    const ended = new CommandProcess(["serve", "--port", "0", "--workspace", other]);
    expect(await ended.ended).toEqual({ code: 1, signal: null });
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).not.toContain("    at ");
    expect(ended.stdout).toBe("");
    expect(existsSync(join(other, "data_lake/.lake/lock"))).toBe(false);
  });

  test("refuses a port that is taken, and gives the lake back", async () => {
    const other = await createWorkspace({});
    onTestFinished(() => rm(other, { recursive: true, force: true }));
    const server = await ServerProcess.start(other);
    const second = command("serve", "--port", new URL(server.url).port);
    expect((await second.ended).code).toBe(1);
    expect(second.stderr).toContain(`Port ${new URL(server.url).port} of 127.0.0.1 is taken`);
    await (await ServerProcess.start(root)).stop("SIGTERM");
  });

  test.each([
    [["--host", "0.0.0.0"], "24 characters (--token or LAKEBOOK_TOKEN); and --tls-cert and --tls-key"],
    [
      ["--host", "0.0.0.0", "--token", "a", "--behind-proxy", "10.0.0.2"],
      "Missing: users (lakebook user add NAME --role admin), or a token of at least 24",
    ],
    [
      ["--host", "0.0.0.0", "--token", "x".repeat(24)],
      "Missing: --tls-cert and --tls-key, or --behind-proxy",
    ],
    [["--behind-proxy", "proxy"], "is no list of addresses"],
    [["--tls-cert", "cert.pem"], "--tls-cert and --tls-key belong together"],
    [["--tls-cert", "none.pem", "--tls-key", "none.pem"], '"none.pem" cannot be read'],
    [["--port", "http"], '"--port http" is not a whole number'],
    [["--port", "70000"], '"--port 70000" is not a whole number'],
    [["--token", "two words"], "The token has characters"],
    [["--token", ""], "The token has characters"],
    [["--prot", "1"], 'Did you mean "--port"?'],
  ])("%j is wrong usage", async (args, message) => {
    const wrong = command("serve", ...args);
    expect((await wrong.ended).code).toBe(2);
    expect(wrong.stderr).toContain(message);
  });

  test("listens on other addresses where the token is long and a proxy is before it", async () => {
    const server = await ServerProcess.start(root, [
      "--host",
      "0.0.0.0",
      "--token",
      "x".repeat(24),
      "--behind-proxy",
      "10.0.0.2",
      "--allow-host",
      "lake.example",
    ]);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await server.fetch("/api/lake")).status).toBe(200);
    const { port } = new URL(server.url);
    const ask = (host: string) =>
      raw(server, `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(await ask(`lake.example:${port}`)).toMatch(/^HTTP\/1.1 200 /);
    // A proxy at the usual port is called by the name alone.
    expect(await ask("lake.example")).toMatch(/^HTTP\/1.1 200 /);
    expect(await ask(`other.example:${port}`)).toMatch(/^HTTP\/1.1 421 /);
  });

  test("ends while a run goes on that would not end, and the run is interrupted", async () => {
    const server = await ServerProcess.start(root);
    const stream = new EventStream(await server.fetch("/api/notebooks/endless/events"));
    const id = await server.startRun("endless", { materialize: true, date: "2026-11-01" });
    await expect.poll(() => isRunning(server, id)).toBe(true);
    expect((await server.stop("SIGTERM")).code).toBe(0);
    await stream.close();
    const again = await ServerProcess.start(root);
    expect(await again.view(id)).toMatchObject({ outcome: "interrupted", isRunning: false, published: [] });
    expect(await again.json("GET", "/api/lake")).toEqual({ datasets: [] });
  });

  test("that was killed has left nothing that a later one could trip over", async () => {
    const server = await ServerProcess.start(root);
    const id = await server.startRun("endless");
    await expect.poll(() => isRunning(server, id)).toBe(true);
    await server.stop("SIGKILL");
    expect(existsSync(serverFile())).toBe(true);
    const local = command("run", "sales", "--json");
    expect((await local.ended).code).toBe(0);
    const again = await ServerProcess.start(root);
    expect(await again.view(id)).toMatchObject({ outcome: "interrupted", isRunning: false });
    expect(await readFile(serverFile(), "utf8")).toContain(again.url);
  });
});

describe("a command beside a server", () => {
  test("hands its run to the server, whose pages see it", async () => {
    const server = await ServerProcess.start(root);
    const stream = new EventStream(await server.fetch("/api/notebooks/sales/events"));
    const materialize = command("materialize", "sales", "--date", "2026-11-01", "--json");
    expect((await materialize.ended).code).toBe(0);
    const view = JSON.parse(materialize.stdout) as RunView;
    expect(view).toMatchObject({ outcome: "succeeded", published: [{ dataset: "orders", rows: 2 }] });
    expect(await server.view(view.id)).toEqual(view);
    const events = await stream.until("run-finished");
    expect(events.at(-1)!.data).toMatchObject({ run: { id: view.id } });
    await stream.close();
    const { datasets } = await server.json<{ datasets: Json[] }>("GET", "/api/lake");
    expect(datasets).toMatchObject([{ dataset: "orders", runDate: "2026-11-01" }]);
    const dry = command("materialize", "sales", "--date", "2026-11-01", "--dry-run", "--json");
    expect((await dry.ended).code).toBe(0);
    expect(JSON.parse(dry.stdout)).toMatchObject({ cells: [{ name: "orders", action: "reuse" }] });
  });

  test("has the server vacuum the lake that it holds, around what a run needs", async () => {
    const server = await ServerProcess.start(root);
    for (const date of ["2026-10-01", "2026-11-01"])
      await server.run("pins", { materialize: true, date, parameters: { n: date.slice(5, 7) } });
    const running = await server.startRun("pins_slow");
    await expect.poll(() => isRunning(server, running)).toBe(true);
    const vacuum = async (...args: readonly string[]) => {
      const asked = command("vacuum", "--keep", "1", "--json", ...args);
      expect((await asked.ended).code).toBe(0);
      return JSON.parse(asked.stdout) as Json;
    };
    const old = { publications: [{ notebook: "pins", runDate: "2026-10-01" }] };
    expect(await vacuum()).toMatchObject({ ...old, isDone: false, versions: [] });
    expect(await vacuum("--yes")).toMatchObject({ ...old, isDone: true, versions: [], problems: [] });
    await server.json("POST", `/api/runs/${running}/cancel`, {});
    // What was cancelled can be retried.
    expect(await vacuum()).toMatchObject({ publications: [], versions: [] });
    const { datasets } = await server.json<{ datasets: Json[] }>("GET", "/api/lake");
    expect(datasets.filter(({ dataset }) => dataset === "pinned")).toMatchObject([{ runDate: "2026-11-01" }]);
    expect(await server.json("POST", "/api/lake/verify", {})).toEqual({ problems: [] });
  });

  test("is told by the server what is wrong, with the exit code of a local run", async () => {
    await ServerProcess.start(root);
    await appendFile(join(root, "input/orders.csv"), "3,VLC\n");
    const choice = command("materialize", "sales", "--date", "2026-11-01");
    expect((await choice.ended).code).toBe(2);
    expect(choice.stderr).toContain("input/orders.csv differs");
    const unknown = command("run", "sale");
    expect((await unknown.ended).code).toBe(2);
    expect(unknown.stderr).toContain('Did you mean "sales"?');
    const nothing = command("materialize", "sales", "--date", "2020-01-01", "--resume");
    expect((await nothing.ended).code).toBe(2);
  });

  test("ends the server's run with Ctrl+C", async () => {
    const server = await ServerProcess.start(root);
    const run = command("run", "endless", "--json");
    const runs = async () => (await server.json<{ runs: RunView[] }>("GET", "/api/runs?limit=1")).runs;
    await expect.poll(async () => (await runs())[0]?.isRunning, { timeout: 10_000 }).toBe(true);
    const [{ id } = { id: "" }] = await runs();
    await expect.poll(() => isRunning(server, id)).toBe(true);
    const { code } = await run.stop("SIGINT");
    expect(code).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ id, outcome: "cancelled" });
    expect(await server.view(id)).toMatchObject({ outcome: "cancelled", isRunning: false });
  });

  test("resumes there what was cancelled there", async () => {
    const server = await ServerProcess.start(root);
    const id = await server.startRun("endless", { materialize: true, date: "2026-08-01" });
    await expect.poll(() => isRunning(server, id)).toBe(true);
    await server.json("POST", `/api/runs/${id}/cancel`);
    const resume = command("materialize", "endless", "--date", "2026-08-01", "--resume", "--json");
    await expect.poll(async () => (await server.view(id)).attempts.length, { timeout: 10_000 }).toBe(2);
    expect((await resume.stop("SIGINT")).code).toBe(1);
  });
});

describe("changes of notebooks by other programs", () => {
  let server: ServerProcess;

  async function follow(name: string): Promise<EventStream> {
    server = await ServerProcess.start(root);
    return new EventStream(await server.fetch(`/api/notebooks/${name}/events`));
  }

  async function etag(name: string): Promise<unknown> {
    return (await server.json("GET", `/api/notebooks/${name}`))["etag"];
  }

  test("are told once, however an editor saves", async () => {
    const stream = await follow("sales");
    const path = join(root, "notebooks/sales.md");
    const text = await readFile(path, "utf8");

    await writeFile(`${path}~`, `${text}\nRenamed.\n`);
    await rename(path, `${path}.bak`);
    await rename(`${path}~`, path);
    await rm(`${path}.bak`);
    const [renamed] = await stream.until("notebook-changed");
    expect(renamed!.data).toEqual({ type: "notebook-changed", notebook: "sales", etag: await etag("sales") });

    await writeFile(path, `${text}\nIn place.\n`);
    const [written] = await stream.until("notebook-changed");
    expect(written!.data["etag"]).toBe(await etag("sales"));

    await rm(path);
    const [removed] = await stream.until("notebook-changed");
    expect(removed!.data["etag"]).toBeNull();

    await writeFile(path, text);
    const [back] = await stream.until("notebook-changed");
    expect(back!.data["etag"]).toBe(await etag("sales"));
    await stream.close();
  });

  test("a save through the API is told once", async () => {
    const stream = await follow("sales");
    const before = await server.json("GET", "/api/notebooks/sales");
    const save = (text: string, tag: unknown) =>
      server.fetch("/api/notebooks/sales", {
        method: "PUT",
        headers: { "if-match": String(tag) },
        body: JSON.stringify({ text }),
      });
    const saved = (await (await save(`${String(before["text"])}\n`, before["etag"])).json()) as Json;
    // Longer than the watch waits: a second telling would come before the next save's.
    await new Promise((resolve) => setTimeout(resolve, 500));
    await save(String(before["text"]), saved["etag"]);
    const tags = [await stream.next(), await stream.next()].map((event) => event!.data["etag"]);
    expect(tags).toEqual([saved["etag"], before["etag"]]);
    await stream.close();
  });
});

describe("what reaches the socket", () => {
  let server: ServerProcess;
  let workspace: string;
  let cutOff: Promise<unknown>;
  beforeAll(async () => {
    workspace = await createWorkspace({ ...files, "lakebook.yaml": "upload_limit: 10MB\n" });
    server = await ServerProcess.start(workspace, [], { isShared: true });
    // Takes longer than all the rest, which happens meanwhile.
    cutOff = sendByteByByte(await open(server));
  });
  afterAll(async () => {
    await server.kill();
    await rm(workspace, { recursive: true, force: true });
  });

  test.each([
    "/../../../../etc/passwd",
    "/assets/../../../package.json",
    "/assets/..%2f..%2f..%2fpackage.json",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/assets/..\\..\\package.json",
    "//etc/passwd",
    "/.lakebook/server.json",
    "/assets/%00",
    "/./.lakebook/server.json",
    "/s/..%2f..%2f.lakebook%2fserver.json",
    "http://127.0.0.1/.lakebook/server.json",
    "*",
  ])("%s leads to no file", async (path) => {
    const { host } = new URL(server.url);
    const request = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n`;
    const login = `Authorization: Bearer ${server.token}\r\n`;
    expect(await raw(server, `${request}${login}\r\n`)).toMatch(/^HTTP\/1.1 40[04] /);
    expect(await raw(server, `${request}\r\n`)).toMatch(/^HTTP\/1.1 40[014] /);
  });

  test("a body of 300 MB is refused and costs no memory", async () => {
    const before = residentMegabytes(server.pid);
    const { host } = new URL(server.url);
    const head = `PUT /api/notebooks/sales HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${server.token}\r\nIf-Match: ${"0".repeat(32)}\r\nContent-Type: application/json\r\n`;
    const told = await raw(server, `${head}Content-Length: 314572800\r\n\r\n`, 300);
    expect(told).toMatch(/^HTTP\/1.1 413 /);
    const chunked = await raw(server, `${head}Transfer-Encoding: chunked\r\n\r\n`, 300, true);
    expect(chunked).toMatch(/^HTTP\/1.1 413 /);
    expect(residentMegabytes(server.pid) - before).toBeLessThan(100);
  });

  test.each([
    ["PUT /api/notebooks/sales", "application/json", 20, false],
    ["PUT /api/notebooks/sales", "application/json", 20, true],
    ["POST /api/notebooks/sales/query", "application/json", 100, false],
    ["PUT /api/input/large.csv", "text/csv", 20, false],
    ["PUT /api/input/large.csv", "text/csv", 100, true],
  ])(
    "%s of %s: a body of %i MB that is sent to its end gets its answer",
    async (route, type, size, chunked) => {
      const { host } = new URL(server.url);
      const socket = await open(server);
      const failures: Error[] = [];
      socket.on("error", (error) => failures.push(error));
      const length = chunked ? "Transfer-Encoding: chunked" : `Content-Length: ${String(size * 2 ** 20)}`;
      socket.write(
        `${route} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${server.token}\r\nContent-Type: ${type}\r\n${length}\r\n\r\n`,
      );
      socket.pause();
      const megabyte = "x".repeat(2 ** 20);
      for (let sent = 0; sent < size; sent++)
        await new Promise((resolve) =>
          socket.write(chunked ? `100000\r\n${megabyte}\r\n` : megabyte, resolve),
        );
      if (chunked) socket.write("0\r\n\r\n");
      let answer = "";
      socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
      socket.resume();
      await expect.poll(() => answer, { timeout: 20_000 }).toMatch(/^HTTP\/1.1 413 [^]*"error"/);
      // And the connection still serves.
      socket.write(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      await expect.poll(() => answer, { timeout: 20_000 }).toMatch(/HTTP\/1.1 200 /);
      expect(failures).toEqual([]);
      socket.destroy();
    },
  );

  test("a thousand connections that say nothing keep nobody out", async () => {
    const sockets = await Promise.all(Array.from({ length: 1000 }, () => open(server)));
    expect((await server.fetch("/api/notebooks")).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  test("followers that never read cost little, and the others see everything", async () => {
    const before = residentMegabytes(server.pid);
    const { host } = new URL(server.url);
    const request = `GET /api/notebooks/sales/events HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${server.token}\r\n\r\n`;
    const stalled = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const socket = await open(server);
        socket.pause();
        socket.write(request);
        return socket;
      }),
    );
    const reader = new EventStream(await server.fetch("/api/notebooks/sales/events"));
    for (let count = 0; count < 20; count++) {
      await server.startRun("sales");
      await reader.until("run-finished");
    }
    expect(residentMegabytes(server.pid) - before).toBeLessThan(150);
    for (const socket of stalled) socket.destroy();
    await reader.close();
  });

  test("who sends a header byte by byte is cut off, and others are served meanwhile", async () => {
    await cutOff;
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });
});

async function open(server: ServerProcess): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  // A server that refuses may close before all is written.
  socket.on("error", () => undefined);
  await new Promise((resolve) => socket.once("connect", resolve));
  return socket;
}

/** Resolves once the server cuts the connection. */
async function sendByteByByte(socket: Socket): Promise<void> {
  socket.write("GET /healthz HTTP/1.1\r\nHost: ");
  const timer = setInterval(() => socket.write("a"), 500);
  await new Promise((resolve) => socket.once("close", resolve));
  clearInterval(timer);
}

/** What the server answers to these bytes, and to that many megabytes after them. */
async function raw(server: ServerProcess, head: string, megabytes = 0, chunked = false): Promise<string> {
  const socket = await open(server);
  let answer = "";
  socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
  const ended = new Promise((resolve) => socket.once("close", resolve));
  socket.write(head);
  const megabyte = "x".repeat(2 ** 20);
  const part = chunked ? `100000\r\n${megabyte}\r\n` : megabyte;
  for (let sent = 0; sent < megabytes && answer === "" && !socket.destroyed; sent++) {
    if (!socket.write(part))
      await Promise.race([new Promise((resolve) => socket.once("drain", resolve)), ended]);
  }
  if (megabytes > 0) await expect.poll(() => answer.length, { timeout: 10_000 }).toBeGreaterThan(0);
  if (megabytes > 0) socket.destroy();
  await ended;
  return answer;
}

function residentMegabytes(pid: number): number {
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) / 1024;
}
