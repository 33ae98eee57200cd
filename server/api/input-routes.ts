import { listDeliveries } from "../operate/list-deliveries.js";
import { deliveryListSchema } from "./answers.js";
import { route } from "./route.js";

/** For whoever delivers the input. */
export const inputRoutes = [
  route({
    method: "get",
    path: "/api/input",
    needs: "read",
    summary: "What became of each file in input/, and whether it may be replaced",
    success: [200, "Sorted by path.", deliveryListSchema],
    answer: async ({ services: { workspace, notebooks, lake, manager } }) => ({
      files: await listDeliveries({ workspace, notebooks, lake, store: manager.store, now: Date.now() }),
    }),
  }),
] as const;
