import type { InputOptions } from "../../server/api/protocol.js";
import { call, notebookPath } from "../api-client.js";

export function fetchOptions(notebook: string, input: string, signal: AbortSignal): Promise<InputOptions> {
  return call<InputOptions>("GET", notebookPath(notebook, "inputs", input, "options"), undefined, {}, signal);
}
