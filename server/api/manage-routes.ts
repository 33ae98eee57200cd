import type { Context } from "hono";
import { AppError, isAppError } from "../base/errors.js";
import { importFile, importProject } from "../import/import-notebook.js";
import { takeIn, type TakenFile } from "../intake/take-in.js";
import { notebookOfCells } from "../notebook/template.js";
import {
  createNotebook,
  deleteNotebook,
  duplicateNotebook,
  freeNotebookName,
  moveNotebook,
  restoreNotebook,
  toNotebookSlug,
} from "../workspace/manage-notebooks.js";
import { readNotebookFile } from "../workspace/notebook-files.js";
import { requireFit } from "../intake/require-fit.js";
import { isReplaceable, putIntoInput, receiveFile, replaceInput, toInputName } from "../workspace/upload.js";
import {
  deletedNotebookSchema,
  importedNotebookSchema,
  movedNotebookSchema,
  namedNotebookSchema,
  uploadedInputSchema,
  type UploadedSheet,
} from "./answers.js";
import { unknownNotebook } from "./notes.js";
import { answerAppError } from "./on-error.js";
import { streamOf } from "./request-body.js";
import {
  duplicateBodySchema,
  emptyBodySchema,
  importBodySchema,
  moveBodySchema,
  uploadQuerySchema,
} from "./requests.js";
import { audit, type Env } from "./env.js";
import { byOf, requireStill } from "./permission.js";
import { route } from "./route.js";
import type { ApiServices } from "./services.js";

export const manageRoutes = [
  route({
    method: "post",
    path: "/api/notebooks/{name}/duplicate",
    needs: "edit",
    audit: "duplicate notebook",
    summary: "Copy a notebook",
    body: duplicateBodySchema,
    success: [201, "The name of the copy.", namedNotebookSchema],
    errors: { ...unknownNotebook, 409: "The name is taken.", 422: "The notebook is not UTF-8." },
    answer: ({ services, params, body, c }) => {
      audit(c, { newName: body.newName });
      return made(services, c, () => duplicateNotebook(services.workspace, params.name, body.newName));
    },
  }),

  route({
    method: "post",
    path: "/api/notebooks/{name}/move",
    needs: "edit",
    audit: "move notebook",
    summary: "Give a notebook another name",
    description: "What it published stays with the old name; datasets in the answer lists it.",
    body: moveBodySchema,
    success: [200, "The new name.", movedNotebookSchema],
    errors: { ...unknownNotebook, 409: "The name is taken, or the notebook runs right now." },
    answer: async ({ services, params: { name }, body: { newName }, c }) => {
      audit(c, { newName });
      const { workspace, manager, lake, notebooks, schedules } = services;
      const { desk } = notebooks;
      const move = async (): Promise<void> => {
        assertFree(services, name);
        await moveNotebook(workspace, name, newName).catch((error: unknown) => {
          throw desk.explain(error, name);
        });
        desk.noteMove(name, newName);
        manager.events.emit(name, { type: "notebook-changed", notebook: name, etag: null });
        await tell(services, c, newName);
      };
      await schedules.move(name, newName, () => desk.inTurn(move));
      const published = lake.publications().filter((entry) => entry.notebook === name);
      const datasets = [...new Set(published.flatMap((entry) => Object.keys(entry.datasets)))];
      return { name: newName, ...(datasets.length === 0 ? {} : { datasets }) };
    },
  }),

  route({
    method: "delete",
    path: "/api/notebooks/{name}",
    needs: "edit",
    audit: "delete notebook",
    summary: "Delete a notebook; what it published stays",
    success: [200, "What brings it back.", deletedNotebookSchema],
    errors: { ...unknownNotebook, 409: "It runs right now." },
    answer: async ({ services, params: { name } }) => {
      const { workspace, manager, notebooks } = services;
      const { id } = await notebooks.desk.inTurn(async () => {
        assertFree(services, name);
        const trashed = await deleteNotebook(workspace, name);
        manager.events.emit(name, { type: "notebook-changed", notebook: name, etag: null });
        return trashed;
      });
      return { name, trash: id };
    },
  }),

  route({
    method: "post",
    path: "/api/trash/{id}/restore",
    needs: "edit",
    audit: "restore notebook",
    summary: "Undo the deletion of a notebook",
    body: emptyBodySchema,
    success: [200, "Its name.", namedNotebookSchema],
    errors: { 404: "Nothing was deleted under that id.", 409: "The name has been taken meanwhile." },
    answer: async ({ services, params, c }) => {
      const restored = await made(services, c, () => restoreNotebook(services.workspace, params.id));
      audit(c, { notebook: restored.name });
      return restored;
    },
  }),

  route({
    method: "post",
    path: "/api/notebooks/import",
    needs: "edit",
    audit: "import notebook",
    summary: "Make a notebook of a file or project of another program",
    description:
      "Of a SQL script each CREATE TABLE ... AS becomes a dataset, each view and each query a cell; of Jupyter, marimo and Observable the cells with SQL; of a dbt project each model. The rest stays as prose, with the reason.",
    body: importBodySchema,
    success: [
      201,
      "The name; that of the file, made unique; and what is not as it was.",
      importedNotebookSchema,
    ],
    answer: async ({ services, body, c }) => {
      const imported =
        "files" in body
          ? importProject(body.files)
          : { ...importFile(body.fileName, body.text), title: titleOf(body.fileName), seeds: [] };
      const { text, title, cells, left, seeds } = imported;
      const created = await made(services, c, async () => {
        const name = await freeNotebookName(services.workspace, toNotebookSlug(`${title}.`));
        await createNotebook(services.workspace, name, text);
        return name;
      });
      audit(c, { notebook: created.name });
      return { ...created, cells, left: [...left], seeds: [...seeds] };
    },
  }),

  route({
    method: "put",
    path: "/api/input/{name}",
    needs: "upload",
    audit: "upload",
    summary: "Upload a file to input/",
    description:
      "The body is the file itself: CSV, JSON, Parquet, or a workbook, of which each sheet becomes a file. Another file is replaced only with replace=true, by one that can be read in the same way; what runs have read stays in the lake, and the next run takes the new content.",
    query: uploadQuerySchema,
    success: [
      201,
      "Where it lies, what was found in it, and a cell and a notebook that read it.",
      uploadedInputSchema,
    ],
    errors: {
      404: "replace=true: there is no such folder in input/.",
      409: "There is such a file.",
      413: "It is larger than upload_limit. Nothing is kept.",
      422: "It cannot be read as a table: the hint says what to do. Nothing is kept.",
    },
    answer: async ({ services, params, query, c }) => {
      const { workspace } = services;
      const limit = workspace.settings.uploadLimitBytes;
      const length = Number(c.req.header("content-length") ?? 0);
      const isReplaced = query.replace === "true" && (await isReplaceable(workspace, params.name));
      const name = isReplaced ? params.name : toInputName(params.name);
      const answer = await takeIn(
        services,
        name,
        (path) => receiveFile(path, () => streamOf(c), { limit, length }),
        async (files) => {
          await requireStill(c, services, "upload");
          if (isReplaced) await replaceInput(workspace, name, requireFit(name, files).absolutePath);
          else await putIntoInput(workspace, files);
          return files.map(toUploaded);
        },
      ).catch((error: unknown) => {
        if (isAppError(error, "input") && error.details?.["limitBytes"] !== undefined)
          return answerAppError(c, error, workspace.root, 413);
        throw error;
      });
      if (answer instanceof Response) return answer;
      const [first, ...sheets] = answer;
      if (first === undefined) throw new AppError("internal", "Nothing was taken in.");
      audit(c, { file: first.path, ...(isReplaced ? { isReplaced } : {}) });
      return {
        ...first,
        ...(isReplaced ? { isReplaced } : {}),
        ...(sheets.length === 0 ? {} : { sheets }),
      };
    },
  }),
] as const;

/** Makes a notebook when it is its turn, and tells everybody. */
async function made(
  services: ApiServices,
  c: Context<Env>,
  make: () => Promise<string>,
): Promise<{ readonly name: string }> {
  const name = await services.notebooks.desk.inTurn(async () => {
    const fresh = await make();
    await tell(services, c, fresh);
    return fresh;
  });
  return { name };
}

/** Only after a change that is done: whether the file can be read then is no matter of the change. */
async function tell(
  { workspace, manager, notebooks, logger }: ApiServices,
  c: Context<Env>,
  name: string,
): Promise<void> {
  const { desk, history } = notebooks;
  desk.noteName(name);
  const file = await readNotebookFile(workspace, name).catch(() => undefined);
  if (file === undefined) return;
  manager.events.emit(name, { type: "notebook-changed", notebook: name, etag: file.etag });
  await history.note(name, file.text, { kind: "save", by: byOf(c) }).catch((error: unknown) => {
    logger.warn("a notebook's history cannot be written", { error });
  });
}

/** What runs writes records under the notebook's name. */
function assertFree({ manager }: ApiServices, name: string): void {
  if (!manager.activeRuns().some((run) => run.notebook === name)) return;
  throw new AppError("conflict", `Notebook "${name}" runs right now.`, {
    hint: "Wait for the end of the run, or cancel it.",
  });
}

/** `input/orders.csv` becomes `orders`. */
function titleOf(fileName: string): string {
  return fileName.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "");
}

function toUploaded({ name, bytes, columns, cell, notes, encoding, delimiter }: TakenFile): UploadedSheet {
  return {
    path: `input/${name}`,
    bytes,
    columns,
    notes,
    cell: cell.text,
    notebook: notebookOfCells(titleOf(name), [{ ...cell, notes }]),
    ...(encoding === undefined ? {} : { encoding }),
    ...(delimiter === undefined ? {} : { delimiter }),
  };
}
