import { publishedPath } from "../lake/publish.js";
import type { Placement } from "../lake/state.js";
import { isDataset, type OutputFormat } from "../notebook/notebook.js";
import { listNotebooks } from "../workspace/notebook-files.js";
import { isAppError } from "../base/errors.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import type { RunPlan } from "./plan.js";
import type { RunContext } from "./run-context.js";
import type { RemovedDataset } from "./run-record.js";
import { usableManifest } from "./why-computed.js";

type RemovalContext = Pick<RunContext, "workspace" | "lake" | "notebooks" | "analyzed"> & {
  readonly record: Pick<RunContext["record"], "notebook" | "date" | "mode" | "targets">;
};

/**
 * What publishing the plan would take from its run date, as the log stands now: datasets that the notebook published
 * for it and has no more, and formats of those that stay. Sorted by name.
 */
export async function removedDatasets(context: RemovalContext, plan: RunPlan): Promise<RemovedDataset[]> {
  const { lake, record } = context;
  if (record.mode === "run") return [];
  const { notebook, date } = record;
  const published = Object.keys(lake.publication(notebook, date)?.datasets ?? {}).sort();
  // Where another notebook has taken a name over, that one's rows are shown, and stay.
  const shown = published.flatMap((dataset) => lake.resolve(dataset, date) ?? []);
  const own = shown.filter((placement) => placement.notebook === notebook);
  const staying = new Set(plan.datasets);
  const going = own.filter(({ dataset }) => record.targets === undefined && !staying.has(dataset));
  const scan = going.length === 0 ? [] : await otherNotebooks(context, going);
  const whole = await Promise.all(going.map((placement) => removal(context, plan, placement, scan)));
  const kept = own.filter(({ dataset }) => staying.has(dataset));
  const formats = await Promise.all(kept.map((placement) => removedFormats(context, placement)));
  return [...whole, ...formats.flat()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function removal(
  context: RemovalContext,
  plan: RunPlan,
  placement: Placement,
  others: readonly AnalyzedNotebook[],
): Promise<RemovedDataset> {
  const { lake } = context;
  const { dataset, version, runDate } = placement;
  const formats = (await usableManifest(lake, dataset, version))?.formats ?? [];
  const dates = lake.state.placementsOf(dataset).map((other) => other.runDate);
  const isLatest = dates.at(-1) === runDate;
  const instead = lake
    .publications()
    .filter((entry) => entry.runDate === runDate && entry.notebook !== placement.notebook)
    .filter((entry) => Object.hasOwn(entry.datasets, dataset))
    .sort((a, b) => b.seq - a.seq)[0]?.notebook;
  return {
    dataset,
    path: publishedPath(`data_lake/${runDate}`, dataset, formats),
    rows: lake.state.storeOf(dataset, version).rows,
    reason: reasonOf(context.analyzed, plan, others, dataset),
    readers: [context.analyzed, ...others]
      .flatMap((notebook) => readersOf(notebook, dataset, isLatest ? ["lake", runDate] : [runDate]))
      .sort(byPlace),
    ...(isLatest && instead === undefined ? { latestThen: dates.at(-2) ?? null } : {}),
    ...(instead === undefined ? {} : { instead }),
  };
}

function reasonOf(
  { graph }: AnalyzedNotebook,
  { skipped }: RunPlan,
  others: readonly AnalyzedNotebook[],
  dataset: string,
): string {
  const blame = skipped.get(dataset);
  if (blame !== undefined) return blame === dataset ? "disabled" : `\`${blame}\` is disabled`;
  const owner = others.find((other) => isDatasetCell(other, dataset));
  if (owner !== undefined) return `now a cell of notebook \`${owner.notebook.name}\``;
  return graph.nodes.has(dataset) ? "not materialized any longer" : "no cell of that name";
}

function isDatasetCell({ graph }: AnalyzedNotebook, name: string): boolean {
  const cell = graph.nodes.get(name)?.cell;
  return cell !== undefined && isDataset(cell);
}

function readersOf(
  { graph, notebook }: AnalyzedNotebook,
  dataset: string,
  schemas: readonly string[],
): RemovedDataset["readers"] {
  return [...graph.nodes.values()].flatMap(({ cell, facts }) =>
    (facts?.tables ?? [])
      .filter(({ schema, name }) => name === dataset && schema !== undefined && schemas.includes(schema))
      .map(({ schema = "" }) => ({
        notebook: notebook.name,
        cell: cell.name,
        as: schema === "lake" ? `lake.${dataset}` : `"${schema}".${dataset}`,
      })),
  );
}

function byPlace(a: RemovedDataset["readers"][number], b: RemovedDataset["readers"][number]): number {
  if (a.notebook !== b.notebook) return a.notebook < b.notebook ? -1 : 1;
  return 0;
}

/** Those that may read or have one of the datasets: parsing is dear, so the others are left out by their text. */
async function otherNotebooks(
  { workspace, notebooks, record }: RemovalContext,
  going: readonly Placement[],
): Promise<AnalyzedNotebook[]> {
  const names = (await listNotebooks(workspace)).filter((name) => name !== record.notebook);
  const found: AnalyzedNotebook[] = [];
  for (const name of names) {
    const file = await notebooks.read(name).catch((error: unknown) => {
      if (isAppError(error, "not-found")) return undefined;
      throw error;
    });
    const text = file?.text.toLowerCase() ?? "";
    if (file === undefined || !going.some(({ dataset }) => text.includes(dataset))) continue;
    found.push(await notebooks.analyze(file));
  }
  return found;
}

async function removedFormats(
  { lake, analyzed }: RemovalContext,
  { dataset, version, runDate }: Placement,
): Promise<RemovedDataset[]> {
  const cell = analyzed.graph.nodes.get(dataset)?.cell;
  const manifest = await usableManifest(lake, dataset, version);
  if (cell === undefined || !isDataset(cell) || manifest === undefined) return [];
  return manifest.formats
    .filter((format) => !cell.options.materialize.includes(format))
    .map((format: OutputFormat) => ({
      dataset,
      path: publishedPath(`data_lake/${runDate}`, dataset, [format]),
      rows: manifest.rows,
      reason: `not published as ${format} any longer`,
      readers: [],
    }));
}
