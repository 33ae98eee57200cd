import { createMcpHandler } from "@modelcontextprotocol/server";
import type { AgentAccess } from "../api/app.js";
import type { Ask } from "../api/ask.js";
import { AppError } from "../base/errors.js";
import type { Person } from "../people/person.js";
import { isAtLeast, type Role } from "../base/roles.js";
import type { Lakebook } from "./lakebook.js";
import { createMcpServer } from "./mcp-server.js";
import { agentRoles, DEFAULT_ROLE, isAgentRole, type AgentRole } from "./role.js";

/** What a call may bring; SQL and the texts of cells are far smaller. */
const MAX_REQUEST_BYTES = 1024 * 1024;
/** Of clients that wait for news, of which there are none. */
const MAX_SUBSCRIPTIONS = 20;

/**
 * Answers `/mcp`. Each request stands for itself: there are no sessions. `askFor`: the API, for an agent of that name that
 * acts for that person. An agent may no more than that person, whatever role it asks for. Fails with code usage for a role
 * that does not exist.
 */
export function createAgentAccess(
  askFor: (agent: string, person: Person) => Ask,
  version: string,
): AgentAccess {
  const handler = createMcpHandler(
    ({ authInfo, requestInfo }) => {
      const role = authInfo?.scopes.find(isAgentRole) ?? "viewer";
      const person = authInfo?.extra?.["person"] as Person;
      const program = requestInfo?.headers.get("user-agent")?.split("/")[0];
      const lakebook: Lakebook = {
        use: (_need, { agent }, action) => action(askFor(agent, person)),
      };
      const from = authInfo?.clientId ?? "";
      return createMcpServer({ lakebook, role, most: agentRoleOf(person.role), version, from, program });
    },
    { maxRequestBodySize: MAX_REQUEST_BYTES, maxSubscriptions: MAX_SUBSCRIPTIONS },
  );
  return async (request, from, person) => {
    const asked = new URL(request.url).searchParams.get("role") ?? DEFAULT_ROLE;
    if (!isAgentRole(asked))
      throw new AppError("usage", `"role=${asked}" is none of ${agentRoles.join(", ")}.`);
    const role = isAtLeast(person.role, asked) ? asked : agentRoleOf(person.role);
    return handler.fetch(request, {
      authInfo: { token: "", clientId: from, scopes: [role], extra: { person } },
    });
  };
}

function agentRoleOf(role: Role): AgentRole {
  return role === "admin" ? "editor" : role;
}
