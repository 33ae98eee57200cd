import { listDeliveries } from "../operate/list-deliveries.js";
import { deliveryListSchema, fileLookAnswerSchema } from "./answers.js";
import { computed, waiting } from "./notes.js";
import { orProblem } from "./or-problem.js";
import { lookBodySchema } from "./requests.js";
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

  route({
    method: "post",
    path: "/api/input/look",
    needs: "query",
    summary: "Look at a file of input/, or at all that a pattern matches, before a cell reads it",
    description:
      "Columns, first rows and what the values are like, of the first 10,000 rows; with the SQL of a cell that reads it " +
      "with these choices. What cannot be read so is a problem in the answer.",
    body: lookBodySchema,
    success: [200, "What was found; or the problem.", fileLookAnswerSchema],
    errors: { ...computed, ...waiting },
    answer: async ({ services, body, c }) => {
      const { free, looks } = services;
      return orProblem(
        services,
        async () => (await free.run(c, (signal) => looks.look(body, signal))).result,
      );
    },
  }),
] as const;
