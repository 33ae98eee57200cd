import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Api } from "../../server/api/protocol.js";
import { formatCount } from "../../server/text/format.js";
import { api, ApiError } from "../api-client.js";
import { readText } from "../read-text.js";
import { toHash } from "../router.js";
import { AskingDialog } from "./asking-dialog.js";

type Imported = Api["POST /api/notebooks/import"]["answer"];

/** What became of a file that belongs into input/. */
interface SeedOutcome {
  readonly name: string;
  readonly problem?: string;
}

/**
 * `<import-dialog>`: makes a notebook of a file or a project of another program, and says what is not as it was.
 * @fires imported There is a new notebook.
 */
@customElement("import-dialog")
export class ImportDialog extends AskingDialog {
  @state() private imported: Imported | undefined;
  @state() private seeds: readonly SeedOutcome[] = [];
  @query("input[name=file]") private filePicker!: HTMLInputElement;
  @query("input[name=folder]") private folderPicker!: HTMLInputElement;

  async show(): Promise<void> {
    this.imported = undefined;
    this.seeds = [];
    await this.open();
  }

  override render(): TemplateResult {
    const { imported } = this;
    return html`<dialog aria-label="Import">
      ${imported === undefined ? this.#renderChoice() : this.#renderOutcome(imported)}
      <input
        type="file"
        name="file"
        hidden
        accept=".md,.markdown,.sql,.ipynb,.py,.html,.json"
        aria-label="Notebook to import"
        @change=${this.#onFile}
      />
      <input
        type="file"
        name="folder"
        hidden
        webkitdirectory
        aria-label="Folder of a dbt project"
        @change=${this.#onFolder}
      />
    </dialog>`;
  }

  #renderChoice(): TemplateResult {
    return html`<h2>Import a notebook</h2>
      <p>
        The SQL of a <b>Jupyter</b> notebook (.ipynb), a <b>marimo</b> notebook (.py, .md), an
        <b>Observable</b> notebook (.html, .json) or page (.md), a <b>SQL script</b>, or a Lakebook notebook
        (.md).
      </p>
      <button class="primary" autofocus ?disabled=${this.isBusy} @click=${() => this.filePicker.click()}>
        Choose a file…
      </button>
      <p>The models, tests and seeds of a <b>dbt</b> project, as one notebook.</p>
      <button class="outlined" ?disabled=${this.isBusy} @click=${() => this.folderPicker.click()}>
        Choose a project’s folder…
      </button>
      <p class="note">Nothing is run. What cannot be carried over stays in the notebook, with the reason.</p>
      ${this.renderFooter(nothing)}`;
  }

  #renderOutcome({ name, cells, left }: Imported): TemplateResult {
    return html`<h2><code>${name}</code> is imported</h2>
      <p role="status">
        ${formatCount(cells, "cell")}${
          left.length === 0 ? "." : `; ${formatCount(left.length, "place")} not as it was:`
        }
      </p>
      ${
        left.length === 0
          ? nothing
          : html`<ul class="left-out" tabindex="0" aria-label="Not as it was">
              ${left.map(({ line, why }) => html`<li><small>line ${line}</small> ${why}</li>`)}
            </ul>`
      }
      ${
        this.seeds.length === 0
          ? nothing
          : html`<ul class="left-out" aria-label="Files added to input/">
              ${this.seeds.map(
                ({ name: file, problem }) =>
                  html`<li>
                    <code>input/${file}</code>
                    ${problem === undefined ? "was added" : html`<span class="failed">${problem}</span>`}
                  </li>`,
              )}
            </ul>`
      }
      <footer>
        <a class="button primary" href=${toHash({ page: "notebook", name })} @click=${this.close}>Open it</a>
        <span class="spacer"></span><button type="button" @click=${this.close}>Close</button>
      </footer>`;
  }

  readonly #onFile = (): void => {
    const [file] = this.filePicker.files ?? [];
    if (file === undefined) return;
    void this.ask(async () => {
      const text = await readText(file);
      this.#done(
        await api.importNotebook(file.name, /\.ipynb$/i.test(file.name) ? withoutOutputs(text) : text),
      );
    });
    this.filePicker.value = "";
  };

  readonly #onFolder = (): void => {
    const files = [...(this.folderPicker.files ?? [])];
    if (files.length === 0) return;
    const byPath = new Map(files.map((file) => [file.webkitRelativePath, file]));
    void this.ask(async () => {
      const sent: { readonly path: string; readonly text: string }[] = [];
      for (const [path, file] of byPath)
        if (isOfProject(path)) sent.push({ path, text: /\.csv$/i.test(path) ? "" : await readText(file) });
      const imported = await api.importProject(sent);
      this.#done(imported);
      for (const { path, name } of imported.seeds) await this.#addSeed(name, byPath.get(path));
    });
    this.folderPicker.value = "";
  };

  async #addSeed(name: string, file: File | undefined): Promise<void> {
    if (file === undefined) return;
    let outcome: SeedOutcome = { name };
    try {
      await api.addInput(name, file);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      outcome = { name, problem: [error.message, error.hint ?? ""].join(" ").trim() };
    }
    this.seeds = [...this.seeds, outcome];
  }

  /** Where all is as it was, there is nothing to read before it is opened. */
  #done(imported: Imported): void {
    this.imported = imported;
    this.dispatchEvent(new Event("imported"));
    if (imported.left.length > 0 || imported.seeds.length > 0) return;
    this.close();
    location.hash = toHash({ page: "notebook", name: imported.name });
  }
}

/** What `dbt` reads itself, without what it makes. */
function isOfProject(path: string): boolean {
  return (
    /\.(sql|ya?ml|csv)$/i.test(path) && !/(^|\/)(\.[^/]+|node_modules|target|dbt_packages|logs)\//.test(path)
  );
}

/** Outputs are most of a file, and are not imported. */
function withoutOutputs(text: string): string {
  try {
    const notebook = JSON.parse(text) as { cells?: { outputs?: unknown; attachments?: unknown }[] };
    for (const cell of notebook.cells ?? []) {
      delete cell.outputs;
      delete cell.attachments;
    }
    return JSON.stringify(notebook);
  } catch {
    return text;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "import-dialog": ImportDialog;
  }
}
