import { html, nothing } from "lit";
import { toHash } from "../router.js";
import { may } from "../session.js";
import type { NotebookStore } from "../store/notebook-store.js";
import type { NotebookToast } from "./notebook-toast.js";

/** Says what may follow once a run has ended well. Where another one began meanwhile, that one tells. */
export function tellNext(
  store: NotebookStore,
  id: string,
  page: { readonly toast: Pick<NotebookToast, "say">; materialize(): void },
): void {
  const look = (): void => {
    const { run } = store.state.runs;
    if (run?.id === id && run.isRunning) return;
    store.removeEventListener("change", look);
    if (run?.id !== id || !run.outcome.startsWith("succeeded")) return;
    const isPublishable = may("run") && store.state.view?.cells.some(({ isDataset }) => isDataset) === true;
    const steps = html`${
        isPublishable
          ? html`<button
              @click=${() => {
                page.materialize();
              }}
            >
              See what would be published
            </button>`
          : nothing
      }<a href=${toHash({ page: "notebook", name: store.state.name, view: "report" })}
        >Read it as a report</a
      >`;
    page.toast.say("The run has ended.", { steps });
  };
  store.addEventListener("change", look);
  look();
}
