import type { ChartData } from "../../server/api/protocol.js";
import { call } from "../api-client.js";

/** A chart that is in no file: keys as a chart cell has them. */
export interface ChartDraft {
  readonly from: string;
  readonly chart: Readonly<Record<string, unknown>>;
  /** Fingerprint of the rows. */
  readonly result?: string;
}

export function fetchChart(
  name: string,
  cell: string,
  query: { readonly result: string | undefined; readonly picked: string[] },
  signal: AbortSignal,
): Promise<ChartData> {
  const sent = { params: { name, cell }, query };
  return call("GET /api/notebooks/{name}/cells/{cell}/chart", sent, { signal });
}

export function fetchDraft(name: string, body: ChartDraft, signal: AbortSignal): Promise<ChartData> {
  return call("POST /api/notebooks/{name}/chart", { params: { name }, body }, { signal });
}
