import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { z } from "zod";
import { AppError, isSystemError } from "../base/errors.js";
import { folderIdentitySchema, mayBeOf } from "../lake/folder-identity.js";
import { askBy, toAppError, type Ask } from "../api/ask.js";
import type { Api } from "../api/protocol.js";
import type { NotebookEvent } from "../runs/events.js";
import type { AttemptOptions, Forecast } from "../runs/run-manager.js";
import type { RunRequest } from "../runs/run-request.js";
import type { RunView } from "../runs/run-record.js";
import type { Explorer } from "../share/compute-choice.js";
import { createLiveView } from "../runs/run-inputs.js";
import { forecastWithReaders } from "../workbench/foresee-reshaped.js";
import { appendAudit } from "../people/audit-log.js";
import { owner } from "../people/person.js";
import { openWorkspace } from "../workspace/workspace.js";
import type { Backfill, BackfillDate, BackfillRequest } from "../operate/backfills.js";
import { openOperation, type Operation } from "../operate/operation.js";
import { openWriteSession, stderrLogger, type SparkOptions, type WriteSession } from "./session.js";
import { takeTurn, type Turn } from "./take-turn.js";

/** Where runs are carried out: in this process, or by the server that holds the lake. */
export interface RunClient {
  start(request: RunRequest): Promise<RunView>;
  retry(id: string, how?: AttemptOptions): Promise<RunView>;
  /** The date of a schedule that waits, or today's. */
  runScheduled(notebook: string): Promise<RunView>;
  backfill(request: BackfillRequest): Promise<Backfill>;
  planBackfill(request: BackfillRequest): Promise<readonly BackfillDate[]>;
  forecast(request: RunRequest): Promise<Forecast>;
  /** Rows of query cells for other values of controls. */
  readonly explore: Explorer["explore"];
  /** The newest run of a notebook and date that did not succeed. */
  resumable(notebook: string, date: string): Promise<{ readonly id: string } | undefined>;
  /** Returns how many alerts still wait for somebody who sends them. */
  close(): Promise<number>;
}

export interface RunClientOptions {
  readonly workspace: string;
  readonly signal: AbortSignal;
  readonly onEvent: (event: NotebookEvent) => void;
  readonly turn: Turn;
  readonly spark?: SparkOptions | undefined;
  /** Takes what has no effect, as a sentence. */
  readonly warn?: (sentence: string) => void;
}

/** A running server is asked; without one, this process takes the lake when it is its turn. */
export async function openRunClient(options: RunClientOptions): Promise<RunClient> {
  const workspace = await openWorkspace(options.workspace);
  return takeTurn(async () => {
    const server = await findServer(workspace.state);
    if (server !== undefined) {
      if (Object.values(options.spark ?? {}).some((value) => value !== undefined))
        options.warn?.(
          "A server holds the lake: its own Spark is used, and --spark and --spark-lake are not.",
        );
      return new RemoteRuns(server, options);
    }
    return new LocalRuns(
      await openWriteSession({ workspace: options.workspace, purpose: "run", spark: options.spark }),
      options,
    );
  }, options.turn);
}

/** A command waits for no longer than that until its alerts are sent. */
const SENDING_MS = 10_000;

class LocalRuns implements RunClient {
  readonly #session: WriteSession;
  readonly #options: RunClientOptions;
  readonly #unsubscribe: () => void;

  constructor(session: WriteSession, options: RunClientOptions) {
    this.#session = session;
    this.#options = options;
    this.#unsubscribe = session.manager.events.subscribe((_notebook, event) => {
      options.onEvent(event);
    });
  }

  async start(request: RunRequest): Promise<RunView> {
    const { notebook, mode, date } = request;
    const handle = await this.#session.manager.start({ by: owner.name, ...request });
    await this.#note(mode, { notebook, run: handle.id, ...(date === undefined ? {} : { date }) });
    return this.#follow(handle);
  }

  async retry(id: string, how: AttemptOptions = {}): Promise<RunView> {
    const handle = await this.#session.manager.retry(id, { by: owner.name, ...how });
    await this.#note("retry", { run: id });
    return this.#follow(handle);
  }

  #note(what: string, details: Readonly<Record<string, string>>): Promise<void> {
    const { state } = this.#session.workspace;
    return appendAudit(state, { who: owner.name, from: "command line", what, ...details });
  }

  async runScheduled(notebook: string): Promise<RunView> {
    const { schedules } = await this.#operation();
    const handle = await schedules.runNow(notebook, owner.name);
    await this.#note("run", { notebook, run: handle.id });
    return this.#follow(handle);
  }

  async planBackfill(request: BackfillRequest): ReturnType<RunClient["planBackfill"]> {
    return (await this.#operation()).backfills.plan(request);
  }

  async backfill(request: BackfillRequest): Promise<Backfill> {
    const { backfills } = await this.#operation();
    const { id } = await backfills.start(request);
    const onAbort = (): void => void backfills.cancel(id);
    this.#options.signal.addEventListener("abort", onAbort, { once: true });
    if (this.#options.signal.aborted) onAbort();
    return backfills.finished(id);
  }

  #operation(): Promise<Operation> {
    return openOperation({ ...this.#session, logger: stderrLogger });
  }

  async forecast(request: RunRequest): ReturnType<RunClient["forecast"]> {
    const { workspace, engine, lake, manager } = this.#session;
    const { notebooks } = manager.services;
    const view = await createLiveView(workspace, join(lake.paths.tmp, "view"));
    return forecastWithReaders({ workspace, engine, lake, manager, notebooks, view }, request);
  }

  explore(...asked: Parameters<RunClient["explore"]>): ReturnType<RunClient["explore"]> {
    return this.#session.manager.explore(...asked);
  }

  resumable(notebook: string, date: string): ReturnType<RunClient["resumable"]> {
    return this.#session.manager.resumable(notebook, date);
  }

  async close(): Promise<number> {
    this.#unsubscribe();
    const { alerts, workspace } = this.#session;
    const longestMs = this.#options.signal.aborted ? 0 : SENDING_MS;
    try {
      return await alerts.settle(workspace.settings.url, longestMs);
    } finally {
      await this.#session.close();
    }
  }

  async #follow(handle: { readonly id: string; readonly finished: Promise<RunView> }): Promise<RunView> {
    const onAbort = (): void => void this.#session.manager.cancel(handle.id);
    this.#options.signal.addEventListener("abort", onAbort, { once: true });
    if (this.#options.signal.aborted) onAbort();
    try {
      return await handle.finished;
    } finally {
      this.#options.signal.removeEventListener("abort", onAbort);
    }
  }
}

const serverFileSchema = z.object({
  url: z.string(),
  token: z.string(),
  pid: z.number(),
  id: z.string(),
  folder: folderIdentitySchema.optional(),
});
const healthSchema = z.object({ id: z.string() });
export type ServerAddress = z.infer<typeof serverFileSchema>;

/** Undefined where no server answers: a server.json that a killed server left is ignored. */
export async function findServer(stateFolder: string): Promise<ServerAddress | undefined> {
  try {
    const address = serverFileSchema.parse(
      JSON.parse(await readFile(join(stateFolder, "server.json"), "utf8")),
    );
    // What came along with a copy of the folder names the server of the original.
    if (address.folder !== undefined && !mayBeOf(address.folder, stateFolder)) return undefined;
    const response = await fetch(`${address.url}/healthz`, { signal: AbortSignal.timeout(5000) });
    // Another program may have been given the port since; it must not be handed the token.
    const { id } = healthSchema.parse(await response.json());
    return id === address.id ? address : undefined;
  } catch (error) {
    if (isSystemError(error) && error.code !== "ENOENT") throw error;
    return undefined;
  }
}

const POLL_MS = 200;

class RemoteRuns implements RunClient {
  readonly #address: ServerAddress;
  readonly #options: RunClientOptions;

  constructor(address: ServerAddress, options: RunClientOptions) {
    this.#address = address;
    this.#options = options;
  }

  async start(request: RunRequest): Promise<RunView> {
    const { notebook, mode, tolerant: _tolerant, trigger: _trigger, ...rest } = request;
    const body = { ...rest, materialize: mode === "materialize", strict: true };
    const params = { name: notebook };
    const { id } = await callServer(this.#address, "POST /api/notebooks/{name}/runs", { params, body });
    return this.#follow(id);
  }

  async retry(id: string, how: AttemptOptions = {}): Promise<RunView> {
    await callServer(this.#address, "POST /api/runs/{id}/retry", { params: { id }, body: how });
    return this.#follow(id);
  }

  async runScheduled(notebook: string): Promise<RunView> {
    const sent = { params: { name: notebook }, body: {} };
    const { id } = await callServer(this.#address, "POST /api/notebooks/{name}/schedule/run", sent);
    return this.#follow(id);
  }

  async planBackfill(request: BackfillRequest): ReturnType<RunClient["planBackfill"]> {
    return (await this.#askBackfill(request, true)).dates;
  }

  async backfill(request: BackfillRequest): Promise<Backfill> {
    const { id = "" } = await this.#askBackfill(request, false);
    for (let isCancelled = false; ;) {
      const params = { id };
      if (this.#options.signal.aborted && !isCancelled) {
        isCancelled = true;
        await callServer(this.#address, "POST /api/backfills/{id}/cancel", { params, body: {} });
      }
      const backfill = await callServer(this.#address, "GET /api/backfills/{id}", { params });
      if (backfill.state !== "running") return backfill;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  #askBackfill({ notebook, ...range }: BackfillRequest, dryRun: boolean) {
    const sent = { params: { name: notebook }, body: { ...range, dryRun } };
    return callServer(this.#address, "POST /api/notebooks/{name}/backfills", sent);
  }

  async forecast(request: RunRequest): ReturnType<RunClient["forecast"]> {
    const { notebook, mode, tolerant: _tolerant, trigger: _trigger, ...rest } = request;
    const params = { name: notebook };
    const body = { ...rest, materialize: mode === "materialize" };
    const answer = await callServer(this.#address, "POST /api/notebooks/{name}/plan", { params, body });
    if ("problem" in answer) throw toAppError(answer.problem);
    return answer;
  }

  async explore({
    notebook,
    date,
    parameters = {},
    cells,
  }: Parameters<RunClient["explore"]>[0]): ReturnType<RunClient["explore"]> {
    const body = { date, parameters, ...(cells === undefined ? {} : { cells: [...cells] }) };
    const sent = { params: { name: notebook }, body };
    const { cells: explored, blocked } = await callServer(
      this.#address,
      "POST /api/notebooks/{name}/explore",
      sent,
    );
    return { cells: explored.map(({ result, ...cell }) => ({ ...cell, fingerprint: result })), blocked };
  }

  async resumable(notebook: string, date: string): ReturnType<RunClient["resumable"]> {
    const sent = { params: { name: notebook }, query: { date } };
    const { run } = await callServer(this.#address, "GET /api/notebooks/{name}/resumable", sent);
    return run ?? undefined;
  }

  close(): Promise<number> {
    return Promise.resolve(0);
  }

  /** Polls the run and tells its changes as the events that a local run would have told. */
  async #follow(id: string): Promise<RunView> {
    const seen = new Map<string, string>();
    let isCancelled = false;
    for (let first = true; ; first = false) {
      if (this.#options.signal.aborted && !isCancelled) {
        isCancelled = true;
        await callServer(this.#address, "POST /api/runs/{id}/cancel", { params: { id }, body: {} });
      }
      const run = await callServer(this.#address, "GET /api/runs/{id}", { params: { id } });
      if (first) this.#options.onEvent({ type: "run-started", run });
      this.#tellChanges(run, seen);
      if (!run.isRunning) return run;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  #tellChanges(run: RunView, seen: Map<string, string>): void {
    for (const cell of run.cells) {
      const now = `${cell.status} ${cell.outcome}`;
      if (seen.get(cell.name) === now) continue;
      seen.set(cell.name, now);
      if (cell.status === "running")
        this.#options.onEvent({ type: "cell-started", runId: run.id, cell: cell.name });
      if (cell.status !== "idle") continue;
      const checks = run.checks.filter((check) => check.cell === cell.name || check.name === cell.name);
      this.#options.onEvent({ type: "cell-finished", runId: run.id, cell, checks });
    }
  }
}

/** Asks a server, as `Ask` says. */
export function askServer({ url, token }: ServerAddress, agent?: string): Ask {
  return askBy(async (path, init) => {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${token}`);
    return fetch(`${url}${path}`, { ...init, headers }).catch((error: unknown) => {
      if (init.signal?.aborted === true) throw error;
      throw new AppError("internal", `The server at ${url} does not answer.`, { cause: error });
    });
  }, agent);
}

/** The body of an answer that is no JSON. Fails as `callServer` does. */
export async function downloadFromServer({ url, token }: ServerAddress, path: string): Promise<Readable> {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } }).catch(
    (error: unknown) => {
      throw new AppError("internal", `The server at ${url} does not answer.`, { cause: error });
    },
  );
  if (!response.ok || response.body === null)
    throw new AppError("internal", `The server at ${url} answered ${String(response.status)}.`);
  return Readable.fromWeb(response.body);
}

/** What the server answers; its error is thrown as if it had happened here. */
export function callServer<Name extends keyof Api>(
  address: ServerAddress,
  route: Name,
  sent: Api[Name]["sent"],
): Promise<Api[Name]["answer"]> {
  return askServer(address)(route, sent);
}
