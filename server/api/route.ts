import type { Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { z } from "zod";
import type { Frozen } from "./answers.js";
import { readBody, readQuery } from "./read-request.js";
import type { Env } from "./env.js";
import type { Permission } from "../base/roles.js";
import { requirePermission, requireStill, writeAudit } from "./permission.js";
import type { ApiServices } from "./services.js";

/** What a route is to those who ask it. */
export interface RouteDescription {
  readonly method: "get" | "put" | "post" | "delete";
  /** As OpenAPI writes it. */
  readonly path: string;
  readonly summary: string;
  /** More than the summary can say; plain text. */
  readonly description?: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Header name to meaning. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The schema is of a JSON answer; every JSON answer has one. */
  readonly success: readonly [status: ContentfulStatusCode | 204, meaning: string, schema?: z.ZodType];
  /** Where it may answer 201 as well, with the same body. */
  readonly created?: string;
  /** Of the body of a success; default: JSON. */
  readonly type?: string | readonly string[];
  /** Statuses beyond those that every route may have. */
  readonly errors?: Readonly<Record<number, string>>;
  /** What somebody must be allowed who asks; `public`: nothing, and nobody has to log in. */
  readonly needs: Permission | "public";
  /** What the audit log calls a success. */
  readonly audit?: string;
}

export type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** A request that is as the route describes it. */
interface Asked<Path extends string, Query, Body> {
  readonly services: ApiServices;
  readonly params: Readonly<Record<NamesIn<Path>, string>>;
  readonly query: Query;
  readonly body: Body;
  /** Aborts when nobody waits for the answer any longer. */
  readonly signal: AbortSignal;
  readonly c: Context<Env>;
}

export interface Route extends RouteDescription {
  readonly answer: (c: Context<Env>, services: ApiServices) => Promise<Response>;
}

/** Types of what is sent to a route and of what it answers. */
export interface Wire<Query, Body, Answer> {
  /** Absent at run time. */
  readonly wire?: { readonly query: Query; readonly body: Body; readonly answer: Answer };
}

/**
 * A route in one declaration: what is read and what is answered have the types of the schemas. `answer` gives the
 * value of the success, or a whole response: a stream, another status. `refuse` comes before the request is read.
 */
export function route<
  const Method extends RouteDescription["method"],
  const Path extends string,
  Answer extends z.ZodType = never,
  Query extends z.ZodObject = never,
  Body extends z.ZodType = never,
>({
  answer,
  refuse,
  ...description
}: Omit<RouteDescription, "method" | "path" | "query" | "body" | "success"> & {
  readonly method: Method;
  readonly path: Path;
  readonly query?: Query;
  readonly body?: Body;
  readonly success: readonly [status: ContentfulStatusCode | 204, meaning: string, schema?: Answer];
  readonly refuse?: (c: Context<Env>) => Response | undefined;
  readonly answer: (
    asked: Asked<Path, z.output<Query>, z.output<Body>>,
  ) => Answered<Answer> | Promise<Answered<Answer>>;
}): Route & { readonly method: Method; readonly path: Path } & Wire<
    Frozen<z.input<Query>>,
    Frozen<z.input<Body>>,
    z.output<Answer>
  > {
  const { query, body, success, needs } = description;
  return {
    ...description,
    answer: async (c, services) => {
      const refusal = refuse?.(c);
      if (refusal !== undefined) return refusal;
      const sent = body === undefined ? undefined : await readBody(c, body);
      if (body !== undefined && needs !== "public") await requireStill(c, services, needs);
      const answered = await answer({
        services,
        params: c.req.param() as Record<NamesIn<Path>, string>,
        query: (query === undefined ? {} : readQuery(c, query)) as z.output<Query>,
        body: sent as z.output<Body>,
        signal: c.req.raw.signal,
        c,
      });
      // Without content a route answers by a whole response.
      return answered instanceof Response
        ? answered
        : answerJson(c, answered, success[0] as ContentfulStatusCode);
    },
  };
}

type Answered<Answer extends z.ZodType> = Frozen<z.output<Answer>> | Response;

export function register(app: Hono<Env>, services: ApiServices, routes: readonly Route[]): void {
  for (const route of routes)
    app.on(route.method.toUpperCase(), route.path.replaceAll(/\{(\w+)\}/g, ":$1"), (c) =>
      answerAs(c, services, route),
    );
}

/** Asks first whether whoever asks may, and writes down what came of it. */
async function answerAs(c: Context<Env>, services: ApiServices, route: Route): Promise<Response> {
  const { needs, audit, answer } = route;
  if (needs !== "public") await requirePermission(c, services, needs);
  const response = await answer(c, services);
  if (audit !== undefined && response.ok) await writeAudit(c, services, audit);
  return response;
}

const encoder = new TextEncoder();

/** As bytes, which lie beside the heap: of a text, three more copies are made on its way, half a megabyte each for a list of runs. */
function answerJson(c: Context<Env>, value: unknown, status: ContentfulStatusCode): Response {
  return c.body(encoder.encode(JSON.stringify(value)), status, { "content-type": "application/json" });
}
