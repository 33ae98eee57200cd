import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { NotebookSummary, PublishedListing, RunView } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { formatCount, formatTimestamp } from "../../server/text/format.js";
import { toHash } from "../router.js";
import { may, whyNot } from "../session.js";
import "../elements/import-dialog.js";
import type { ImportDialog } from "../elements/import-dialog.js";
import { renderIcon } from "../styles/icon.js";
import { renderStatusMark } from "../styles/status-mark.js";

const REFRESH_MS = 1500;
const RUNS = 200;

const starter = (title: string): string => `---
title: ${JSON.stringify(title)}
---

# ${title}

What this notebook is about.

\`\`\`sql
--| cell: cell_1
SELECT 1 AS one
\`\`\`
`;

/** What was just done; with `trash`, it can be undone. */
interface Note {
  readonly text: string;
  readonly trash?: string;
}

/** `<home-page>`: the workspace's notebooks, what each of them published, and how its last run ended. */
@customElement("home-page")
export class HomePage extends LitElement {
  @state() private notebooks: readonly NotebookSummary[] | undefined;
  @state() private runs: readonly RunView[] = [];
  @state() private datasets: readonly PublishedListing[] = [];
  @state() private search = "";
  @state() private problem: ApiError | undefined;
  @state() private note: Note | undefined;
  /** The notebook whose new name is asked for. */
  @state() private renamed: string | undefined;
  @state() private renameProblem = "";
  @query("dialog.new") private newDialog!: HTMLDialogElement;
  @query("dialog.rename") private renameDialog!: HTMLDialogElement;
  @query("import-dialog") private importDialog!: ImportDialog;
  #timer: ReturnType<typeof setTimeout> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#try(() => this.#load());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  async #load(): Promise<void> {
    const [notebooks, { runs }, { datasets }] = await Promise.all([
      api.notebooks(),
      api.runs(undefined, RUNS),
      api.lake(1),
    ]);
    this.notebooks = notebooks;
    this.runs = [...runs, ...(runs.length < RUNS ? [] : await olderRuns(notebooks, runs))];
    this.datasets = datasets.filter((dataset) => dataset.isLatest);
    clearTimeout(this.#timer);
    // The server reads the SQL of a notebook after it has answered the first time.
    const isUnsettled =
      notebooks.some((notebook) => notebook.isIncomplete === true) || runs.some((run) => run.isRunning);
    if (this.isConnected && isUnsettled) this.#timer = setTimeout(() => void this.#refresh(), REFRESH_MS);
  }

  /** Nobody asked for it: it takes no message away. */
  async #refresh(): Promise<void> {
    try {
      await this.#load();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error;
    }
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.problem = undefined;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error;
    }
  }

  override render(): TemplateResult {
    const shown = this.notebooks?.filter((notebook) => matches(notebook, this.search));
    return html`<main class="page home">
      <header class="page-head">
        <h1>Notebooks</h1>
        <input
          type="search"
          placeholder="Search"
          aria-label="Search notebooks"
          .value=${this.search}
          @input=${(event: Event) => (this.search = (event.target as HTMLInputElement).value)}
        />
        ${
          may("edit")
            ? html`<button
                  class="outlined"
                  title="Of Jupyter, marimo, Observable, dbt, or a SQL script"
                  @click=${() => this.importDialog.show()}
                >
                  Import…
                </button>
                <button class="primary" @click=${this.#onNew}>New notebook</button>`
            : html`<span class="note">${whyNot("edit")}</span>`
        }
      </header>
      ${
        this.problem === undefined
          ? nothing
          : html`<p class="problem" role="alert">${this.problem.message} ${this.problem.hint}</p>`
      }
      ${shown === undefined && this.problem === undefined ? html`<div class="skeleton tall" aria-busy="true"></div>` : nothing}
      <ul class="cards">
        ${repeat(
          shown ?? [],
          (notebook) => notebook.name,
          (notebook) => this.#renderNotebook(notebook),
        )}
      </ul>
      ${shown?.length === 0 ? html`<p class="note">${this.search === "" ? "There is no notebook yet." : "No notebook matches."}</p>` : nothing}
      ${this.#renderNewDialog()} ${this.#renderRenameDialog()}
      <import-dialog @imported=${() => this.#try(() => this.#load())}></import-dialog>
      <div class="toast" role="status" ?hidden=${this.note === undefined}>
        <span>${this.note?.text}</span>
        ${this.note?.trash === undefined ? nothing : html`<button class="undo" @click=${this.#onUndo}>Undo</button>`}
        <button aria-label="Dismiss" @click=${() => (this.note = undefined)}>${renderIcon("close")}</button>
      </div>
    </main>`;
  }

  #renderNotebook(notebook: NotebookSummary): TemplateResult {
    const { name, title } = notebook;
    return html`<li class="card">
      <div class="card-head">
        <a href=${toHash({ page: "notebook", name })}><h2>${title}</h2></a>
        <span class="card-actions" ?hidden=${!may("edit")}>
          <button
            aria-label="Rename ${title}"
            @click=${() => {
              this.#onRename(name);
            }}
          >
            Rename</button
          ><button aria-label="Duplicate ${title}" @click=${() => this.#onDuplicate(name)}>Duplicate</button
          ><button aria-label="Delete ${title}" @click=${() => this.#onDelete(name)}>Delete</button>
        </span>
      </div>
      ${notebook.description === undefined ? nothing : html`<p>${notebook.description}</p>`}
      <p class="meta">
        <code>${name}</code> · ${formatCount(notebook.cells, "cell")}
        ${notebook.schedule === undefined ? nothing : html` · scheduled`}
        ${notebook.errors > 0 ? html` · <span class="failed">${renderStatusMark("failed")} ${formatCount(notebook.errors, "error")}</span>` : nothing}
        ${notebook.warnings > 0 ? html` · <span class="warned">${renderStatusMark("warned")} ${formatCount(notebook.warnings, "warning")}</span>` : nothing}
      </p>
      ${this.#renderDatasets(notebook)} ${this.#renderLastRun(name)}
    </li>`;
  }

  #renderDatasets(notebook: NotebookSummary): TemplateResult | typeof nothing {
    if (notebook.datasets.length === 0) return nothing;
    const published = new Set(
      this.datasets.filter((item) => item.notebook === notebook.name).map((item) => item.dataset),
    );
    return html`<p class="meta">
      ${formatCount(notebook.datasets.length, "dataset")}, ${published.size === 0 ? "none" : published.size}
      published:
      ${notebook.datasets.map((name, index) => {
        const end = index < notebook.datasets.length - 1 ? ", " : "";
        return published.has(name)
          ? html`<a href=${toHash({ page: "lake", dataset: name })}>${name}</a>${end}`
          : html`${name}${end}`;
      })}
    </p>`;
  }

  #renderLastRun(name: string): TemplateResult {
    const last = this.runs.find((run) => run.notebook === name);
    if (last === undefined) return html`<p class="meta">never run</p>`;
    return html`<p class="meta">
      last ${last.mode === "run" ? "run" : "materialized"}
      <a href=${toHash({ page: "runs", run: last.id })}>${formatTimestamp(last.createdAt)}</a>:
      <span class="outcome ${last.outcome}"
        >${last.isRunning ? "running" : last.outcome.replaceAll("_", " ")}</span
      >
    </p>`;
  }

  #renderNewDialog(): TemplateResult {
    return html`<dialog class="new" aria-label="New notebook">
      <form method="dialog" @submit=${this.#create}>
        <h2>New notebook</h2>
        <label>Title <input name="title" required maxlength="120" autofocus /></label>
        <footer>
          <button class="primary">Create</button><span class="spacer"></span
          ><button
            type="button"
            @click=${() => {
              this.newDialog.close();
            }}
          >
            Cancel
          </button>
        </footer>
      </form>
    </dialog>`;
  }

  #renderRenameDialog(): TemplateResult {
    return html`<dialog class="rename" aria-label="Rename notebook">
      <form @submit=${this.#rename}>
        <h2>Rename <code>${this.renamed}</code></h2>
        <label
          >New name
          <input name="name" required maxlength="200" autocomplete="off" spellcheck="false" autofocus
        /></label>
        <p class="note">
          Lower-case letters, digits, - and _, and at most one folder: <code>team/sales</code>. The title
          stands in the notebook itself.
        </p>
        ${this.renameProblem === "" ? nothing : html`<p class="problem" role="alert">${this.renameProblem}</p>`}
        <footer>
          <button class="primary">Rename</button><span class="spacer"></span
          ><button
            type="button"
            @click=${() => {
              this.renameDialog.close();
            }}
          >
            Cancel
          </button>
        </footer>
      </form>
    </dialog>`;
  }

  readonly #onNew = (): void => {
    this.newDialog.showModal();
  };

  readonly #create = (event: Event): void => {
    const field = (event.target as HTMLFormElement).querySelector("input");
    const title = field?.value.trim() ?? "";
    void this.#try(async () => {
      const { name } = await api.importNotebook(`${title.replaceAll(/[\\/]/g, " ")}.md`, starter(title));
      location.hash = toHash({ page: "notebook", name });
    });
  };

  #onRename(name: string): void {
    this.renamed = name;
    this.renameProblem = "";
    const field = this.renameDialog.querySelector("input");
    if (field !== null) field.value = name;
    this.renameDialog.showModal();
    field?.select();
  }

  readonly #rename = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { renamed } = this;
    const newName = this.renameDialog.querySelector("input")?.value.trim() ?? "";
    if (renamed === undefined) return;
    try {
      const { datasets = [] } = newName === renamed ? {} : await api.move(renamed, newName);
      this.renameDialog.close();
      const kept =
        datasets.length === 0 ? "" : ` When it is materialized, it takes over what ${renamed} published.`;
      await this.#try(() => this.#load());
      this.note = { text: `${renamed} is now ${newName}.${kept}` };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.renameProblem = [error.message, error.hint ?? ""].join(" ");
    }
  };

  #onDuplicate(name: string): void {
    void this.#try(async () => {
      const copy = await api.duplicate(name);
      await this.#load();
      this.note = { text: `${name} is copied to ${copy.name}.` };
    });
  }

  #onDelete(name: string): void {
    void this.#try(async () => {
      const { trash } = await api.remove(name);
      this.note = { text: `${name} is deleted; what it published stays.`, trash };
      await this.updateComplete;
      // The button that had the focus goes.
      this.querySelector<HTMLElement>(".toast .undo")?.focus();
      await this.#load();
    });
  }

  readonly #onUndo = (): void => {
    const trash = this.note?.trash;
    if (trash === undefined) return;
    void this.#try(async () => {
      const { name } = await api.restore(trash);
      await this.#load();
      this.note = { text: `${name} is back.` };
    });
  };
}

/** The last runs of notebooks that the list of runs does not reach back to. */
async function olderRuns(
  notebooks: readonly NotebookSummary[],
  runs: readonly RunView[],
): Promise<readonly RunView[]> {
  const known = new Set(runs.map((run) => run.notebook));
  const missing = notebooks.filter(({ name }) => !known.has(name));
  const lists = await Promise.all(missing.map(({ name }) => api.runs(name, 1)));
  return lists.flatMap((list) => list.runs);
}

function matches({ name, title, description, datasets }: NotebookSummary, search: string): boolean {
  const text = `${name} ${title} ${description ?? ""} ${datasets.join(" ")}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
