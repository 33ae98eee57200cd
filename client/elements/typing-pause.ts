import type { ReactiveController, ReactiveControllerHost } from "lit";

const PAUSE_MS = 1000;

/** Tells whether somebody types, and draws the host anew at the pause. */
export class TypingPause implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #isBusy: () => boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `isBusy`: still, though no key was pressed, as while suggestions are open. */
  constructor(host: ReactiveControllerHost, isBusy: () => boolean) {
    this.#host = host;
    this.#isBusy = isBusy;
    host.addController(this);
  }

  get isTyping(): boolean {
    return this.#timer !== undefined;
  }

  /** A key was pressed. */
  note(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#isBusy()) this.note();
      else this.end();
    }, PAUSE_MS);
  }

  /** Whoever leaves, or runs the cell, types no more. */
  readonly end = (): void => {
    if (this.#timer === undefined) return;
    this.hostDisconnected();
    this.#host.requestUpdate();
  };

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
