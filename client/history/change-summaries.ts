import { html, type ReactiveControllerHost, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import type { HistoryEntry } from "../../server/api/protocol.js";
import { ApiError, call } from "../api-client.js";
import { changedWords } from "./entry-words.js";

/** So many are asked for at once. */
const MOST_ASKED = 2;

/** What each text of a list changed beside the one before it, asked for as the list is scrolled to it. */
export class ChangeSummaries {
  readonly #notebook: string;
  readonly #host: Pick<ReactiveControllerHost, "requestUpdate">;
  /** By the two entries that are compared. */
  readonly #words = new Map<string, string>();
  readonly #wanted = new Map<string, { readonly before: string; readonly entry: string }>();
  readonly #pairs = new WeakMap<Element, { readonly before: string; readonly entry: string }>();
  #asking = 0;
  readonly #observer = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      const pair = this.#pairs.get(target);
      if (!isIntersecting || pair === undefined) continue;
      this.#observer.unobserve(target);
      this.#wanted.set(keyOf(pair), pair);
    }
    this.#askNext();
  });

  constructor(notebook: string, host: Pick<ReactiveControllerHost, "requestUpdate">) {
    this.#notebook = notebook;
    this.#host = host;
  }

  /** Nothing is asked for any more. */
  stop(): void {
    this.#observer.disconnect();
    this.#wanted.clear();
  }

  /** Of an entry of the list, which has the newest first. */
  render(entry: HistoryEntry, entries: readonly HistoryEntry[]): TemplateResult {
    const before = entries[entries.indexOf(entry) + 1];
    if (before === undefined) return html``;
    if (before.etag === entry.etag) return html`<small>the same text</small>`;
    const pair = { before: before.id, entry: entry.id };
    const words = this.#words.get(keyOf(pair));
    return html`<small
      ${ref((element) => {
        if (element === undefined || words !== undefined) return;
        this.#pairs.set(element, pair);
        this.#observer.observe(element);
      })}
      >${words ?? "…"}</small
    >`;
  }

  #askNext(): void {
    for (const [key, pair] of this.#wanted) {
      if (this.#asking >= MOST_ASKED) return;
      this.#wanted.delete(key);
      if (this.#words.has(key)) continue;
      this.#asking++;
      void this.#ask(key, pair).finally(() => {
        this.#asking--;
        this.#askNext();
      });
    }
  }

  /** Without an answer the entry stands there without it. */
  async #ask(
    key: string,
    { before, entry }: { readonly before: string; readonly entry: string },
  ): Promise<void> {
    this.#words.set(key, "");
    try {
      const { changes } = await call("GET /api/notebooks/{name}/history/{entry}/diff", {
        params: { name: this.#notebook, entry: before },
        query: { to: entry },
      });
      this.#words.set(key, changedWords(changes));
      this.#host.requestUpdate();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
}

function keyOf({ before, entry }: { readonly before: string; readonly entry: string }): string {
  return `${before} ${entry}`;
}
