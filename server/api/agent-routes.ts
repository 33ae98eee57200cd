import { appendAudit } from "../people/audit-log.js";
import { whoIs } from "../people/person.js";
import { auditedSchema } from "./answers.js";
import { personOf } from "./env.js";
import { actBodySchema } from "./requests.js";
import { route } from "./route.js";

export const agentRoutes = [
  route({
    method: "post",
    path: "/api/agents/acts",
    needs: "read",
    summary: "Write down what an agent is about to do, or what was refused to it",
    description:
      "For programs that act for an agent, as lakebook mcp does. It goes to the audit log, and to the pages that have the notebook open.",
    body: actBodySchema,
    success: [200, "It is written down.", auditedSchema],
    answer: async ({ services: { workspace, manager }, body: { agent, from, tool, ...rest }, c }) => {
      await appendAudit(workspace.state, { who: whoIs(personOf(c), agent), from, what: tool, ...rest });
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
