import { Hono } from "hono";
import { AppError, isAppError } from "../base/errors.js";
import { sqlToNotebook } from "../export/import-sql.js";
import { takeIn, type TakenFile } from "../intake/take-in.js";
import { notebookOfCells } from "../notebook/template.js";
import {
  createNotebook,
  deleteNotebook,
  duplicateNotebook,
  freeName,
  moveNotebook,
  restoreNotebook,
  toNotebookSlug,
} from "../workspace/manage-notebooks.js";
import { readNotebookFile } from "../workspace/notebook-files.js";
import { putIntoInput, receiveFile } from "../workspace/upload.js";
import {
  duplicateBodySchema,
  importBodySchema,
  moveBodySchema,
  type DeletedNotebook,
  type NamedNotebook,
  type UploadedInput,
} from "./protocol.js";
import { answerAppError } from "./on-error.js";
import { readBody } from "./read-request.js";
import { streamOf } from "./request-body.js";
import type { ApiServices, Env } from "./services.js";

export function manageRoutes(services: ApiServices): Hono<Env> {
  const { workspace, manager, lake, notebooks } = services;
  const { desk } = notebooks;
  const app = new Hono<Env>();

  app.post("/api/notebooks/:name/duplicate", async (c) => {
    const { newName } = await readBody(c, duplicateBodySchema);
    const name = await desk.inTurn(async () => {
      const copy = await duplicateNotebook(workspace, c.req.param("name"), newName);
      await tell(copy);
      return copy;
    });
    return c.json<NamedNotebook>({ name }, 201);
  });

  app.post("/api/notebooks/:name/move", async (c) => {
    const { newName } = await readBody(c, moveBodySchema);
    const name = c.req.param("name");
    await desk.inTurn(async () => {
      assertFree(name);
      await moveNotebook(workspace, name, newName).catch((error: unknown) => {
        throw desk.explain(error, name);
      });
      desk.noteMove(name, newName);
      manager.events.emit(name, { type: "notebook-changed", notebook: name, etag: null });
      await tell(newName);
    });
    const published = lake.publications().filter((entry) => entry.notebook === name);
    const datasets = [...new Set(published.flatMap((entry) => Object.keys(entry.datasets)))];
    return c.json<NamedNotebook>({ name: newName, ...(datasets.length === 0 ? {} : { datasets }) });
  });

  app.delete("/api/notebooks/:name", async (c) => {
    const name = c.req.param("name");
    const { id } = await desk.inTurn(async () => {
      assertFree(name);
      const trashed = await deleteNotebook(workspace, name);
      manager.events.emit(name, { type: "notebook-changed", notebook: name, etag: null });
      return trashed;
    });
    return c.json<DeletedNotebook>({ name, trash: id });
  });

  app.post("/api/trash/:id/restore", async (c) => {
    const name = await desk.inTurn(async () => {
      const restored = await restoreNotebook(workspace, c.req.param("id"));
      await tell(restored);
      return restored;
    });
    return c.json<NamedNotebook>({ name });
  });

  app.post("/api/notebooks/import", async (c) => {
    const { fileName, text } = await readBody(c, importBodySchema);
    const ending = /\.(md|markdown|sql)$/i.exec(fileName)?.[1]?.toLowerCase();
    if (ending === undefined)
      throw new AppError("usage", `"${fileName}" is neither Markdown nor SQL.`, {
        hint: "Import a .md or a .sql file; a data file goes to input/.",
      });
    const notebook = ending === "sql" ? sqlToNotebook(titleOf(fileName), text) : text;
    const name = await desk.inTurn(async () => {
      const made = await freeName(workspace, toNotebookSlug(fileName));
      await createNotebook(workspace, made, notebook);
      await tell(made);
      return made;
    });
    return c.json<NamedNotebook>({ name }, 201);
  });

  app.put("/api/input/:name", async (c) => {
    const limit = workspace.settings.uploadLimitBytes;
    const length = Number(c.req.header("content-length") ?? 0);
    const answer = await takeIn(
      services,
      c.req.param("name"),
      (path) => receiveFile(path, () => streamOf(c), { limit, length }),
      async (files) => {
        await putIntoInput(workspace, files);
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
    return c.json<UploadedInput>({ ...first, ...(sheets.length === 0 ? {} : { sheets }) }, 201);
  });

  return app;

  /** Only after a change that is done: whether the file can be read then is no matter of the change. */
  async function tell(name: string): Promise<void> {
    desk.noteName(name);
    const file = await readNotebookFile(workspace, name).catch(() => undefined);
    if (file !== undefined)
      manager.events.emit(name, { type: "notebook-changed", notebook: name, etag: file.etag });
  }

  /** What runs writes records under the notebook's name. */
  function assertFree(name: string): void {
    if (!manager.activeRuns().some((run) => run.notebook === name)) return;
    throw new AppError("conflict", `Notebook "${name}" runs right now.`, {
      hint: "Wait for the end of the run, or cancel it.",
    });
  }
}

/** `input/orders.csv` becomes `orders`. */
function titleOf(fileName: string): string {
  return fileName.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "");
}

function toUploaded({ name, bytes, columns, cell, notes, encoding, delimiter }: TakenFile): UploadedInput {
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
