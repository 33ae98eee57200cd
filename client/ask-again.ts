import type { ReactiveController, ReactiveControllerHost } from "lit";
import { isUnreachable } from "./api-client.js";
import { connection } from "./connection.js";

/** A question that itself keeps the server from answering is given up after so many failures in a row. */
const MOST_TRIES = 5;

/** Asks anew what failed since the server could not be reached, as soon as it can be. */
export class AskAgain implements ReactiveController {
  readonly #ask: () => void;
  #isFailed = false;
  #left = MOST_TRIES;

  constructor(host: ReactiveControllerHost, ask: () => void) {
    this.#ask = ask;
    host.addController(this);
  }

  hostConnected(): void {
    connection.addEventListener("back", this.#onBack);
  }

  hostDisconnected(): void {
    connection.removeEventListener("back", this.#onBack);
  }

  /** What became of the question; undefined: it was answered. */
  note(error?: unknown): void {
    this.#isFailed = isUnreachable(error);
    if (!this.#isFailed) this.#left = MOST_TRIES;
  }

  readonly #onBack = (): void => {
    if (!this.#isFailed || this.#left === 0) return;
    this.#left--;
    this.#isFailed = false;
    this.#ask();
  };
}
