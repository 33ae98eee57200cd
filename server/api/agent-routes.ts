import { appendAudit } from "./audit-log.js";
import { auditedSchema } from "./answers.js";
import { actBodySchema } from "./requests.js";
import { route } from "./route.js";

export const agentRoutes = [
  route({
    method: "post",
    path: "/api/agents/acts",
    summary: "Write down what an agent is about to do, or what was refused to it",
    description:
      "For programs that act for an agent, as lakebook mcp does. It goes to the audit log, and to the pages that have the notebook open.",
    body: actBodySchema,
    success: [200, "It is written down.", auditedSchema],
    answer: async ({ services: { workspace, manager }, body: { agent, from, tool, ...rest } }) => {
      await appendAudit(workspace.state, { who: `agent ${agent}`, from, what: tool, ...rest });
      const { notebook, cell, error } = rest;
      if (notebook !== undefined && error === undefined)
        manager.events.emit(notebook, {
          type: "agent-acted",
          agent,
          tool,
          ...(cell === undefined ? {} : { cell }),
        });
      return { isAudited: true as const };
    },
  }),
] as const;
