import type { ControlOptions } from "../../server/api/protocol.js";
import { call } from "../api-client.js";

export function fetchOptions(name: string, cell: string, signal: AbortSignal): Promise<ControlOptions> {
  return call("GET /api/notebooks/{name}/inputs/{cell}/options", { params: { name, cell } }, { signal });
}
