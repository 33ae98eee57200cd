import type { z } from "zod";
import { AppError, isAppError } from "../base/errors.js";
import { today } from "../runs/interval.js";
import { isRunDate } from "../base/run-date.js";
import type { RunManager } from "../runs/run-manager.js";
import type { RunRequest } from "../runs/run-request.js";
import type { RunView } from "../runs/run-record.js";
import {
  explorationSchema,
  forecastAnswerSchema,
  outdatedInputsSchema,
  resumableRunSchema,
  runListSchema,
  runViewSchema,
  startedRunSchema,
} from "./answers.js";
import { formatCount } from "../text/format.js";
import { runTests } from "../workbench/tests/run-tests.js";
import { unknownNotebook, waiting } from "./notes.js";
import { forecastWithReaders } from "../workbench/foresee-reshaped.js";
import { toErrorBody } from "./on-error.js";
import { agentHeader } from "./agent-header.js";
import { audit } from "./env.js";
import { byOf } from "./permission.js";
import {
  emptyBodySchema,
  exploreBodySchema,
  resumableQuerySchema,
  retryBodySchema,
  runBodySchema,
  runsQuerySchema,
} from "./requests.js";
import { route } from "./route.js";
import type { ApiServices } from "./services.js";

const unknownRun = { 404: "There is no such run." };

export const runRoutes = [
  route({
    method: "post",
    path: "/api/notebooks/{name}/runs",
    needs: "run",
    audit: "run",
    summary: "Run or materialize a notebook",
    body: runBodySchema,
    success: [
      202,
      "The run has begun; follow it at /api/runs/{id} or by the notebook's events.",
      startedRunSchema,
    ],
    errors: {
      ...unknownNotebook,
      409:
        "The date was published from other input: choose pinned or current. details.files names what differs. " +
        "Or something would go from the date that removes does not name; details.removed lists it. " +
        "Or a test does not pass; details.tests names them.",
      422: "The notebook has errors; diagnostics lists them.",
    },
    headers: agentHeader,
    answer: async ({ services, params, body, c, signal }) => {
      const request = await toRunRequest(services, params.name, body);
      if (body.test) await requireTests(services, request.notebook, signal);
      const { id } = await services.manager.start({ ...request, by: byOf(c) });
      audit(c, { what: body.materialize ? "materialize" : "run", run: id, date: request.date ?? today() });
      return { id };
    },
  }),

  route({
    method: "post",
    path: "/api/notebooks/{name}/plan",
    needs: "read",
    summary: "What a run would compute and reuse, without doing it",
    body: runBodySchema,
    success: [
      200,
      "The run as it would begin, for each cell what would happen and why, and in removed what would go from the run " +
        "date; or the problem: a choice is needed " +
        "(choice-needed; details.files names what differs), or the notebook has errors (invalid-notebook).",
      forecastAnswerSchema,
    ],
    errors: unknownNotebook,
    answer: async ({ services, params, body }) => {
      const request = await toRunRequest(services, params.name, body);
      try {
        return await forecastWithReaders(services, request);
      } catch (error) {
        // Who asks what would happen is told; a browser would log any other status as a failure of the page.
        if (!isAppError(error, "choice-needed", "invalid-notebook")) throw error;
        return { problem: toErrorBody(error, services.workspace.root).error };
      }
    },
  }),

  route({
    method: "post",
    path: "/api/notebooks/{name}/explore",
    needs: "read",
    summary: "Compute what other values of controls change, for whoever asks alone",
    description:
      "Of the notebook's own cells as they are saved; query cells only, never a dataset. No run begins, and nobody else sees it. A plan with the same values then names the rows.",
    body: exploreBodySchema,
    success: [200, "What became of the cells that had to be computed.", explorationSchema],
    errors: {
      ...unknownNotebook,
      ...waiting,
      422: "The notebook has errors; diagnostics lists them.",
      503: "The server ends.",
      504: "It took longer than query_timeout.",
    },
    answer: async ({ services: { notebooks, manager, free }, params, body, c }) => {
      const { name: notebook } = await notebooks.read(params.name);
      const { result, waitedMs } = await free.run(c, (signal) =>
        manager.explore({ notebook, ...body }, { signal, limitMs: free.timeoutMs }),
      );
      const cells = result.cells.map(({ name, outcome, rows, fingerprint, error }) => ({
        name,
        outcome,
        ...(rows === undefined ? {} : { rows }),
        ...(fingerprint === undefined ? {} : { result: fingerprint }),
        ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
      }));
      const { blocked } = result;
      return { cells, blocked: [...blocked], ...(waitedMs === undefined ? {} : { waitedMs }) };
    },
  }),

  route({
    method: "get",
    path: "/api/notebooks/{name}/resumable",
    needs: "read",
    summary: "The run of a date that can be resumed",
    query: resumableQuerySchema,
    success: [200, "Its id, or null.", resumableRunSchema],
    errors: unknownNotebook,
    answer: async ({ services: { notebooks, manager }, params, query: { date = today() } }) => {
      if (!isRunDate(date)) throw new AppError("usage", "The query has no date of the form YYYY-MM-DD.");
      const { name } = await notebooks.read(params.name);
      const run = await manager.resumable(name, date);
      return { run: run === undefined ? null : { id: run.id } };
    },
  }),

  route({
    method: "get",
    path: "/api/runs",
    needs: "read",
    summary: "Runs, the newest first",
    query: runsQuerySchema,
    success: [200, "What runs --json prints.", runListSchema],
    answer: async ({ services: { feed, manager, runs }, query: { notebook, limit } }) => {
      const { position } = feed;
      const ids = await runs.ids(notebook, limit);
      const views = await Promise.all(ids.map((id) => maybeView(manager, id)));
      return { runs: views.filter((view) => view !== undefined), position };
    },
  }),

  route({
    method: "get",
    path: "/api/runs/{id}",
    needs: "read",
    summary: "A run, while it runs too",
    success: [200, "What run --json prints.", runViewSchema],
    errors: unknownRun,
    answer: ({ services: { manager }, params }) => manager.view(params.id),
  }),

  route({
    method: "get",
    path: "/api/runs/{id}/outdated",
    needs: "read",
    summary: "Files that were replaced since a run read them",
    description: "Another attempt of the run reads them as they were. None of a run that goes on.",
    success: [200, "Paths, sorted.", outdatedInputsSchema],
    errors: unknownRun,
    answer: async ({ services: { manager }, params }) => ({
      files: [...(await manager.outdatedInputs(params.id))],
    }),
  }),

  route({
    method: "post",
    path: "/api/runs/{id}/cancel",
    needs: "run",
    audit: "cancel",
    summary: "Cancel a run",
    body: emptyBodySchema,
    success: [200, "The run as it ended. One that had ended before is left as it is.", runViewSchema],
    errors: unknownRun,
    answer: ({ services: { manager }, params, c }) => {
      audit(c, { run: params.id });
      return manager.cancel(params.id);
    },
  }),

  route({
    method: "post",
    path: "/api/runs/{id}/retry",
    needs: "run",
    audit: "retry",
    summary: "Another attempt of a run: same input, same SQL, same run date",
    body: retryBodySchema,
    success: [202, "The attempt has begun.", startedRunSchema],
    errors: {
      ...unknownRun,
      409: "It runs, it has succeeded, or a later run has published its date.",
    },
    answer: async ({ services: { manager }, params, body, c }) => {
      const { id } = await manager.retry(params.id, { ...body, by: byOf(c) });
      audit(c, { run: id, ...(body.from === undefined ? {} : { fromCell: body.from }) });
      return { id };
    },
  }),
] as const;

/** A record that cannot be read hides no other. */
async function maybeView(manager: RunManager, id: string): Promise<RunView | undefined> {
  try {
    return await manager.view(id);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

async function toRunRequest(
  { notebooks }: ApiServices,
  notebook: string,
  { materialize, strict, test: _test, ...rest }: z.output<typeof runBodySchema>,
): Promise<RunRequest> {
  const { name } = await notebooks.read(notebook);
  return {
    ...rest,
    notebook: name,
    mode: materialize ? "materialize" : "run",
    tolerant: !materialize && !strict,
  };
}

/** Fails with code conflict, and names those that do not pass. */
async function requireTests(services: ApiServices, name: string, signal: AbortSignal): Promise<void> {
  const { notebooks } = services;
  const analyzed = await notebooks.analyze(await notebooks.read(name));
  const { tests, failed } = await runTests(services, analyzed, undefined, signal);
  await services.tests.keep(analyzed, tests);
  if (failed === 0) return;
  const names = tests.filter(({ outcome }) => outcome !== "passed").map((each) => each.name);
  throw new AppError(
    "conflict",
    `Nothing was run: ${formatCount(failed, "test")} did not pass: ${names.join(", ")}.`,
    {
      hint: `The tests in the notebook say why; so does: lakebook test ${name}`,
      details: { tests: names },
    },
  );
}
