import type { Context } from "hono";
import { isAppError } from "../base/errors.js";
import { giveWay } from "../base/give-way.js";
import { findProblems } from "../workbench/find-problems.js";
import { saveNotebook, type Saving } from "../workspace/history/save-notebook.js";
import type { NotebookFile } from "../workspace/notebook-files.js";
import { z } from "zod";
import { notebookSummarySchema, notebookViewSchema, type NotebookView, type Position } from "./answers.js";
import { toNotebookView, toSummary } from "./notebook-view.js";
import { unknownNotebook } from "./notes.js";
import { answerAppError, refuse } from "./on-error.js";
import { saveBodySchema } from "./requests.js";
import type { Env } from "./env.js";
import { byOf } from "./permission.js";
import { route } from "./route.js";
import type { ApiServices } from "./services.js";

const LIST_WAIT_MS = 1000;

export const notebookRoutes = [
  route({
    method: "get",
    path: "/api/notebooks",
    needs: "read",
    summary: "All notebooks",
    success: [
      200,
      "A list of name, title, etag, datasets and the number of problems, sorted by name.",
      z.array(notebookSummarySchema),
    ],
    answer: async ({ services: { notebooks } }) => (await notebooks.list(LIST_WAIT_MS)).map(toSummary),
  }),

  route({
    method: "get",
    path: "/api/notebooks/{name}",
    needs: "read",
    summary: "A notebook: text, cells, graph and diagnostics",
    description: "A name with a folder is written with %2F: team%2Fdaily. The etag is the header's too.",
    success: [200, "The notebook as its file is now.", notebookViewSchema],
    errors: unknownNotebook,
    answer: async ({ services, params, c }) => {
      const { position } = services.feed;
      return viewOf(services, c, await services.notebooks.read(params.name), position);
    },
  }),

  route({
    method: "put",
    path: "/api/notebooks/{name}",
    needs: "edit",
    audit: "save",
    summary: "Save a notebook",
    body: saveBodySchema,
    headers: {
      "If-Match": "the etag that was edited; * for whatever version is there",
      "If-None-Match": "* to make a new notebook",
    },
    success: [200, "The notebook as it is now.", notebookViewSchema],
    created: "The notebook, which is new.",
    errors: {
      412: "Somebody else saved; details.etag and the header tell the version that is there.",
      422: "What is there is not UTF-8: saving would lose bytes.",
      428: "Neither If-Match nor If-None-Match was sent.",
    },
    refuse: (c) =>
      readPrecondition(c) === undefined
        ? refuse(c, {
            status: 428,
            code: "usage",
            message: "Saving needs to know which version was edited.",
            hint: "Send If-Match with the etag that was read, or If-None-Match: * for a new notebook.",
          })
        : undefined,
    answer: async ({ services, params: { name }, body: { text }, c }) => {
      const expected = readPrecondition(c) ?? null;
      const view = await save(services, c, { name, text, expected });
      return expected === null && !(view instanceof Response) ? c.json(view, 201) : view;
    },
  }),
] as const;

/** Answers 412 where somebody else saved. `restored`: the entry of the history that the text is of. */
export async function save(
  services: ApiServices,
  c: Context<Env>,
  saving: Omit<Saving, "by">,
): Promise<NotebookView | Response> {
  const { workspace, notebooks, manager, logger } = services;
  const { desk, history } = notebooks;
  const { name, text } = saving;
  const by = byOf(c);
  try {
    await desk.inTurn(async () => {
      const etag = await saveNotebook({ workspace, history, logger }, { ...saving, by });
      desk.noteName(name);
      manager.events.emit(name, { type: "notebook-changed", notebook: name, etag, by });
    });
  } catch (thrown) {
    const error = desk.explain(thrown, name);
    if (!isAppError(error, "conflict")) throw error;
    const current = error.details?.["etag"];
    if (typeof current === "string") c.header("etag", `"${current}"`);
    return answerAppError(c, error, workspace.root, 412);
  }
  const { position } = services.feed;
  return viewOf(services, c, await notebooks.saved(name, text), position);
}

async function viewOf(
  services: ApiServices,
  c: Context<Env>,
  file: NotebookFile,
  position: Position,
): Promise<NotebookView> {
  const analyzed = await services.notebooks.analyze(file);
  const checked = await findProblems(services, analyzed);
  await giveWay();
  const view = toNotebookView(file, analyzed, checked);
  await giveWay();
  c.header("etag", `"${file.etag}"`);
  return { ...view, position };
}

/** The etag that was edited, `*` for whatever is there, null for a notebook that must not exist yet. */
function readPrecondition(c: Context): string | null | undefined {
  if (c.req.header("if-none-match") === "*") return null;
  const given = c.req.header("if-match");
  if (given === undefined) return undefined;
  // What was never an etag of the notebook matches as little as an old one. A proxy that compresses adds W/.
  return given.replace(/^(?:W\/)?"(.*)"$/, "$1");
}
