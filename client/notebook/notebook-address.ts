import { parseRoute, toHash, type Route } from "../router.js";
import type { NotebookState } from "../store/notebook-state.js";
import type { NotebookStore } from "../store/notebook-store.js";

/** Of a renamed notebook, once nothing waits to be saved; undefined where it has the name that is shown. */
export function renamedAddress(
  shown: string,
  { name, save }: Pick<NotebookState, "name" | "save">,
  choices: string,
): string | undefined {
  if (name === shown || save !== "saved") return undefined;
  return toHash({ page: "notebook", name, choices });
}

/** The address with what is chosen now; undefined where it says so already, or is of another page. */
export function chosenAddress(hash: string, name: string, choices: string): string | undefined {
  const route = parseRoute(hash);
  if (route.page !== "notebook" || route.name !== name || choices === (route.choices ?? "")) return undefined;
  return toHash({ ...route, choices });
}

/** Goes to the report of the notebook, or back to its cells. */
export function toggleReport(): void {
  const { view, ...route } = parseRoute(location.hash) as Extract<Route, { page: "notebook" }>;
  location.hash = toHash(view === undefined ? { ...route, view: "report" } : route);
}

/** The address says which notebook is open and what is chosen, so that it can be shared, and back goes back. */
export class NotebookAddress {
  /** The reader, not the address. */
  #isChoosing = false;

  /** Does what the reader chose: each choice is a step that can be gone back. */
  choose(change: () => void): void {
    this.#isChoosing = true;
    try {
      change();
    } finally {
      this.#isChoosing = false;
    }
  }

  /** `shown`: the name that the address has. */
  follow(store: NotebookStore, shown: string): void {
    const renamed = renamedAddress(shown, store.state, store.chosen.query);
    if (renamed !== undefined) location.replace(renamed);
    if (store.state.view === undefined) return;
    const chosen = chosenAddress(location.hash, shown, store.chosen.query);
    if (chosen === undefined) return;
    // What could not be chosen leaves the address without a step to go back to.
    if (this.#isChoosing) location.hash = chosen;
    else history.replaceState(history.state, "", chosen);
  }
}
