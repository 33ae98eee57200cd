import { Hono } from "hono";
import { findChart, parseDraftChart, readChart, type ChartData } from "../rows/chart-data.js";
import { readInputOptions, type InputOptions } from "../workbench/input-options.js";
import { chartQuerySchema, draftChartBodySchema } from "./protocol.js";
import { readBody, readQuery } from "./read-request.js";
import type { ApiServices, Env } from "./services.js";

/** What charts and inputs show. */
export function chartRoutes(services: ApiServices): Hono<Env> {
  const { notebooks } = services;
  const app = new Hono<Env>();

  app.get("/api/notebooks/:name/cells/:cell/chart", async (c) => {
    const { run, result } = readQuery(c, chartQuerySchema);
    const { name, parsed } = await notebooks.read(c.req.param("name"));
    const chart = findChart(parsed.notebook, c.req.param("cell"));
    const request = { run, result, signal: c.req.raw.signal };
    return c.json<ChartData>(await readChart(services, name, chart, request));
  });

  app.post("/api/notebooks/:name/chart", async (c) => {
    const { from, chart, run, result } = await readBody(c, draftChartBodySchema);
    const { name } = await notebooks.read(c.req.param("name"));
    const draft = parseDraftChart(from, chart);
    const request = { run, result, signal: c.req.raw.signal };
    return c.json<ChartData>(await readChart(services, name, draft, request));
  });

  app.get("/api/notebooks/:name/inputs/:cell/options", async (c) => {
    const analyzed = await notebooks.analyze(await notebooks.read(c.req.param("name")));
    const { timeoutMs } = services.free;
    const { result } = await services.free.run(c, (signal) => {
      const request = { input: c.req.param("cell"), parameters: {}, signal, timeoutMs };
      return readInputOptions(services, analyzed, request);
    });
    return c.json<InputOptions>(result);
  });

  return app;
}
