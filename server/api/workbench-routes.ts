import { Hono } from "hono";
import { AppError, isAppError, type ErrorCode } from "../base/errors.js";
import { isRunDate } from "../lake/layout.js";
import { queryNotebook } from "../workbench/ad-hoc-query.js";
import { diffCell, type CellDiff, type NothingPublished } from "../rows/cell-diff.js";
import { compileCell, explainCell, type CompiledCell } from "../workbench/compiled-cell.js";
import { SHOWN_CHARACTERS } from "../rows/shown-values.js";
import { listInputFiles } from "../workspace/input-files.js";
import {
  compileBodySchema,
  diffQuerySchema,
  queryBodySchema,
  renameBodySchema,
  type CompileProblem,
  type QueryAnswer,
  type QueryPlan,
  type RenamedText,
  type VocabularyView,
} from "./protocol.js";
import { renameEverywhere } from "../workbench/rename-references.js";
import { vocabularyOf } from "../workbench/vocabulary.js";
import { toErrorBody } from "./on-error.js";
import { readBody, readQuery } from "./read-request.js";
import type { ApiServices, Env } from "./services.js";
import { listPublishedDatasets } from "../rows/published-datasets.js";

/** What may be wrong with a cell while somebody works on it. */
const ordinary: ReadonlySet<ErrorCode> = new Set(["usage", "query", "input", "invalid-notebook"]);

/** What somebody who works on a notebook asks between two runs. */
export function workbenchRoutes(services: ApiServices): Hono<Env> {
  const { engine, notebooks, lake, workspace } = services;
  const app = new Hono<Env>();

  app.get("/api/notebooks/:name/cells/:cell/diff", async (c) => {
    const { against } = readQuery(c, diffQuerySchema);
    if (against !== undefined && !isRunDate(against))
      throw new AppError("usage", `"${against}" is not a run date.`);
    const { name } = await notebooks.read(c.req.param("name"));
    return c.json<CellDiff | NothingPublished>(
      await diffCell(services, name, c.req.param("cell"), against, c.req.raw.signal),
    );
  });

  app.post("/api/notebooks/:name/query", async (c) => {
    const { sql, parameters, limit } = await readBody(c, queryBodySchema);
    const analyzed = await notebooks.analyze(await notebooks.read(c.req.param("name")));
    const { timeoutMs } = services.free;
    const { result, waitedMs } = await services.free.run(c, (signal) =>
      queryNotebook(services, {
        sql,
        notebook: analyzed,
        parameters,
        limit,
        maxCharacters: SHOWN_CHARACTERS,
        signal,
        timeoutMs,
      }),
    );
    return c.json<QueryAnswer>(waitedMs === undefined ? result : { ...result, waitedMs });
  });

  app.post("/api/notebooks/:name/cells/:cell/sql", async (c) => {
    const { parameters } = await readBody(c, compileBodySchema);
    const analyzed = await notebooks.analyze(await notebooks.read(c.req.param("name")));
    const request = { cell: c.req.param("cell"), parameters };
    return c.json(await orProblem(() => compileCell(services, analyzed, request)));
  });

  app.post("/api/notebooks/:name/cells/:cell/plan", async (c) => {
    const { parameters } = await readBody(c, compileBodySchema);
    const analyzed = await notebooks.analyze(await notebooks.read(c.req.param("name")));
    const request = { cell: c.req.param("cell"), parameters };
    return c.json(await orProblem(() => explainCell(services, analyzed, request, c.req.raw.signal)));
  });

  app.post("/api/notebooks/:name/rename", async (c) => {
    const { cell, newName } = await readBody(c, renameBodySchema);
    const analyzed = await notebooks.analyze(await notebooks.read(c.req.param("name")));
    return c.json<RenamedText>({ text: await renameEverywhere(services, analyzed, cell, newName) });
  });

  app.get("/api/vocabulary", async (c) => {
    const [files, published] = await Promise.all([listInputFiles(workspace), listPublishedDatasets(lake, 1)]);
    const datasets = published
      .filter((item) => item.isLatest)
      .map(({ dataset, columns }) => ({ name: dataset, columns }));
    const { functions, keywords } = await vocabularyOf(engine);
    return c.json<VocabularyView>({ files, datasets, functions, keywords });
  });

  return app;

  async function orProblem<T extends CompiledCell | QueryPlan>(
    work: () => Promise<T>,
  ): Promise<T | CompileProblem> {
    try {
      return await work();
    } catch (error) {
      if (!isAppError(error) || !ordinary.has(error.code)) throw error;
      return { problem: toErrorBody(error, workspace.root).error };
    }
  }
}
