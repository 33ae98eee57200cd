import { z } from "zod";
import { METRICS_TYPE } from "../operate/measures/metrics-text.js";
import { productVersionSchema } from "./answers.js";
import { refuse } from "./on-error.js";
import { ownVersion } from "./own-version.js";
import { route } from "./route.js";

/** For whoever only asks whether the server lives, whether it is the one of server.json, and which one it is. */
export const healthRoutes = [
  route({
    method: "get",
    path: "/healthz",
    needs: "public",
    summary: "Whether the server lives",
    success: [200, "It does.", z.object({ status: z.literal("ok"), id: z.string() })],
    answer: ({ services: { id } }) => ({ status: "ok" as const, id }),
  }),

  route({
    method: "get",
    path: "/readyz",
    needs: "public",
    summary: "Whether the server can take work, and why not",
    description:
      "Looks at its disk and its workers at most every two seconds. 503 while it starts and shuts down.",
    success: [200, "It can.", z.object({ status: z.literal("ready") })],
    errors: { 503: "Not now; the message says why." },
    answer: async ({ services: { operation }, c }) => {
      const reasons = await operation.readiness.look();
      if (reasons.length === 0) return { status: "ready" as const };
      return refuse(c, { status: 503, code: "not-ready", message: reasons.join(" ") });
    },
  }),

  route({
    method: "get",
    path: "/metrics",
    needs: "read",
    summary: "What the server counts of itself, for Prometheus",
    description: "Prometheus sends the token as its authorization. Counters begin with the process.",
    success: [200, "Prometheus' text format."],
    type: "text/plain",
    answer: async ({ services: { operation }, c }) =>
      c.body(await operation.measures.text(), 200, {
        "content-type": METRICS_TYPE,
        "cache-control": "no-store",
      }),
  }),

  route({
    method: "get",
    path: "/api/version",
    needs: "read",
    summary: "The versions of Lakebook and of its engine",
    success: [200, "Both.", productVersionSchema],
    answer: async ({ services: { engine } }) => ({ version: await ownVersion(), engine: engine.version }),
  }),
] as const;
