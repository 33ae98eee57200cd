import { randomUUID } from "node:crypto";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { createClient, type Client, type Interceptor } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import type { SparkAddress } from "./address.js";
import { SparkError, toSparkError, type Caller } from "./failure.js";
import {
  AnalyzePlanRequest_Explain_ExplainMode as ExplainMode,
  GetStatusResponse_OperationStatus_OperationState as State,
  InterruptRequest_InterruptType as InterruptType,
  SparkConnectService,
  WriteOperation_SaveMode as SaveMode,
  type ExecutePlanResponse,
  type ExecutePlanResponse_ExecutionProgress as ExecutionProgress,
  type PlanSchema,
  type RelationSchema,
  type WriteOperationSchema,
} from "./generated/spark_connect_pb.js";

/** Files under the name that a query has for them. */
export interface SparkSource {
  /** No other query of the session may use it at the same time. */
  readonly alias: string;
  readonly format: "parquet" | "text";
  /** As Spark's SQL writes columns with their types. */
  readonly schema: string;
  readonly paths: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

export interface SparkQuery {
  readonly text: string;
  readonly sources: readonly SparkSource[];
}

export interface WriteRequest extends SparkQuery {
  /** A folder that is not there. */
  readonly path: string;
  readonly partitionBy: readonly string[];
}

/** Of all stages that are known by now, which become more while it runs. */
export interface SparkProgress {
  readonly tasksDone: number;
  readonly tasks: number;
  readonly running: number;
}

export interface RunControl {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SparkProgress) => void;
}

export type OperationState = "running" | "succeeded" | "failed" | "cancelled" | "unknown";

type PlanInit = MessageInitShape<typeof PlanSchema>;
type RelationInit = MessageInitShape<typeof RelationSchema>;
type Stream = AsyncIterable<ExecutePlanResponse>;

/** The very first call of a server takes seconds. */
const ANSWER_MS = 20_000;
/** Analysis lists files. */
const ANALYZE_MS = 60_000;
const PING_MS = 10_000;
const MAX_MESSAGE_BYTES = 128 << 20;
/** How long a cancelled operation may take to say so. */
const CANCEL_MS = 700;
const MOST_LOSSES = 4;
const FIRST_PAUSE_MS = 100;

/** Only a query can stand in it: Spark would run a command that is handed in as one. */
const BEFORE = "SELECT * FROM (\n";

/** Its base listens no longer to a connection that it has given up, so that a second error would end the process. */
class Connection extends Http2SessionManager {
  override async request(
    ...request: Parameters<Http2SessionManager["request"]>
  ): ReturnType<Http2SessionManager["request"]> {
    const stream = await super.request(...request);
    const { session } = stream;
    if (session?.listeners("error").includes(ignore) === false) session.on("error", ignore);
    return stream;
  }
}

function ignore(): void {
  // The calls that it breaks say so.
}

/** A session on a Spark Connect server, and the operations that run in it. Calls fail with `SparkError`. */
export class SparkSession {
  readonly id: string;
  readonly #connection: Connection;
  readonly #client: Client<typeof SparkConnectService>;
  readonly #caller: Caller;

  /** `id`: of a session that is there already. */
  constructor(address: SparkAddress, token: string | undefined, id: string = randomUUID()) {
    this.id = id;
    const bearer: Interceptor = (next) => (request) => {
      if (token !== undefined) request.header.set("Authorization", `Bearer ${token}`);
      return next(request);
    };
    this.#connection = new Connection(address.url, { pingIntervalMs: PING_MS });
    const transport = createGrpcTransport({
      baseUrl: address.url,
      interceptors: [bearer],
      readMaxBytes: MAX_MESSAGE_BYTES,
      writeMaxBytes: MAX_MESSAGE_BYTES,
      sessionManager: this.#connection,
    });
    this.#client = createClient(SparkConnectService, transport);
    this.#caller = { sessionId: id, userContext: { userId: "lakebook" }, clientType: "lakebook" };
  }

  async version(signal?: AbortSignal): Promise<string> {
    const analyze = { case: "sparkVersion", value: {} } as const;
    const options = { timeoutMs: ANSWER_MS, ...(signal !== undefined && { signal }) };
    const { result } = await this.#call(() =>
      this.#client.analyzePlan({ ...this.#caller, analyze }, options),
    );
    return result.case === "sparkVersion" ? result.value.version : "";
  }

  async configure(settings: Readonly<Record<string, string>>): Promise<void> {
    const pairs = Object.entries(settings).map(([key, value]) => ({ key, value }));
    const operation = { opType: { case: "set", value: { pairs } } } as const;
    await this.#call(() => this.#client.config({ ...this.#caller, operation }, { timeoutMs: ANSWER_MS }));
  }

  /** The columns of a query. Fails where Spark would not run it. */
  async columns(query: SparkQuery, signal?: AbortSignal): Promise<readonly string[]> {
    const analyze = { case: "schema", value: { plan: root(query) } } as const;
    const options = { timeoutMs: ANALYZE_MS, ...(signal !== undefined && { signal }) };
    const { result } = await this.#call(() =>
      this.#client.analyzePlan({ ...this.#caller, analyze }, options),
    );
    const kind = result.case === "schema" ? result.value.schema?.kind : undefined;
    return kind?.case === "struct" ? kind.value.fields.map(({ name }) => name) : [];
  }

  /** How Spark would compute it, as text. */
  async explain(query: SparkQuery, signal?: AbortSignal): Promise<string> {
    const explain = { plan: root(query), explainMode: ExplainMode.FORMATTED };
    const options = { timeoutMs: ANALYZE_MS, ...(signal !== undefined && { signal }) };
    const analyze = { case: "explain", value: explain } as const;
    const { result } = await this.#call(() =>
      this.#client.analyzePlan({ ...this.#caller, analyze }, options),
    );
    return result.case === "explain" ? result.value.explainString : "";
  }

  /** Writes the rows of a query as Parquet. `operation`: a new UUID, by which it can be found again. */
  async write(request: WriteRequest, operation: string, control: RunControl): Promise<void> {
    const value: MessageInitShape<typeof WriteOperationSchema> = {
      input: relation(request),
      source: "parquet",
      saveType: { case: "path", value: request.path },
      mode: SaveMode.ERROR_IF_EXISTS,
      partitioningColumns: [...request.partitionBy],
      options: { compression: "zstd" },
    };
    const command: PlanInit = {
      opType: { case: "command", value: { commandType: { case: "writeOperation", value } } },
    };
    await this.#run(command, operation, control);
  }

  /** Waits for an operation of this session that another process began. */
  reattach(operation: string, control: RunControl): Promise<void> {
    return this.#run(undefined, operation, control);
  }

  async status(operation: string): Promise<OperationState> {
    const operationStatus = { operationIds: [operation] };
    const { operationStatuses } = await this.#call(() =>
      this.#client.getStatus({ ...this.#caller, operationStatus }, { timeoutMs: ANSWER_MS }),
    );
    switch (operationStatuses[0]?.state) {
      case State.RUNNING:
      case State.TERMINATING:
        return "running";
      case State.SUCCEEDED:
        return "succeeded";
      case State.FAILED:
        return "failed";
      case State.CANCELLED:
        return "cancelled";
      default:
        return "unknown";
    }
  }

  async interrupt(operation: string): Promise<void> {
    const interrupt = { case: "operationId", value: operation } as const;
    const interruptType = InterruptType.OPERATION_ID;
    await this.#call(() =>
      this.#client.interrupt({ ...this.#caller, interruptType, interrupt }, { timeoutMs: ANSWER_MS }),
    );
  }

  /** Ends the session on the server, with what still runs in it. */
  async release(): Promise<void> {
    await this.#call(() => this.#client.releaseSession(this.#caller, { timeoutMs: ANSWER_MS }));
  }

  /** Closes the connection and leaves the session as it is. */
  close(): void {
    this.#connection.abort();
  }

  async #run(plan: PlanInit | undefined, operation: string, control: RunControl): Promise<void> {
    const { signal } = control;
    const ending = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      timer = setTimeout(() => ending.abort(), CANCEL_MS);
      this.interrupt(operation).catch(() => undefined);
    };
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      if (signal?.aborted === true) throw cancelled();
      await this.#follow(plan, operation, control, ending.signal);
    } catch (error) {
      throw signal?.aborted === true ? cancelled() : error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
    }
  }

  /** Reads the answers of an operation, over as many connections as that takes. */
  async #follow(
    plan: PlanInit | undefined,
    operation: string,
    control: RunControl,
    ending: AbortSignal,
  ): Promise<void> {
    let hasBegun = plan === undefined;
    let [losses, last] = [0, ""];
    while (!ending.aborted) {
      const stream = hasBegun
        ? this.#reattach(operation, last, ending)
        : this.#execute(plan ?? {}, operation, ending);
      try {
        for await (const { responseId, responseType } of stream) {
          [hasBegun, losses, last] = [true, 0, responseId];
          if (responseType.case === "resultComplete") {
            await this.#releaseOperation(operation);
            return;
          }
          if (responseType.case === "executionProgress") control.onProgress?.(summed(responseType.value));
        }
        // The server ends a stream after some minutes; what it still has to say comes in another one.
        hasBegun = true;
      } catch (error) {
        const failure = await this.#explain(error);
        if (failure.kind === "gone" && plan !== undefined && last === "") hasBegun = false;
        else if (failure.kind !== "lost") throw failure;
        if (++losses > MOST_LOSSES || control.signal?.aborted === true) throw failure;
        if (failure.kind === "lost" && last !== "") hasBegun = true;
        await pause(FIRST_PAUSE_MS * 2 ** losses, ending);
      }
    }
  }

  #execute(plan: PlanInit, operationId: string, signal: AbortSignal): Stream {
    const requestOption = { case: "reattachOptions", value: { reattachable: true } } as const;
    const request = { ...this.#caller, operationId, plan, requestOptions: [{ requestOption }] };
    return this.#client.executePlan(request, { signal });
  }

  #reattach(operationId: string, last: string, signal: AbortSignal): Stream {
    const known = last === "" ? {} : { lastResponseId: last };
    return this.#client.reattachExecute({ ...this.#caller, operationId, ...known }, { signal });
  }

  /** What the server keeps of it is only for those who ask again. */
  async #releaseOperation(operationId: string): Promise<void> {
    const release = { case: "releaseAll", value: {} } as const;
    await this.#client
      .releaseExecute({ ...this.#caller, operationId, release }, { timeoutMs: ANSWER_MS })
      .catch(() => undefined);
  }

  /** To be made again once: a server that begins anew refuses what comes by the connection of before. */
  async #call<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      const failure = await this.#explain(error);
      if (failure.kind !== "lost") throw failure;
    }
    return call().catch(async (error: unknown) => {
      throw await this.#explain(error);
    });
  }

  #explain(error: unknown): Promise<SparkError> {
    return toSparkError(error, this.#client, this.#caller, BEFORE.length);
  }
}

function cancelled(): SparkError {
  return new SparkError({ kind: "cancelled", message: "cancelled" });
}

function root(query: SparkQuery): PlanInit {
  return { opType: { case: "root", value: relation(query) } };
}

function relation({ text, sources }: SparkQuery): RelationInit {
  const sql: RelationInit = { relType: { case: "sql", value: { query: `${BEFORE}${text}\n)` } } };
  if (sources.length === 0) return sql;
  const references = sources.map(reference);
  return { relType: { case: "withRelations", value: { root: sql, references } } };
}

function reference({ alias, format, schema, paths, options }: SparkSource): RelationInit {
  const dataSource = { format, schema, paths: [...paths], options: { ...options } };
  const read: RelationInit = {
    relType: { case: "read", value: { readType: { case: "dataSource", value: dataSource } } },
  };
  return { relType: { case: "subqueryAlias", value: { input: read, alias } } };
}

function summed({ stages, numInflightTasks }: ExecutionProgress): SparkProgress {
  let [tasksDone, tasks] = [0, 0];
  for (const stage of stages) {
    tasksDone += Number(stage.numCompletedTasks);
    tasks += Number(stage.numTasks);
  }
  return { tasksDone, tasks, running: Number(numInflightTasks) };
}

function pause(ms: number, ending: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      ending.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    ending.addEventListener("abort", done, { once: true });
  });
}
