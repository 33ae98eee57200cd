import { z } from "zod";
import type { Forecast } from "../api/protocol.js";
import { toAppError } from "../api/ask.js";
import { AppError, isAppError } from "../base/errors.js";
import { hashOf } from "../base/hash.js";
import { describeRun, followRun } from "./follow-run.js";
import { cell, date, given, notebook, parameters } from "./inputs.js";
import { defineTool, type Call } from "./tool.js";

const runCell = defineTool({
  name: "run_cell",
  title: "Run a cell",
  description:
    "Runs a cell and what is out of date above it, as a draft: nothing is published. Gives its checks and first rows. " +
    "People who have the notebook open see it.",
  role: "runner",
  needs: "write",
  input: z.strictObject({
    notebook,
    cell,
    date,
    parameters,
    limit: z.number().int().min(1).max(200).default(20).describe("rows to show at most"),
  }),
  act: async ({ notebook: name, cell: cellName, limit, ...rest }, call) => {
    const { ask, signal } = call;
    const body = { ...given(rest), cells: [cellName] };
    const { id } = await ask("POST /api/notebooks/{name}/runs", { params: { name }, body });
    const run = await followRun(call, id);
    const sent = { params: { name, cell: cellName }, query: { run: id, limit } };
    const page = await ask("GET /api/notebooks/{name}/cells/{cell}/rows", sent, signal).catch(
      (error: unknown) => {
        // Of a cell that failed, or that is no relation, there are none.
        if (!isAppError(error, "not-found", "usage")) throw error;
        return undefined;
      },
    );
    return {
      ...describeRun(run),
      ...(page === undefined
        ? {}
        : {
            columns: page.columns.map((column) => `${column.name} ${column.type}`),
            rows: page.rows,
            totalRows: page.totalRows,
          }),
    };
  },
});

const publication = {
  notebook,
  date,
  cells: z.array(cell).max(1000).optional().describe("only these datasets; default: all"),
  parameters,
  input: z
    .enum(["pinned", "current"])
    .optional()
    .describe("for a date that was published from other input: which"),
};

const plan = defineTool({
  name: "plan",
  title: "Plan a publication",
  description:
    "What materialize would compute, reuse, publish and remove, and why; nothing is done. Its `plan` is what materialize " +
    "has to be given as `confirm`. Show the plan to a person first.",
  role: "viewer",
  needs: "write",
  input: z.strictObject(publication),
  act: async (input, call) => describePlan(await forecast(input, call)),
});

const materialize = defineTool({
  name: "materialize",
  title: "Publish",
  description:
    "Publishes a notebook's datasets for a run date, for all readers of the lake. Only what a person has agreed to: " +
    "`confirm` is the `plan` of the plan tool, called with the same notebook, date, cells, parameters and input.",
  role: "editor",
  needs: "write",
  isDestructive: true,
  input: z.strictObject({
    ...publication,
    confirm: z.string().max(100).optional().describe("the plan that was agreed to"),
  }),
  act: async ({ confirm, ...input }, call) => {
    const planned = await forecast(input, call);
    if (confirm !== planOf(planned))
      throw new AppError(
        "choice-needed",
        confirm === undefined
          ? "Publishing has to be confirmed."
          : "That is not the plan as things stand now: something has changed since, or it was made for something else.",
        {
          hint: "Call plan, show it to a person, and give its plan as confirm.",
        },
      );
    const { notebook: name, ...rest } = input;
    const { id } = await call.ask("POST /api/notebooks/{name}/runs", {
      params: { name },
      body: {
        ...given(rest),
        date: planned.run.date,
        materialize: true,
        removes: planned.removed.map(({ path }) => path),
      },
    });
    return describeRun(await followRun(call, id));
  },
});

export const runTools = [runCell, plan, materialize];

type Publication = z.output<z.ZodObject<typeof publication>>;

async function forecast({ notebook: name, ...rest }: Publication, { ask, signal }: Call): Promise<Forecast> {
  const body = { ...given(rest), materialize: true };
  const answer = await ask("POST /api/notebooks/{name}/plan", { params: { name }, body }, signal);
  if ("problem" in answer) throw toAppError(answer.problem);
  return answer;
}

function describePlan(planned: Forecast): object {
  const { run, cells, removed } = planned;
  return {
    plan: planOf(planned),
    notebook: run.notebook,
    date: run.date,
    cells: cells.map(({ name, kind, action, reason, rows, publication: published, checks }) => ({
      name,
      kind,
      action,
      reason,
      rows,
      publication: published,
      checks: checks?.map(({ name: checkName, outcome, message }) => ({ name: checkName, outcome, message })),
    })),
    removes: removed,
    inputs: run.inputs.map(({ path, bytes }) => ({ path, bytes })),
  };
}

/** The same for the same intent: what is computed, from what, and what that does to the date. */
function planOf({ run, cells, removed }: Forecast): string {
  const { notebook: name, date: runDate, parameters: values, inputs, lakeVersions, basedOn, targets } = run;
  const pinned = inputs.map(({ path, sha256 }) => [path, sha256]);
  const what = { name, runDate, values, pinned, lakeVersions, basedOn, targets, cells, removed };
  return `plan-${hashOf(what).slice(0, 16)}`;
}
