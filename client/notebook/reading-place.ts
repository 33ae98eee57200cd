import type { ReactiveController, ReactiveControllerHost } from "lit";
import { inSight, type OutlineEntry } from "./outline-entries.js";

/** Of a line, from what covers the top of the page: what ends above it has been read. */
const READ = 40;
const headings = ":is(h1, h2, h3, h4, h5, h6)";

/** The element of an entry; of a heading whose text is edited, that of its prose. */
export function elementOf(entry: OutlineEntry): HTMLElement | null {
  const block = document.querySelector<HTMLElement>(`main [data-block="${entry.block}"]`);
  if (!("heading" in entry)) return block;
  return block?.querySelectorAll<HTMLElement>(headings)[entry.at] ?? block;
}

/** Which entries of the outline can be seen, followed while the page is scrolled or grows. */
export class ReadingPlace implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #entries: () => readonly OutlineEntry[];
  readonly #observer = new ResizeObserver(() => {
    this.#look();
  });
  #seen: readonly [number, number] | undefined;
  #frame = 0;

  constructor(host: ReactiveControllerHost, entries: () => readonly OutlineEntry[]) {
    this.#host = host;
    this.#entries = entries;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener("scroll", this.#look, { passive: true });
    window.addEventListener("resize", this.#look);
    this.#observer.observe(document.body);
  }

  hostDisconnected(): void {
    window.removeEventListener("scroll", this.#look);
    window.removeEventListener("resize", this.#look);
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  holds(at: number): boolean {
    return this.#seen !== undefined && this.#seen[0] <= at && at <= this.#seen[1];
  }

  /** The heading under which the first thing that can be seen stands. */
  get heading(): number | undefined {
    const entries = this.#entries();
    for (let at = this.#seen?.[0] ?? -1; at >= 0; at--) {
      const entry = entries[at];
      if (entry !== undefined && "heading" in entry) return at;
    }
    return undefined;
  }

  readonly #look = (): void => {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const seen = this.#measure();
      if (String(seen) === String(this.#seen)) return;
      this.#seen = seen;
      this.#host.requestUpdate();
    });
  };

  #measure(): readonly [number, number] | undefined {
    const tops = this.#entries().map((entry) => elementOf(entry)?.getBoundingClientRect().top ?? -Infinity);
    const bar = document.querySelector("run-bar")?.getBoundingClientRect().bottom ?? 0;
    const end = document.querySelector("main.blocks .add-row")?.getBoundingClientRect().top ?? innerHeight;
    return inSight({ tops, end, from: Math.max(0, bar) + READ, to: innerHeight });
  }
}
