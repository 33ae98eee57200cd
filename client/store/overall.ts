import { isStepKind } from "../../server/notebook/cell-kinds.js";
import { verdictOf } from "../../server/notebook/verdict.js";
import { markOf, type CellStanding, type Mark } from "../styles/status-mark.js";
import type { CellFacts } from "./document.js";
import type { NotebookState } from "./notebook-state.js";
import { isStale, shownChecks, shownRecord, staleCells } from "./standing.js";

type Named = Pick<CellFacts, "name" | "kind" | "hasErrors">;

/** How a cell stands; what bar, outline and graph say of it is a mark of this. */
export function standingIn(state: NotebookState, { name, kind, hasErrors }: Named): CellStanding {
  const forecast = state.forecast.get(name);
  const record = shownRecord(forecast, state.runs.cells.get(name));
  return {
    kind,
    hasErrors,
    status: record?.status ?? "idle",
    outcome: record?.outcome ?? "none",
    isStale: isStale(forecast, record),
    verdict: verdictOf(shownChecks(state, name)),
  };
}

/** Each mark under which a cell is not what it should be, in the word that many of them have. */
const faults: Readonly<Partial<Record<Mark, string>>> = {
  failed: "failed",
  "check-failed": "failed",
  broken: "failed",
  blocked: "blocked",
  never: "not run",
  cancelled: "not run",
  stale: "not run",
};

/** How the whole notebook stands: how many cells a run would bring up to date, or else what it would not mend. */
export interface Overall {
  readonly stale: number;
  readonly words: string;
  readonly title: string;
}

export function overallOf(state: NotebookState): Overall {
  const { view, forecastDate, forecastProblem } = state;
  if (forecastProblem !== undefined) return { stale: 0, words: "Cannot tell", title: forecastProblem };
  if (forecastDate === undefined) return { stale: 0, words: "Looking …", title: "" };
  const stale = staleCells(state);
  if (stale.length > 0)
    return {
      stale: stale.length,
      words: `Run ${String(stale.length)} out of date`,
      title: "Run what is out of date (Ctrl+Shift+Enter)",
    };
  const bad = (view?.cells ?? []).flatMap((cell) => {
    if (!isStepKind(cell.kind) && !cell.hasErrors) return [];
    const word = faults[markOf(standingIn(state, cell))];
    return word === undefined ? [] : [{ name: cell.name, word }];
  });
  const [word] = ["failed", "blocked", "not run"].filter((each) => bad.some((cell) => cell.word === each));
  if (word === undefined)
    return { stale: 0, words: "Up to date", title: "A run would find every result there" };
  const count = bad.filter((cell) => cell.word === word).length;
  const list = bad.map((cell) => `${cell.name} ${cell.word}`).join(", ");
  return {
    stale: 0,
    words: `${String(count)} ${word}`,
    title: `Nothing is out of date; a run would end as the last one did: ${list}`,
  };
}
