import { monitorEventLoopDelay, type IntervalHistogram } from "node:perf_hooks";

/** How often the loop is looked at; what it measures includes that time. */
const RESOLUTION_MS = 50;
const WINDOW_MS = 30_000;

/** How late the event loop comes to what is due, over the last 30 to 60 seconds, whoever asks how often. */
export class LoopLag {
  #windows: readonly IntervalHistogram[] = [];
  #timer: NodeJS.Timeout | undefined;

  start(): void {
    this.#open();
    this.#timer = setInterval(() => {
      this.#open();
    }, WINDOW_MS).unref();
  }

  /** In seconds. */
  get worst(): number {
    return this.#seconds(({ max }) => max);
  }

  /** In seconds: 99 of 100 looks were not later. */
  get p99(): number {
    return this.#seconds((window) => window.percentile(99));
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const window of this.#windows) window.disable();
    this.#windows = [];
  }

  #open(): void {
    const window = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    window.enable();
    const [newest, oldest] = this.#windows;
    oldest?.disable();
    this.#windows = newest === undefined ? [window] : [window, newest];
  }

  #seconds(of: (window: IntervalHistogram) => number): number {
    const values = this.#windows.filter(({ max }) => max > 0).map((window) => of(window) / 1e9);
    return Math.max(0, ...values.map((value) => value - RESOLUTION_MS / 1000));
  }
}
