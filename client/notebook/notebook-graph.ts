import { html, type TemplateResult } from "lit";
import type { ColumnWay } from "../graph/column-way.js";
import { verdictOf } from "../../server/notebook/verdict.js";
import type { NotebookState } from "../store/notebook-state.js";
import { isStale, shownChecks, shownRecord } from "../store/standing.js";

/** The cells as the graph draws them, each with how it stands. */
export function renderGraph(
  state: NotebookState,
  selected: string | undefined,
  goTo: (name: string) => void,
  way: { readonly shown: ColumnWay | undefined; readonly forget: () => void },
): TemplateResult {
  const { view, runs, forecast } = state;
  const cells = (view?.graph.cells ?? []).map(({ name, kind }) => {
    const record = shownRecord(forecast.get(name), runs.cells.get(name));
    return {
      name,
      kind,
      status: record?.status ?? "idle",
      outcome: record?.outcome ?? "none",
      isStale: isStale(forecast.get(name), record),
      verdict: verdictOf(shownChecks(state, name)),
      ...(record?.rows === undefined ? {} : { rows: record.rows }),
      ...(record?.durationMs === undefined ? {} : { durationMs: record.durationMs }),
    };
  });
  return html`<dependency-graph
    .cells=${cells}
    .edges=${view?.graph.edges ?? []}
    .selected=${selected ?? null}
    .way=${way.shown ?? null}
    @way-end=${way.forget}
    @cell-select=${(event: Event & { readonly name: string }) => {
      goTo(event.name);
    }}
  ></dependency-graph>`;
}
