import type { ForecastCell, NotebookEvent, NotebookView, ProposalView } from "../../server/api/protocol.js";
import type { ApiError } from "../api-client.js";
import type { Choices } from "./choices.js";
import type { NotebookDocument } from "./document.js";
import type { Conflict } from "./merging.js";
import type { RunState } from "./run-state.js";
import type { ShownTest } from "./tests.js";

/** A page that has the notebook open. */
export type Present = Extract<NotebookEvent, { readonly type: "presence-changed" }>["people"][number];

/** In conflict is a notebook whose file was deleted. */
export type SaveState = "saved" | "dirty" | "saving" | "conflict" | "failed";

/** What a run would do to a cell; `failure`: it was tried for what is chosen here, and cannot be computed. */
export interface Expected extends ForecastCell {
  readonly failure?: { readonly code: string; readonly message: string };
  /** For what is chosen here, by no run. */
  readonly isComputing?: true;
}

/** Everything that the notebook page shows. A new object whenever something changed. */
export interface NotebookState {
  /** Another one than the page was opened with once the notebook was renamed. */
  readonly name: string;
  readonly view?: NotebookView;
  readonly document?: NotebookDocument;
  readonly runs: RunState;
  /** What a run would do to each cell now: why it is stale, or why it would be reused. */
  readonly forecast: ReadonlyMap<string, Expected>;
  readonly save: SaveState;
  /** What somebody else changed too, and nobody has decided. */
  readonly conflicts: readonly Conflict[];
  /** Blocks that somebody else changed, and with which of the server's answers: they are shown so once. */
  readonly changed: ReadonlyMap<string, number>;
  readonly isConnected: boolean;
  readonly error?: ApiError;
  /** Undefined: the server's today. */
  readonly date?: string;
  /** The run date that the forecast is for. Undefined: nothing is forecast yet. */
  readonly forecastDate?: string;
  /** Why nothing is forecast. */
  readonly forecastProblem?: string;
  readonly parameters: Choices["parameters"];
  /** What the address names and cannot be chosen. */
  readonly choiceProblems: readonly string[];
  readonly autoRun: boolean;
  readonly launched?: Launched;
  /** Goes up with what may change when it runs by itself next. */
  readonly scheduleRevision?: number;
  /** Who has the notebook open, this page among them. */
  readonly people: readonly Present[];
  /** By name: what became of those that were run on this page. */
  readonly tests: ReadonlyMap<string, ShownTest>;
  /** Edits that wait for a person. */
  readonly proposals: readonly ProposalView[];
  /** What an agent did here last. */
  readonly acted?: { readonly agent: string; readonly tool: string; readonly cell?: string };
}

/** The run that this page began last, and what it was begun with. */
export interface Launched {
  readonly run: string;
  readonly etag: string;
  readonly document: NotebookDocument;
  readonly parameters: NotebookState["parameters"];
  readonly date: string | undefined;
}

/** Undefined removes what is optional. */
export type Change = { readonly [K in keyof NotebookState]?: NotebookState[K] | undefined };

/** The cells for which an edit waits, each as often as one does, in the order of the proposals. */
export function proposedCells({ proposals, view }: Pick<NotebookState, "proposals" | "view">): string[] {
  const known = new Set((view?.cells ?? []).map(({ name }) => name));
  return proposals.flatMap(({ cells }) => cells.flatMap(({ cell }) => (known.has(cell) ? [cell] : [])));
}
