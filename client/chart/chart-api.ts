import type { ChartData } from "../../server/api/protocol.js";
import { call, notebookPath } from "../api-client.js";

/** A chart that is in no file: keys as a chart cell has them. */
export interface ChartDraft {
  readonly from: string;
  readonly chart: Readonly<Record<string, unknown>>;
}

export function fetchChart(notebook: string, cell: string, signal: AbortSignal): Promise<ChartData> {
  return call<ChartData>("GET", notebookPath(notebook, "cells", cell, "chart"), undefined, {}, signal);
}

export function fetchDraft(notebook: string, draft: ChartDraft, signal: AbortSignal): Promise<ChartData> {
  return call<ChartData>("POST", notebookPath(notebook, "chart"), draft, {}, signal);
}
