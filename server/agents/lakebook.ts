import type { Ask } from "../api/ask.js";

/** What the tools stand on: the API of one workspace, of a server or of this process. */
export interface Lakebook {
  /** What an agent's client calls itself is given to the API with each request. `write`: the lake is held meanwhile. */
  use<T>(needs: LakeNeed, asking: Asking, action: (ask: Ask) => Promise<T>): Promise<T>;
}

export type LakeNeed = "read" | "write";

export interface Asking {
  readonly agent: string;
  readonly signal: AbortSignal;
}
