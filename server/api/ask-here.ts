import { Hono } from "hono";
import { owner, type Person } from "../people/person.js";
import { routes } from "./api.js";
import { askBy, type Ask } from "./ask.js";
import { createErrorHandler } from "./on-error.js";
import { register } from "./route.js";
import type { Env } from "./env.js";
import type { ApiServices } from "./services.js";

/** The routes over services of this process, without HTTP and its guard: for the owner, or whoever it is said for. */
export function askHere(services: ApiServices): (agent?: string, person?: Person) => Ask {
  const app = new Hono<Env>();
  app.onError(createErrorHandler(services.logger, services.workspace.root));
  register(app, services, routes);
  return (agent, person = owner) => askBy(async (path, init) => app.request(path, init, { person }), agent);
}
