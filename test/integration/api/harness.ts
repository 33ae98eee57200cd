import { NotebookCache } from "../../../server/analysis/notebook-cache.js";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { createApp } from "../../../server/api/app.js";
import { Throttle } from "../../../server/people/throttle.js";
import { RecentCounts } from "../../../server/people/recent-counts.js";
import { createServices, type ApiServices } from "../../../server/api/services.js";
import { Sessions } from "../../../server/people/sessions.js";
import { Tokens } from "../../../server/people/tokens.js";
import { Users } from "../../../server/people/users.js";
import type { StaticFile } from "../../../server/api/static-files.js";
import { createLogger } from "../../../server/base/logger.js";
import { createDuckdbEngine } from "../../../server/engine/duckdb/duckdb-engine.js";
import { Lake } from "../../../server/lake/lake.js";
import { openAlertDesk, openSenders } from "../../../server/operate/alerts/open-alerts.js";
import { systemClock } from "../../../server/operate/clock.js";
import { createLiveView } from "../../../server/runs/run-inputs.js";
import { openOperation } from "../../../server/operate/operation.js";
import { RunManager } from "../../../server/runs/run-manager.js";
import type { RunView } from "../../../server/runs/run-record.js";
import { openWorkspace } from "../../../server/workspace/workspace.js";
import { requireDescribed } from "./described.js";
import { builtWorker } from "../../support/with-engine.js";

export const TOKEN = "a-token-for-tests";
/** What a browser would send as Host, and what the tests' URLs begin with. */
export const HOST = "localhost:8080";

/** By path below the workspace: `notebooks/sales.md`, `input/orders.csv`. */
export type Files = Readonly<Record<string, string>>;

export async function createWorkspace(files: Files): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "lakebook-api-")));
  for (const folder of ["notebooks", "input", "data_lake"]) await mkdir(join(root, folder));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

export interface RequestOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Undefined: the right token; null: none. */
  readonly token?: string | null;
}

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** The API over a workspace of its own, without a socket. */
export class Api {
  readonly root: string;
  readonly services: ApiServices;
  /** Lines of level warn and above. */
  readonly log: string[];
  readonly app: ReturnType<typeof createApp>;
  readonly #close: () => Promise<void>;

  private constructor(root: string, services: ApiServices, log: string[], close: () => Promise<void>) {
    this.root = root;
    this.services = services;
    this.log = log;
    this.app = createApp(services);
    this.#close = close;
  }

  static async open(files: Files): Promise<Api> {
    const root = await createWorkspace(files);
    const log: string[] = [];
    const logger = createLogger((line) => void log.push(line), { level: "warn" });
    const workspace = await openWorkspace(root);
    const lake = await Lake.open(workspace.lake, { mode: "write", logger });
    const tempFolder = join(lake.paths.tmp, "engine");
    const engine = await createDuckdbEngine({ tempFolder, workerScript: builtWorker, concurrency: 2 });
    const manager = new RunManager({
      workspace,
      lake,
      engine,
      notebooks: new NotebookCache(workspace, engine),
      logger,
      concurrency: 2,
    });
    const view = await createLiveView(workspace, join(lake.paths.tmp, "view"));
    const access = {
      token: TOKEN,
      isTokenChosen: true,
      sessions: new Sessions(),
      users: new Users(workspace.state),
      tokens: new Tokens(workspace.state),
      hosts: new Set([HOST]),
      throttle: new Throttle(nextDay),
      refusals: new RecentCounts(),
      acts: new RecentCounts(),
      onWrong: () => Promise.resolve(),
    };
    const { notebooks } = manager.services;
    const send = openSenders({}, workspace);
    const clock = systemClock;
    const alerts = await openAlertDesk({ workspace, lake, engine, notebooks, manager, send, clock, logger });
    const operation = await openOperation({ manager, logger, clock, alerts });
    const opened = { workspace, lake, engine, manager, alerts, operation, view, access, logger };
    const parts = { id: "here", ...opened, files: pageFiles };
    const services = createServices(parts);
    return new Api(root, services, log, async () => {
      services.feed.close();
      await operation.close();
      await manager.close();
      await alerts.close();
      await engine.close();
      await lake.close();
      await rm(root, { recursive: true, force: true });
    });
  }

  close(): Promise<void> {
    return this.#close();
  }

  async request(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const { body, headers = {}, token = TOKEN } = options;
    const response = await this.app.request(`http://${HOST}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    await requireDescribed(method, path, response);
    return response;
  }

  async json<T = Json>(method: string, path: string, options: RequestOptions = {}): Promise<Answer<T>> {
    const response = await this.request(method, path, options);
    return { status: response.status, headers: response.headers, body: (await response.json()) as T };
  }

  /** Starts a run and waits for its end. */
  async run(notebook: string, body: Readonly<Record<string, unknown>> = {}): Promise<RunView> {
    const { status, body: started } = await this.json("POST", `/api/notebooks/${notebook}/runs`, { body });
    if (status !== 202) throw new Error(`not started: ${JSON.stringify(started)}`);
    return this.ended(started["id"] as string);
  }

  async ended(id: string): Promise<RunView> {
    const now = await this.services.manager.view(id);
    if (!now.isRunning) return now;
    return new Promise((resolve) => {
      const unsubscribe = this.services.manager.events.subscribe((_notebook, event) => {
        if (event.type !== "run-finished" || event.run.id !== id) return;
        unsubscribe();
        resolve(event.run);
      });
    });
  }
}

let day = 0;
/** A clock by which each wrong token is the first one for long. */
const nextDay = (): number => (day += 86_400_000);

export type Json = Readonly<Record<string, unknown>>;

/** Looks into an answer: `at(body, "error", "code")`. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Json | undefined)?.[key], value);
}

/** One API for all tests of a file. */
export function useApi(files: Files): { readonly api: Api } {
  const shared: { api?: Api } = {};
  beforeAll(async () => {
    shared.api = await Api.open(files);
  });
  afterAll(() => shared.api?.close());
  return shared as { readonly api: Api };
}

function toFile(text: string, type: string, isImmutable: boolean): StaticFile {
  return { bytes: new TextEncoder().encode(text), type, etag: `"${String(text.length)}"`, isImmutable };
}

const index = toFile("<!doctype html><title>Lakebook</title>", "text/html; charset=utf-8", false);
const pageFiles = new Map([
  ["/", index],
  ["/index.html", index],
  ["/assets/main-1a2b.js", toFile(`// ${"x".repeat(2000)}`, "text/javascript; charset=utf-8", true)],
]);

/** A cell that would take hours; a cancel ends it at once. */
export const endless =
  "SELECT count(*) AS n FROM range(1000000000) a, range(1000000000) b WHERE a.range = b.range + 7";

/** A notebook of SQL cells: header lines, then the query. */
export function notebook(cells: Readonly<Record<string, string>>, frontMatter = "title: Test"): string {
  const fences = Object.entries(cells).map(([header, body]) => `\`\`\`sql\n--| ${header}\n${body}\n\`\`\``);
  return `---\n${frontMatter}\n---\n\n${fences.join("\n\n")}\n`;
}
