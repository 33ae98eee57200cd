import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { NotebookEvent } from "../server/api/protocol.js";
import { ApiError } from "./api-client.js";
import { AskAgain } from "./ask-again.js";
import { followEvents } from "./event-stream.js";

/** Events come in bunches, and one answer holds what several tell. */
const BUNCH_MS = 250;
/** Distances in time are said anew so often. */
const CLOCK_MS = 30_000;

export interface Following<T> {
  /** Whether what happened may have changed the answer. It is asked for when the stream of events is there. */
  readonly changes?: (event: NotebookEvent) => boolean;
  /** What no event tells: it is asked for again after so many milliseconds; undefined: not. */
  readonly again?: (value: T | undefined) => number | undefined;
}

/** What the server says, asked for anew when something tells that it changed. */
export class LiveAnswer<T> implements ReactiveController {
  value: T | undefined;
  problem = "";
  /** Whether events arrive. */
  isOnline = true;
  /** Goes up with each event that may concern it. */
  revision = 0;
  /** Milliseconds since 1970. */
  now = Date.now();
  readonly #host: ReactiveControllerHost;
  readonly #ask: () => Promise<T>;
  readonly #following: Following<T>;
  #stopFollowing: (() => void) | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #next: ReturnType<typeof setTimeout> | undefined;
  #latest = 0;
  readonly #again: AskAgain;

  constructor(host: ReactiveControllerHost, ask: () => Promise<T>, following: Following<T> = {}) {
    this.#host = host;
    this.#ask = ask;
    this.#following = following;
    host.addController(this);
    this.#again = new AskAgain(host, () => void this.load());
  }

  hostConnected(): void {
    this.#clock = setInterval(() => {
      this.now = Date.now();
      this.#host.requestUpdate();
    }, CLOCK_MS);
    const { changes } = this.#following;
    if (changes !== undefined) this.#follow(changes);
  }

  #follow(changes: (event: NotebookEvent) => boolean): void {
    const listener = {
      onEvent: (event: NotebookEvent) => {
        if (!changes(event)) return;
        this.revision++;
        this.#host.requestUpdate();
        this.soon();
      },
      onResync: () => void this.load(),
      onConnection: (isOnline: boolean) => {
        this.isOnline = isOnline;
        this.#host.requestUpdate();
      },
    };
    this.#stopFollowing = followEvents({}, listener);
  }

  hostDisconnected(): void {
    this.#stopFollowing?.();
    clearInterval(this.#clock);
    clearTimeout(this.#timer);
    clearTimeout(this.#next);
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
    if (number === this.#latest) this.#loadLater();
  }

  /** Nobody looks at a page that is hidden. */
  #loadLater(): void {
    clearTimeout(this.#next);
    const delayMs = this.#following.again?.(this.value);
    if (delayMs === undefined) return;
    this.#next = setTimeout(() => {
      if (document.hidden) this.#loadLater();
      else void this.load();
    }, delayMs);
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
