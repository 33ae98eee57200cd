import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { formatCount, formatType, formatValue } from "../../server/text/format.js";
import type { Api, Column } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { dialogOfPage, PreviewingDialog } from "../elements/previewing-dialog.js";

type Choices = NonNullable<Api["POST /api/input/look"]["sent"]["body"]["read"]>;
type ChosenKind = NonNullable<Choices["types"]>[string];

const FIRST_ROWS = 20;
/** Of a file with very many: the rest is read too. */
const SHOWN_COLUMNS = 60;

const kinds: readonly (readonly [ChosenKind, string])[] = [
  ["text", "text"],
  ["integer", "whole number"],
  ["float", "number"],
  ["boolean", "true or false"],
  ["date", "date"],
  ["time", "time"],
  ["timestamp", "date and time"],
];

interface Shown {
  readonly sql: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly unknown[])[];
}

export interface FileToRead {
  readonly notebook: string;
  /** As SQL names it. */
  readonly path: string;
  /** How the upload found that it is read. */
  readonly sql?: string | undefined;
}

/** `<read-dialog>`: how a CSV file is to be read, with its first rows, before there is a cell of it. */
@customElement("read-dialog")
export class ReadDialog extends PreviewingDialog<Shown, string> {
  @state() private file: FileToRead = { notebook: "", path: "" };
  @state() private choices: Choices = {};
  /** As it was found. */
  #isTouched = false;

  /** The one of the page. */
  static here(): ReadDialog {
    return dialogOfPage("read-dialog");
  }

  /** The query of the cell that is to be made; undefined: none. */
  choose(file: FileToRead): Promise<string | undefined> {
    this.file = file;
    this.choices = {};
    this.#isTouched = file.sql === undefined;
    return this.openFor();
  }

  override render(): TemplateResult {
    const { shown } = this;
    return html`<dialog class="reading" aria-label="How the file is read" @close=${this.leave}>
      <form
        method="dialog"
        @submit=${() => {
          this.reply(this.shown?.sql);
        }}
      >
        <h2>How <code>${this.file.path}</code> is read</h2>
        ${this.#renderChoices()} ${this.renderProblem()}
        <div
          class="first-rows ${this.isOld ? "of-before" : ""}"
          tabindex="0"
          role="region"
          aria-label="First rows"
          aria-busy=${this.isBusy}
        >
          ${this.renderAnswer(shown, (rows) => this.#renderRows(rows))}
        </div>
        ${shown === undefined ? nothing : html`<pre class="sql" tabindex="0" aria-label="SQL of the cell">${shown.sql}</pre>`}
        ${this.renderFooter(html`<button class="primary" ?disabled=${shown === undefined || this.isOld}>Make the cell</button>`, "Cancel", nothing)}
      </form>
    </dialog>`;
  }

  #renderChoices(): TemplateResult | typeof nothing {
    if (!/\.(csv|tsv|tab|txt)(\.(gz|zst))?$/i.test(this.file.path)) return nothing;
    const { delimiter, decimal, thousands, encoding, header } = this.choices;
    return html`<div class="read-choices">
      ${this.#renderSelect(
        "Delimiter",
        delimiter ?? "",
        [
          ["", "as found"],
          [",", "comma"],
          [";", "semicolon"],
          ["\t", "tab"],
          ["|", "bar"],
        ],
        (value) => ({ delimiter: value }),
      )}
      ${this.#renderSelect(
        "Decimal sign",
        decimal ?? "",
        [
          ["", "as found"],
          [".", "point"],
          [",", "comma"],
        ],
        (value) => ({ decimal: value as "," }),
      )}
      ${this.#renderSelect(
        "Thousands sign",
        thousands ?? "",
        [
          ["", "as found"],
          ["none", "none"],
          [".", "point"],
          [",", "comma"],
        ],
        (value) => ({ thousands: value as "none" }),
      )}
      ${this.#renderSelect(
        "Encoding",
        encoding ?? "",
        [
          ["", "as found"],
          ["utf-8", "UTF-8"],
          ["latin-1", "Latin-1"],
          ["utf-16", "UTF-16"],
        ],
        (value) => ({ encoding: value as "latin-1" }),
      )}
      ${this.#renderSelect(
        "First line",
        header === undefined ? "" : String(header),
        [
          ["", "as found"],
          ["true", "names"],
          ["false", "values"],
        ],
        (value) => ({ header: value === "true" }),
      )}
    </div>`;
  }

  /** The first option is that nothing is said. */
  #renderSelect(
    label: string,
    chosen: string,
    options: readonly (readonly [value: string, label: string])[],
    toChoice: (value: string) => Choices,
  ): TemplateResult {
    return html`<label
      >${label}
      <select
        @change=${(event: Event) => {
          const { value } = event.target as HTMLSelectElement;
          const [key = ""] = Object.keys(toChoice(value));
          const { [key as keyof Choices]: _, ...rest } = this.choices;
          this.#change(value === "" ? rest : { ...rest, ...toChoice(value) });
        }}
      >
        ${options.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}
      </select></label
    >`;
  }

  #renderRows({ columns, rows }: Shown): TemplateResult {
    const shown = columns.slice(0, SHOWN_COLUMNS);
    return html`<table class="plain">
        <thead>
          <tr>
            ${shown.map((column) => html`<th>${column.name}${this.#renderType(column)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${shown.map(({ kind }, index) => {
                  const value = formatValue(row[index], kind);
                  return html`<td class=${value.kind}>${value.text}</td>`;
                })}
              </tr>`,
          )}
        </tbody>
      </table>
      ${columns.length > shown.length ? html`<p class="note">and ${formatCount(columns.length - shown.length, "more column", "more columns")}</p>` : nothing}`;
  }

  #renderType({ name, type }: Column): TemplateResult {
    const chosen = this.choices.types?.[name];
    return html`<select
      aria-label="Type of ${name}"
      @change=${(event: Event) => {
        const value = (event.target as HTMLSelectElement).value as ChosenKind | "";
        const { [name]: _, ...others } = this.choices.types ?? {};
        const types = value === "" ? others : { ...others, [name]: value };
        const { types: _types, ...rest } = this.choices;
        this.#change(Object.keys(types).length === 0 ? rest : { ...rest, types });
      }}
    >
      <option value="">${chosen === undefined ? formatType(type) : "as found"}</option>
      ${kinds.map(([kind, label]) => html`<option value=${kind} ?selected=${kind === chosen}>${label}</option>`)}
    </select>`;
  }

  #change(choices: Choices): void {
    this.choices = choices;
    this.#isTouched = true;
    void this.look();
  }

  protected override async load(signal: AbortSignal): Promise<Shown> {
    const { path, sql, notebook } = this.file;
    if (!this.#isTouched && sql !== undefined)
      return { sql, ...(await api.query(notebook, { sql, limit: FIRST_ROWS }, signal)) };
    const found = await api.lookAt({ path, read: this.choices, rows: FIRST_ROWS }, signal);
    if ("problem" in found) throw new ApiError(200, { error: found.problem });
    return found;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "read-dialog": ReadDialog;
  }
}
