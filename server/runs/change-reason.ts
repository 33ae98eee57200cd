import type { Manifest, PinnedInput } from "../lake/model.js";

/** What a dataset would be computed from now. */
export interface CurrentParts {
  readonly sql: string;
  readonly engine: string;
  /** With those of the query cells that are read. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Hashes of the query cells that are read. */
  readonly queries: Readonly<Record<string, string>>;
  readonly inputs: readonly PinnedInput[];
  readonly parents: readonly { readonly dataset: string; readonly version: string }[];
}

/** Why a dataset is computed although an earlier version exists, in words for people. */
export function changeReason(before: Manifest, now: CurrentParts): string {
  const changes = [
    before.sql.trim() === now.sql.trim() ? [] : ["SQL changed"],
    changedInputs(before.inputs, now.inputs).map((path) => `${path} changed`),
    changedValues(before.queries ?? {}, now.queries).map((name) => `\`${name}\` changed`),
    changedNames(before.parents, now.parents).map((name) => `\`${name}\` changed`),
    changedValues(before.parameters, now.parameters).map((name) => `$${name} changed`),
    before.engine === now.engine ? [] : [`engine is now ${now.engine}`],
  ].flat();
  return changes.length === 0
    ? "options changed"
    : changes.slice(0, 3).join(", ") + (changes.length > 3 ? " ..." : "");
}

function changedInputs(before: readonly PinnedInput[], now: readonly PinnedInput[]): string[] {
  const old = new Map(before.map((input) => [input.path, input.sha256]));
  const added = now.filter((input) => old.get(input.path) !== input.sha256).map((input) => input.path);
  const present = new Set(now.map((input) => input.path));
  return [...added, ...[...old.keys()].filter((path) => !present.has(path))];
}

function changedNames(before: CurrentParts["parents"], now: CurrentParts["parents"]): string[] {
  const old = new Map(before.map((parent) => [parent.dataset, parent.version]));
  return now.filter((parent) => old.get(parent.dataset) !== parent.version).map((parent) => parent.dataset);
}

function changedValues(
  before: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]));
}
