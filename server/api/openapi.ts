import { z } from "zod";
import { escapeHtml } from "../text/escape-html.js";
import { errorBodySchema } from "./answers.js";
import { roleOf } from "../base/roles.js";
import { route, type Route, type RouteDescription } from "./route.js";

type Json = Readonly<Record<string, unknown>>;

/** Of all routes, these two included. */
export function openapiRoutes(all: () => readonly Route[]) {
  return [
    route({
      method: "get",
      path: "/api/openapi.json",
      needs: "read",
      summary: "This description, for programs",
      success: [200, "OpenAPI 3.1.", z.record(z.string(), z.unknown())],
      answer: () => buildOpenapi(all()),
    }),
    route({
      method: "get",
      path: "/api/docs",
      needs: "read",
      summary: "This description, for people",
      success: [200, "HTML."],
      type: "text/html",
      answer: ({ c }) => c.html(formatDocs(all())),
    }),
  ] as const;
}

/** Of every route. */
const everywhere = { 421: "The server does not answer to that Host.", 500: "Something went wrong inside." };
const asDescribed = { 400: "The request is not as described." };
/** Of those that need a login. */
const behindLogin = {
  ...asDescribed,
  401: "Neither the session cookie nor the token was sent.",
  429: "Too many wrong tokens came from this address; Retry-After says when to try again.",
};
/** Of those that not every role may ask. */
const forRoles = { 403: "Your role may not ask this." };
/** Of those that change something. */
const onChange = {
  403: "Your role, or another site's page, may not ask this.",
  413: "The body is too large.",
  507: "The disk is full or cannot be written to.",
};
const onJson = { 415: "The body is not JSON." };

/** OpenAPI 3.1 of what the routes say of themselves, and of the schemas that they read and are checked with. */
function buildOpenapi(routes: readonly Route[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operationOf(route);
  return {
    openapi: "3.1.0",
    info: {
      title: "Lakebook",
      version: "1",
      description: "SQL notebooks that are the data pipeline. Every error is {error: {code, message}}.",
    },
    security: [{ token: [] }, { session: [] }],
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: "lakebook-8080" },
      },
      schemas: { Error: toJsonSchema(errorBodySchema, "output") },
    },
    paths,
  };
}

function operationOf(route: RouteDescription): Json {
  const { summary, body, needs } = route;
  const description = descriptionOf(route);
  return {
    summary,
    ...(description === undefined ? {} : { description }),
    ...(needs === "public" ? { security: [] } : {}),
    parameters: parametersOf(route),
    ...(body === undefined
      ? {}
      : { requestBody: { content: { "application/json": { schema: toJsonSchema(body, "input") } } } }),
    responses: responsesOf(route),
  };
}

function descriptionOf({ description, needs }: RouteDescription): string | undefined {
  if (needs === "public" || roleOf(needs) === "viewer") return description;
  return `${description === undefined ? "" : `${description} `}Needs the role ${roleOf(needs)}.`;
}

/** By status. */
export function responsesOf(route: RouteDescription): Readonly<Record<string, Json>> {
  const { success, created, type = "application/json" } = route;
  const [status, meaning, schema] = success;
  const content = Object.fromEntries(
    [type].flat().map((one) => [one, schema === undefined ? {} : { schema: toJsonSchema(schema, "output") }]),
  );
  const errors = Object.entries(errorsOf(route)).map(([code, text]) => [
    code,
    {
      description: text,
      content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
    },
  ]);
  return {
    [status]: { description: meaning, content },
    ...(created === undefined ? {} : { 201: { description: created, content } }),
    ...(Object.fromEntries(errors) as Readonly<Record<string, Json>>),
  };
}

function errorsOf({ method, body, errors, needs }: RouteDescription): Readonly<Record<number, string>> {
  return {
    ...everywhere,
    ...(body === undefined ? {} : asDescribed),
    ...(needs === "public" ? {} : { ...behindLogin, ...(roleOf(needs) === "viewer" ? {} : forRoles) }),
    ...(method === "get" ? {} : onChange),
    ...(body === undefined ? {} : onJson),
    ...errors,
  };
}

function parametersOf({ path, query, headers }: RouteDescription): Json[] {
  const inPath = namesIn(path).map((name) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, schema]) => {
    const json = toJsonSchema(schema as z.ZodType, "input");
    return { name, in: "query", required: false, ...describe(json), schema: json };
  });
  const inHeader = Object.entries(headers ?? {}).map(([name, description]) => ({
    name,
    in: "header",
    required: false,
    description,
    schema: { type: "string" },
  }));
  return [...inPath, ...inQuery, ...inHeader];
}

function describe(schema: Json): Json {
  return typeof schema["description"] === "string" ? { description: schema["description"] } : {};
}

function namesIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
}

function toJsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _draft, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return json;
}

/** The same for people: one page without a script. */
function formatDocs(routes: readonly Route[]): string {
  const sections = routes.map(formatRoute).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Lakebook API</title>
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark; --muted: light-dark(#5b6870, #9aa7af); --line: light-dark(#e2e4e0, #2a3136); }
body { margin: 3rem auto; max-width: 46rem; padding: 0 1rem; background: light-dark(#fbfbf9, #15191c);
  color: light-dark(#22292e, #e3e8eb); font: 0.9375rem/1.55 system-ui, sans-serif; }
h1 { font-size: 1.5rem; font-weight: 600; margin: 0; }
h2 { font: 600 0.9375rem/1.4 ui-monospace, monospace; margin: 0; overflow-wrap: anywhere; }
section { border-top: 1px solid var(--line); margin-top: 1.25rem; padding-top: 1.25rem; }
p { margin: 0.25rem 0 0; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: 0.15rem 1rem; margin: 0.6rem 0 0; }
dt { font-family: ui-monospace, monospace; font-size: 0.8125rem; }
dd { margin: 0; color: var(--muted); overflow-wrap: anywhere; }
</style>
</head>
<body>
<h1>Lakebook API</h1>
<p>Send the session cookie or <code>Authorization: Bearer &lt;token&gt;</code>. Bodies are JSON. Every error is
<code>{"error": {"code", "message", "hint"?, "diagnostics"?, "details"?}}</code>.
Programs read <a href="/api/openapi.json">/api/openapi.json</a>.</p>
${sections}
</body>
</html>
`;
}

function formatRoute(route: RouteDescription): string {
  const { method, path, summary, description, query, body, headers, success } = route;
  const shape = body instanceof z.ZodObject ? body.shape : {};
  const items = [
    ...Object.entries(headers ?? {}),
    ...Object.entries(query?.shape ?? {}).map(
      ([name, schema]) => [`?${name}`, meaningOf(schema as z.ZodType)] as const,
    ),
    ...Object.entries(shape).map(([name, schema]) => [name, meaningOf(schema as z.ZodType)] as const),
    [String(success[0]), success[1]] as const,
    ...(route.created === undefined ? [] : [["201", route.created] as const]),
    ...Object.entries(route.errors ?? {}),
  ];
  const list = items
    .map(([name, meaning]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(meaning)}</dd>`)
    .join("\n");
  const more = description === undefined ? "" : `\n<p>${escapeHtml(description)}</p>`;
  return `<section>
<h2>${method.toUpperCase()} ${escapeHtml(path)}</h2>
<p>${escapeHtml(summary)}</p>${more}
<dl>
${list}
</dl>
</section>`;
}

function meaningOf(schema: z.ZodType): string {
  const json = toJsonSchema(schema, "input");
  const type = typeof json["type"] === "string" ? json["type"] : "";
  const otherwise = json["default"] === undefined ? "" : `, default ${JSON.stringify(json["default"])}`;
  const description = typeof json["description"] === "string" ? `: ${json["description"]}` : "";
  return `${type}${otherwise}${description}`.replace(/^[,:]+ /, "");
}
