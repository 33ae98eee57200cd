import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { isCheckKind } from "../../server/notebook/check-rules.js";
import {
  emptyDraft,
  problemsOf,
  writeEntry,
  type CellColumn,
  type CheckDraft,
  type Filled,
} from "./check-entry.js";
import { checkKinds, choiceWords, commonFields, type CheckField } from "./check-kinds.js";
import { renderIcon } from "../styles/icon.js";

type Group = "own" | "common";

/** An entry of `checks:` is filled in; undefined: it is not wanted. */
export class CheckFilledEvent extends Event {
  readonly entry: string | undefined;

  constructor(entry: string | undefined) {
    super("check-filled");
    this.entry = entry;
  }
}

/**
 * `<check-form>`: a check by choice, and beside it the YAML that it becomes.
 *
 * @fires check-filled - It is right, and wanted; or not wanted.
 */
@customElement("check-form")
export class CheckForm extends LitElement {
  /** What it begins with. */
  @property({ attribute: false }) draft: CheckDraft = emptyDraft;
  /** On the button. */
  @property() action = "Add check";
  @property({ attribute: false }) columns: readonly CellColumn[] = [];
  /** Names of the notebook's cells. */
  @property({ attribute: false }) cells: readonly string[] = [];
  /** Its rows are published. */
  @property({ type: Boolean }) stored = false;
  /** By then what is wrong is said at each field; before, only at those that were left. */
  @state() private isTried = false;
  @state() private left: ReadonlySet<string> = new Set();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>("select")?.focus();
  }

  get #of(): { readonly columns: readonly CellColumn[]; readonly isDataset: boolean } {
    return { columns: this.columns, isDataset: this.stored };
  }

  override render(): TemplateResult {
    const { kind } = this.draft;
    const problems = problemsOf(this.draft, this.#of);
    const draw = (group: Group) => (field: CheckField) =>
      this.#renderField(group, field, problems.get(`${group}.${field.key}`));
    return html`<form class="check-form" aria-label="Check" novalidate @submit=${this.#onSubmit}>
      <div class="check-fields">
        <label class="wide"
          >What has to hold
          <select aria-label="Kind of check" @change=${this.#onKind}>
            ${Object.entries(checkKinds).map(([name, { label }]) => html`<option value=${name} .selected=${name === kind}>${name} – ${label}</option>`)}
          </select>
        </label>
        ${checkKinds[kind].fields.map(draw("own"))}
        ${commonFields(kind, { isDataset: this.stored }).map(draw("common"))}
      </div>
      <div class="check-yaml">
        <span class="note">As YAML</span>
        <pre aria-label="The check as YAML">
${problems.size === 0 ? writeEntry(this.draft, this.#of) : html`<span class="muted">Fill in what it needs.</span>`}</pre>
        <button class="primary">${this.action}</button>
        <button type="button" @click=${() => this.dispatchEvent(new CheckFilledEvent(undefined))}>
          Cancel
        </button>
      </div>
    </form>`;
  }

  #renderField(group: Group, field: CheckField, problem: string | undefined): TemplateResult {
    const id = `${group}.${field.key}`;
    const isSaid = problem !== undefined && (this.isTried || this.left.has(id));
    return html`<div
      class="check-field ${field.type === "sql" ? "wide" : ""}"
      @focusout=${() => {
        this.left = new Set([...this.left, id]);
      }}
    >
      ${this.#renderInput(group, field, isSaid)}
      ${isSaid ? html`<span class="problem" role="alert">${problem}</span>` : nothing}
    </div>`;
  }

  #renderInput(group: Group, field: CheckField, isWrong: boolean): TemplateResult {
    const { key, label, type, choices = [] } = field;
    const filled = this.draft[group][key];
    const text = typeof filled === "string" ? filled : "";
    const set = (event: Event): void => {
      this.#set(group, key, (event.target as HTMLInputElement | HTMLSelectElement).value);
    };
    const wrong = isWrong ? "true" : nothing;
    switch (type) {
      case "columns":
        return this.#renderColumns(group, field, typeof filled === "object" ? filled : [], wrong);
      case "column":
        if (this.columns.length > 0)
          return this.#renderSelect(field, ["", ...this.columns.map(({ name }) => name)], {
            text,
            set,
            wrong,
          });
        break;
      case "cell":
        return this.#renderSelect(field, ["", ...this.cells], { text, set, wrong });
      case "choice":
        return this.#renderSelect(field, choices, { text, set, wrong });
      case "flag":
        return html`<label class="choice"
          ><input
            type="checkbox"
            .checked=${text !== ""}
            @change=${(event: Event) => {
              this.#set(group, key, (event.target as HTMLInputElement).checked ? "quarantine" : "");
            }}
          />
          ${label}</label
        >`;
      default:
    }
    return html`<label
      >${label}
      <input
        type="text"
        .value=${text}
        placeholder=${field.placeholder ?? nothing}
        spellcheck="false"
        autocomplete="off"
        aria-invalid=${wrong}
        @input=${set}
    /></label>`;
  }

  #renderSelect(
    { label }: CheckField,
    values: readonly string[],
    {
      text,
      set,
      wrong,
    }: { readonly text: string; readonly set: (event: Event) => void; readonly wrong: unknown },
  ): TemplateResult {
    return html`<label
      >${label}
      <select aria-invalid=${wrong} @change=${set}>
        ${values.map((value) => html`<option value=${value} .selected=${value === text}>${value === "" ? "…" : (choiceWords[value] ?? value)}</option>`)}
      </select></label
    >`;
  }

  /** Those that are chosen go by a click; another one comes by its choice, or by its name where none is known. */
  #renderColumns(
    group: Group,
    { key, label }: CheckField,
    chosen: readonly string[],
    wrong: unknown,
  ): TemplateResult {
    const add = (event: Event): void => {
      const field = event.target as HTMLInputElement | HTMLSelectElement;
      const name = field.value.trim();
      field.value = "";
      if (name !== "" && !chosen.includes(name)) this.#set(group, key, [...chosen, name]);
    };
    const free = this.columns.filter(({ name }) => !chosen.includes(name));
    return html`<div class="check-columns">
      <label
        >${label}
        ${
          this.columns.length === 0
            ? html`<input type="text" placeholder="column" aria-invalid=${wrong} @change=${add} />`
            : html`<select aria-invalid=${wrong} @change=${add}>
                <option value="">column …</option>
                ${free.map(({ name }) => html`<option value=${name}>${name}</option>`)}
              </select>`
        }</label
      >
      ${chosen.map(
        (name) =>
          html`<button
            type="button"
            class="outlined"
            aria-label="Without ${name}"
            @click=${() => {
              this.#set(
                group,
                key,
                chosen.filter((other) => other !== name),
              );
            }}
          >
            ${name} ${renderIcon("close")}
          </button>`,
      )}
    </div>`;
  }

  #set(group: Group, key: string, value: Filled[string]): void {
    this.draft = { ...this.draft, [group]: { ...this.draft[group], [key]: value } };
  }

  /** What the kinds have in common stays: the column, and the settings. */
  #onKind(event: Event): void {
    const kind = (event.target as HTMLSelectElement).value;
    if (!isCheckKind(kind)) return;
    const { own } = this.draft;
    const [first] = own["columns"] ?? [];
    const column = typeof own["column"] === "string" ? own["column"] : first;
    const columns = own["columns"] ?? (column === undefined || column === "" ? [] : [column]);
    this.isTried = false;
    this.left = new Set();
    this.draft = {
      ...this.draft,
      kind,
      own: { ...own, ...(column === undefined ? {} : { column }), columns },
    };
  }

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    this.isTried = true;
    if (problemsOf(this.draft, this.#of).size === 0)
      this.dispatchEvent(new CheckFilledEvent(writeEntry(this.draft, this.#of)));
    else void this.updateComplete.then(() => this.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "check-form": CheckForm;
  }
}
