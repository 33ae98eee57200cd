import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { AppError } from "../base/errors.js";
import { ownValue } from "../base/own-value.js";
import type { GraphNode } from "../graph/dependency-graph.js";
import { reachableFrom } from "../graph/topology.js";
import type { Manifest } from "../lake/model.js";
import { isCumulative } from "../notebook/notebook.js";
import type { CellResult } from "./cell-result.js";
import { compareWithWhole, type Comparison } from "./cumulative-step.js";
import { decideDataset, findQuarantine } from "./decide.js";
import type { RunPlan } from "./plan.js";
import { isVolatile, queryFingerprint } from "./query-scope.js";
import { filesOf, withOrder, type RunContext, type RunServices } from "./run-context.js";
import type { RunRequest } from "./run-request.js";
import { whyComputed } from "./why-computed.js";

/** An incremental dataset against the same computed as a whole. */
export interface EquivalenceFinding extends Comparison {
  readonly cell: string;
  /** The run date that was looked at. */
  readonly date: string;
  readonly outcome: "pass" | "fail";
}

export interface EquivalenceOptions {
  /** For what is computed; nothing stays there. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Compare about so many rows; undefined: all. */
  readonly sample?: number | undefined;
}

/**
 * Compares what is published of datasets that add deliveries up with what all deliveries give; each stands on what is
 * published of its parents. Nothing is stored, and no run is written down. Fails with code usage where a run would not
 * find what is published good enough.
 */
export async function findDifferences(
  context: RunContext,
  { steps }: RunPlan,
  { folder, signal, sample }: EquivalenceOptions,
): Promise<EquivalenceFinding[]> {
  const { graph } = context.analyzed;
  const cells = cumulativeCells(context.analyzed);
  const wanted = new Set([...cells, ...reachableFrom(cells, graph.parents)]);
  const results = new Map<string, CellResult>();
  const findings: EquivalenceFinding[] = [];
  for (const step of steps) {
    if (step.kind === "check" || step.kind === "cross-check" || !wanted.has(step.id)) continue;
    const { cell, node } = step;
    if (step.kind !== "dataset") {
      const content = await queryFingerprint(context, node, {}, results);
      results.set(cell.name, { type: "inline", node, content });
      continue;
    }
    const { fingerprint, parts, found } = await decideDataset(context, cell, node, results);
    const manifest = (await publishedVersion(context, cell.name)) ?? found?.manifest;
    if (manifest === undefined || !isCurrent(node, manifest, fingerprint))
      throw notComparable(context, cell.name, await whyComputed(context, cell, node, parts));
    const result = withOrder(node, filesOf(context.lake, manifest), fingerprint);
    if (isCumulative(cell)) {
      const build = await mkdtemp(join(folder, "whole-"));
      const control = { label: cell.name, signal, onCompute: () => undefined };
      const work = { cell, node, results: new Map(results), fingerprint, parts };
      const compared = await compareWithWhole(context, work, result, { folder: build, sample }, control);
      await rm(build, { recursive: true, force: true });
      const outcome = compared.missing + compared.surplus === 0 ? "pass" : "fail";
      findings.push({ cell: cell.name, date: context.record.date, outcome, ...compared });
    }
    results.set(cell.name, result);
    const late = await findQuarantine(context, cell, manifest);
    if (late !== undefined) results.set(late.dataset, filesOf(context.lake, late));
  }
  return findings;
}

/** What is compared. Fails with code usage where there is nothing. */
export async function equivalenceRequest(
  { notebooks, lake }: RunServices,
  notebook: string,
): Promise<RunRequest> {
  const cells = cumulativeCells(await notebooks.analyze(await notebooks.read(notebook)));
  if (cells.length === 0)
    throw new AppError("usage", `No dataset of "${notebook}" is incremental: there is nothing to compare.`);
  const published = lake.publications().findLast((entry) => entry.notebook === notebook);
  if (published === undefined)
    throw new AppError("usage", `"${notebook}" has published nothing: there is nothing to compare.`, {
      hint: `Publish it first: lakebook materialize ${notebook}`,
    });
  return { notebook, mode: "run", date: published.runDate, cells, input: "pinned" };
}

function cumulativeCells({ graph }: AnalyzedNotebook): string[] {
  return [...graph.nodes.values()].flatMap(({ cell }) => (isCumulative(cell) ? [cell.name] : []));
}

async function publishedVersion(
  { lake, record, lease }: RunContext,
  dataset: string,
): Promise<Manifest | undefined> {
  const version = ownValue(lake.publication(record.notebook, record.date)?.datasets, dataset);
  if (version === undefined) return undefined;
  lease.hold(lake.versionFolder(dataset, version));
  return lake.manifest(dataset, version);
}

/** What is volatile is computed anew by every run. */
function isCurrent({ facts }: GraphNode, manifest: Manifest, fingerprint: string): boolean {
  return manifest.fingerprint === fingerprint || (facts !== undefined && isVolatile(facts));
}

function notComparable({ record }: RunContext, dataset: string, why: string): AppError {
  const { notebook, date } = record;
  return new AppError(
    "usage",
    `What ${date} published of "${dataset}" cannot be compared: a run would compute it anew (${why}).`,
    { hint: `Publish it first: lakebook materialize ${notebook} --date ${date} --input pinned` },
  );
}
