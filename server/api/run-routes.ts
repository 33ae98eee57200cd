import { Hono } from "hono";
import type { Context } from "hono";
import { AppError, isAppError } from "../base/errors.js";
import { today } from "../runs/interval.js";
import { isRunDate } from "../lake/layout.js";
import type { RunRequest } from "../runs/run-manager.js";
import type { RunView } from "../runs/run-record.js";
import {
  emptyBodySchema,
  resumableQuerySchema,
  runBodySchema,
  runsQuerySchema,
  type PlanProblem,
  type PlanView,
  type ResumableRun,
  type RunList,
  type StartedRun,
} from "./protocol.js";
import { toErrorBody } from "./on-error.js";
import { readBody, readQuery } from "./read-request.js";
import type { ApiServices, Env } from "./services.js";

export function runRoutes({ feed, manager, notebooks, runs, workspace }: ApiServices): Hono<Env> {
  const app = new Hono<Env>();

  app.post("/api/notebooks/:name/runs", async (c) => {
    const { id } = await manager.start(await readRunRequest(c));
    return c.json<StartedRun>({ id }, 202);
  });

  app.post("/api/notebooks/:name/plan", async (c) => {
    const request = await readRunRequest(c);
    try {
      return c.json<PlanView>(await manager.predict(request));
    } catch (error) {
      // Who asks what would happen is told; a browser would log any other status as a failure of the page.
      if (!isAppError(error, "choice-needed", "invalid-notebook")) throw error;
      return c.json<PlanProblem>({ problem: toErrorBody(error, workspace.root).error });
    }
  });

  app.get("/api/notebooks/:name/resumable", async (c) => {
    const { date = today() } = readQuery(c, resumableQuerySchema);
    if (!isRunDate(date)) throw new AppError("usage", "The query has no date of the form YYYY-MM-DD.");
    const { name } = await notebooks.read(c.req.param("name"));
    const run = await manager.resumable(name, date);
    return c.json<ResumableRun>({ run: run === undefined ? null : { id: run.id } });
  });

  app.get("/api/runs", async (c) => {
    const { notebook, limit } = readQuery(c, runsQuerySchema);
    const { position } = feed;
    const ids = await runs.ids(notebook, limit);
    const views = await Promise.all(ids.map((id) => maybeView(id)));
    return c.json<RunList>({ runs: views.filter((view) => view !== undefined), position });
  });

  app.get("/api/runs/:id", async (c) => c.json<RunView>(await manager.view(c.req.param("id"))));

  app.post("/api/runs/:id/cancel", async (c) => {
    await readBody(c, emptyBodySchema);
    return c.json<RunView>(await manager.cancel(c.req.param("id")));
  });

  app.post("/api/runs/:id/retry", async (c) => {
    await readBody(c, emptyBodySchema);
    const { id } = await manager.retry(c.req.param("id"));
    return c.json<StartedRun>({ id }, 202);
  });

  /** A record that cannot be read hides no other. */
  async function maybeView(id: string): Promise<RunView | undefined> {
    try {
      return await manager.view(id);
    } catch (error) {
      if (error instanceof AppError) return undefined;
      throw error;
    }
  }

  async function readRunRequest(c: Context<Env, "/api/notebooks/:name/runs">): Promise<RunRequest> {
    const { materialize, strict, ...rest } = await readBody(c, runBodySchema);
    const { name } = await notebooks.read(c.req.param("name"));
    return {
      ...rest,
      notebook: name,
      mode: materialize ? "materialize" : "run",
      tolerant: !materialize && !strict,
    };
  }

  return app;
}
