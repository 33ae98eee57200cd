import { Hono } from "hono";
import type { Env } from "./services.js";

/** For whoever only asks whether the server lives; it says nothing else. */
export function healthRoutes(): Hono<Env> {
  const app = new Hono<Env>();
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  return app;
}
