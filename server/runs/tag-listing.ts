import type { Lake } from "../lake/lake.js";
import type { Tag } from "../lake/model.js";

/** A name that a publication has. */
export interface TagListing {
  readonly notebook: string;
  readonly date: string;
  readonly name: string;
  /** Of the publication, among those of its notebook and date. */
  readonly number: number;
  /** The date shows it now. */
  readonly isCurrent: boolean;
  readonly datasets: readonly string[];
  /** When it was given. */
  readonly at: string;
}

/** By notebook and name. */
export function listTags(lake: Lake): TagListing[] {
  return lake.state.tags().map((tag) => toTagView(lake, tag));
}

export function toTagView({ state }: Lake, tag: Tag): TagListing {
  const { notebook, runDate: date, name, txn, at } = tag;
  const number = state.numberOf(tag);
  const datasets = state.publicationsOf(notebook, date)[number - 1]?.datasets ?? {};
  const isCurrent = state.publication(notebook, date)?.txn === txn;
  return { notebook, date, name, number, isCurrent, datasets: Object.keys(datasets).sort(), at };
}
