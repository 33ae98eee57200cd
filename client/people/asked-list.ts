import { html, LitElement, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { ApiError } from "../api-client.js";
import { AskAgain } from "../ask-again.js";

/** Where what is wrong with no field is said. */
const LIST = "list";

interface Problem {
  readonly field: string;
  readonly message: string;
}

export interface Change {
  /** Of the form: the server's sentence stands at the one that it names, else at the first. */
  readonly fields?: readonly [string, ...string[]];
  /** Once it is done. */
  readonly said?: string;
}

/** A list that the server keeps and that is changed here. It is asked for anew after each change, whatever came of it. */
export abstract class AskedList<T> extends LitElement {
  @state() protected items: readonly T[] | undefined;
  @state() protected isBusy = false;
  @state() private problem: Problem | undefined;
  @state() private said = "";
  #asked = 0;
  readonly #again = new AskAgain(this, () => void this.load());

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => this.load());
  }

  /** What the server has. */
  protected abstract ask(): Promise<readonly T[]>;

  /** Only the last answer counts. */
  protected async load(): Promise<void> {
    const number = ++this.#asked;
    try {
      const items = await this.ask();
      if (number !== this.#asked) return;
      this.items = items;
      this.#again.note();
      if (this.problem?.field === LIST) this.problem = undefined;
    } catch (error) {
      this.#again.note(error);
      this.problem ??= toProblem(error, [LIST]);
    }
  }

  /** Whether it was done. One at a time: a second click does nothing. */
  protected async change(
    work: () => Promise<unknown>,
    { fields = [LIST], said = "" }: Change = {},
  ): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    this.problem = undefined;
    this.said = "";
    let refused: Problem | undefined;
    try {
      await work();
    } catch (error) {
      refused = toProblem(error, fields);
    }
    await this.load();
    this.problem = refused ?? this.problem;
    this.said = refused === undefined ? said : "";
    this.isBusy = false;
    return refused === undefined;
  }

  /** What is filled in goes when it was done. */
  protected renderForm(form: {
    readonly label: string;
    readonly submit: string;
    readonly fields: TemplateResult;
    readonly onSubmit: (filled: Readonly<Record<string, string>>) => Promise<boolean>;
  }): TemplateResult {
    const onSubmit = async (event: Event): Promise<void> => {
      event.preventDefault();
      const element = event.target as HTMLFormElement;
      const filled = Object.fromEntries(new FormData(element)) as Record<string, string>;
      if (await form.onSubmit(filled)) element.reset();
    };
    return html`<form class="add-person" aria-label=${form.label} @submit=${onSubmit}>
      ${form.fields}
      <button class="primary" ?disabled=${this.isBusy}>${form.submit}</button>
    </form>`;
  }

  /** A field, and below it what was wrong, which is no part of its name. */
  protected renderField(label: string, name: string, input: TemplateResult): TemplateResult {
    return html`<div><label>${label} ${input}</label>${this.renderProblem(name)}</div>`;
  }

  /** Of whom, or what, the form adds. */
  protected renderNameField(placeholder?: string): TemplateResult {
    return this.renderField(
      "Name",
      "name",
      html`<input
        name="name"
        required
        maxlength="64"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        placeholder=${placeholder ?? nothing}
        aria-invalid=${this.isWrong("name")}
      />`,
    );
  }

  protected isWrong(field: string): boolean {
    return this.problem?.field === field;
  }

  protected renderProblem(field: string): TemplateResult | typeof nothing {
    const { problem } = this;
    return problem?.field === field
      ? html`<span class="problem" role="alert">${problem.message}</span>`
      : nothing;
  }

  /** What was said against it, what was done, and the list once it is known. */
  protected renderList(
    empty: TemplateResult,
    render: (items: readonly T[]) => TemplateResult,
  ): TemplateResult {
    const { items } = this;
    return html`${this.renderProblem(LIST)}
      <p class="note said" role="status">${this.said}</p>
      ${
        items === undefined
          ? this.problem === undefined
            ? html`<div class="skeleton tall" aria-busy="true"></div>`
            : nothing
          : items.length === 0
            ? html`<p class="note">${empty}</p>`
            : render(items)
      }`;
  }

  /** The last column is what can be done with each. */
  protected renderTable(label: string, columns: readonly string[], rows: unknown): TemplateResult {
    return html`<div class="scroller" tabindex="0" role="region" aria-label=${label}>
      <table class="plain list stacks people-table">
        <thead>
          <tr>
            ${columns.map((column) => html`<th>${column}</th>`)}
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
  }
}

/** Throws what is no answer of the server. */
function toProblem(error: unknown, fields: readonly [string, ...string[]]): Problem {
  if (!(error instanceof ApiError)) throw error;
  const message = [error.message, error.hint ?? ""].join(" ").trim();
  const field = fields.find((name) => error.message.toLowerCase().includes(name)) ?? fields[0];
  return { field, message };
}
