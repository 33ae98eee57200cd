import { ownValue } from "../base/own-value.js";
import type { PinnedInput } from "../lake/model.js";

/** What a cell would be computed from now. */
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

/** What a cell was computed from. */
export type PastParts = Omit<CurrentParts, "queries"> & {
  readonly queries?: CurrentParts["queries"] | undefined;
};

/** What differs from the last time, in words for people; names of cells and parameters stand between backticks. */
export function changesOf(before: PastParts, now: CurrentParts): string[] {
  return [
    before.sql.trim() === now.sql.trim() ? [] : ["SQL changed"],
    changedInputs(before.inputs, now.inputs).map((path) => `${path} changed`),
    changedValues(before.queries ?? {}, now.queries).map((name) => `\`${name}\` changed`),
    changedNames(before.parents, now.parents).map((name) => `\`${name}\` changed`),
    changedValues(before.parameters, now.parameters).map((name) => `parameter \`${name}\` changed`),
    before.engine === now.engine ? [] : [`engine is now ${now.engine}`],
  ].flat();
}

export function toReason(changes: readonly string[]): string {
  return changes.slice(0, 3).join(", ") + (changes.length > 3 ? " ..." : "");
}

/** A path may stand for several contents. */
function changedInputs(before: readonly PinnedInput[], now: readonly PinnedInput[]): string[] {
  const key = ({ path, sha256 }: PinnedInput): string => `${sha256} ${path}`;
  const [old, fresh] = [new Set(before.map(key)), new Set(now.map(key))];
  const added = now.filter((input) => !old.has(key(input)));
  const gone = before.filter((input) => !fresh.has(key(input)));
  return [...new Set([...added, ...gone].map(({ path }) => path))];
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
  return [...names].filter(
    (name) => JSON.stringify(ownValue(before, name)) !== JSON.stringify(ownValue(now, name)),
  );
}
