import { Hono, type Context } from "hono";
import { isAppError } from "../base/errors.js";
import { giveWay } from "../base/give-way.js";
import { checkNotebook } from "../workbench/check-notebook.js";
import { writeNotebookFile, type NotebookFile } from "../workspace/notebook-files.js";
import { toNotebookView, toSummary } from "./notebook-view.js";
import { answerAppError, refuse } from "./on-error.js";
import { saveBodySchema, type NotebookSummary, type NotebookView, type Position } from "./protocol.js";
import { readBody } from "./read-request.js";
import type { ApiServices, Env } from "./services.js";

const LIST_WAIT_MS = 1000;

export function notebookRoutes(services: ApiServices): Hono<Env> {
  const { workspace, notebooks, manager } = services;
  const app = new Hono<Env>();

  app.get("/api/notebooks", async (c) => {
    const found = await notebooks.list(LIST_WAIT_MS);
    return c.json<readonly NotebookSummary[]>(found.map(toSummary));
  });

  app.get("/api/notebooks/:name", async (c) => {
    const { position } = services.feed;
    return answerNotebook(c, await notebooks.read(c.req.param("name")), position);
  });

  app.put("/api/notebooks/:name", async (c) => {
    const name = c.req.param("name");
    const expected = readPrecondition(c);
    if (expected === undefined) {
      return refuse(c, {
        status: 428,
        code: "usage",
        message: "Saving needs to know which version was edited.",
        hint: "Send If-Match with the etag that was read, or If-None-Match: * for a new notebook.",
      });
    }
    const { text } = await readBody(c, saveBodySchema);
    try {
      await notebooks.desk.inTurn(async () => {
        const etag = await writeNotebookFile(workspace, name, text, expected);
        notebooks.desk.noteName(name);
        manager.events.emit(name, { type: "notebook-changed", notebook: name, etag });
      });
    } catch (thrown) {
      const error = notebooks.desk.explain(thrown, name);
      if (!isAppError(error, "conflict")) throw error;
      const current = error.details?.["etag"];
      if (typeof current === "string") c.header("etag", `"${current}"`);
      return answerAppError(c, error, workspace.root, 412);
    }
    const { position } = services.feed;
    return answerNotebook(c, await notebooks.saved(name, text), position, expected === null ? 201 : 200);
  });

  return app;

  async function answerNotebook(
    c: Context,
    file: NotebookFile,
    position: Position,
    status: 200 | 201 = 200,
  ): Promise<Response> {
    const analyzed = await notebooks.analyze(file);
    const checked = await checkNotebook(services, analyzed);
    await giveWay();
    const view = toNotebookView(file, analyzed, checked);
    await giveWay();
    c.header("etag", `"${file.etag}"`);
    return c.json<NotebookView>({ ...view, position }, status);
  }
}

/** The etag that was edited, `*` for whatever is there, null for a notebook that must not exist yet. */
function readPrecondition(c: Context): string | null | undefined {
  if (c.req.header("if-none-match") === "*") return null;
  const given = c.req.header("if-match");
  if (given === undefined) return undefined;
  // What was never an etag of the notebook matches as little as an old one. A proxy that compresses adds W/.
  return given.replace(/^(?:W\/)?"(.*)"$/, "$1");
}
