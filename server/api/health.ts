import { z } from "zod";
import { productVersionSchema } from "./answers.js";
import { ownVersion } from "./own-version.js";
import { route } from "./route.js";

/** For whoever only asks whether the server lives, whether it is the one of server.json, and which one it is. */
export const healthRoutes = [
  route({
    method: "get",
    path: "/healthz",
    summary: "Whether the server lives",
    success: [200, "It does.", z.object({ status: z.literal("ok"), id: z.string() })],
    isPublic: true,
    answer: ({ services: { id } }) => ({ status: "ok" as const, id }),
  }),

  route({
    method: "get",
    path: "/api/version",
    summary: "The versions of Lakebook and of its engine",
    success: [200, "Both.", productVersionSchema],
    answer: async ({ services: { engine } }) => ({ version: await ownVersion(), engine: engine.version }),
  }),
] as const;
