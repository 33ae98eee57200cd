import type { ChartData, ExpectedProblem } from "../../server/api/protocol.js";
import { ApiError, call } from "../api-client.js";

/** A chart that is in no file: keys as a chart cell has them. */
export interface ChartDraft {
  readonly from: string;
  readonly chart: Readonly<Record<string, unknown>>;
  /** Fingerprint of the rows. */
  readonly result?: string;
}

export async function fetchChart(
  name: string,
  cell: string,
  query: { readonly result: string | undefined; readonly picked: string[] },
  signal: AbortSignal,
): Promise<ChartData> {
  const sent = { params: { name, cell }, query };
  return orThrow(await call("GET /api/notebooks/{name}/cells/{cell}/chart", sent, { signal }));
}

export async function fetchDraft(name: string, body: ChartDraft, signal: AbortSignal): Promise<ChartData> {
  return orThrow(await call("POST /api/notebooks/{name}/chart", { params: { name }, body }, { signal }));
}

function orThrow(answer: ChartData | ExpectedProblem): ChartData {
  if ("problem" in answer) throw new ApiError(200, { error: answer.problem });
  return answer;
}
