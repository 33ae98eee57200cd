import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { onTestFinished } from "vitest";
import type { ServerProcess } from "../integration/api/processes.js";
import { mainScript } from "./cli.js";

export interface Said {
  readonly isError: boolean;
  /** What stood between the marks. */
  readonly data: Record<string, unknown>;
  readonly text: string;
}

/** An agent's client, with what its tools said as values. */
export class Agent {
  readonly client: Client;

  constructor(era: "auto" | "legacy") {
    this.client = new Client({ name: "tester", version: "1" }, { versionNegotiation: { mode: era } });
    onTestFinished(() => this.client.close());
  }

  static async byStdio(root: string, ...args: readonly string[]): Promise<Agent> {
    const agent = new Agent("auto");
    const command = [mainScript, "mcp", "--workspace", root, ...args];
    await agent.client.connect(
      new StdioClientTransport({ command: process.execPath, args: command, stderr: "inherit" }),
    );
    return agent;
  }

  static async byHttp(
    server: Pick<ServerProcess, "url" | "token">,
    query = "",
    era: "auto" | "legacy" = "auto",
  ): Promise<Agent> {
    const agent = new Agent(era);
    const headers = { authorization: `Bearer ${server.token}` };
    await agent.client.connect(
      new StreamableHTTPClientTransport(new URL(`${server.url}/mcp${query}`), { requestInit: { headers } }),
    );
    return agent;
  }

  async call(name: string, given: Record<string, unknown> = {}): Promise<Said> {
    const { content, isError = false } = await this.client.callTool({ name, arguments: given });
    const [first] = content;
    const text = first?.type === "text" ? first.text : "";
    return { isError, text, data: dataIn(text) };
  }
}

export function dataIn(text: string): Record<string, unknown> {
  const [, , data = "{}"] = /^(data-[0-9a-f]{16})\n([^]*)\n\1$/m.exec(text) ?? [];
  return JSON.parse(data) as Record<string, unknown>;
}
