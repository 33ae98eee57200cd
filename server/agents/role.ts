import { isAtLeast, type Role } from "../base/roles.js";

/** What an agent may do, each with what those before may: look, compute and propose, publish. */
export const agentRoles = ["viewer", "runner", "editor"] as const satisfies readonly Role[];
export type AgentRole = (typeof agentRoles)[number];

export const DEFAULT_ROLE: AgentRole = "runner";

export function isAgentRole(text: string): text is AgentRole {
  return (agentRoles as readonly string[]).includes(text);
}

export const mayUse: (role: AgentRole, needed: AgentRole) => boolean = isAtLeast;
