import type { ChartData } from "../../server/api/protocol.js";
import { call, notebookPath, query } from "../api-client.js";

/** A chart that is in no file: keys as a chart cell has them. */
export interface ChartDraft {
  readonly from: string;
  readonly chart: Readonly<Record<string, unknown>>;
  /** Fingerprint of the rows. */
  readonly result?: string;
}

export function fetchChart(
  notebook: string,
  cell: string,
  result: string | undefined,
  signal: AbortSignal,
): Promise<ChartData> {
  const path = `${notebookPath(notebook, "cells", cell, "chart")}?${query({ result })}`;
  return call<ChartData>("GET", path, undefined, {}, signal);
}

export function fetchDraft(notebook: string, draft: ChartDraft, signal: AbortSignal): Promise<ChartData> {
  return call<ChartData>("POST", notebookPath(notebook, "chart"), draft, {}, signal);
}
