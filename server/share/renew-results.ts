import { isAppError } from "../base/errors.js";
import type { AnalyzedNotebook } from "../analysis/analyzed-notebook.js";
import { isDataset } from "../notebook/notebook.js";
import { Fixed, NOT_COMPUTED } from "./compute-choice.js";
import { PartReader } from "./part-reader.js";
import type { SnapshotPart } from "./snapshot.js";
import { compute, requireOneState, type ChoiceServices, type Told } from "./take-choices.js";

/**
 * Of query cells and checks that were last computed for other values than those shown: what they are for these, by block.
 * What cannot be computed is missing.
 */
export async function renewResults(
  services: ChoiceServices,
  analyzed: AnalyzedNotebook,
  told: Told,
  { taken, until }: { readonly taken: ReadonlySet<string>; readonly until: number },
): Promise<ReadonlyMap<string, SnapshotPart>> {
  const cells = [...told.chosen.keys()].filter(
    (name) => !taken.has(name) && isQuery(analyzed, name) && isOfOneState(analyzed, told, name),
  );
  const reader = new PartReader(services, analyzed, Infinity);
  const parts = new Map<string, SnapshotPart>();
  try {
    const asked = { cells, parameters: told.shown, until };
    for (const [name, computed] of await compute(services, analyzed, told, asked)) {
      if (computed.error === NOT_COMPUTED) continue;
      for (const [block, part] of await reader.read(name, "", computed)) parts.set(block, part);
    }
  } catch (error) {
    if (!(error instanceof Fixed) && !isAppError(error)) throw error;
  }
  return parts;
}

function isQuery({ graph }: AnalyzedNotebook, name: string): boolean {
  const cell = graph.nodes.get(name)?.cell;
  return cell?.kind === "check" || (cell?.kind === "sql" && !isDataset(cell));
}

function isOfOneState(analyzed: AnalyzedNotebook, told: Told, name: string): boolean {
  try {
    requireOneState(analyzed, told, [name]);
    return true;
  } catch (error) {
    if (error instanceof Fixed) return false;
    throw error;
  }
}
