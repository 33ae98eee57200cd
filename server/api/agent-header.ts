import type { Context } from "hono";

/** Names the agent for which something is asked; percent-encoded. */
export const AGENT_HEADER = "lakebook-agent";

export const agentHeader = {
  [AGENT_HEADER]: "what the agent calls itself for which the run is, percent-encoded; the run tells it",
};

/** As the agent's program says: whoever has the token may say anything. */
export function agentOf(c: Context): string | undefined {
  const sent = c.req.header(AGENT_HEADER);
  if (sent === undefined) return undefined;
  try {
    return decodeURIComponent(sent).slice(0, 100);
  } catch {
    return sent.slice(0, 100);
  }
}
