import type { Api, ErrorBody, LocatedDiagnostic, RunBody } from "../server/api/protocol.js";
import { fillPath } from "../server/text/fill-path.js";
import { connection, isOfProxy } from "./connection.js";
import { noteRequest } from "./quiet.js";
import { session, type LoginWay } from "./session.js";

/** An answer of the server that is not what was asked for. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;
  readonly diagnostics: readonly LocatedDiagnostic[];
  readonly details: Readonly<Record<string, unknown>>;
  /** In seconds; undefined: at once. */
  readonly retryAfter: number | undefined;

  constructor(status: number, { error }: ErrorBody, retryAfter?: number) {
    super(error.message);
    this.status = status;
    this.retryAfter = retryAfter;
    this.code = error.code;
    this.hint = error.hint;
    this.diagnostics = error.diagnostics ?? [];
    this.details = error.details ?? {};
  }
}

export interface PageQuery {
  readonly offset?: number;
  readonly limit?: number;
  readonly sort?: readonly string[];
  readonly filter?: readonly string[];
}

export interface CellQuery extends PageQuery {
  readonly run?: string | undefined;
  /** A fingerprint: the rows that have it. */
  readonly result?: string | undefined;
  /** A check's name: its failing rows. */
  readonly check?: string;
  /** As JSON: what is picked in charts. */
  readonly picked?: readonly string[];
}

type RouteName = keyof Api;
type Sent<Name extends RouteName> = Api[Name]["sent"];

/** The path of a route, with its parameters; a notebook's name with a folder is one segment. */
export function addressOf<Name extends RouteName>(route: Name, sent: Omit<Sent<Name>, "body">): string {
  const { params = {}, query = {} } = sent as LooselySent;
  const path = fillPath(route.slice(route.indexOf(" ") + 1), params);
  const asked = formatQuery(query);
  return asked === "" ? path : `${path}?${asked}`;
}

interface LooselySent {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Query;
  readonly body?: unknown;
}

export interface ValuePlace extends Omit<CellQuery, "offset" | "limit"> {
  /** Counted from 0, with this sort and filter. */
  readonly row: number;
  /** Its key. */
  readonly column: string;
}

/** Where one value of a cell's rows is a download. */
export function cellValuePath(name: string, cell: string, place: ValuePlace): string {
  return addressOf("GET /api/notebooks/{name}/cells/{cell}/value", { params: { name, cell }, query: place });
}

export function lakeValuePath(date: string, dataset: string, place: ValuePlace): string {
  return addressOf("GET /api/lake/{date}/{dataset}/value", { params: { date, dataset }, query: place });
}

export const api = {
  me: () => call("GET /api/me", {}),
  logOut: () => call("POST /api/logout", { body: {} }),
  changePassword: (body: Sent<"PUT /api/me/password">["body"]) => call("PUT /api/me/password", { body }),
  notebooks: () => call("GET /api/notebooks", {}),
  notebook: (name: string) => call("GET /api/notebooks/{name}", { params: { name } }),
  /** Fails with status 412 where the file is no longer the one with this etag; `null` makes a new notebook. */
  save: (name: string, text: string, etag: string | null) =>
    call(
      "PUT /api/notebooks/{name}",
      { params: { name }, body: { text } },
      { headers: etag === null ? { "if-none-match": "*" } : { "if-match": `"${etag}"` } },
    ),
  run: (name: string, body: RunBody) => call("POST /api/notebooks/{name}/runs", { params: { name }, body }),
  /** Fails with code choice-needed or invalid-notebook too, which the server tells as an answer. */
  forecast: async (name: string, body: RunBody) => {
    const answer = await call("POST /api/notebooks/{name}/plan", { params: { name }, body });
    if ("problem" in answer) throw new ApiError(200, { error: answer.problem });
    return answer;
  },
  explore: (
    name: string,
    body: Api["POST /api/notebooks/{name}/explore"]["sent"]["body"],
    signal: AbortSignal,
  ) => call("POST /api/notebooks/{name}/explore", { params: { name }, body }, { signal }),
  presence: (name: string, body: Sent<"POST /api/notebooks/{name}/presence">["body"]) =>
    call("POST /api/notebooks/{name}/presence", { params: { name }, body }),
  runs: (notebook?: string, limit = 50) => call("GET /api/runs", { query: { notebook, limit } }),
  runView: (id: string) => call("GET /api/runs/{id}", { params: { id } }),
  outdatedInputs: (id: string) => call("GET /api/runs/{id}/outdated", { params: { id } }),
  lookAt: (body: Sent<"POST /api/input/look">["body"], signal?: AbortSignal) =>
    call("POST /api/input/look", { body }, { signal }),
  deliveries: () => call("GET /api/input", {}),
  alerts: () => call("GET /api/alerts", {}),
  testAlerts: () => call("POST /api/alerts/test", { body: {} }),
  schedules: () => call("GET /api/schedules", {}),
  schedule: (name: string) => call("GET /api/notebooks/{name}/schedule", { params: { name } }),
  setPaused: (name: string, isPaused: boolean) =>
    isPaused
      ? call("POST /api/notebooks/{name}/schedule/pause", { params: { name }, body: {} })
      : call("POST /api/notebooks/{name}/schedule/resume", { params: { name }, body: {} }),
  draftSchedule: (name: string, body: Sent<"POST /api/notebooks/{name}/schedule/draft">["body"]) =>
    call("POST /api/notebooks/{name}/schedule/draft", { params: { name }, body }),
  runScheduled: (name: string) =>
    call("POST /api/notebooks/{name}/schedule/run", { params: { name }, body: {} }),
  calendar: (name: string, query: Sent<"GET /api/notebooks/{name}/calendar">["query"]) =>
    call("GET /api/notebooks/{name}/calendar", { params: { name }, query }),
  backfill: (name: string, body: Sent<"POST /api/notebooks/{name}/backfills">["body"]) =>
    call("POST /api/notebooks/{name}/backfills", { params: { name }, body }),
  backfills: () => call("GET /api/backfills", {}),
  backfillView: (id: string) => call("GET /api/backfills/{id}", { params: { id } }),
  cancelBackfill: (id: string) => call("POST /api/backfills/{id}/cancel", { params: { id }, body: {} }),
  cancel: (id: string) => call("POST /api/runs/{id}/cancel", { params: { id }, body: {} }),
  retry: (id: string, from?: string) => call("POST /api/runs/{id}/retry", { params: { id }, body: { from } }),
  cellRows: (name: string, cell: string, page: CellQuery, signal?: AbortSignal) =>
    call("GET /api/notebooks/{name}/cells/{cell}/rows", { params: { name, cell }, query: page }, { signal }),
  checkTrends: (name: string, cell: string) =>
    call("GET /api/notebooks/{name}/trends", { params: { name }, query: { cell } }),
  keptTests: (name: string) => call("GET /api/notebooks/{name}/tests", { params: { name } }),
  runTests: (name: string, tests: readonly string[]) =>
    call("POST /api/notebooks/{name}/tests", { params: { name }, body: { tests: [...tests] } }),
  checkSuggestions: (name: string, cell: string, query: { result?: string | undefined }) =>
    call("GET /api/notebooks/{name}/cells/{cell}/suggestions", { params: { name, cell }, query }),
  cellProfile: (
    name: string,
    cell: string,
    range: { readonly result?: string | undefined; readonly offset?: number; readonly limit?: number },
  ) => call("GET /api/notebooks/{name}/cells/{cell}/profile", { params: { name, cell }, query: range }),
  deriveCell: (
    name: string,
    cell: string,
    body: Sent<"POST /api/notebooks/{name}/cells/{cell}/derive">["body"],
  ) => call("POST /api/notebooks/{name}/cells/{cell}/derive", { params: { name, cell }, body }),
  summarize: (
    name: string,
    cell: string,
    body: Sent<"POST /api/notebooks/{name}/cells/{cell}/summary">["body"],
    signal: AbortSignal,
  ) => call("POST /api/notebooks/{name}/cells/{cell}/summary", { params: { name, cell }, body }, { signal }),
  cellDiff: (name: string, cell: string, against?: string) =>
    call("GET /api/notebooks/{name}/cells/{cell}/diff", { params: { name, cell }, query: { against } }),
  query: (name: string, body: Sent<"POST /api/notebooks/{name}/query">["body"], signal?: AbortSignal) =>
    call("POST /api/notebooks/{name}/query", { params: { name }, body }, { signal }),
  live: (name: string, body: Sent<"POST /api/notebooks/{name}/live">["body"], signal: AbortSignal) =>
    call("POST /api/notebooks/{name}/live", { params: { name }, body }, { signal }),
  spark: () => call("GET /api/spark", {}),
  compiledCell: (name: string, cell: string, parameters: Readonly<Record<string, unknown>>) =>
    call("POST /api/notebooks/{name}/cells/{cell}/sql", { params: { name, cell }, body: { parameters } }),
  explainCell: (name: string, cell: string, parameters: Readonly<Record<string, unknown>>) =>
    call("POST /api/notebooks/{name}/cells/{cell}/plan", { params: { name, cell }, body: { parameters } }),
  lineage: (name: string) => call("GET /api/notebooks/{name}/lineage", { params: { name } }),
  columnLineage: (name: string, cell: string, column: string) =>
    call("GET /api/notebooks/{name}/cells/{cell}/lineage", { params: { name, cell }, query: { column } }),
  proposals: (name: string) => call("GET /api/notebooks/{name}/proposals", { params: { name } }),
  settleProposal: (name: string, id: string, cell: string, decision: "accepted" | "rejected") =>
    call("DELETE /api/notebooks/{name}/proposals/{id}/cells/{cell}", {
      params: { name, id, cell },
      query: { decision },
    }),
  rename: (name: string, cell: string, newName: string) =>
    call("POST /api/notebooks/{name}/rename", { params: { name }, body: { cell, newName } }),
  vocabulary: () => call("GET /api/vocabulary", {}),
  /** So many run dates of each dataset; undefined: all. */
  lake: (dates?: number) => call("GET /api/lake", { query: { dates } }),
  verify: () => call("POST /api/lake/verify", { body: {} }),
  vacuum: (body: Sent<"POST /api/lake/vacuum">["body"]) => call("POST /api/lake/vacuum", { body }),
  versions: (dataset: string) => call("GET /api/lake/versions", { query: { dataset } }),
  rollBack: (body: Sent<"POST /api/lake/rollback">["body"]) => call("POST /api/lake/rollback", { body }),
  tags: () => call("GET /api/lake/tags", {}),
  tag: (body: Sent<"POST /api/lake/tags">["body"]) => call("POST /api/lake/tags", { body }),
  untag: (body: Sent<"POST /api/lake/tags">["body"]) => call("POST /api/lake/tags/delete", { body }),
  diff: (query: Sent<"GET /api/lake/diff">["query"], signal?: AbortSignal) =>
    call("GET /api/lake/diff", { query }, { signal }),
  lakeRows: (date: string, dataset: string, page: PageQuery, signal?: AbortSignal) =>
    call("GET /api/lake/{date}/{dataset}/rows", { params: { date, dataset }, query: page }, { signal }),
  lakeProfile: (date: string, dataset: string, range: { readonly offset: number; readonly limit: number }) =>
    call("GET /api/lake/{date}/{dataset}/profile", { params: { date, dataset }, query: range }),
  lakeDetail: (date: string, dataset: string) =>
    call("GET /api/lake/{date}/{dataset}", { params: { date, dataset } }),
  duplicate: (name: string) => call("POST /api/notebooks/{name}/duplicate", { params: { name }, body: {} }),
  move: (name: string, newName: string) =>
    call("POST /api/notebooks/{name}/move", { params: { name }, body: { newName } }),
  remove: (name: string) => call("DELETE /api/notebooks/{name}", { params: { name } }),
  restore: (id: string) => call("POST /api/trash/{id}/restore", { params: { id }, body: {} }),
  /** Makes a notebook of a file; its name is made unique. */
  importNotebook: (fileName: string, text: string) =>
    call("POST /api/notebooks/import", { body: { fileName, text } }),
  /** Makes a notebook of a dbt project: its SQL and YAML, and the paths of its seeds. */
  importProject: (files: readonly { readonly path: string; readonly text: string }[]) =>
    call("POST /api/notebooks/import", { body: { files: [...files] } }),
  /** Puts a file into input/. Fails with code conflict where there is one of that name. */
  addInput: (name: string, file: Blob, watch?: UploadWatch) =>
    upload("PUT /api/input/{name}", { params: { name } }, file, watch),
  /** In the place of the one that lies there. `name` is its path below input/. */
  replaceInput: (name: string, file: Blob, watch?: UploadWatch) =>
    upload("PUT /api/input/{name}", { params: { name }, query: { replace: "true" } }, file, watch),
};

const UNREACHABLE = "unreachable";

export interface UploadWatch {
  readonly signal: AbortSignal;
  onProgress(sentBytes: number): void;
}

/** Sends a file as it is. Fails with AbortError when told to stop. */
function upload<Name extends RouteName>(
  route: Name,
  sent: Sent<Name>,
  file: Blob,
  watch?: UploadWatch,
): Promise<Api[Name]["answer"]> {
  return whileLoggedIn(() => uploadOnce(route, sent, file, watch));
}

/** `fetch` does not tell how much of it is on its way. */
function uploadOnce<Name extends RouteName>(
  route: Name,
  sent: Sent<Name>,
  file: Blob,
  watch?: UploadWatch,
): Promise<Api[Name]["answer"]> {
  const request = new XMLHttpRequest();
  const answered = new Promise<Api[Name]["answer"]>((resolve, reject) => {
    request.onload = () => {
      const answer: unknown = request.response;
      if (request.status < 300) resolve(answer as Api[Name]["answer"]);
      else reject(toApiError(request.status, answer));
    };
    request.onerror = () => {
      reject(unreachable());
    };
    request.onabort = () => {
      reject(new DOMException("The upload was cancelled.", "AbortError"));
    };
  });
  request.upload.onprogress = (event) => watch?.onProgress(event.loaded);
  watch?.signal.addEventListener("abort", () => {
    request.abort();
  });
  request.open("PUT", addressOf(route, sent));
  request.setRequestHeader("content-type", "application/octet-stream");
  request.responseType = "json";
  request.send(file);
  return answered;
}

/** The server was not there to answer: what was asked may be asked again. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof ApiError && error.code === UNREACHABLE;
}

/** Status 0: nobody answered. */
function unreachable(status = 0): ApiError {
  connection.lost();
  const message = `The server cannot be reached${status === 0 ? "" : ` (${String(status)})`}.`;
  return new ApiError(status, { error: { code: UNREACHABLE, message } });
}

function toApiError(status: number, answer: unknown, retryAfter?: number): ApiError {
  if (isErrorBody(answer)) return new ApiError(status, answer, retryAfter);
  if (isOfProxy(status)) return unreachable(status);
  const message = `The server answered ${String(status)}.`;
  return new ApiError(status, { error: { code: "internal", message } });
}

/**
 * Asks the server and reads its JSON. Fails with ApiError, also where the server cannot be
 * reached (`isUnreachable`).
 */
export function call<Name extends RouteName>(
  route: Name,
  sent: Sent<Name>,
  options: AskOptions = {},
): Promise<Api[Name]["answer"]> {
  const asked = `${route.slice(0, route.indexOf(" "))} ${addressOf(route, sent)}`;
  const early = askedEarly.get(asked);
  askedEarly.delete(asked);
  return (early ?? noteRequest(ask(asked, sent, options))) as Promise<Api[Name]["answer"]>;
}

const askedEarly = new Map<string, Promise<unknown>>();

/** Asks now for what a page asks for first, while its code is still on the way. */
export function askEarly(name: string): void {
  const asked = [
    addressOf("GET /api/notebooks/{name}", { params: { name } }),
    addressOf("GET /api/runs", { query: { notebook: name, limit: 50 } }),
  ];
  for (const path of asked) {
    const request = noteRequest(ask(`GET ${path}`));
    // Whoever takes it is told.
    request.catch(() => undefined);
    askedEarly.set(`GET ${path}`, request);
  }
}

interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** A session that has ended waits for somebody to log in, and then does it again: nothing was done yet. */
async function whileLoggedIn<T>(request: () => Promise<T>): Promise<T> {
  for (;;) {
    const { entries } = session;
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === "forbidden") void learnWhoIAm();
      const way = error.status === 401 ? error.details["login"] : undefined;
      if (way === undefined) throw error;
      // Another request has seen it before, and somebody has logged in since.
      if (entries === session.entries) await session.loggedOut(way as LoginWay);
    }
  }
}

/** Another role counts at once. Whoever is not known any more is told by what they ask for next. */
export async function learnWhoIAm(): Promise<void> {
  try {
    const me = (await askOnce("GET /api/me")) as Api["GET /api/me"]["answer"];
    if (JSON.stringify(me) !== JSON.stringify(session.me)) session.enter(me);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

/** Fails with status 401 where they are wrong, and 429 with `retryAfter` where there were too many wrong ones. */
export async function logIn(name: string, password: string): Promise<void> {
  await askOnce("POST /api/login", { body: { name, password } });
  session.enter((await askOnce("GET /api/me")) as Api["GET /api/me"]["answer"]);
}

/** By the server's own token. Fails as `logIn` does. */
export async function logInByToken(token: string): Promise<void> {
  const response = await fetchOrFail(`/?token=${encodeURIComponent(token)}`, {});
  if (response.status === 401)
    throw new ApiError(401, { error: { code: "unauthorized", message: "This is not the server's token." } });
  if (!response.ok) throw await errorOf(response);
  session.enter((await askOnce("GET /api/me")) as Api["GET /api/me"]["answer"]);
}

function ask(asked: string, sent?: LooselySent, options?: AskOptions): Promise<unknown> {
  return whileLoggedIn(() => askOnce(asked, sent, options));
}

async function askOnce(
  asked: string,
  { body }: LooselySent = {},
  { headers = {}, signal }: AskOptions = {},
): Promise<unknown> {
  const [method = "", path = ""] = asked.split(" ");
  const response = await fetchOrFail(path, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok) throw await errorOf(response);
  return response.json().catch(() => undefined);
}

function fetchOrFail(path: string, request: RequestInit): Promise<Response> {
  return fetch(path, request).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  });
}

async function errorOf(response: Response): Promise<ApiError> {
  const answer: unknown = await response.json().catch(() => undefined);
  const wait = response.headers.get("retry-after");
  return toApiError(response.status, answer, wait === null ? undefined : Number(wait));
}

function isErrorBody(answer: unknown): answer is ErrorBody {
  return typeof answer === "object" && answer !== null && "error" in answer;
}

type Parameter = string | number | boolean;
type Query = Readonly<Record<string, Parameter | readonly Parameter[] | undefined>>;

/** Lists become repeated parameters; undefined ones are left out. */
function formatQuery(values: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    const items = Array.isArray(value) ? (value as readonly Parameter[]) : [value as Parameter | undefined];
    for (const item of items) if (item !== undefined) parameters.append(name, String(item));
  }
  return parameters.toString();
}
