import { EventEmitter, once } from "node:events";
import { createServer, type Http2Server, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { ErrorInfoSchema } from "../../server/engine/spark/connect/generated/error_info_pb.js";
import {
  ExecutePlanResponseSchema,
  GetStatusResponse_OperationStatus_OperationState as State,
  SparkConnectService,
  type ExecutePlanRequest,
  type ExecutePlanResponse,
  type FetchErrorDetailsResponseSchema,
  type ReattachExecuteRequest,
  type Relation,
  type WriteOperation,
} from "../../server/engine/spark/connect/generated/spark_connect_pb.js";

/** What a Spark says of an error, beside the gRPC status. */
interface FakeFacts {
  readonly message: string;
  readonly errorClass: string;
  readonly sqlState?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** In the text as it was sent. */
  readonly span?: { readonly start: number; readonly end: number };
}

/** What a Spark fails with. */
export class FakeError extends Error {
  readonly facts: FakeFacts;

  constructor(facts: FakeFacts) {
    super(facts.message);
    this.facts = facts;
  }
}

export interface FakeWrite {
  readonly text: string;
  readonly path: string;
  readonly partitionBy: readonly string[];
  readonly sources: readonly {
    readonly alias: string;
    readonly schema: string;
    readonly paths: readonly string[];
  }[];
  readonly mode: number;
}

export interface FakeOptions {
  readonly version?: string;
  readonly token?: string;
  /** Does what Spark would do; throws a `FakeError`. `signal` is aborted by an interrupt. */
  readonly onWrite?: (write: FakeWrite, signal: AbortSignal) => Promise<void>;
  /** Before it tells its version. */
  readonly onVersion?: () => void;
  /** What analysis says of a query. */
  readonly onAnalyze?: (text: string) => readonly string[];
  /** So many streams break before they bring the result. */
  readonly breaks?: number;
}

interface Operation {
  state: State;
  readonly responses: ExecutePlanResponse[];
  failure: ConnectError | undefined;
  readonly interrupt: AbortController;
  /** Tells of each change. */
  readonly events: EventEmitter;
}

/** A Spark Connect server that does nothing by itself, and fails when it is told to. */
export class FakeSpark {
  readonly sessions = new Set<string>();
  readonly operations = new Map<string, Operation>();
  readonly settings: Record<string, string> = {};
  readonly released: string[] = [];
  readonly calls: string[] = [];
  readonly writes: FakeWrite[] = [];
  #options: FakeOptions;
  #breaks: number;
  #errors = new Map<string, FakeFacts>();
  #server: Http2Server | undefined;
  #connections = new Set<ServerHttp2Session>();
  #port = 0;

  constructor(options: FakeOptions = {}) {
    this.#options = options;
    this.#breaks = options.breaks ?? 0;
  }

  get url(): string {
    return `sc://127.0.0.1:${String(this.#port)}`;
  }

  async start(): Promise<this> {
    const server = createServer(connectNodeAdapter({ routes: (router) => this.#routes(router) }));
    server.on("session", (session) => {
      this.#connections.add(session);
      session.once("close", () => this.#connections.delete(session));
    });
    server.listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  /** As a process that is killed: open streams end with CANCEL, and nobody listens. */
  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const operation of this.operations.values()) operation.interrupt.abort();
    for (const connection of this.#connections) connection.destroy();
    if (server === undefined) return;
    server.close();
    await once(server, "close");
  }

  /** At the same place, without a memory. */
  async restart(): Promise<void> {
    await this.kill();
    this.sessions.clear();
    this.operations.clear();
    await this.start();
  }

  #routes(router: ConnectRouter): void {
    router.service(SparkConnectService, {
      analyzePlan: (request, context) => {
        this.#admit("analyzePlan", context);
        if (request.analyze.case === "sparkVersion") this.#options.onVersion?.();
        this.sessions.add(request.sessionId);
        const { sessionId, analyze } = request;
        if (analyze.case === "sparkVersion")
          return {
            sessionId,
            result: { case: "sparkVersion", value: { version: this.#options.version ?? "4.3.0" } },
          };
        const relation = analyze.value?.plan?.opType.value as Relation;
        const names = this.#answer(() => this.#options.onAnalyze?.(textOf(relation)) ?? []);
        if (analyze.case === "explain")
          return {
            sessionId,
            result: { case: "explain", value: { explainString: `== Physical Plan ==\n${textOf(relation)}` } },
          };
        const fields = names.map((name) => ({
          name,
          dataType: { kind: { case: "long" as const, value: {} } },
        }));
        return {
          sessionId,
          result: { case: "schema", value: { schema: { kind: { case: "struct", value: { fields } } } } },
        };
      },
      config: (request, context) => {
        this.#admit("config", context);
        this.sessions.add(request.sessionId);
        const set = request.operation?.opType;
        for (const { key, value = "" } of set?.value?.pairs ?? []) this.settings[key] = value;
        return { sessionId: request.sessionId };
      },
      executePlan: (request, context) => this.#execute(request, context),
      reattachExecute: (request, context) => this.#reattach(request, context),
      interrupt: (request, context) => {
        this.#admit("interrupt", context);
        const id = request.interrupt.value ?? "";
        this.operations.get(id)?.interrupt.abort();
        return { sessionId: request.sessionId, interruptedIds: [id] };
      },
      releaseExecute: (request, context) => {
        this.#admit("releaseExecute", context);
        return { sessionId: request.sessionId, operationId: request.operationId };
      },
      releaseSession: (request, context) => {
        this.#admit("releaseSession", context);
        this.released.push(request.sessionId);
        this.sessions.delete(request.sessionId);
        return { sessionId: request.sessionId };
      },
      getStatus: (request, context) => {
        this.#admit("getStatus", context);
        this.#requireSession(request.sessionId);
        const ids = request.operationStatus?.operationIds ?? [];
        const operationStatuses = ids.map((operationId) => ({
          operationId,
          state: this.operations.get(operationId)?.state ?? State.UNKNOWN,
        }));
        return { sessionId: request.sessionId, operationStatuses };
      },
      fetchErrorDetails: (request, context) => {
        this.#admit("fetchErrorDetails", context);
        return details(this.#errors.get(request.errorId));
      },
    });
  }

  async *#execute(request: ExecutePlanRequest, context: HandlerContext): AsyncGenerator<ExecutePlanResponse> {
    this.#admit("executePlan", context);
    const { sessionId, operationId = "" } = request;
    this.sessions.add(sessionId);
    const operation: Operation = {
      state: State.RUNNING,
      responses: [],
      failure: undefined,
      interrupt: new AbortController(),
      events: new EventEmitter(),
    };
    this.operations.set(operationId, operation);
    const command = request.plan?.opType.value as { commandType: { value: WriteOperation } };
    this.#respond(operation, {
      case: "executionProgress",
      value: { stages: [{ numTasks: 7n, numCompletedTasks: 5n }], numInflightTasks: 2n },
    });
    void this.#run(operation, toWrite(command.commandType.value));
    yield* this.#stream(operation, 0);
  }

  async *#reattach(
    request: ReattachExecuteRequest,
    context: HandlerContext,
  ): AsyncGenerator<ExecutePlanResponse> {
    this.#admit("reattachExecute", context);
    this.#requireSession(request.sessionId);
    const operation = this.operations.get(request.operationId);
    if (operation === undefined)
      throw this.#error(
        new FakeError({ message: "not found", errorClass: "INVALID_HANDLE.OPERATION_NOT_FOUND" }),
      );
    const last = operation.responses.findIndex(({ responseId }) => responseId === request.lastResponseId);
    yield* this.#stream(operation, last + 1);
  }

  async *#stream(operation: Operation, from: number): AsyncGenerator<ExecutePlanResponse> {
    for (let at = from; ; at++) {
      let response = operation.responses[at];
      for (; response === undefined; response = operation.responses[at]) {
        if (operation.failure !== undefined) throw operation.failure;
        await once(operation.events, "change");
      }
      if (response.responseType.case === "resultComplete" && this.#breaks-- > 0)
        throw new ConnectError("the network went away", Code.Unavailable);
      yield response;
      if (response.responseType.case === "resultComplete") return;
    }
  }

  async #run(operation: Operation, write: FakeWrite): Promise<void> {
    try {
      this.writes.push(write);
      await this.#options.onWrite?.(write, operation.interrupt.signal);
      if (operation.interrupt.signal.aborted)
        throw new FakeError({ message: "cancelled", errorClass: "OPERATION_CANCELED" });
      operation.state = State.SUCCEEDED;
      this.#respond(operation, { case: "resultComplete", value: {} });
    } catch (error) {
      operation.state = operation.interrupt.signal.aborted ? State.CANCELLED : State.FAILED;
      operation.failure = this.#error(error);
      operation.events.emit("change");
    }
  }

  #respond(
    operation: Operation,
    responseType: MessageInitShape<typeof ExecutePlanResponseSchema>["responseType"],
  ): void {
    const responseId = `response-${String(operation.responses.length)}`;
    operation.responses.push(
      create(ExecutePlanResponseSchema, { responseId, ...(responseType && { responseType }) }),
    );
    operation.events.emit("change");
  }

  #answer<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw this.#error(error);
    }
  }

  #error(error: unknown): ConnectError {
    const facts =
      error instanceof FakeError ? error.facts : { message: String(error), errorClass: "INTERNAL_ERROR" };
    const errorId = `error-${String(this.#errors.size)}`;
    this.#errors.set(errorId, facts);
    const value = { metadata: { errorId, errorClass: facts.errorClass } };
    return new ConnectError(`[${facts.errorClass}] ${facts.message}`, Code.Internal, undefined, [
      { desc: ErrorInfoSchema, value },
    ]);
  }

  #requireSession(id: string): void {
    if (!this.sessions.has(id))
      throw this.#error(
        new FakeError({ message: "not found", errorClass: "INVALID_HANDLE.SESSION_NOT_FOUND" }),
      );
  }

  #admit(call: string, { requestHeader }: HandlerContext): void {
    this.calls.push(call);
    const { token } = this.#options;
    if (token !== undefined && requestHeader.get("authorization") !== `Bearer ${token}`)
      throw new ConnectError("Invalid authentication token", Code.Unauthenticated);
  }
}

function textOf({ relType }: Relation): string {
  if (relType.case === "sql") return relType.value.query;
  return relType.case === "withRelations" && relType.value.root !== undefined
    ? textOf(relType.value.root)
    : "";
}

function toWrite({ input, saveType, partitioningColumns, mode }: WriteOperation): FakeWrite {
  const references = input?.relType.case === "withRelations" ? input.relType.value.references : [];
  const sources = references.map(({ relType }) => {
    const named = relType.case === "subqueryAlias" ? relType.value : undefined;
    const read = named?.input?.relType.case === "read" ? named.input.relType.value.readType.value : undefined;
    return { alias: named?.alias ?? "", schema: read?.schema ?? "", paths: read?.paths ?? [] };
  });
  const path = (saveType.value ?? "").replace(/^file:\/\//, "");
  return {
    text: input === undefined ? "" : textOf(input),
    path,
    partitionBy: partitioningColumns,
    sources,
    mode,
  };
}

function details(error: FakeFacts | undefined): MessageInitShape<typeof FetchErrorDetailsResponseSchema> {
  if (error === undefined) return {};
  const { message, errorClass, sqlState, parameters = {}, span } = error;
  const queryContexts =
    span === undefined
      ? []
      : [{ contextType: 0, startIndex: span.start, stopIndex: span.end - 1, fragment: "…" }];
  const sparkThrowable = {
    errorClass,
    messageParameters: { ...parameters },
    queryContexts,
    ...(sqlState !== undefined && { sqlState }),
  };
  return { rootErrorIdx: 0, errors: [{ message: `[${errorClass}] ${message}`, sparkThrowable }] };
}
