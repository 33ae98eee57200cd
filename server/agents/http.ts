import { createMcpHandler } from "@modelcontextprotocol/server";
import type { AgentAccess } from "../api/app.js";
import type { Ask } from "../api/ask.js";
import { AppError } from "../base/errors.js";
import type { Lakebook } from "./lakebook.js";
import { createMcpServer } from "./mcp-server.js";
import { agentRoles, DEFAULT_ROLE, isAgentRole } from "./role.js";

/** What a call may bring; SQL and the texts of cells are far smaller. */
const MAX_REQUEST_BYTES = 1024 * 1024;
/** Of clients that wait for news, of which there are none. */
const MAX_SUBSCRIPTIONS = 20;

/**
 * Answers `/mcp`. Each request stands for itself: there are no sessions. `askFor`: the API, for an agent of that name.
 * Fails with code usage for a role that does not exist.
 */
export function createAgentAccess(askFor: (agent: string) => Ask, version: string): AgentAccess {
  const lakebook: Lakebook = { use: (_need, { agent }, action) => action(askFor(agent)) };
  const handler = createMcpHandler(
    ({ authInfo, requestInfo }) => {
      const role = authInfo?.scopes.find(isAgentRole) ?? "viewer";
      const program = requestInfo?.headers.get("user-agent")?.split("/")[0];
      return createMcpServer({ lakebook, role, version, from: authInfo?.clientId ?? "", program });
    },
    { maxRequestBodySize: MAX_REQUEST_BYTES, maxSubscriptions: MAX_SUBSCRIPTIONS },
  );
  return async (request, from) => {
    const role = new URL(request.url).searchParams.get("role") ?? DEFAULT_ROLE;
    if (!isAgentRole(role))
      throw new AppError("usage", `"role=${role}" is none of ${agentRoles.join(", ")}.`);
    return handler.fetch(request, { authInfo: { token: "", clientId: from, scopes: [role] } });
  };
}
