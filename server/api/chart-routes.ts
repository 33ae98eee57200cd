import { findChart, parseDraftChart, readChart, type ChartData } from "../rows/chart-data.js";
import { readControlOptions } from "../workbench/control-options.js";
import { chartAnswerSchema, controlOptionsSchema } from "./answers.js";
import { computed, waiting } from "./notes.js";
import { orProblem } from "./or-problem.js";
import { chartQuerySchema, draftChartBodySchema } from "./requests.js";
import { route } from "./route.js";

/** What charts and inputs show. */
export const chartRoutes = [
  route({
    method: "get",
    path: "/api/notebooks/{name}/cells/{cell}/chart",
    needs: "read",
    summary: "What a chart cell draws",
    description:
      "At most 5000 points, computed by the query in sql over the rows of the cell that the chart is of.",
    query: chartQuerySchema,
    success: [
      200,
      "How to draw it (plot), columns named by its channels, rows, sql, caption, totalRows, run; or problem, where it does not fit the columns.",
      chartAnswerSchema,
    ],
    errors: { ...computed, 404: "There is no such chart, or the cell that it is of has no rows yet." },
    answer: async ({ services, params, query: { run, result, picked }, signal }) => {
      const { name, parsed } = await services.notebooks.read(params.name);
      const chart = findChart(parsed.notebook, params.cell);
      const read = (): Promise<ChartData> =>
        readChart(services, name, chart, { run, result, picked, signal });
      // What is picked and does not fit is the mistake of who asks.
      return picked.length === 0 ? orProblem(services, read) : read();
    },
  }),

  route({
    method: "post",
    path: "/api/notebooks/{name}/chart",
    needs: "read",
    summary: "What a chart would draw that is in no file",
    body: draftChartBodySchema,
    success: [200, "The same as for a chart cell.", chartAnswerSchema],
    errors: { ...computed, 404: "The cell has no rows yet." },
    answer: async ({ services, params, body: { from, chart, run, result }, signal }) => {
      const { name } = await services.notebooks.read(params.name);
      return orProblem(services, () =>
        readChart(services, name, parseDraftChart(from, chart), { run, result, signal }),
      );
    },
  }),

  route({
    method: "get",
    path: "/api/notebooks/{name}/inputs/{cell}/options",
    needs: "read",
    summary: "What a select offers",
    description: "Listed values, or those of a query over the cells as they were last run; at most 1000.",
    success: [200, "type, values, isTruncated.", controlOptionsSchema],
    errors: { ...computed, 404: "There is no such input.", ...waiting },
    answer: async ({ services, params, c }) => {
      const { notebooks, free } = services;
      const analyzed = await notebooks.analyze(await notebooks.read(params.name));
      const { result } = await free.run(c, (signal) => {
        const request = { input: params.cell, parameters: {}, signal, timeoutMs: free.timeoutMs };
        return readControlOptions(services, analyzed, request);
      });
      return result;
    },
  }),
] as const;
