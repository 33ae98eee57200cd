import type { AnalyzedNotebook } from "../../analysis/analyzed-notebook.js";
import { isAppError } from "../../base/errors.js";
import {
  cellNode,
  type LineageGraph,
  type LineageNode,
  type NodeColumn,
  type Uses,
} from "../../lineage/lineage-graph.js";
import { isDataset } from "../../notebook/notebook.js";
import { isSystemSchema } from "../../runs/system-relations.js";
import { listNotebooks } from "../../workspace/notebook-files.js";
import type { ProblemServices } from "../find-problems.js";
import { lakeNode, notebookLineage } from "./notebook-lineage.js";

/**
 * A notebook, those whose datasets it reads from the lake, and those that read its own, and so on. What a notebook reads from
 * the lake is taken for what its cell makes now, also where an earlier date is read.
 */
export async function workspaceLineage(
  services: ProblemServices,
  analyzed: AnalyzedNotebook,
): Promise<LineageGraph> {
  const others = await otherNotebooks(services, analyzed);
  const owners = ownersOf(services, [analyzed, ...others]);
  const joined = joinedTo(analyzed, others, owners);
  const nodes: LineageNode[] = [];
  for (const each of joined) nodes.push(...(await notebookLineage(services, each)));
  return withOwners(nodes, owners);
}

async function otherNotebooks(
  { workspace, notebooks }: ProblemServices,
  { notebook: { name: own } }: AnalyzedNotebook,
): Promise<readonly AnalyzedNotebook[]> {
  const names = (await listNotebooks(workspace)).filter((name) => name !== own);
  const found = await Promise.all(
    names.map(async (name) => {
      try {
        return await notebooks.analyze(await notebooks.read(name));
      } catch (error) {
        if (isAppError(error)) return undefined;
        throw error;
      }
    }),
  );
  return found.filter((each) => each !== undefined);
}

/** By the dataset's name: the notebook that published it last, if it still makes it, else any that does. */
function ownersOf({ lake }: ProblemServices, all: readonly AnalyzedNotebook[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { notebook } of all) {
    for (const cell of notebook.cells) {
      if (!isDataset(cell)) continue;
      const last = lake?.find(cell.name, "lake")?.notebook;
      if (!owners.has(cell.name) || last === notebook.name) owners.set(cell.name, notebook.name);
    }
  }
  return owners;
}

function joinedTo(
  first: AnalyzedNotebook,
  others: readonly AnalyzedNotebook[],
  owners: ReadonlyMap<string, string>,
): readonly AnalyzedNotebook[] {
  const reads = new Map(
    [first, ...others].map((each) => [each.notebook.name, new Set(ownersRead(each, owners))]),
  );
  const found = new Set([first.notebook.name]);
  for (const name of found) {
    for (const owner of reads.get(name) ?? []) found.add(owner);
    for (const [reader, read] of reads) if (read.has(name)) found.add(reader);
  }
  return [first, ...others].filter(({ notebook }) => found.has(notebook.name));
}

function ownersRead({ graph }: AnalyzedNotebook, owners: ReadonlyMap<string, string>): readonly string[] {
  return [...graph.nodes.values()].flatMap(({ facts }) =>
    (facts?.tables ?? []).flatMap(({ schema, name }) =>
      schema === undefined || isSystemSchema(schema) ? [] : (owners.get(name) ?? []),
    ),
  );
}

/** In the place of each dataset of the lake the cell that makes it, where that has all of the columns that are used. */
function withOwners(nodes: readonly LineageNode[], owners: ReadonlyMap<string, string>): LineageGraph {
  const graph = new Map(nodes.map((node) => [node.id, node]));
  const moved = new Map<string, string>();
  for (const [dataset, notebook] of owners) {
    const cell = cellNode(notebook, dataset);
    if (graph.has(cell)) moved.set(lakeNode(dataset), cell);
  }
  const move = (id: string): string => moved.get(id) ?? id;
  const moveUses = (uses: Uses): Uses => ({
    ...uses,
    columns: uses.columns.map(({ node, column }): NodeColumn => ({ node: move(node), column })),
  });
  return new Map(
    nodes
      .filter(({ id }) => !moved.has(id))
      .map((node) => [
        node.id,
        {
          ...node,
          columns: node.columns.map((output) => ({ ...output, ...moveUses(output) })),
          uses: moveUses(node.uses),
          rows: moveUses(node.rows),
          reads: [...new Set(node.reads.map(move))],
        },
      ]),
  );
}
