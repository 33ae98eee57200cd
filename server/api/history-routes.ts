import { compareEntries } from "../workspace/history/compare-entries.js";
import { textToRestore } from "../workspace/history/save-notebook.js";
import { historyDiffSchema, historyListSchema, historyTextSchema, notebookViewSchema } from "./answers.js";
import { audit } from "./env.js";
import { save } from "./notebook-routes.js";
import { historyDiffQuerySchema, historyQuerySchema, restoreTextBodySchema } from "./requests.js";
import { route } from "./route.js";

const unknownEntry = { 404: "There is no such notebook or entry." };

/** Every text that a notebook had. */
export const historyRoutes = [
  route({
    method: "get",
    path: "/api/notebooks/{name}/history",
    needs: "read",
    summary: "Texts that a notebook had: who saved or ran them, and when",
    description:
      "What one person saves within a minute is one entry, and so is what one person runs again. Without by, another " +
      "program wrote the file. Of saves older than 30 days the last of each hour stays; what ran stays.",
    query: historyQuerySchema,
    success: [200, "The newest first, and the etag of the file as it is.", historyListSchema],
    errors: { 404: "There is no such notebook." },
    answer: async ({ services: { notebooks }, params, query: { limit, offset } }) => {
      const { name, etag } = await notebooks.read(params.name);
      const entries = await notebooks.history.list(name);
      return { etag, total: entries.length, entries: entries.slice(offset, offset + limit) };
    },
  }),

  route({
    method: "get",
    path: "/api/notebooks/{name}/history/{entry}",
    needs: "read",
    summary: "One of them, with its text",
    success: [200, "The entry and the text, as the file had it.", historyTextSchema],
    errors: unknownEntry,
    answer: async ({ services: { notebooks }, params }) => {
      const { name } = await notebooks.read(params.name);
      const { entry, text } = await notebooks.history.find(name, params.entry);
      return { ...entry, text };
    },
  }),

  route({
    method: "get",
    path: "/api/notebooks/{name}/history/{entry}/diff",
    needs: "read",
    summary: "Compare it by cell with the notebook as it is, or with another entry",
    query: historyDiffQuerySchema,
    success: [200, "The cells that differ, whole, before and after.", historyDiffSchema],
    errors: unknownEntry,
    answer: async ({ services: { workspace, notebooks }, params, query: { to } }) => {
      const { name } = await notebooks.read(params.name);
      return compareEntries({ workspace, history: notebooks.history }, name, params.entry, to);
    },
  }),

  route({
    method: "post",
    path: "/api/notebooks/{name}/history/{entry}/restore",
    needs: "edit",
    audit: "restore text",
    summary: "Save the notebook with that text, or with one cell of it",
    description: "A save like any other: the text that is there stays in the history.",
    body: restoreTextBodySchema,
    success: [200, "The notebook as it is now.", notebookViewSchema],
    errors: {
      404: "There is no such notebook, entry or cell.",
      412: "Somebody else saved; details.etag and the header tell the version that is there.",
      422: "What is there is not UTF-8: saving would lose bytes.",
    },
    answer: async ({ services, params, body: { etag, cell }, c }) => {
      const { workspace, notebooks } = services;
      const { entry: restored } = params;
      const file = await notebooks.read(params.name);
      // A cell is put into the text that is there now: that one must not be another by the time it is saved.
      const expected = etag === "*" ? file.etag : etag;
      const { name } = file;
      const text = await textToRestore({ workspace, history: notebooks.history }, name, restored, cell);
      audit(c, { entry: restored, ...(cell === undefined ? {} : { cell }) });
      return save(services, c, { name, text, expected, restored });
    },
  }),
] as const;
