import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { createMcpServer, type AgentOptions } from "./mcp-server.js";

/** Speaks the protocol on standard input and output until the client has gone or the signal aborts. */
export async function serveAgent(options: AgentOptions, signal: AbortSignal): Promise<void> {
  const handle = serveStdio(() => createMcpServer(options), {
    onerror: (error) => void process.stderr.write(`${error.message}\n`),
  });
  await new Promise<void>((resolve) => {
    process.stdin.once("end", resolve).once("close", resolve);
    signal.addEventListener("abort", () => {
      resolve();
    });
  });
  await handle.close();
}
