import type { Lake } from "../../lake/lake.js";

export interface LakeMeasures {
  /** What versions have together; a file that two of them share is counted in each. */
  readonly versionBytes: number;
  /** Of input that publications stand on, each content once. */
  readonly inputBytes: number;
  readonly versions: number;
  /** By notebook: seconds since 1970 of its newest publication. */
  readonly published: ReadonlyMap<string, number>;
}

/** From the log in memory, and only when it has grown: no file is looked at. */
export class LakeMeter {
  readonly #lake: Lake;
  #seq = -1;
  #measures: LakeMeasures | undefined;

  constructor(lake: Lake) {
    this.#lake = lake;
  }

  measure(): LakeMeasures {
    const { state } = this.#lake;
    if (this.#measures === undefined || this.#seq !== state.seq) this.#measures = measureLake(this.#lake);
    this.#seq = state.seq;
    return this.#measures;
  }
}

function measureLake(lake: Lake): LakeMeasures {
  const stores = lake.state.stores();
  const inputs = new Map<string, number>();
  const published = new Map<string, number>();
  for (const { notebook, at, inputs: files } of lake.publications()) {
    published.set(notebook, Math.max(published.get(notebook) ?? 0, Date.parse(at) / 1000));
    for (const { sha256, bytes, isPinned } of files) if (isPinned) inputs.set(sha256, bytes);
  }
  return {
    versionBytes: stores.reduce((sum, { bytes }) => sum + bytes, 0),
    inputBytes: [...inputs.values()].reduce((sum, bytes) => sum + bytes, 0),
    versions: stores.length,
    published,
  };
}
