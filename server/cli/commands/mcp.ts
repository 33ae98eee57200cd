import { AppError } from "../../base/errors.js";
import { agentRoles, DEFAULT_ROLE, isAgentRole } from "../../agents/role.js";
import { openWorkspace } from "../../workspace/workspace.js";
import { defineCommand, workspaceOption } from "../command.js";
import { ownVersion } from "../../api/own-version.js";

export const mcp = defineCommand({
  summary: "speak the Model Context Protocol on standard input and output, for an agent",
  arguments: "",
  positionals: { min: 0, max: 0 },
  options: {
    role: {
      type: "string",
      value: agentRoles.join("|"),
      help: `what the agent may do: look, and query and run, and publish; default: ${DEFAULT_ROLE}`,
    },
    ...workspaceOption,
  },
  async run({ values, signal }) {
    const role = values.role ?? DEFAULT_ROLE;
    if (!isAgentRole(role))
      throw new AppError("usage", `"--role ${role}" is none of ${agentRoles.join(", ")}.`);
    const folder = values.workspace ?? ".";
    await openWorkspace(folder);
    const { AgentLakebook } = await import("../agent-lakebook.js");
    const { serveAgent } = await import("../../agents/stdio.js");
    const lakebook = new AgentLakebook(folder);
    await serveAgent({ lakebook, role, version: await ownVersion(), from: "stdio" }, signal);
    return 0;
  },
});
