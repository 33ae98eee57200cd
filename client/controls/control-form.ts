import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { LocatedDiagnostic } from "../../server/api/protocol.js";
import { writeClipboard } from "../grid/write-clipboard.js";
import { YamlForm, type Choice } from "../elements/yaml-form.js";
import {
  choicesOf,
  fieldsOf,
  keyOf,
  readField,
  whyFixed,
  writeField,
  type ControlField,
} from "./control-form-fields.js";

/** `<control-form>`: the options of a control by choice. */
@customElement("control-form")
export class ControlForm extends YamlForm<ControlField> {
  /** Of the cell. */
  @property({ attribute: false }) diagnostics: readonly LocatedDiagnostic[] = [];
  /** The line of the file on which its YAML begins. */
  @property({ type: Number }) firstLine = 1;

  /** By type: the YAML that was left for another type. */
  @state() private isCopied = false;
  readonly #left = new Map<string, string>();
  #written = "";

  protected override renderForm(): TemplateResult {
    return html`<div class="chart-form" role="group" aria-label="Options of ${this.cell}">
        ${fieldsOf(this.yaml).map((field) => this.renderField(field))}
      </div>
      <p class="note control-use">
        In SQL: <code>$${this.cell}</code>
        <button type="button" class="outlined" aria-label="Copy $${this.cell}" @click=${this.#copy}>
          ${this.isCopied ? "Copied" : "Copy"}
        </button>
        ${whyFixed(this.yaml)}
      </p>`;
  }

  readonly #copy = async (): Promise<void> => {
    await writeClipboard(`$${this.cell}`);
    this.isCopied = true;
  };

  protected override choicesOf(field: ControlField): readonly Choice[] {
    return choicesOf(this.yaml, field);
  }

  protected override textOf(field: ControlField): string | undefined {
    return readField(this.yaml, field);
  }

  protected override problemOf({ key }: ControlField): string {
    return this.diagnostics
      .filter((item) => keyOf(item, this.yaml, this.firstLine) === key)
      .map(({ message, hint }) => [message, hint].filter(Boolean).join(". "))
      .join(" ");
  }

  protected override write(field: ControlField, value: string): void {
    if (field.key === "type") this.#writeType(field, value);
    else this.tell(writeField(this.yaml, field, value));
  }

  /** Types can be tried: what one has no use for is there again when it is chosen again, unless something else was changed. */
  #writeType(field: ControlField, type: string): void {
    if (this.yaml !== this.#written) this.#left.clear();
    this.#left.set(this.textOf(field) ?? "", this.yaml);
    this.#written = this.#left.get(type) ?? writeField(this.yaml, field, type);
    this.tell(this.#written);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "control-form": ControlForm;
  }
}
