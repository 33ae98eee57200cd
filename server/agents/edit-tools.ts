import { z } from "zod";
import { cell, notebook } from "./inputs.js";
import { defineTool } from "./tool.js";

const proposeEdit = defineTool({
  name: "propose_edit",
  title: "Propose an edit",
  description:
    "Proposes other texts for cells of a notebook. The notebook stays as it is: a person sees old and new side by side on the " +
    "page, and accepts or rejects each cell. `text` is all that stands between the fences, as read_notebook gives it for " +
    "a cell, its `--|` lines included; names stay. Gives the problems that the notebook would have: mend those before you " +
    "tell the person.",
  role: "runner",
  needs: "read",
  isEdit: true,
  input: z.strictObject({
    notebook,
    reason: z.string().min(1).max(2000).describe("why, in a sentence for the person who decides"),
    cells: z
      .array(z.strictObject({ cell, text: z.string().max(100_000) }))
      .min(1)
      .max(50),
  }),
  act: async ({ notebook: name, ...body }, { ask, signal }) => {
    const { proposal, diagnostics } = await ask(
      "POST /api/notebooks/{name}/proposals",
      { params: { name }, body },
      signal,
    );
    return {
      proposal: proposal.id,
      waitsFor: "a person, who accepts or rejects it on the notebook's page",
      cells: proposal.cells.map((item) => item.cell),
      problems: diagnostics,
    };
  },
});

export const editTools = [proposeEdit];
