import { html, LitElement, nothing, type TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";
import { ApiError } from "../api-client.js";

/** A dialog that asks the server for something, and shows what it says against it. */
export abstract class AskingDialog extends LitElement {
  @state() private problem: ApiError | undefined;
  @state() protected isBusy = false;
  @query("dialog") private dialog!: HTMLDialogElement;
  #asked = 0;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** With what was set before. */
  protected async open(): Promise<void> {
    this.problem = undefined;
    await this.updateComplete;
    this.dialog.showModal();
  }

  protected readonly close = (): void => {
    this.dialog.close();
  };

  /** A refusal is shown, and nothing else happens. */
  protected async ask(question: () => Promise<void>): Promise<void> {
    const number = ++this.#asked;
    this.problem = undefined;
    this.isBusy = true;
    try {
      await question();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error;
    } finally {
      if (number === this.#asked) this.isBusy = false;
    }
  }

  protected renderProblem(): TemplateResult | typeof nothing {
    const { problem } = this;
    return problem === undefined
      ? nothing
      : html`<p class="problem" role="alert">${problem.message} ${problem.hint}</p>`;
  }

  /** Of what the server was asked for: nothing but the problem where there is one. */
  protected renderAnswer<T>(answer: T | undefined, render: (answer: T) => TemplateResult): unknown {
    if (answer !== undefined) return render(answer);
    return this.problem === undefined ? html`<div class="skeleton" aria-busy="true"></div>` : nothing;
  }

  /** `said`: beside the buttons, so that it moves none of them, whenever it comes. */
  protected renderFooter(
    action: TemplateResult | typeof nothing,
    leave = "Cancel",
    said: TemplateResult | typeof nothing = this.renderProblem(),
  ): TemplateResult {
    return html`<footer>
      ${action}<span class="said">${said}</span><button type="button" @click=${this.close}>${leave}</button>
    </footer>`;
  }
}
