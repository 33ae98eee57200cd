import type {
  CellDiff,
  NothingPublished,
  CompiledCell,
  CompileProblem,
  QueryAnswer,
  QueryBody,
  QueryPlan,
  RenamedText,
  VocabularyView,
  CellRowsPage,
  ErrorBody,
  DeletedNotebook,
  LakeView,
  LocatedDiagnostic,
  NamedNotebook,
  NotebookSummary,
  NotebookView,
  PlanProblem,
  PlanView,
  Profile,
  PublishedDetail,
  RowsPage,
  RunBody,
  RunList,
  RunView,
  StartedRun,
  UploadedInput,
  VacuumBody,
  VacuumReport,
  VerifyView,
} from "../server/api/protocol.js";

import { noteRequest } from "./quiet.js";

/** An answer of the server that is not what was asked for. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;
  readonly diagnostics: readonly LocatedDiagnostic[];
  readonly details: Readonly<Record<string, unknown>>;

  constructor(status: number, { error }: ErrorBody) {
    super(error.message);
    this.status = status;
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
}

/** Paths of the API; a notebook's name with a folder is one segment. */
export function notebookPath(name: string, ...rest: readonly string[]): string {
  return ["/api/notebooks", ...[name, ...rest].map(encodeURIComponent)].join("/");
}

export interface ValuePlace extends Omit<CellQuery, "offset" | "limit"> {
  /** Counted from 0, with this sort and filter. */
  readonly row: number;
  /** Its key. */
  readonly column: string;
}

/** Where one value of a cell's rows is a download. */
export function cellValuePath(name: string, cell: string, place: ValuePlace): string {
  return `${notebookPath(name, "cells", cell, "value")}?${query({ ...place })}`;
}

export function lakeValuePath(date: string, dataset: string, place: ValuePlace): string {
  return `/api/lake/${encodeURIComponent(date)}/${encodeURIComponent(dataset)}/value?${query({ ...place })}`;
}

export const api = {
  notebooks: () => call<readonly NotebookSummary[]>("GET", "/api/notebooks"),
  notebook: (name: string) => call<NotebookView>("GET", notebookPath(name)),
  /** Fails with status 412 where the file is no longer the one with this etag; `null` makes a new notebook. */
  save: (name: string, text: string, etag: string | null) =>
    call<NotebookView>(
      "PUT",
      notebookPath(name),
      { text },
      etag === null ? { "if-none-match": "*" } : { "if-match": `"${etag}"` },
    ),
  run: (name: string, body: RunBody) => call<StartedRun>("POST", notebookPath(name, "runs"), body),
  /** Fails with code choice-needed or invalid-notebook too, which the server tells as an answer. */
  plan: async (name: string, body: RunBody) => {
    const answer = await call<PlanView | PlanProblem>("POST", notebookPath(name, "plan"), body);
    if ("problem" in answer) throw new ApiError(200, { error: answer.problem });
    return answer;
  },
  runs: (notebook?: string, limit?: number) => call<RunList>("GET", runsPath(notebook, limit)),
  runView: (id: string) => call<RunView>("GET", `/api/runs/${encodeURIComponent(id)}`),
  cancel: (id: string) => call<RunView>("POST", `/api/runs/${encodeURIComponent(id)}/cancel`, {}),
  retry: (id: string) => call<StartedRun>("POST", `/api/runs/${encodeURIComponent(id)}/retry`, {}),
  cellRows: (name: string, cell: string, page: CellQuery, signal?: AbortSignal) =>
    call<CellRowsPage>(
      "GET",
      `${notebookPath(name, "cells", cell, "rows")}?${query({ ...page })}`,
      undefined,
      {},
      signal,
    ),
  cellProfile: (
    name: string,
    cell: string,
    range: { readonly result?: string | undefined; readonly offset?: number; readonly limit?: number },
  ) => call<Profile>("GET", `${notebookPath(name, "cells", cell, "profile")}?${query({ ...range })}`),
  cellDiff: (name: string, cell: string, against?: string) =>
    call<CellDiff | NothingPublished>(
      "GET",
      `${notebookPath(name, "cells", cell, "diff")}?${query({ against })}`,
    ),
  query: (name: string, body: QueryBody, signal?: AbortSignal) =>
    call<QueryAnswer>("POST", notebookPath(name, "query"), body, {}, signal),
  compiledCell: (name: string, cell: string, parameters: Readonly<Record<string, unknown>>) =>
    call<CompiledCell | CompileProblem>("POST", notebookPath(name, "cells", cell, "sql"), { parameters }),
  cellPlan: (name: string, cell: string, parameters: Readonly<Record<string, unknown>>) =>
    call<QueryPlan | CompileProblem>("POST", notebookPath(name, "cells", cell, "plan"), { parameters }),
  rename: (name: string, cell: string, newName: string) =>
    call<RenamedText>("POST", notebookPath(name, "rename"), { cell, newName }),
  vocabulary: () => call<VocabularyView>("GET", "/api/vocabulary"),
  /** So many run dates of each dataset; undefined: all. */
  lake: (dates?: number) =>
    call<LakeView>("GET", dates === undefined ? "/api/lake" : `/api/lake?dates=${dates}`),
  verify: () => call<VerifyView>("POST", "/api/lake/verify", {}),
  vacuum: (body: VacuumBody) => call<VacuumReport>("POST", "/api/lake/vacuum", body),
  lakeRows: (date: string, dataset: string, page: PageQuery, signal?: AbortSignal) =>
    call<RowsPage>(
      "GET",
      `/api/lake/${encodeURIComponent(date)}/${encodeURIComponent(dataset)}/rows?${query({ ...page })}`,
      undefined,
      {},
      signal,
    ),
  lakeDetail: (date: string, dataset: string) =>
    call<PublishedDetail>("GET", `/api/lake/${encodeURIComponent(date)}/${encodeURIComponent(dataset)}`),
  duplicate: (name: string) => call<NamedNotebook>("POST", notebookPath(name, "duplicate"), {}),
  move: (name: string, newName: string) =>
    call<NamedNotebook>("POST", notebookPath(name, "move"), { newName }),
  remove: (name: string) => call<DeletedNotebook>("DELETE", notebookPath(name)),
  restore: (trash: string) =>
    call<NamedNotebook>("POST", `/api/trash/${encodeURIComponent(trash)}/restore`, {}),
  /** Makes a notebook of a file; its name is made unique. */
  importNotebook: (fileName: string, text: string) =>
    call<NamedNotebook>("POST", "/api/notebooks/import", { fileName, text }),
  /** Puts a file into input/. Fails with code conflict where there is one of that name. */
  addInput: (name: string, file: Blob, watch?: UploadWatch) =>
    upload<UploadedInput>(`/api/input/${encodeURIComponent(name)}`, file, watch),
};

export interface UploadWatch {
  readonly signal: AbortSignal;
  onProgress(sentBytes: number): void;
}

/** Sends a file as it is. `fetch` does not tell how much of it is on its way. Fails with AbortError when told to stop. */
function upload<T>(path: string, file: Blob, watch?: UploadWatch): Promise<T> {
  const request = new XMLHttpRequest();
  const answered = new Promise<T>((resolve, reject) => {
    request.onload = () => {
      const answer: unknown = request.response;
      if (request.status < 300) resolve(answer as T);
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
  request.open("PUT", path);
  request.setRequestHeader("content-type", "application/octet-stream");
  request.responseType = "json";
  request.send(file);
  return answered;
}

function unreachable(): ApiError {
  return new ApiError(0, { error: { code: "unreachable", message: "The server cannot be reached." } });
}

function toApiError(status: number, answer: unknown): ApiError {
  if (isErrorBody(answer)) return new ApiError(status, answer);
  const message = `The server answered ${String(status)}.`;
  return new ApiError(status, { error: { code: "internal", message } });
}

/**
 * Asks the server and reads its JSON. Fails with ApiError, also where the server cannot be
 * reached (status 0).
 */
export function call<T>(...request: Parameters<typeof ask>): Promise<T> {
  const [method, path] = request;
  const early = method === "GET" ? askedEarly.get(path) : undefined;
  askedEarly.delete(path);
  return (early ?? noteRequest(ask(...request))) as Promise<T>;
}

const askedEarly = new Map<string, Promise<unknown>>();

/** Asks now for what a page asks for first, while its code is still on the way. */
export function askEarly(notebook: string): void {
  for (const path of [notebookPath(notebook), runsPath(notebook)]) {
    const request = noteRequest(ask("GET", path));
    // Whoever takes it is told.
    request.catch(() => undefined);
    askedEarly.set(path, request);
  }
}

function runsPath(notebook?: string, limit = 50): string {
  return `/api/runs?${query({ notebook, limit })}`;
}

async function ask(
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<unknown> {
  const response = await fetch(path, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  throw toApiError(response.status, answer);
}

function isErrorBody(answer: unknown): answer is ErrorBody {
  return typeof answer === "object" && answer !== null && "error" in answer;
}

type Parameter = string | number | boolean;

/** Lists become repeated parameters; undefined ones are left out. */
export function query(
  values: Readonly<Record<string, Parameter | readonly Parameter[] | undefined>>,
): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    const items = Array.isArray(value) ? (value as readonly Parameter[]) : [value as Parameter | undefined];
    for (const item of items) if (item !== undefined) parameters.append(name, String(item));
  }
  return parameters.toString();
}
