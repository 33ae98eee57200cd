import { z } from "zod";
import { hashOf } from "../base/hash.js";
import type { Delivery, PinnedInput, PublishEntry } from "./model.js";
import type { LakeState } from "./state.js";

/** What the record of a publication says of the deliveries before it. */
export interface StoodOn {
  /** Datasets that add deliveries up. */
  readonly datasets: readonly string[];
  readonly deliveries: readonly { readonly date: string; readonly content: string }[];
}

const recordSchema = z.object({
  stoodOn: z.object({
    datasets: z.array(z.string()),
    deliveries: z.array(z.object({ date: z.string(), content: z.string() })),
  }),
});

const contents = new WeakMap<readonly PinnedInput[], string>();

/** Equal where a run date found the same files. */
function deliveryContent(inputs: readonly PinnedInput[]): string {
  const content =
    contents.get(inputs) ?? hashOf(inputs.map(({ path, sha256 }) => `${path} ${sha256}`).sort());
  contents.set(inputs, content);
  return content;
}

export function toStoodOn(datasets: readonly string[], deliveries: readonly Delivery[]): StoodOn {
  return {
    datasets,
    deliveries: deliveries.map(({ date, inputs }) => ({ date, content: deliveryContent(inputs) })),
  };
}

/**
 * Run dates that delivered something else since a publication of a later date saw them: it is restated upstream.
 * Without such datasets, nothing.
 */
export function restatedBy(
  state: LakeState,
  publication: PublishEntry,
): { readonly datasets: readonly string[]; readonly dates: readonly string[] } {
  const known = recordSchema.safeParse(publication.record).data?.stoodOn;
  if (known === undefined) return { datasets: [], dates: [] };
  const now = state
    .deliveries(publication.notebook)
    .filter(({ date }) => date < publication.runDate)
    .map(({ date, inputs }) => [date, deliveryContent(inputs)] as const);
  const before = new Map(known.deliveries.map(({ date, content }) => [date, content]));
  const dates = now.flatMap(([date, content]) => (before.get(date) === content ? [] : [date]));
  return { datasets: dates.length === 0 ? [] : known.datasets, dates };
}

/** Later run dates of a notebook that are restated upstream, in their order. */
export function restatedAfter(state: LakeState, notebook: string, runDate: string): string[] {
  return state
    .publications()
    .filter((entry) => entry.notebook === notebook && entry.runDate > runDate)
    .filter((entry) => restatedBy(state, entry).dates.length > 0)
    .map((entry) => entry.runDate);
}
