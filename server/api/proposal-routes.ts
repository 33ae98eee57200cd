import { locate } from "../base/diagnostic.js";
import { AppError } from "../base/errors.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import type { Cell } from "../notebook/notebook.js";
import { unknownName } from "../text/unknown-name.js";
import { findProblems } from "../workbench/find-problems.js";
import type { NotebookFile } from "../workspace/notebook-files.js";
import { ProposalStore, type Proposal } from "../workspace/proposals.js";
import { agentHeader } from "./agent-header.js";
import { createdProposalSchema, proposalListSchema, settledProposalSchema } from "./answers.js";
import { audit } from "./env.js";
import { unknownNotebook } from "./notes.js";
import { byOf } from "./permission.js";
import { proposalBodySchema, settleQuerySchema } from "./requests.js";
import { route } from "./route.js";
import type { ApiServices } from "./services.js";

export const proposalRoutes = [
  route({
    method: "get",
    path: "/api/notebooks/{name}/proposals",
    needs: "read",
    summary: "Edits of cells that wait for a person",
    success: [200, "The oldest first.", proposalListSchema],
    errors: unknownNotebook,
    answer: async ({ services, params }) => {
      const file = await services.notebooks.read(params.name);
      const proposals = await storeOf(services).list(file.name);
      return { proposals: proposals.map((proposal) => withStanding(proposal, file)) };
    },
  }),

  route({
    method: "post",
    path: "/api/notebooks/{name}/proposals",
    needs: "query",
    audit: "propose",
    summary: "Propose other texts for cells",
    description: "The notebook stays as it is: a person accepts or rejects each cell on the page.",
    headers: agentHeader,
    body: proposalBodySchema,
    success: [
      201,
      "The proposal, and the problems that the notebook would have with it.",
      createdProposalSchema,
    ],
    errors: { ...unknownNotebook, 409: "Too many wait already." },
    answer: async ({ services, params, body: { reason, cells }, c }) => {
      const { notebooks, manager } = services;
      const file = await notebooks.read(params.name);
      const changes = cells.map(({ cell, text }) => changeOf(file, cell, text));
      const analyzed = await notebooks.analyzeText(file.name, withChanges(file, changes));
      requireSameCells(file, analyzed, changes);
      const { diagnostics } = await findProblems(services, analyzed);
      const proposal = await storeOf(services).create({
        notebook: file.name,
        etag: file.etag,
        by: byOf(c),
        reason,
        cells: changes.map(({ cell: { name }, before, after }) => ({ cell: name, before, after })),
      });
      manager.events.emit(file.name, { type: "proposals-changed", notebook: file.name });
      return {
        proposal: withStanding(proposal, file),
        diagnostics: diagnostics.map((item) => locate(item, analyzed.notebook.source)),
      };
    },
  }),

  route({
    method: "delete",
    path: "/api/notebooks/{name}/proposals/{id}/cells/{cell}",
    needs: "edit",
    audit: "settle proposal",
    summary: "Take a cell out of a proposal, once it is accepted or rejected",
    description: "The notebook stays as it is: whoever accepts saves it first.",
    query: settleQuerySchema,
    success: [200, "The cell's name.", settledProposalSchema],
    errors: { 404: "There is no such proposal for that cell." },
    answer: async ({ services, params: { name, id, cell }, query: { decision }, c }) => {
      const { notebooks, manager } = services;
      const file = await notebooks.read(name);
      await storeOf(services).settle(file.name, id, cell);
      audit(c, { what: `proposal ${decision}`, proposal: id });
      manager.events.emit(file.name, { type: "proposals-changed", notebook: file.name });
      return { cell };
    },
  }),
] as const;

interface CellChange {
  readonly cell: Cell;
  readonly before: string;
  readonly after: string;
}

function storeOf({ workspace }: ApiServices): ProposalStore {
  return new ProposalStore(workspace.state);
}

function changeOf({ parsed: { notebook }, text }: NotebookFile, name: string, after: string): CellChange {
  const cell = notebook.cells.find((item) => item.name === name);
  if (cell === undefined) {
    const names = notebook.cells.map((item) => item.name);
    throw unknownName(
      "not-found",
      `Cell "${name}" does not exist in notebook "${notebook.name}".`,
      name,
      names,
    );
  }
  const before = text.slice(cell.bodySpan.start, cell.bodySpan.end).replace(/\r?\n$/, "");
  return { cell, before, after: after.replace(/(\r?\n)+$/, "") };
}

function withChanges({ text }: NotebookFile, changes: readonly CellChange[]): string {
  return [...changes]
    .sort((a, b) => b.cell.bodySpan.start - a.cell.bodySpan.start)
    .reduce((whole, { cell: { bodySpan }, before, after }) => {
      return whole.slice(0, bodySpan.start) + after + whole.slice(bodySpan.start + before.length);
    }, text);
}

/** A text could end its fence and bring cells along that nobody was shown. */
function requireSameCells(
  file: NotebookFile,
  { notebook }: AnalyzedNotebook,
  changes: readonly CellChange[],
): void {
  const namesOf = (cells: readonly Cell[]): string =>
    cells.map(({ name, kind }) => `${kind} ${name}`).join("\n");
  const isSame =
    namesOf(file.parsed.notebook.cells) === namesOf(notebook.cells) &&
    file.parsed.notebook.blocks.length === notebook.blocks.length &&
    changes.every(({ cell, after }) => {
      const now = notebook.cells.find(({ name }) => name === cell.name);
      const text = notebook.source.text.slice(now?.bodySpan.start, now?.bodySpan.end);
      return text.replace(/\r?\n$/, "") === after;
    });
  if (isSame) return;
  throw new AppError("usage", "The texts would change more than those cells.", {
    hint: "Give what stands between the fences, its first line (--| cell: name) included, without a fence, and keep the names.",
  });
}

function withStanding(
  proposal: Proposal,
  { parsed: { notebook }, text }: NotebookFile,
): Proposal & { cells: (Proposal["cells"][number] & { isOutdated: boolean })[] } {
  const now = new Map(
    notebook.cells.map(({ name, bodySpan }) => [
      name,
      text.slice(bodySpan.start, bodySpan.end).replace(/\r?\n$/, ""),
    ]),
  );
  return {
    ...proposal,
    cells: proposal.cells.map((item) => ({ ...item, isOutdated: now.get(item.cell) !== item.before })),
  };
}
