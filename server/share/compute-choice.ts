import type { Exploration } from "../runs/explore.js";
import { isThere } from "../runs/forecast-run.js";
import type { RunManager } from "../runs/run-manager.js";
import type { CellRecord, CheckRecord } from "../runs/run-record.js";
import type { RunRequest } from "../runs/run-request.js";
import type { Choices } from "./control-values.js";
import type { TakeTurn } from "./offered-controls.js";

type ExploredCell = Pick<CellRecord, "name" | "outcome" | "fingerprint"> & {
  readonly error?: { readonly message: string } | undefined;
};

/** Computes what other values of controls change, as for a reader of the page. */
export interface Explorer {
  readonly turn: TakeTurn;
  explore(
    asked: Pick<RunRequest, "notebook" | "date" | "parameters" | "cells">,
    how: { readonly signal: AbortSignal; readonly limitMs: number },
  ): Promise<Pick<Exploration, "blocked"> & { readonly cells: readonly ExploredCell[] }>;
}

export interface ComputingServices {
  readonly explorer: Explorer;
  readonly manager: Pick<RunManager, "forecast">;
}

export interface ChosenCells {
  readonly notebook: string;
  readonly date: string;
  readonly parameters: Choices;
  readonly queries: readonly string[];
  readonly checks: readonly string[];
  readonly limitMs: number;
}

/** What became of a cell for what is chosen. */
export interface ComputedCell {
  /** Of its rows. */
  readonly fingerprint?: string | undefined;
  readonly error?: string;
  /** As far as it is known how they come out. */
  readonly checks?: readonly CheckRecord[];
}

/** Of a cell that a run would leave out. */
export const NOT_COMPUTED = "It could not be computed.";

/** Nobody's error: controls keep what they were set to, and the report says why. */
export class Fixed extends Error {}

/** Query cells are computed, unless they are known; of checks it is told what is known. */
export async function computeChoice(
  { explorer, manager }: ComputingServices,
  { notebook, date, parameters, queries, checks, limitMs }: ChosenCells,
): Promise<ReadonlyMap<string, ComputedCell>> {
  const explored =
    queries.length === 0
      ? { cells: [], blocked: [] }
      : await explorer.turn((signal) =>
          explorer.explore({ notebook, date, parameters, cells: queries }, { signal, limitMs }),
        );
  const [blocked] = explored.blocked;
  if (blocked !== undefined) throw new Fixed(`"${blocked.by}" has changed, and has to be computed before`);
  const cells = [...queries, ...checks];
  const now = await manager.forecast({ notebook, mode: "run", date, parameters, cells, tolerant: true });
  return new Map(
    cells.map((name): [string, ComputedCell] => {
      const own = explored.cells.find((cell) => cell.name === name);
      const known = now.cells.find((cell) => cell.name === name);
      const found = known?.checks === undefined ? {} : { checks: known.checks };
      if (own?.error !== undefined) return [name, { error: own.error.message }];
      if (own?.outcome === "blocked") return [name, { error: "What it reads could not be computed." }];
      if (checks.includes(name)) return [name, found];
      const fingerprint =
        own?.fingerprint ?? (known !== undefined && isThere(known) ? known.fingerprint : undefined);
      if (fingerprint !== undefined) return [name, { fingerprint, ...found }];
      return [name, { error: NOT_COMPUTED }];
    }),
  );
}
