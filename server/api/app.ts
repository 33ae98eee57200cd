import { Hono, type Context, type MiddlewareHandler } from "hono";
import { routes } from "./api.js";
import {
  addressOf,
  bearerOf,
  limitBody,
  logInByToken,
  personNow,
  requireJson,
  requireLogin,
  requireOwnHost,
  requireOwnOrigin,
  securityHeaders,
} from "./guard.js";
import { createErrorHandler, refuse } from "./on-error.js";
import { writeAudit } from "./permission.js";
import { register } from "./route.js";
import { owner, type Person } from "../people/person.js";
import type { Env } from "./env.js";
import type { ApiServices } from "./services.js";
import { setShareHeaders } from "./share-routes.js";
import { answerStaticFile } from "./static-files.js";

/** Answers what an agent sends to `/mcp`; `from` says where it is, `person` whose token it has. */
export type AgentAccess = (request: Request, from: string, person: Person) => Promise<Response>;

/** The HTTP side of the product. Who asks is checked before anything else happens; what is not listed is closed. */
export function createApp(services: ApiServices, agents?: AgentAccess): Hono<Env> {
  const { access, files, logger, workspace } = services;
  const app = new Hono<Env>();
  app.onError(createErrorHandler(logger, workspace.root));
  app.notFound((c) =>
    refuse(c, { status: 404, code: "not-found", message: "There is nothing at this address." }),
  );

  // Before all others, so that its headers are set last.
  app.use("/s/*", async (c: Context<Env>, next) => {
    await next();
    setShareHeaders(c);
  });
  app.use(securityHeaders());
  app.use(requireOwnHost(access));
  app.use(requireOwnOrigin());
  app.use(requireLogin(access, isOpen));
  app.use(except(isUpload, requireJson()));
  app.use(except(isUpload, limitBody()));
  app.use("/api/*", async (c, next) => {
    await next();
    if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "no-store");
  });

  app.get("/", async (c) => {
    const token = c.req.query("token");
    if (token === undefined) return answerPage(c);
    const login = await logInByToken(c, access, token);
    if (typeof login !== "boolean") return login;
    if (login) {
      c.set("person", owner);
      await writeAudit(c, services, "log in");
    }
    return login ? c.redirect("/", 303) : answerPage(c, 401);
  });
  register(app, services, routes);
  if (agents !== undefined)
    app.on(["GET", "POST", "DELETE"], "/mcp", async (c) => {
      // A browser's session is a person's: no page may act as an agent.
      if (bearerOf(c) === undefined) return refuseAgent(c);
      const { raw } = c.req;
      const request = raw.body === null ? raw : new Request(raw, { body: await raw.arrayBuffer() });
      // Its body may have taken its time.
      const person = await personNow(c, access);
      return person === undefined
        ? refuseAgent(c)
        : agents(request, `address ${addressOf(c, access)}`, person);
    });
  for (const [path, file] of files) if (path !== "/") app.get(path, (c) => answerStaticFile(c, file));
  return app;

  /** Shared results need no login: the address itself is the secret. */
  function isOpen(c: Context): boolean {
    const { method, path } = c.req;
    if (method === "POST" && path === "/api/login") return true;
    if (method !== "GET" && method !== "HEAD") return false;
    return (
      path === "/healthz" || path === "/readyz" || path === "/" || files.has(path) || path.startsWith("/s/")
    );
  }

  function refuseAgent(c: Context): Response {
    return refuse(c, {
      status: 401,
      code: "unauthorized",
      message: "An agent needs the token.",
      hint: "Send the header authorization: Bearer <token>.",
    });
  }

  function answerPage(c: Context, status?: 401): Promise<Response> | Response {
    const index = files.get("/");
    if (index !== undefined) return answerStaticFile(c, index, status);
    return c.text("The page is not built. Run: npm run build\n", status ?? 200);
  }
}

/** A file of input/ is no JSON, and has a limit of its own. */
function isUpload(c: Context): boolean {
  return c.req.method === "PUT" && c.req.path.startsWith("/api/input/");
}

function except(isExempt: (c: Context) => boolean, middleware: MiddlewareHandler): MiddlewareHandler {
  return (c, next) => (isExempt(c) ? next() : middleware(c, next));
}
