import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { cellKinds } from "../../server/notebook/cell-kinds.js";
import { formatCount } from "../../server/text/format.js";
import { kinds } from "../kinds/kinds.js";
import type { CellView } from "../../server/api/protocol.js";
import {
  addOption,
  contractOf,
  hasOption,
  isEditable,
  listOption,
  setListOption,
} from "../../server/notebook/edit-options.js";
import type { ChecksChangeEvent } from "../checks/check-entries.js";
import "../checks/check-entries.js";
import { CellOptionsChangeEvent } from "./cell-events.js";
import "./yaml-field.js";
import type { YamlChangeEvent } from "./yaml-field.js";
import { renderIcon } from "../styles/icon.js";

const formats = ["parquet", "csv", "json"] as const;
type ListKey = "materialize" | "partition_by" | "key";

/**
 * The settings of a SQL or a check cell: a form for the common ones above the YAML that it writes.
 *
 * @fires cell-options-change - The form or the YAML was edited.
 */
@customElement("cell-settings")
export class CellSettings extends LitElement {
  @property({ attribute: false }) cell!: CellView;
  /** The option lines without their mark. */
  @property() yaml = "";
  /** Names of the notebook's cells. */
  @property({ attribute: false }) cells: readonly string[] = [];

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    const { cell, yaml } = this;
    return html`${cellKinds[cell.kind].isRelation ? this.#renderForm() : nothing}
      <label
        >Settings of <code>${cell.name}</code>, as YAML
        <yaml-field
          .leastRows=${3}
          .value=${yaml}
          @yaml-change=${({ text, isDraft }: YamlChangeEvent) => {
            this.#tell(text, isDraft);
          }}
        ></yaml-field>
      </label>
      <p class="note">${kinds[cell.kind].settings}</p>`;
  }

  #renderForm(): TemplateResult {
    if (!isEditable(this.yaml))
      return html`<p class="note">
        There is a fault in the YAML: correct it here, then it can be set by choice too.
      </p>`;
    return html`<div class="settings-form">
      ${this.#renderFormats()}
      ${this.#isMaterialized ? this.#renderColumns("partition_by", "Partition by", "A folder for each value") : nothing}
      ${this.#renderColumns("key", "Key", "What makes a row the only one of its kind: checked, and used to tell what changes")}
      ${this.#renderChecks()} ${this.#renderContract()}
    </div>`;
  }

  get #isMaterialized(): boolean {
    return listOption(this.yaml, "materialize")?.length !== 0;
  }

  #renderFormats(): TemplateResult {
    const chosen = listOption(this.yaml, "materialize");
    if (chosen === undefined) return this.#renderByHand("Materialize");
    const [first, ...others] = chosen;
    const onFirst = (event: Event): void => {
      const { value } = event.target as HTMLSelectElement;
      const rest = others.filter((format) => format !== value);
      this.#set("materialize", value === "" ? [] : [value, ...rest]);
    };
    const onOther = (format: string, isChosen: boolean): void => {
      const rest = chosen.filter((other) => other !== format);
      this.#set("materialize", isChosen ? [...rest, format] : rest);
    };
    return this.#renderRow(
      "Materialize",
      "As what the result is published as a dataset; cells below read the first",
      html`<select aria-label="Materialize as" @change=${onFirst}>
          <option value="" .selected=${first === undefined}>not materialized</option>
          ${formats.map((format) => html`<option value=${format} .selected=${format === first}>${format}</option>`)}
        </select>
        ${
          first === undefined
            ? nothing
            : formats
                .filter((format) => format !== first)
                .map(
                  (format) =>
                    html`<label class="choice"
                      ><input
                        type="checkbox"
                        .checked=${others.includes(format)}
                        @change=${(event: Event) => {
                          onOther(format, (event.target as HTMLInputElement).checked);
                        }}
                      />
                      ${format} too</label
                    >`,
                )
        }`,
    );
  }

  #renderColumns(key: ListKey, label: string, hint: string): TemplateResult {
    const chosen = listOption(this.yaml, key);
    if (chosen === undefined) return this.#renderByHand(label);
    const remove = (event: Event, column: string): void => {
      this.#fieldOf(event)?.focus();
      this.#set(
        key,
        chosen.filter((other) => other !== column),
      );
    };
    const add = (event: Event): void => {
      const field = this.#fieldOf(event);
      const column = field?.value.trim() ?? "";
      if (field === null || column === "") return;
      field.value = "";
      if (!chosen.includes(column)) this.#set(key, [...chosen, column]);
    };
    return this.#renderRow(
      label,
      hint,
      html`${chosen.map(
          (column) =>
            html`<button
              class="outlined"
              aria-label="Remove ${column} from ${key}"
              @click=${(event: Event) => {
                remove(event, column);
              }}
            >
              ${column} ${renderIcon("close")}
            </button>`,
        )}
        ${this.#renderColumnField(`Column for ${key}`, chosen, add)}
        <button aria-label="Add to ${key}" @click=${add}>Add</button>`,
    );
  }

  /** A choice where the columns are known. */
  #renderColumnField(
    label: string,
    taken: readonly string[],
    onEnter: (event: Event) => void,
  ): TemplateResult {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Enter") onEnter(event);
    };
    const { columns } = this.cell;
    return columns === undefined
      ? html`<input class="field" aria-label=${label} placeholder="column" @keydown=${onKey} />`
      : html`<select class="field" aria-label=${label}>
          <option value="">column …</option>
          ${columns.filter(({ name }) => !taken.includes(name)).map(({ name }) => html`<option value=${name}>${name}</option>`)}
        </select>`;
  }

  #renderChecks(): TemplateResult {
    return this.#renderRow(
      "Checks",
      "What has to hold before anything is published",
      html`<check-entries
        .yaml=${this.yaml}
        .columns=${this.cell.columns ?? []}
        .cells=${this.cells}
        ?stored=${this.#isMaterialized}
        @checks-change=${(event: ChecksChangeEvent) => {
          this.#tell(event.yaml);
        }}
      ></check-entries>`,
    );
  }

  /** Once it is there, it is edited as YAML. */
  #renderContract(): TemplateResult | typeof nothing {
    const { columns } = this.cell;
    if (
      columns === undefined ||
      columns.length === 0 ||
      !this.#isMaterialized ||
      hasOption(this.yaml, "columns")
    )
      return nothing;
    return this.#renderRow(
      "Contract",
      "A run that gives other columns or types fails",
      html`<button
          @click=${() => {
            this.#tell(addOption(this.yaml, contractOf(columns)));
          }}
        >
          Add a contract for the ${formatCount(columns.length, "column")}</button
        ><small>the columns and types that the dataset promises, as they are now</small>`,
    );
  }

  #renderRow(label: string, hint: string, content: TemplateResult): TemplateResult {
    return html`<div class="settings-row" role="group" aria-label=${label}>
      <span title=${hint}>${label}</span>
      <div>${content}</div>
    </div>`;
  }

  #renderByHand(label: string): TemplateResult {
    return this.#renderRow(label, "", html`<span class="note">as the YAML says</span>`);
  }

  /** The field beside a button. */
  #fieldOf(event: Event): HTMLSelectElement | HTMLInputElement | null {
    const row = (event.target as HTMLElement).closest(".settings-row");
    return row?.querySelector<HTMLSelectElement | HTMLInputElement>(".field") ?? null;
  }

  #set(key: ListKey, texts: readonly string[]): void {
    this.#tell(setListOption(this.yaml, key, texts));
  }

  #tell(yaml: string, isDraft = false): void {
    this.dispatchEvent(new CellOptionsChangeEvent(yaml, isDraft));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cell-settings": CellSettings;
  }
}
