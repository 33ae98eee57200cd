import type { ReactiveController, ReactiveControllerHost } from "lit";
import { ApiError } from "../api-client.js";
import { AskAgain } from "../ask-again.js";

/** Events come in bunches, and one answer holds what several tell. */
const BUNCH_MS = 250;
/** Distances in time are said anew so often. */
const CLOCK_MS = 30_000;

/** What the server says, asked for anew when something tells that it changed. */
export class LiveAnswer<T> implements ReactiveController {
  value: T | undefined;
  problem = "";
  /** Milliseconds since 1970. */
  now = Date.now();
  readonly #host: ReactiveControllerHost;
  readonly #ask: () => Promise<T>;
  #clock: ReturnType<typeof setInterval> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #latest = 0;
  readonly #again: AskAgain;

  constructor(host: ReactiveControllerHost, ask: () => Promise<T>) {
    this.#host = host;
    this.#ask = ask;
    host.addController(this);
    this.#again = new AskAgain(host, () => void this.load());
  }

  hostConnected(): void {
    this.#clock = setInterval(() => {
      this.now = Date.now();
      this.#host.requestUpdate();
    }, CLOCK_MS);
  }

  hostDisconnected(): void {
    clearInterval(this.#clock);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#latest++;
  }

  /** An answer that a later question overtook is dropped. */
  async load(): Promise<void> {
    const number = ++this.#latest;
    try {
      const value = await this.#ask();
      if (number !== this.#latest) return;
      this.value = value;
      this.#again.note();
      this.problem = "";
      this.now = Date.now();
      this.#host.requestUpdate();
    } catch (error) {
      if (number === this.#latest) this.#fail(error);
    }
  }

  soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.load();
    }, BUNCH_MS);
  }

  /** What a user asks for is done, or refused with words. */
  async act(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      await this.load();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (!(error instanceof ApiError)) throw error;
    this.#again.note(error);
    this.problem = `${error.message} ${error.hint ?? ""}`;
    this.#host.requestUpdate();
  }
}
