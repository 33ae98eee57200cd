import { AppError, type ErrorCode } from "../base/errors.js";
import { fillPath } from "../text/fill-path.js";
import type { ErrorBody } from "./answers.js";
import { AGENT_HEADER } from "./agent-header.js";
import type { Api } from "./api.js";

/** Asks a route; its error is thrown as if it had happened here. */
export type Ask = <Name extends keyof Api>(
  route: Name,
  sent: Api[Name]["sent"],
  signal?: AbortSignal,
) => Promise<Api[Name]["answer"]>;

/** `send`: as `fetch`, of a path. */
export function askBy(
  send: (path: string, init: RequestInit) => Promise<Response>,
  agent: string | undefined,
): Ask {
  return async (route, sent, signal) => {
    const [method = "", path = ""] = route.split(" ");
    const { params = {}, query = {}, body } = sent as Sent;
    const response = await send(`${fillPath(path, params)}?${new URLSearchParams(query).toString()}`, {
      method,
      headers: {
        "content-type": "application/json",
        ...(agent === undefined ? {} : { [AGENT_HEADER]: encodeURIComponent(agent) }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const answer = (await response.json()) as Api[typeof route]["answer"] & Partial<ErrorBody>;
    if (!response.ok) throw toAppError(answer.error);
    return answer;
  };
}

interface Sent {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An error as the API tells it. */
export function toAppError(error: ErrorBody["error"] | undefined): AppError {
  if (error === undefined)
    return new AppError("internal", "The server gave an answer that is no error and no result.");
  const { code, message, hint, diagnostics, details } = error;
  return new AppError(code as ErrorCode, message, {
    ...(hint === undefined ? {} : { hint }),
    ...(diagnostics === undefined ? {} : { diagnostics }),
    ...(details === undefined ? {} : { details }),
  });
}
