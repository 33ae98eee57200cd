import type { RunManager } from "../../runs/run-manager.js";
import { hasSucceeded } from "../../runs/run-record.js";
import type { Incident } from "../alerts/alert-desk.js";
import { awaited, nextLateAt, type Watched } from "./watched.js";
import type { WatchedNotebooks } from "./watched-notebooks.js";

/** Tells of dates that did not succeed by the notebook's `deadline`, each once. */
export class Deadlines {
  readonly #notebooks: WatchedNotebooks;
  readonly #store: Pick<RunManager["store"], "summaries">;
  readonly #report: (incident: Incident) => Promise<void>;

  constructor(
    notebooks: WatchedNotebooks,
    store: Pick<RunManager["store"], "summaries">,
    report: (incident: Incident) => Promise<void>,
  ) {
    this.#notebooks = notebooks;
    this.#store = store;
    this.#report = report;
  }

  async tellLate(watched: Watched, now: number): Promise<void> {
    const { notebook, settled } = watched;
    const overdue = awaited(watched).filter(({ by }) => by <= now);
    const outcomes = new Map((await this.#store.summaries()).map(({ id, outcome }) => [id, outcome]));
    const late = overdue.filter(({ run }) => !hasSucceeded(outcomes.get(run ?? "")));
    for (const { at } of overdue) settled.add(at);
    watched.lateAt = nextLateAt(watched);
    if (late.length === 0) return;
    for (const { at, date, run } of late)
      await this.#report({ kind: "deadline", notebook, date, run, occasion: at });
    const { state } = watched;
    await this.#notebooks.save(watched, { ...state, late: [...state.late, ...late.map(({ at }) => at)] });
  }
}
