import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { NotebookEvent, NotebookView, RunView } from "../../../server/api/protocol.js";
import { session } from "../../../client/session.js";
import { textOf, toDocument } from "../../../client/store/document.js";
import { MergedEvent } from "../../../client/store/answers.js";
import { NotebookStore } from "../../../client/store/notebook-store.js";
import { readView } from "../../../client/store/read-view.js";
import { isOwnChoice, isStale } from "../../../client/store/standing.js";

type Answer = Readonly<Record<string, unknown>>;

/** A server of which each answer can be held back, and its event stream. */
class FakeServer {
  position = 1;
  etag = "one";
  text = "text one";
  runs: readonly RunView[] = [];
  forecast: Answer = { cells: [], run: { date: "2026-11-01" } };
  /** Its answers have the blocks of the text. */
  hasBlocks = false;
  readonly asked: string[] = [];
  readonly streams: FakeStream[] = [];
  #held: { readonly pattern: RegExp; readonly release: (() => void)[] } | undefined;

  /** From now on answers to such requests are made, but do not arrive before the returned function is called. */
  hold(pattern: RegExp): () => void {
    const held = { pattern, release: [] as (() => void)[] };
    this.#held = held;
    return () => {
      this.#held = undefined;
      for (const release of held.release) release();
    };
  }

  readonly fetch = async (
    path: string,
    init: { readonly method: string; readonly body?: string },
  ): Promise<Response> => {
    const asked = `${init.method} ${path.split("?")[0] ?? ""}`;
    this.asked.push(asked);
    const answer = Response.json(this.#answer(asked, init));
    const held = this.#held;
    if (held?.pattern.test(asked) === true)
      await new Promise<void>((resolve) => {
        held.release.push(resolve);
      });
    return answer;
  };

  #answer(asked: string, { body }: { readonly body?: string }): unknown {
    if (asked.endsWith("/plan")) return this.forecast;
    if (asked === "GET /api/me") return session.me ?? owner;
    if (asked === "POST /api/notebooks/n/runs") return { id: "own" };
    const position = `boot-${String(this.position)}`;
    if (asked === "GET /api/runs") return { runs: this.runs, position };
    if (asked.startsWith("PUT")) {
      const { text } = JSON.parse(body ?? "{}") as { readonly text: string };
      [this.etag, this.text] = this.hasBlocks ? [`of ${text}`, text] : ["saved", "text saved"];
    }
    const read = this.hasBlocks ? readView(this.text, view as NotebookView) : { ...view, text: this.text };
    return { ...read, etag: this.etag, position };
  }

  emit(event: NotebookEvent): void {
    this.position++;
    for (const stream of this.streams) stream.send(event, this.position);
  }
}

const owner = {
  name: "owner",
  kind: "owner",
  role: "admin",
  can: ["read", "run", "edit"],
  workspace: "here",
} as const;

const view: Partial<NotebookView> = {
  name: "n",
  blocks: [],
  cells: [],
  graph: { cells: [], edges: [] },
  diagnostics: [],
  parameters: [],
};

class FakeStorage {
  readonly #items = new Map<string, string>();
  get length(): number {
    return this.#items.size;
  }
  readonly key = (at: number): string | null => [...this.#items.keys()][at] ?? null;
  readonly getItem = (key: string): string | null => this.#items.get(key) ?? null;
  readonly setItem = (key: string, text: string): unknown => this.#items.set(key, text);
  readonly removeItem = (key: string): unknown => this.#items.delete(key);
}

class FakeStream extends EventTarget {
  static readonly CLOSED = 2;
  readonly readyState = 1;
  onopen: (() => void) | null = null;
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    server.streams.push(this);
    queueMicrotask(() => this.onopen?.());
  }

  send(event: NotebookEvent, position: number): void {
    const init = { data: JSON.stringify(event), lastEventId: `boot-${String(position)}` };
    this.dispatchEvent(new MessageEvent(event.type, init));
  }

  close(): void {
    server.streams.splice(server.streams.indexOf(this), 1);
  }
}

let server: FakeServer;
let store: NotebookStore;

beforeEach(() => {
  server = new FakeServer();
  vi.stubGlobal("fetch", server.fetch);
  vi.stubGlobal("EventSource", FakeStream);
  vi.stubGlobal("localStorage", new FakeStorage());
  store = new NotebookStore("n");
});

afterEach(() => {
  store.close();
  vi.unstubAllGlobals();
});

const cell = (outcome: "none" | "succeeded", status: "running" | "idle" = "idle") =>
  ({ name: "a", kind: "sql", status, outcome }) as const;

function run(id: string, isRunning: boolean, record = cell("none", "running")): RunView {
  return { id, notebook: "n", isRunning, parameters: {}, cells: [record], checks: [] } as unknown as RunView;
}

function finished(runId: string): NotebookEvent {
  return { type: "cell-finished", runId, cell: cell("succeeded"), checks: [] };
}

/** The next request of that method is refused, and then those of `thenRefuse`. `last`: the last PUT that was answered. */
function refuseOnce(method: string, status: number, error: Answer) {
  const waiting = [{ method, status, error }];
  const refusing = {
    last: undefined as unknown,
    thenRefuse: (...[next, code, body]: Parameters<typeof refuseOnce>) => {
      waiting.push({ method: next, status: code, error: body });
    },
  };
  vi.stubGlobal("fetch", async (path: string, init: { readonly method: string }) => {
    const [next] = waiting;
    if (next?.method !== init.method || path.startsWith("/api/runs")) {
      if (init.method === "PUT") refusing.last = init;
      return server.fetch(path, init);
    }
    waiting.shift();
    return Response.json({ error: next.error }, { status: next.status });
  });
  return refusing;
}

/** Saves, and gives the last PUT. */
async function saving(): Promise<{ readonly last: unknown }> {
  const refusing = refuseOnce("NONE", 0, {});
  expect(await store.file.save()).toBe(true);
  return refusing;
}

async function settled(condition: () => boolean): Promise<void> {
  await vi.waitUntil(condition, { interval: 1, timeout: 30_000 });
}

describe("the store of an open notebook", () => {
  test("asks the stream for what happened after the state was read", async () => {
    server.position = 7;
    await store.open();
    expect(server.streams.map(({ url }) => url)).toEqual([
      `/api/notebooks/n/events?after=boot-7&page=${store.page}`,
    ]);
  });

  test("asks anew once the stream stands, where the first answer was a failure", async () => {
    const noServer = new TypeError("no server");
    const fetch = vi.fn(server.fetch).mockRejectedValueOnce(noServer).mockRejectedValueOnce(noServer);
    vi.stubGlobal("fetch", fetch);
    await store.open();
    expect(store.state.view).toBeUndefined();
    await settled(() => store.state.view !== undefined);
  });

  test("an answer that is older than the events is not the last word", async () => {
    await store.open();
    server.runs = [run("r", true)];
    const release = server.hold(/GET \/api\/runs/);
    const reloaded = store.reload();
    server.emit({ type: "run-started", run: run("r", true) });
    server.emit(finished("r"));
    server.emit({ type: "run-finished", run: { ...run("r", false), cells: [cell("succeeded")] } });
    release();
    await reloaded;
    expect(store.state.runs.run?.isRunning).toBe(false);
    expect(store.state.runs.cells.get("a")?.outcome).toBe("succeeded");
  });

  test("an answer that is newer than an event is not undone by it", async () => {
    await store.open();
    const release = server.hold(/GET \/api\/runs/);
    server.runs = [{ ...run("r", false), cells: [cell("succeeded")] }];
    server.position = 20;
    const reloaded = store.reload();
    for (const stream of server.streams) stream.send({ type: "run-started", run: run("r", true) }, 19);
    release();
    await reloaded;
    expect(store.state.runs.run?.isRunning).toBe(false);
  });

  test("of two reloads the later one counts, whichever is answered first", async () => {
    await store.open();
    const release = server.hold(/GET \/api\/notebooks\/n$/);
    const first = store.reload();
    const releaseSecond = server.hold(/nothing/);
    [server.etag, server.text] = ["two", "text two"];
    await store.reload();
    releaseSecond();
    release();
    await first;
    expect(store.state.view?.etag).toBe("two");
  });

  test("what was saved while an answer was under way stays", async () => {
    await store.open();
    const release = server.hold(/GET \/api\/notebooks\/n$/);
    const reloaded = store.reload();
    store.file.edit({ head: "text saved", blocks: [] });
    await store.file.save();
    release();
    await reloaded;
    expect(store.state.document?.head).toBe("text saved");
  });

  test("a draft is not saved before it is settled, but when the page is closed", async () => {
    await store.open();
    vi.useFakeTimers();
    try {
      store.file.edit({ head: "half", blocks: [] }, { isDraft: true });
      vi.advanceTimersByTime(10_000);
      expect(server.asked.filter((asked) => asked.startsWith("PUT"))).toEqual([]);
      store.close();
      expect(store.state.save).toBe("saving");
    } finally {
      vi.useRealTimers();
    }
  });

  test("what is saved while a draft is open does not take the draft's place", async () => {
    await store.open();
    const draft = { head: "half", blocks: [] };
    store.file.edit(draft, { isDraft: true });
    await store.file.save();
    await store.reload();
    expect(store.state.document).toBe(draft);
    store.file.settle();
    await store.file.save();
    expect(store.state.document?.head).toBe("text saved");
  });

  test("what is typed while a cell is renamed is saved, and the cell renamed then", async () => {
    await store.open();
    const release = server.hold(/POST .*rename/);
    const renamed = store.file.rename("a", "b");
    await settled(() => server.asked.some((asked) => asked.endsWith("/rename")));
    store.file.edit({ head: "typed", blocks: [] });
    release();
    await renamed;
    const asked = server.asked
      .filter((path) => /^PUT|rename/.test(path))
      .map((path) => path.split("/").at(-1));
    expect(asked).toEqual(["rename", "n", "rename", "n"]);
  });

  test("a rename that is told of before it is answered is done once, and can be taken back", async () => {
    await store.open();
    const release = server.hold(/^PUT/);
    const renamed = store.file.rename("a", "b");
    await settled(() => server.asked.some((asked) => asked.startsWith("PUT")));
    server.emit({ type: "notebook-changed", notebook: "n", etag: "saved" });
    await store.reload();
    release();
    await renamed;
    expect(server.asked.filter((asked) => /^PUT|rename/.test(asked))).toHaveLength(2);
    expect(store.state).toMatchObject({ save: "saved", view: { etag: "saved" } });
    expect(store.file.undo()).toBe(true);
  });

  test("what somebody else saved while a save was under way is shown after it", async () => {
    await store.open();
    store.file.edit({ head: "text saved", blocks: [] });
    const release = server.hold(/^PUT/);
    const saved = store.file.save();
    await settled(() => server.asked.some((asked) => asked.startsWith("PUT")));
    [server.etag, server.text] = ["theirs", "text of theirs"];
    server.emit({ type: "notebook-changed", notebook: "n", etag: "theirs" });
    release();
    await saved;
    await settled(() => store.state.view?.etag === "theirs");
    expect(store.state.document?.head).toBe("text of theirs");
  });

  test("what somebody else saved is merged with what is typed here before that is saved", async () => {
    server.text = "Mine.\n\nTheirs.\n";
    await store.open();
    const told: string[] = [];
    store.addEventListener("merged", (event) => {
      if (event instanceof MergedEvent) told.push(event.words);
    });
    store.file.edit({ head: "Mine, edited.\n\nTheirs.\n", blocks: [] });
    [server.etag, server.text] = ["two", "Mine.\n\nTheirs, edited.\n"];
    server.emit({ type: "notebook-changed", notebook: "n", etag: "two", by: "ben" });
    const { last } = await saving();
    expect(last).toMatchObject({
      body: JSON.stringify({ text: "Mine, edited.\n\nTheirs, edited.\n" }),
      headers: { "if-match": '"two"' },
    });
    expect(store.state).toMatchObject({ save: "saved", conflicts: [] });
    expect(told).toEqual(["ben changed the text; merged."]);
  });

  test("a save that arrived and was not answered is nobody else's", async () => {
    server.text = "Mine.\n\nTheirs.\n";
    await store.open();
    const lost = "Mine, edited.\n\nTheirs.\n";
    store.file.edit({ head: lost, blocks: [] });
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no server")));
    expect(await store.file.save()).toBe(false);
    vi.stubGlobal("fetch", server.fetch);
    [server.etag, server.text] = ["two", lost];
    store.file.edit({ head: "Mine, edited twice.\n\nTheirs.\n", blocks: [] });
    server.emit({ type: "notebook-changed", notebook: "n", etag: "two", by: "me" });
    const { last } = await saving();
    expect(last).toMatchObject({ body: JSON.stringify({ text: "Mine, edited twice.\n\nTheirs.\n" }) });
    expect(store.state).toMatchObject({ save: "saved", conflicts: [] });
  });

  test("what is kept is not given to another workspace that is served at the same address", async () => {
    server.hasBlocks = true;
    server.text = "Theirs.\n";
    session.enter({ ...owner, can: [...owner.can] });
    await store.open();
    const typed = { id: "typed", type: "prose", source: "Typed here.\n" } as const;
    store.file.edit({ head: "", blocks: [typed] });
    store.file.keepDraft();
    const again = async (workspace: string): Promise<string> => {
      session.enter({ ...owner, can: [...owner.can], workspace });
      const other = new NotebookStore("n");
      await other.open();
      onTestFinished(() => {
        other.close();
      });
      return textOf(other.state.document ?? { head: "", blocks: [] });
    };
    expect(await again("elsewhere")).toBe("Theirs.\n");
    expect(await again("here")).toBe("Typed here.\n");
  });

  test("what was refused to a role is saved once that role may", async () => {
    const enter = (...can: ("read" | "edit")[]): void => {
      session.enter({
        ...owner,
        name: "ana",
        kind: "user",
        role: can.length === 1 ? "viewer" : "editor",
        can,
      });
    };
    onTestFinished(() => {
      session.enter({ ...owner, can: [...owner.can] });
    });
    enter("read", "edit");
    await store.open();
    store.file.edit({ head: "text saved", blocks: [] });
    refuseOnce("PUT", 403, { code: "forbidden", message: "Editing needs the role editor." });
    expect(await store.file.save()).toBe(false);
    enter("read");
    expect(store.state).toMatchObject({ save: "failed", error: { code: "forbidden" } });
    enter("read", "edit");
    await settled(() => store.state.save === "saved");
    expect(store.state.error).toBeUndefined();
    expect(server.text).toBe("text saved");
  });

  test("what was typed while the notebook was renamed is saved under its new name", async () => {
    await store.open();
    store.file.edit({ head: "mine", blocks: [] });
    const error = { code: "conflict", message: "", details: { etag: null, movedTo: "m" } };
    refuseOnce("PUT", 412, error);
    expect(await store.file.save()).toBe(true);
    expect(store.state).toMatchObject({ name: "m", save: "saved" });
    expect(server.asked.filter((asked) => asked.startsWith("PUT"))).toEqual(["PUT /api/notebooks/m"]);
  });

  test("a page that has nothing to save follows a rename", async () => {
    await store.open();
    refuseOnce("GET", 404, { code: "not-found", message: "", details: { movedTo: "m" } });
    server.emit({ type: "notebook-changed", notebook: "n", etag: null });
    await settled(() => store.state.name === "m");
    expect(store.state.error).toBeUndefined();
  });

  test("what was typed while the notebook was deleted stays, and makes it again when that is chosen", async () => {
    await store.open();
    store.file.edit({ head: "mine", blocks: [] });
    const refused = refuseOnce("PUT", 412, { code: "conflict", message: "", details: { etag: null } });
    refused.thenRefuse("GET", 404, { code: "not-found", message: "" });
    expect(await store.file.save()).toBe(false);
    expect(store.state).toMatchObject({ save: "conflict", document: { head: "mine" } });
    await store.file.saveAgain();
    expect(store.state.save).toBe("saved");
    expect(refused.last).toMatchObject({ method: "PUT", headers: { "if-none-match": "*" } });
  });

  test("what was not saved when the page was loaded again is merged with what is in the file then", async () => {
    server.text = "Mine.\n\nTheirs.\n";
    await store.open();
    store.file.edit({ head: "Mine, edited.\n\nTheirs.\n", blocks: [] });
    store.file.keepDraft();
    const release = server.hold(/^PUT/);
    [server.etag, server.text] = ["two", "Mine.\n\nTheirs, edited.\n"];
    const next = new NotebookStore("n");
    await next.open();
    expect(textOf(next.state.document!)).toBe("Mine, edited.\n\nTheirs, edited.\n");
    expect(next.state.save).toBe("dirty");
    next.close();
    release();
  });

  const twice = (title: string, paragraph: string, sql: string): string =>
    `---\ntitle: ${title}\n---\n${paragraph}\n\n\`\`\`sql\n--| cell: a\n${sql}\n\`\`\`\n`;

  test("what two changed and nobody has decided is still asked after the notebook was left, and decided then", async () => {
    server.hasBlocks = true;
    server.text = twice("Base", "Base.", "SELECT 'base'");
    await store.open();
    store.file.edit(toDocument(readView(twice("Mine", "Mine.", "SELECT 'mine'"), view as NotebookView)));
    [server.etag, server.text] = ["two", twice("Theirs", "Theirs.", "SELECT 'theirs'")];
    server.emit({ type: "notebook-changed", notebook: "n", etag: "two", by: "ben" });
    await store.file.save();
    const asked = store.state.conflicts.map(({ block: _id, ...conflict }) => conflict);
    expect(asked.map(({ type }) => type).sort()).toEqual(["cell", "key", "prose"]);
    const shown = textOf(store.state.document!);
    store.close();

    // Somebody else goes on in another cell.
    [server.etag, server.text] = ["three", `${server.text}\nMore.\n`];
    for (let times = 0; times < 2; times++) {
      store = new NotebookStore("n");
      await store.open();
      expect(store.state.conflicts.map(({ block: _id, ...conflict }) => conflict)).toEqual(asked);
      expect(textOf(store.state.document!)).toBe(`${shown}\nMore.\n`);
      expect(store.file.isInFile).toBe(false);
      if (times === 0) store.close();
    }
    while (store.state.conflicts[0] !== undefined) await store.file.decide(store.state.conflicts[0], "mine");
    expect(server.text).toBe(`${twice("Mine", "Mine.", "SELECT 'mine'")}\nMore.\n`);
    store.close();
    store = new NotebookStore("n");
    await store.open();
    expect(store.file.isInFile).toBe(true);
  });

  test("who changed the same is told where the file was read before that was known", async () => {
    server.hasBlocks = true;
    server.text = twice("T", "P.", "SELECT 'base'");
    await store.open();
    store.file.edit(toDocument(readView(twice("T", "P.", "SELECT 'mine'"), view as NotebookView)));
    [server.etag, server.text] = ["two", twice("T", "P.", "SELECT 'theirs'")];
    refuseOnce("PUT", 412, { code: "conflict", message: "" });
    await store.file.save();
    expect(store.state.conflicts).toMatchObject([{ kind: "edited", name: "a" }]);
    server.emit({ type: "notebook-changed", notebook: "n", etag: "two", by: "ben" });
    expect(store.state.conflicts).toMatchObject([{ kind: "edited", name: "a", by: "ben" }]);
  });

  test("what is kept of a page that is still open elsewhere is left to that page", async () => {
    await store.open();
    store.file.edit({ head: "mine", blocks: [] });
    store.file.keepDraft();
    const [key] = [localStorage.key(0)!];
    const other = key.replace(/\d+$/, "2");
    const kept = localStorage.getItem(key)!;
    await store.file.save();
    store.close();
    localStorage.setItem(other, kept);
    const open = (held: readonly string[]) => {
      vi.stubGlobal("navigator", {
        locks: {
          request: () => new Promise(() => undefined),
          query: () => Promise.resolve({ held: held.map((name) => ({ name })) }),
        },
      });
      store = new NotebookStore("n");
      return store.open();
    };
    [server.etag, server.text] = ["one", "text one"];
    await open(["lakebook page 2"]);
    expect(store.state.save).toBe("saved");
    store.close();
    await open([]);
    expect([store.state.save, textOf(store.state.document!)]).toEqual(["dirty", "mine"]);
    expect(localStorage.getItem(other)).toBeNull();
  });

  test("a save of its own that is told late is nobody else's", async () => {
    await store.open();
    store.file.edit({ head: "text saved", blocks: [] });
    await store.file.save();
    store.file.edit({ head: "more", blocks: [] });
    server.emit({ type: "notebook-changed", notebook: "n", etag: "an earlier one" });
    expect(await store.file.save()).toBe(true);
  });

  test("a cell that was edited while it ran is out of date when it ends, and not only when the run does", async () => {
    await store.open();
    const forecast = { name: "a", kind: "sql", action: "run", reason: "changed" };
    server.forecast = { cells: [forecast], run: { date: "2026-11-01" } };
    await store.run({});
    server.emit({ type: "run-started", run: run("own", true) });
    store.file.edit({ head: "text saved", blocks: [] });
    await store.file.save();
    await settled(() => store.state.forecast.has("a"));
    server.emit(finished("own"));
    expect(isStale(store.state.forecast.get("a"), store.state.runs.cells.get("a"))).toBe(true);
    server.forecast = { cells: [{ ...forecast, action: "reuse" }], run: { date: "2026-11-01" } };
    server.emit(finished("own"));
    await settled(() => store.state.forecast.get("a")?.action === "reuse");
  });

  test("a cell that ran as it stands is up to date at once", async () => {
    await store.open();
    server.forecast = {
      cells: [{ name: "a", kind: "sql", action: "run", reason: "changed" }],
      run: { date: "2026-11-01" },
    };
    await store.forecasts.refresh();
    await store.run({});
    const before = server.asked.length;
    server.emit({ type: "run-started", run: run("own", true) });
    server.emit(finished("own"));
    expect(store.state.forecast.has("a")).toBe(false);
    expect(server.asked).toHaveLength(before);
  });

  test.each([
    ["viewer", ["read"], ["POST /api/notebooks/n/explore"]],
    ["runner", ["read", "run"], []],
  ] as const)(
    "what another date changes is explored by a %s alone who may begin no run",
    async (role, can, explored) => {
      session.enter({ ...owner, name: "ana", kind: "user", role, can: [...can] });
      onTestFinished(() => {
        session.enter({ ...owner, can: [...owner.can] });
      });
      await store.open();
      server.forecast = {
        cells: [{ name: "a", kind: "sql", action: "run", reason: "other date" }],
        run: { date: "2026-11-01" },
      };
      const before = server.asked.length;
      store.chosen.setDate("2026-10-01");
      await settled(() => store.state.forecast.has("a"));
      await settled(
        () => server.asked.slice(before).filter((asked) => asked.endsWith("/plan")).length > explored.length,
      );
      expect(server.asked.slice(before).filter((asked) => !asked.endsWith("/plan"))).toEqual(explored);
      const found = { name: "a", kind: "sql", action: "reuse", reason: "unchanged", fingerprint: "f" };
      server.forecast = { cells: [found], run: { date: "2026-10-01" } };
      await store.forecasts.refresh();
      expect(isOwnChoice(store.state, "a")).toBe(role === "viewer");
    },
  );
});
