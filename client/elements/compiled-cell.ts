import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CompiledCell, ExpectedProblem, Explanation } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { AskAgain } from "../ask-again.js";
import { toText } from "../../server/text/format.js";
import { writeClipboard } from "../grid/write-clipboard.js";

type Shown =
  | { readonly type: "sql"; readonly compiled: CompiledCell }
  | { readonly type: "explain"; readonly plan: Explanation }
  | ({ readonly type: "problem" } & ExpectedProblem);

/** `<compiled-cell>`: what the engine is sent for a cell, or how it would compute it. */
@customElement("compiled-cell")
export class CompiledCellElement extends LitElement {
  @property() notebook = "";
  @property() cell = "";
  @property() what: "sql" | "explain" = "sql";
  @property({ attribute: false }) parameters: Readonly<Record<string, unknown>> = {};
  /** Changes when the text or what it reads may have changed. */
  @property() refreshKey = "";
  @state() private shown: Shown | undefined;
  @state() private isCopied = false;
  #asked = 0;
  readonly #again = new AskAgain(this, () => void this.#load());

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("what") || changed.has("cell")) this.shown = undefined;
    const asks = (["notebook", "cell", "what", "parameters", "refreshKey"] as const).some((name) =>
      changed.has(name),
    );
    if (asks) void this.#load();
  }

  /** The answer to an older question is dropped. */
  async #load(): Promise<void> {
    const asked = ++this.#asked;
    const shown = await this.#ask();
    if (asked !== this.#asked) return;
    this.shown = shown;
    this.isCopied = false;
  }

  async #ask(): Promise<Shown> {
    const { notebook, cell, parameters } = this;
    try {
      const answer =
        this.what === "sql"
          ? await api.compiledCell(notebook, cell, parameters)
          : await api.explainCell(notebook, cell, parameters);
      this.#again.note();
      if ("problem" in answer) return { type: "problem", ...answer };
      return "sql" in answer ? { type: "sql", compiled: answer } : { type: "explain", plan: answer };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#again.note(error);
      const { code, message, hint } = error;
      return { type: "problem", problem: { code, message, ...(hint === undefined ? {} : { hint }) } };
    }
  }

  override render(): TemplateResult {
    const { shown } = this;
    if (shown === undefined) return html`<div class="skeleton" aria-busy="true"></div>`;
    switch (shown.type) {
      case "problem":
        return html`<p class="note" role="status">
          ${shown.problem.message} ${shown.problem.hint ?? nothing}
        </p>`;
      case "sql":
        return html`${this.#renderSql(shown.compiled)} ${renderParameters(shown.compiled)}`;
      case "explain":
        return this.#renderText(shown.plan.text, "Plan");
    }
  }

  /** Of a cell that Spark computes both are shown: its previews, checks and charts are DuckDB's. */
  #renderSql({ sql, duckdb }: CompiledCell): TemplateResult {
    if (duckdb === undefined) return this.#renderText(sql, "SQL");
    return html`<h4 class="compiled-for">Spark computes it by</h4>
      ${this.#renderText(sql, "Spark's SQL")}
      <h4 class="compiled-for">DuckDB previews it by</h4>
      ${this.#renderText(duckdb, "DuckDB's SQL")}`;
  }

  #renderText(text: string, label: string): TemplateResult {
    return html`<div class="compiled">
      <button class="outlined copy" @click=${() => void this.#copy(text)}>
        ${this.isCopied ? "Copied" : "Copy"}
      </button>
      <pre class="compiled-text" tabindex="0" role="region" aria-label="${label} of ${this.cell}">
${text}</pre>
    </div>`;
  }

  async #copy(text: string): Promise<void> {
    await writeClipboard(text);
    this.isCopied = true;
  }
}

function renderParameters({ parameters, reads }: CompiledCell): TemplateResult {
  return html`${
    parameters.length === 0
      ? nothing
      : html`<table class="bound">
          <caption>
            Bound to its parameters
          </caption>
          <thead>
            <tr>
              <th scope="col">Parameter</th>
              <th scope="col">Type</th>
              <th scope="col">Value</th>
            </tr>
          </thead>
          <tbody>
            ${parameters.map(
              ({ name, type, value }) =>
                html`<tr>
                  <th scope="row"><code>$${name}</code></th>
                  <td>${type}</td>
                  <td><code>${toText(value, "text")}</code></td>
                </tr>`,
            )}
          </tbody>
        </table>`
  }
  ${
    reads.length === 0
      ? nothing
      : html`<p class="note">
          Reads the stored rows of
          ${reads.map((name, index) => html`${index === 0 ? nothing : ", "}<code>${name}</code>`)}.
        </p>`
  }`;
}
