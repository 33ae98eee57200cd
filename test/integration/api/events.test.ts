import type { Server } from "node:http";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { EventFeed, type FeedClient, type FeedLimits } from "../../../server/api/event-feed.js";
import { answerWith, closeServer, listen } from "../../../server/api/http-server.js";
import { EventHub, type NotebookEvent } from "../../../server/runs/events.js";
import type { RunView } from "../../../server/runs/run-record.js";
import { EventStream, type StreamedEvent } from "./event-stream.js";
import { endless, HOST, notebook, TOKEN, useApi } from "./harness.js";

const view = { id: "r", notebook: "a", isRunning: true } as RunView;

function createFeed(limits: Partial<FeedLimits> = {}, active: readonly RunView[] = []) {
  const hub = new EventHub();
  const feed = new EventFeed(hub, () => active, limits);
  const open = (lastEventId?: string, name = "a"): FeedClient => {
    const client = feed.open(name, lastEventId);
    if (client === undefined) throw new Error("too many clients");
    return client;
  };
  return { hub, feed, open };
}

function queued(cell: string): NotebookEvent {
  return { type: "cell-queued", runId: "r", cell };
}

function progress(cell: string, rows: number): NotebookEvent {
  return { type: "cell-progress", runId: "r", cell, progress: { rows, elapsedMs: 1 } };
}

/** What waits for a client, as `event cell` or just `event`. */
async function drain(client: FeedClient): Promise<{ readonly id: string; readonly text: string }[]> {
  const messages: { id: string; text: string }[] = [];
  for (;;) {
    const message = await client.next(0);
    if (message === undefined || message === "idle") return messages;
    const cell = message.data === "" ? undefined : (JSON.parse(message.data) as { cell?: string }).cell;
    const text = [message.event ?? "position", ...(cell === undefined ? [] : [cell])].join(" ");
    messages.push({ id: message.id, text });
  }
}

async function texts(client: FeedClient): Promise<string[]> {
  return (await drain(client)).map((message) => message.text);
}

describe("EventFeed", () => {
  test("tells each client the events of its notebook", async () => {
    const { hub, open } = createFeed();
    const [first, second, other] = [open(), open(), open(undefined, "b")];
    hub.emit("a", queued("one"));
    expect(await texts(first)).toEqual(["position", "cell-queued one"]);
    expect(await texts(second)).toEqual(["position", "cell-queued one"]);
    expect(await texts(other)).toEqual(["position"]);
  });

  test("tells who follows all notebooks the events of each, and what he missed of them", async () => {
    const { hub, feed } = createFeed({}, [view]);
    const everything = feed.open(undefined, undefined)!;
    hub.emit("a", queued("one"));
    const { position } = feed;
    hub.emit("b", queued("two"));
    const seen = ["position", "run-started", "cell-queued one", "cell-queued two"];
    expect(await texts(everything)).toEqual(seen);
    expect(await texts(feed.open(undefined, position)!)).toEqual(["cell-queued two"]);
  });

  test("begins with the state of what runs", async () => {
    const { open } = createFeed({}, [view, { ...view, notebook: "b" }]);
    expect(await texts(open())).toEqual(["position", "run-started"]);
  });

  test("gives who comes back what he missed, and nothing twice", async () => {
    const { hub, open } = createFeed();
    const client = open();
    hub.emit("a", queued("one"));
    const [position, one] = await drain(client);
    client.close();
    hub.emit("a", queued("two"));
    hub.emit("b", queued("elsewhere"));
    hub.emit("a", progress("two", 1));
    hub.emit("a", queued("three"));
    expect(await texts(open(one!.id))).toEqual(["cell-queued two", "cell-queued three"]);
    expect(await texts(open(position!.id))).toEqual([
      "cell-queued one",
      "cell-queued two",
      "cell-queued three",
    ]);
    const last = (await drain(open(one!.id))).at(-1);
    expect(await texts(open(last!.id))).toEqual([]);
  });

  test.each(["0", "nothing", "deadbeef-1", "-1", "1-2-3"])(
    "tells who comes from elsewhere (%s) to ask anew",
    async (id) => {
      const { open } = createFeed({}, [view]);
      expect(await texts(open(id))).toEqual(["resync", "run-started"]);
    },
  );

  test("does not believe a number that is yet to come", async () => {
    const { open } = createFeed();
    const [position] = await drain(open());
    const [boot] = position!.id.split("-");
    expect(await texts(open(`${boot!}-99`))).toEqual(["resync"]);
  });

  test("tells who was away for too long to ask anew", async () => {
    const { hub, open } = createFeed({ replayCount: 3 });
    const [position] = await drain(open());
    for (const cell of ["one", "two", "three"]) hub.emit("a", queued(cell));
    expect(await texts(open(position!.id))).toHaveLength(3);
    hub.emit("a", queued("four"));
    expect(await texts(open(position!.id))).toEqual(["resync"]);
  });

  test("keeps no more bytes for replay than it may", async () => {
    const { hub, open } = createFeed({ replayBytes: 1000 });
    const [position] = await drain(open());
    for (let index = 0; index < 50; index++) hub.emit("a", queued("x".repeat(100)));
    expect(await texts(open(position!.id))).toEqual(["resync"]);
    hub.emit("a", queued("x".repeat(5000)));
    expect(await texts(open(position!.id))).toEqual(["resync"]);
  });

  test("of the progress of a cell only the newest waits, and numbers never go back", async () => {
    const { hub, open } = createFeed();
    const client = open();
    for (let rows = 0; rows < 100; rows++) hub.emit("a", progress("one", rows));
    hub.emit("a", queued("two"));
    hub.emit("a", progress("one", 100));
    hub.emit("a", progress("two", 1));
    expect(client.queuedCount).toBe(4);
    const messages = await drain(client);
    expect(messages.map(({ text }) => text)).toEqual([
      "position",
      "cell-progress one",
      "cell-queued two",
      "cell-progress two",
    ]);
    const numbers = messages.map(({ id }) => Number(id.split("-")[1]));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  test("lets nothing pile up for a client that does not read", async () => {
    const { hub, open } = createFeed({ queueCount: 10, queueBytes: 5000 }, [view]);
    const client = open();
    for (let index = 0; index < 1000; index++) {
      hub.emit("a", queued(`cell${String(index)}`));
      // With the two that it began with.
      expect(client.queuedCount).toBeLessThanOrEqual(12);
    }
    expect(await texts(client)).toEqual(["resync", "run-started"]);
    hub.emit("a", queued("last"));
    expect(await texts(client)).toEqual(["cell-queued last"]);
    const large = open();
    hub.emit("a", queued("x".repeat(6000)));
    expect(await texts(large)).toEqual(["resync", "run-started"]);
  });

  test("reads the state for who is too slow when he is ready, once for all", async () => {
    const runs: RunView[] = [];
    const { hub, open } = createFeed({ queueBytes: 1000 }, runs);
    const clients = [open(), open()];
    for (const client of clients) await drain(client);
    hub.emit("a", queued("x".repeat(2000)));
    runs.push(view);
    const [first, second] = await Promise.all(
      clients.map(async (client) => [await client.next(0), await client.next(0)]),
    );
    expect(first![1]).toMatchObject({ event: "run-started" });
    expect(second![1]).toBe(first![1]);
  });

  test("a long state does not make anybody slow", async () => {
    const run = { ...view, outcome: "x".repeat(5000) } as unknown as RunView;
    const { hub, open } = createFeed({ queueBytes: 1000 }, [run]);
    const client = open();
    hub.emit("a", queued("one"));
    expect(await texts(client)).toEqual(["position", "run-started", "cell-queued one"]);
  });

  test("closes who takes nothing of what he is sent, and nobody who was sent nothing yet", async () => {
    const { hub, feed, open } = createFeed({ queueBytes: 1000, missedBytes: 10_000 });
    const [stalled, waiting] = [open(), open()];
    await drain(waiting);
    await stalled.next(0);
    const next = waiting.next(60_000);
    for (let index = 0; index < 20; index++) hub.emit("a", queued("x".repeat(600)));
    await stalled.closed;
    expect(feed.clientCount).toBe(1);
    expect(await next).toMatchObject({ event: "resync" });
  });

  test("takes no more clients than it may", () => {
    const { feed, open } = createFeed({ clients: 2 });
    const client = open();
    open();
    expect(feed.open("a", undefined)).toBeUndefined();
    client.close();
    client.close();
    expect(feed.clientCount).toBe(1);
    expect(feed.open("a", undefined)).toBeDefined();
  });

  test("takes fewer of one person than of all, so that nobody takes those of others", () => {
    const { feed } = createFeed({ clients: 4, clientsEach: 2 });
    const first = feed.open("a", undefined, "vera");
    expect(feed.open(undefined, undefined, "vera")).toBeDefined();
    expect(feed.open("b", undefined, "vera")).toBeUndefined();
    expect(feed.open("b", undefined, "eva")).toBeDefined();
    first?.close();
    expect(feed.open("b", undefined, "vera")).toBeDefined();
  });

  test("wakes who waits, and ends all when it closes", async () => {
    const { hub, feed, open } = createFeed();
    const client = open();
    await drain(client);
    const waiting = client.next(60_000);
    hub.emit("a", queued("one"));
    expect(await waiting).toMatchObject({ event: "cell-queued" });
    expect(await client.next(1)).toBe("idle");
    const last = client.next(60_000);
    feed.close();
    expect(await last).toBeUndefined();
    expect(feed.clientCount).toBe(0);
  });
});

const shared = useApi({
  "notebooks/steps.md": notebook({
    "cell: one": "SELECT 1 AS n",
    "cell: two": "SELECT a.n + b.n AS n FROM one a, one b",
  }),
  "notebooks/endless.md": notebook({ "cell: waits": endless }),
});

async function follow(name: string, headers: Readonly<Record<string, string>> = {}): Promise<EventStream> {
  return new EventStream(await shared.api.request("GET", `/api/notebooks/${name}/events`, { headers }));
}

function kinds(events: readonly StreamedEvent[]): string[] {
  return events.map(({ event, data }) =>
    [event, ...(typeof data["cell"] === "string" ? [data["cell"]] : [])].join(" "),
  );
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });
}

describe("GET /api/notebooks/:name/events", () => {
  test("two clients see the same run, in the same order", async () => {
    const [first, second] = [await follow("steps"), await follow("steps")];
    const ended = await shared.api.run("steps");
    const events = (await first.until("run-finished")).filter(({ event }) => event !== "cell-progress");
    const others = (await second.until("run-finished")).filter(({ event }) => event !== "cell-progress");
    expect(others).toEqual(events);
    expect(kinds(events)).toEqual([
      "run-started",
      "cell-queued one",
      "cell-queued two",
      "cell-started one",
      "cell-finished",
      "cell-started two",
      "cell-finished",
      "run-finished",
    ]);
    expect(events.at(-1)!.data["run"]).toEqual(JSON.parse(JSON.stringify(ended)));
    await first.close();
    await second.close();
  });

  test("who comes in the middle sees the run as it stands, and starts nothing", async () => {
    const runs = async () =>
      (await shared.api.json("GET", "/api/runs?notebook=endless")).body["runs"] as unknown[];
    const before = (await runs()).length;
    const starting = await follow("endless");
    const { body } = await shared.api.json("POST", "/api/notebooks/endless/runs", { body: {} });
    await starting.until("cell-started");
    const late = await follow("endless");
    const [state] = await late.until("run-started");
    expect(state!.data).toMatchObject({
      run: { id: body["id"], cells: [{ name: "waits", status: "running" }] },
    });
    await shared.api.json("POST", `/api/runs/${body["id"] as string}/cancel`);
    const end = (await late.until("run-finished")).at(-1);
    expect(end!.data).toMatchObject({ run: { outcome: "cancelled" } });
    expect(await runs()).toHaveLength(before + 1);
    await Promise.all([starting.close(), late.close()]);
  });

  test("who comes back with the last id sees what he missed", async () => {
    const stream = await follow("steps");
    await shared.api.run("steps");
    const seen = await stream.until("cell-finished");
    await stream.close();
    const back = await follow("steps", { "last-event-id": seen.at(-1)!.id });
    const missed = await back.until("run-finished");
    // A cell that is reused is finished without having started.
    expect(kinds(seen)).toEqual(["run-started", "cell-queued one", "cell-queued two", "cell-finished"]);
    expect(kinds(missed)).toEqual(["cell-finished", "run-finished"]);
    await back.close();
  });

  test("who saw nothing yet misses nothing either", async () => {
    const stream = await follow("steps");
    const first = stream.next();
    await new Promise((resolve) => setImmediate(resolve));
    await stream.close();
    await first;
    expect(stream.lastEventId).toMatch(/^[0-9a-f]{8}-\d+$/);
    await shared.api.run("steps");
    const back = await follow("steps", { "last-event-id": stream.lastEventId });
    expect((await back.until("run-finished"))[0]!.event).toBe("run-started");
    await back.close();
  });

  test("what ran between an answer and the connection is told", async () => {
    const answers = await Promise.all(
      ["/api/runs?notebook=steps", "/api/notebooks/steps"].map((path) => shared.api.json("GET", path)),
    );
    const { id } = await shared.api.run("steps");
    for (const { body } of answers) {
      const after = encodeURIComponent(body["position"] as string);
      for (const path of [`/api/notebooks/steps/events?after=${after}`, `/api/events?after=${after}`]) {
        const stream = new EventStream(await shared.api.request("GET", path));
        expect((await stream.until("run-finished"))[0]!.data).toMatchObject({ run: { id } });
        await stream.close();
      }
    }
  });

  test("a client that goes is forgotten", async () => {
    const { feed } = shared.api.services;
    const before = feed.clientCount;
    const stream = await follow("steps");
    expect(feed.clientCount).toBe(before + 1);
    await stream.close();
    await expect.poll(() => feed.clientCount).toBe(before);
  });

  test(
    "streams whose clients never read hold a bounded queue, and are closed",
    { timeout: 60_000 },
    async () => {
      const { feed, manager } = shared.api.services;
      const { server, address } = await listen({ host: "127.0.0.1", port: 0 });
      onTestFinished(() => closeServer(server));
      answerWith(server, shared.api.app);
      const before = feed.clientCount;
      for (let count = 1; count <= 5; count++) {
        const socket = connect(address.port, address.host);
        onTestFinished(() => void socket.destroy());
        socket.write(
          `GET /api/notebooks/steps/events HTTP/1.1\r\nHost: ${HOST}\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`,
        );
        await expect.poll(() => feed.clientCount).toBe(before + count);
      }
      let largest = 0;
      while (feed.clientCount > before) {
        manager.events.emit("steps", queued("x".repeat(20_000)));
        largest = Math.max(largest, feed.queuedBytes);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(largest).toBeLessThanOrEqual(5 * 2 ** 16);
      await expect.poll(() => connectionsOf(server)).toBe(0);
    },
  );

  test("asking for the head alone opens no stream", async () => {
    const before = shared.api.services.feed.clientCount;
    expect((await shared.api.request("HEAD", "/api/notebooks/steps/events")).status).toBe(200);
    expect(shared.api.services.feed.clientCount).toBe(before);
  });

  test("the five hundred and first is told that there are too many", async () => {
    const { feed } = shared.api.services;
    const clients = Array.from({ length: 500 - feed.clientCount }, () => feed.open("steps", undefined));
    const { status, body } = await shared.api.json("GET", "/api/notebooks/steps/events");
    expect(status).toBe(503);
    expect(body).toMatchObject({ error: { code: "busy" } });
    for (const client of clients) client?.close();
  });
});
