import { z } from "zod";
import { route } from "./route.js";

/** For whoever only asks whether the server lives, and whether it is the one of server.json. */
export const healthRoutes = [
  route({
    method: "get",
    path: "/healthz",
    summary: "Whether the server lives",
    success: [200, "It does.", z.object({ status: z.literal("ok"), id: z.string() })],
    isPublic: true,
    answer: ({ services: { id } }) => ({ status: "ok" as const, id }),
  }),
] as const;
