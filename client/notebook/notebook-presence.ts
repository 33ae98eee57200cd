import { api, ApiError } from "../api-client.js";
import { ownName } from "../session.js";
import type { NotebookState, Present } from "../store/notebook-state.js";

/** So often at most the others are told where this page is. */
const TELL_EVERY_MS = 800;

/** Tells the others in which cell this page is: the newest one only, and not with each key. */
export class NotebookPresence {
  readonly #page: string;
  #told: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(page: string) {
    this.#page = page;
  }

  /** Nobody needs to know where whoever is alone is; who comes later is told. */
  tell({ name, people }: NotebookState, cell: string | undefined): void {
    if (othersOf(people, this.#page).length === 0) {
      this.#told = undefined;
      return;
    }
    const place = `${name} ${cell ?? ""}`;
    if (place === this.#told) return;
    this.#told = place;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#post(name, cell), TELL_EVERY_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #post(name: string, cell: string | undefined): Promise<void> {
    try {
      await api.presence(name, { page: this.#page, ...(cell === undefined ? {} : { cell }) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // The stream is being opened anew; told again with the next list.
      this.#told = undefined;
    }
  }
}

/** Each person once, whatever pages they have open; whoever looks at this one is nobody else. */
export function othersOf(people: readonly Present[], page: string): readonly Present[] {
  const byName = new Map<string, Present>();
  for (const person of people) {
    if (person.page === page || person.name === ownName()) continue;
    const known = byName.get(person.name);
    if (known?.cell === undefined) byName.set(person.name, person);
  }
  return [...byName.values()];
}
