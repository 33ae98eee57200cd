import type { ReactiveController, ReactiveControllerHost } from "lit";

/** A pointer is held down: what lies below it is to stay there until it is let go. */
let isPressed = false;
addEventListener("pointerdown", () => (isPressed = true), { capture: true });
for (const type of ["pointerup", "pointercancel"])
  addEventListener(type, () => (isPressed = false), { capture: true });

/**
 * How much room problems take. While somebody is in the cell it stays what it was, and problems lie over what follows:
 * nothing moves because one came or went.
 */
export class ProblemRoom implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  #held: number | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
    host.addEventListener("focusin", () => {
      this.#hold();
    });
    host.addEventListener("focusout", ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && host.contains(relatedTarget))) this.#leave();
    });
  }

  hostConnected(): void {
    this.#held = undefined;
  }

  /** In CSS pixels; undefined: as much as they need. */
  get height(): number | undefined {
    return this.#held;
  }

  #hold(): void {
    // A control is as wide as its words: they stay where they are.
    if (this.#held !== undefined || this.#host.dataset["kind"] === "input") return;
    this.#held = this.#host.querySelector<HTMLElement>(".problem-room")?.offsetHeight ?? 0;
    this.#host.requestUpdate();
  }

  #leave(): void {
    // Whoever went to another window comes back to where the focus was.
    if (!document.hasFocus()) return;
    if (!isPressed) this.#release();
    else addEventListener("pointerup", () => setTimeout(() => this.#release()), { once: true });
  }

  #release(): void {
    if (this.#host.contains(document.activeElement)) return;
    this.#held = undefined;
    this.#host.requestUpdate();
  }
}
