import { Hono } from "hono";
import { routes } from "./api.js";
import { askBy, type Ask } from "./ask.js";
import { createErrorHandler } from "./on-error.js";
import { register } from "./route.js";
import type { ApiServices, Env } from "./services.js";

/** The routes over services of this process, without HTTP and its guard: for whoever may do all. */
export function askHere(services: ApiServices): (agent?: string) => Ask {
  const app = new Hono<Env>();
  app.onError(createErrorHandler(services.logger, services.workspace.root));
  register(app, services, routes);
  return (agent) => askBy(async (path, init) => app.request(path, init), agent);
}
