import { html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Api, CellRowsPage } from "../../server/api/protocol.js";
import { formatCount, formatValue } from "../../server/text/format.js";
import { api, call } from "../api-client.js";
import { AskingDialog } from "../elements/asking-dialog.js";
import { renderRows, type ShownRow } from "../elements/rows-table.js";

/** Rows that are offered; others are searched for. */
const OFFERED = 20;
const MOST_CHOSEN = 10;
const SEARCH_WAIT_MS = 300;

export type TestDraft = Api["POST /api/notebooks/{name}/cells/{cell}/test"]["answer"];

/** `<test-dialog>`: rows of a cell are chosen, and become a test of it with the rows of its parents that they come from. */
@customElement("test-dialog")
export class TestDialog extends AskingDialog {
  @state() private of: { readonly notebook: string; readonly cell: string } = { notebook: "", cell: "" };
  @state() private page: CellRowsPage | undefined;
  @state() private chosen: ReadonlySet<string> = new Set();
  #rows = new Map<string, readonly unknown[]>();
  #add: (draft: TestDraft) => void = () => undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  async show(of: TestDialog["of"], add: (draft: TestDraft) => void): Promise<void> {
    this.of = of;
    this.page = undefined;
    this.chosen = new Set();
    this.#rows = new Map();
    this.#add = add;
    await this.open();
    await this.#load("");
  }

  override render(): TemplateResult {
    const { chosen } = this;
    const words = chosen.size === 0 ? "its first rows" : formatCount(chosen.size, "row");
    return html`<dialog class="test" aria-label="Make a test">
      <h2>Make a test of <code>${this.of.cell}</code></h2>
      <p class="note">
        The rows that you choose become a test, with the rows of its parents that they come from. What is
        expected is what comes out now: correct it to what should.
      </p>
      <input
        type="search"
        aria-label="Search rows"
        placeholder="Search its rows"
        @input=${(event: Event) => {
          this.#search((event.target as HTMLInputElement).value);
        }}
      />
      ${this.renderAnswer(this.page, (page) => this.#renderRows(page))}
      ${this.renderFooter(
        html`<button class="primary" ?disabled=${this.isBusy || this.page === undefined} @click=${this.#make}>
          Make a test of ${words}
        </button>`,
      )}
    </dialog>`;
  }

  #renderRows({ columns, rows }: CellRowsPage): TemplateResult {
    if (rows.length === 0) return html`<p role="status">No row matches.</p>`;
    return renderRows(
      "Rows",
      columns,
      rows.map((row) => this.#toShown(columns, row)),
    );
  }

  #toShown(columns: CellRowsPage["columns"], row: readonly unknown[]): ShownRow {
    const key = JSON.stringify(row);
    const isChosen = this.chosen.has(key);
    const words = row.map((value, at) => formatValue(value, columns[at]?.kind ?? "other").text);
    const head = html`<td>
      <input
        type="checkbox"
        aria-label="Row ${words.slice(0, 2).join(", ")}"
        .checked=${isChosen}
        ?disabled=${!isChosen && this.chosen.size >= MOST_CHOSEN}
        @change=${() => {
          const chosen = new Set(this.chosen);
          if (isChosen) chosen.delete(key);
          else chosen.add(key);
          this.#rows.set(key, row);
          this.chosen = chosen;
        }}
      />
    </td>`;
    return {
      head,
      values: words.map((text) => ({ content: text.length > 80 ? `${text.slice(0, 80)}…` : text })),
    };
  }

  #search(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(text.trim()), SEARCH_WAIT_MS);
  }

  #load(text: string): Promise<void> {
    const { notebook, cell } = this.of;
    return this.ask(async () => {
      const filter = text === "" ? {} : { filter: [text] };
      this.page = await api.cellRows(notebook, cell, { limit: OFFERED, ...filter });
    });
  }

  readonly #make = (): void => {
    const { notebook: name, cell } = this.of;
    const names = this.page?.columns.map((column) => column.name) ?? [];
    const rows = [...this.chosen].map((key) => {
      const row = this.#rows.get(key) ?? [];
      return Object.fromEntries(names.map((column, at) => [column, plain(row[at])]));
    });
    void this.ask(async () => {
      const draft = await call("POST /api/notebooks/{name}/cells/{cell}/test", {
        params: { name, cell },
        body: { rows },
      });
      this.close();
      this.#add(draft);
    });
  };
}

/** As the engine writes it; of a nested value the server looks at no part. */
function plain(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

declare global {
  interface HTMLElementTagNameMap {
    "test-dialog": TestDialog;
  }
}
