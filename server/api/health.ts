import { Hono } from "hono";
import type { ApiServices, Env } from "./services.js";

/** For whoever only asks whether the server lives, and whether it is the one of server.json. */
export function healthRoutes({ id }: Pick<ApiServices, "id">): Hono<Env> {
  const app = new Hono<Env>();
  app.get("/healthz", (c) => c.json({ status: "ok", id }));
  return app;
}
