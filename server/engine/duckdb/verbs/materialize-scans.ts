import { readFile } from "node:fs/promises";
import type { MaterializeTask, QueryScope } from "../../engine.js";
import type { SplitArray } from "../worker/split-array.js";
import type { ScopedInstance } from "../worker/tasks-scope.js";
import { profileFile } from "../worker/worker-instance.js";

/** The part of DuckDB's profile that is read here. */
interface ProfileNode {
  readonly operator_type?: string;
  readonly operator_cardinality?: number;
  readonly extra_info?: Readonly<Record<string, unknown>>;
  readonly children?: readonly ProfileNode[];
}

/** Rows that each path in the query delivered, as counted while the last statement ran. */
export async function readScannedRows(
  { scope, tempFolder }: ScopedInstance,
  array: SplitArray | undefined,
  lists: MaterializeTask["scans"] = [],
): Promise<Readonly<Record<string, number>>> {
  const text = await readFile(profileFile(tempFolder), "utf8");
  try {
    return scannedRows(JSON.parse(text) as ProfileNode, scope, array, lists);
  } catch (error) {
    // DuckDB does not promise that its profile is valid JSON, whatever stands in the query.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/**
 * Only counts that are certainly those of the whole file: a scan that a LIMIT may end early, that did not come to the
 * end of a file, or that has a filter pushed into it says nothing. Several scans of a path have to agree.
 */
function scannedRows(
  profile: ProfileNode,
  scope: QueryScope,
  array: SplitArray | undefined,
  lists: NonNullable<MaterializeTask["scans"]>,
): Readonly<Record<string, number>> {
  const nodes = [...flatten(profile)];
  if (nodes.some((node) => node.operator_type?.includes("LIMIT") === true)) return {};
  const stored = new Set(
    scope.relations.flatMap((relation) => (relation.type === "files" ? relation.files : [])),
  );
  const counts = new Map<string, number | undefined>();
  for (const node of nodes) {
    const path = pathOf(node, array, lists);
    if (path === undefined || stored.has(path)) continue;
    const count = isWhole(node, path, array) ? node.operator_cardinality : undefined;
    counts.set(path, !counts.has(path) || counts.get(path) === count ? count : undefined);
  }
  return Object.fromEntries([...counts].filter((entry): entry is [string, number] => entry[1] !== undefined));
}

/** The literal or glob of a scan as it was written; a list of several paths is one that is known, or none. */
function pathOf(
  { operator_type: type, extra_info: info }: ProfileNode,
  array: SplitArray | undefined,
  lists: NonNullable<MaterializeTask["scans"]>,
): string | undefined {
  const names = info?.["Filename(s)"];
  if (type !== "TABLE_SCAN" || typeof names !== "string") return undefined;
  if (array !== undefined && names.startsWith(`${array.pipes[0] ?? ""}, `)) return array.path;
  const list = lists.find(({ files: [first] }) => names.startsWith(`${first ?? ""}, `));
  if (list !== undefined) return list.name;
  const path = names.replace(/, \.\.\.$/, "");
  return path.includes(", ") ? undefined : path;
}

function isWhole({ extra_info: info }: ProfileNode, path: string, array: SplitArray | undefined): boolean {
  const read = info?.["Total Files Read"];
  if (path === array?.path && read !== String(array.pipes.length)) return false;
  return info?.["Filters"] === undefined && read !== "0";
}

function* flatten(node: ProfileNode): Iterable<ProfileNode> {
  yield node;
  for (const child of node.children ?? []) yield* flatten(child);
}
