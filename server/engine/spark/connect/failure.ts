import { Code, ConnectError, type Client } from "@connectrpc/connect";
import type { Span } from "../../../base/source.js";
import { ErrorInfoSchema } from "./generated/error_info_pb.js";
import {
  FetchErrorDetailsResponse_QueryContext_ContextType as ContextType,
  type FetchErrorDetailsResponse,
  type FetchErrorDetailsResponse_Error as ErrorDetail,
  type SparkConnectService,
} from "./generated/spark_connect_pb.js";

/** What became of a call. `lost`: nobody answers, or no more; `gone`: the server does not know what it is asked about. */
export type FailureKind = "query" | "cancelled" | "token" | "tls" | "lost" | "gone" | "other";

export interface SparkFailure {
  readonly kind: FailureKind;
  readonly message: string;
  readonly errorClass?: string;
  readonly sqlState?: string;
  /** In the text of the query. */
  readonly span?: Span;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Never leaves the engine, which makes an AppError of it. */
export class SparkError extends Error implements SparkFailure {
  readonly kind: FailureKind;
  readonly errorClass?: string;
  readonly sqlState?: string;
  readonly span?: Span;
  readonly parameters?: Readonly<Record<string, string>>;

  constructor({ message, ...failure }: SparkFailure) {
    super(message);
    this.kind = failure.kind;
    Object.assign(this, failure);
  }
}

/** What a session says of itself in each call. */
export interface Caller {
  readonly sessionId: string;
  readonly userContext: { readonly userId: string };
  readonly clientType: string;
}

type SparkClient = Client<typeof SparkConnectService>;

const DETAILS_TIMEOUT_MS = 3000;
/** Spark says so of what it has forgotten: after a restart, or since nobody asked for long. */
const GONE = /^INVALID_HANDLE\.(SESSION|OPERATION)_(NOT_FOUND|CLOSED|CHANGED|ABANDONED)/;

/** Node's words for certificates that it does not trust, and for servers that do not speak TLS. */
const TLS = /CERT|^UNABLE_TO_|^HOSTNAME_MISMATCH$|^ERR_(TLS|SSL)_|^EPROTO$/;

/** What does not speak gRPC, or a proxy before a Spark that is not there. */
export const STRANGER = /^(HTTP \d{3}$|Protocol error$|unsupported content type)/;

/** Asks the server for what it knows of an error. `before`: how much text stands before the query in what was sent. */
export async function toSparkError(
  error: unknown,
  client: SparkClient,
  caller: Caller,
  before: number,
): Promise<SparkError> {
  const failed = ConnectError.from(error);
  const [info] = failed.findDetails(ErrorInfoSchema);
  const { errorId, errorClass = "" } = info?.metadata ?? {};
  const short = {
    kind: kindOf(failed, errorClass),
    message: failed.rawMessage,
    ...(errorClass !== "" && { errorClass }),
  };
  if (errorId === undefined || short.kind === "lost") return new SparkError(short);
  try {
    const asked = { ...caller, errorId };
    const details = await client.fetchErrorDetails(asked, { timeoutMs: DETAILS_TIMEOUT_MS });
    return new SparkError(fromDetails(details, failed, before) ?? short);
  } catch {
    return new SparkError(short);
  }
}

function kindOf({ code, rawMessage, cause }: ConnectError, errorClass: string): FailureKind {
  const reason = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (TLS.test(reason)) return "tls";
  if (code === Code.Unauthenticated || code === Code.PermissionDenied) return "token";
  // A server that is killed while it writes ends the stream with Canceled: only our own signal says who cancelled.
  if (code === Code.Unavailable || code === Code.Canceled || code === Code.Aborted) return "lost";
  if (reason.startsWith("ERR_HTTP2") || STRANGER.test(rawMessage)) return "lost";
  if (errorClass === "OPERATION_CANCELED" || rawMessage.includes("OPERATION_CANCELED")) return "cancelled";
  if (GONE.test(errorClass) || /^\[INVALID_HANDLE\./.test(rawMessage)) return "gone";
  return errorClass === "" ? "other" : "query";
}

function fromDetails(
  { errors, rootErrorIdx }: FetchErrorDetailsResponse,
  failed: ConnectError,
  before: number,
): SparkFailure | undefined {
  const chain: ErrorDetail[] = [];
  for (let at: number | undefined = rootErrorIdx ?? 0; at !== undefined; at = chain.at(-1)?.causeIdx) {
    const next = errors[at];
    if (next === undefined || chain.includes(next)) break;
    chain.push(next);
  }
  const best =
    chain.findLast((detail) => (detail.sparkThrowable?.queryContexts.length ?? 0) > 0) ??
    chain.findLast((detail) => detail.sparkThrowable?.errorClass !== undefined) ??
    chain[0];
  if (best === undefined) return undefined;
  const { errorClass = "", sqlState, messageParameters, queryContexts = [] } = best.sparkThrowable ?? {};
  const place = queryContexts.find(({ contextType }) => contextType === ContextType.SQL);
  const isPlace = place !== undefined && place.fragment !== "" && place.startIndex >= before;
  return {
    kind: kindOf(failed, errorClass),
    message: firstLine(best.message),
    ...(errorClass !== "" && { errorClass }),
    ...(sqlState !== undefined && { sqlState }),
    ...(messageParameters !== undefined && { parameters: messageParameters }),
    ...(isPlace && { span: { start: place.startIndex - before, end: place.stopIndex + 1 - before } }),
  };
}

/** Without the class before it, and the plan or the stack behind it. */
function firstLine(message: string): string {
  return (message.split("\n").find((line) => line.trim() !== "") ?? message).replace(/^\[[\w.]+\]\s*/, "");
}
