import { state } from "lit/decorators.js";
import { AskAgain } from "../ask-again.js";
import { AskingDialog } from "./asking-dialog.js";

/** A dialog that shows at once what its choices give, and is answered with what is made of them. */
export abstract class PreviewingDialog<Shown, Made> extends AskingDialog {
  @state() protected shown: Shown | undefined;
  /** What is shown is of other choices, or there is nothing yet. */
  @state() protected isOld = true;
  readonly #again = new AskAgain(this, () => void this.look());
  #abort = new AbortController();
  #answer: ((made: Made | undefined) => void) | undefined;

  /** What the choices give now. */
  protected abstract load(signal: AbortSignal): Promise<Shown>;

  /** Opens with nothing shown; undefined: it was left. */
  protected async openFor(): Promise<Made | undefined> {
    this.shown = undefined;
    await this.open();
    void this.look();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  /** What was asked for last counts; nobody waits for what was before. */
  protected async look(): Promise<void> {
    this.#abort.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.isOld = true;
    await this.ask(async () => {
      try {
        const shown = await this.load(abort.signal);
        if (abort.signal.aborted) return;
        [this.shown, this.isOld] = [shown, false];
        this.#again.note();
      } catch (error) {
        if (abort.signal.aborted) return;
        this.#again.note(error);
        throw error;
      }
    });
  }

  protected reply(made: Made | undefined): void {
    this.#abort.abort();
    this.#again.note();
    this.#answer?.(made);
    this.#answer = undefined;
  }

  protected readonly leave = (): void => {
    this.reply(undefined);
  };
}

/** The one of the page. */
export function dialogOfPage<Tag extends "read-dialog" | "summary-dialog">(
  tag: Tag,
): HTMLElementTagNameMap[Tag] {
  const found = document.querySelector(tag);
  if (found !== null) return found;
  const made = document.createElement(tag);
  document.body.append(made);
  return made;
}
