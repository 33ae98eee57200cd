import type { ReactiveController, ReactiveControllerHost } from "lit";
import { commandOf, isTextField, type PageCommand } from "./notebook-keys.js";

export interface KeyboardActions {
  /** False where there is nothing to do it to: the key keeps its meaning. */
  do(command: PageCommand): boolean;
  showCommands(): void;
}

/** The keys of command mode, as long as the page is there. */
export class NotebookKeyboard implements ReactiveController {
  readonly #actions: KeyboardActions;
  #lastKey = "";

  constructor(page: ReactiveControllerHost, actions: KeyboardActions) {
    this.#actions = actions;
    page.addController(this);
  }

  hostConnected(): void {
    document.addEventListener("keydown", this.#onKey);
    document.addEventListener("keydown", this.#onPaletteKey, { capture: true });
  }

  hostDisconnected(): void {
    document.removeEventListener("keydown", this.#onKey);
    document.removeEventListener("keydown", this.#onPaletteKey, { capture: true });
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return;
    const target = event.composedPath()[0];
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    const isTyping = isTextField(target);
    const command = commandOf({
      key,
      ctrlKey,
      metaKey,
      altKey,
      shiftKey,
      before: this.#lastKey,
      isTyping,
      isReadOnly: target instanceof HTMLElement && target.closest("[readonly]") !== null,
      isOnControl: target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement,
      hasDialog: hasDialog(),
    });
    this.#lastKey = isTyping || command !== undefined ? "" : key;
    if (command !== undefined && this.#actions.do(command)) event.preventDefault();
  };

  /** Before the editor takes Ctrl+K for the first half of a chord. */
  readonly #onPaletteKey = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    if (event.key !== "k" || hasDialog()) return;
    event.preventDefault();
    event.stopPropagation();
    this.#actions.showCommands();
  };
}

function hasDialog(): boolean {
  return document.querySelector("dialog[open]") !== null;
}
