import { appendAudit } from "../people/audit-log.js";
import { toAgentName, whoIs } from "../people/person.js";
import { auditedSchema } from "./answers.js";
import { isWithin, personOf } from "./env.js";
import { addressOf } from "./guard.js";
import { refuse } from "./on-error.js";
import { actBodySchema } from "./requests.js";
import { route } from "./route.js";

/** Of one person; more are no agent at work. */
const ACTS_PER_MINUTE = 120;

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
    errors: { 429: "Too many of them came within a minute." },
    answer: async ({ services: { access, workspace, manager }, body: { agent, from, tool, ...rest }, c }) => {
      const who = whoIs(personOf(c), agent);
      if (isWithin(c) || personOf(c).kind === "owner")
        await appendAudit(workspace.state, { who, from, what: tool, ...rest });
      else {
        const minute = Math.floor(Date.now() / 60_000);
        if (access.acts.add(`${whoIs(personOf(c))} ${String(minute)}`) > ACTS_PER_MINUTE)
          return refuse(c, { status: 429, code: "busy", message: "Too many of them came within a minute." });
        // Anybody may say anything here: what is only said never looks like what the server saw.
        const said = { agentFrom: from, tool, ...rest };
        await appendAudit(workspace.state, {
          who,
          from: addressOf(c, access) || "here",
          what: "agent says",
          ...said,
        });
      }
      const { notebook, cell, error } = rest;
      if (notebook !== undefined && error === undefined)
        manager.events.emit(notebook, {
          type: "agent-acted",
          agent: toAgentName(agent),
          tool,
          ...(cell === undefined ? {} : { cell }),
        });
      return { isAudited: true as const };
    },
  }),
] as const;
