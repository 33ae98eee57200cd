import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { NotebookSummary, PublishedListing, RunView } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { formatCount, formatTimestamp } from "../format.js";
import { toHash } from "../router.js";

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

/** `<home-page>`: the workspace's notebooks, what is published, and the last runs. */
@customElement("home-page")
export class HomePage extends LitElement {
  @state() private notebooks: readonly NotebookSummary[] | undefined;
  @state() private runs: readonly RunView[] = [];
  @state() private datasets: readonly PublishedListing[] = [];
  @state() private search = "";
  @state() private problem = "";
  @query("dialog") private dialog!: HTMLDialogElement;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  async #load(): Promise<void> {
    try {
      const [notebooks, { runs }, { datasets }] = await Promise.all([
        api.notebooks(),
        api.runs(undefined, 100),
        api.lake(),
      ]);
      this.notebooks = notebooks;
      this.runs = runs;
      this.datasets = datasets.filter((dataset) => dataset.isLatest);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error.message;
    }
  }

  override render(): TemplateResult {
    const wanted = this.search.toLowerCase();
    const shown = (this.notebooks ?? []).filter((notebook) =>
      `${notebook.name} ${notebook.title} ${notebook.description ?? ""} ${notebook.datasets.join(" ")}`
        .toLowerCase()
        .includes(wanted),
    );
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
        <button
          class="primary"
          @click=${() => {
            this.dialog.showModal();
          }}
        >
          New notebook
        </button>
      </header>
      ${this.problem === "" ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${this.notebooks === undefined && this.problem === "" ? html`<div class="skeleton tall" aria-busy="true"></div>` : nothing}
      <ul class="cards">
        ${shown.map((notebook) => this.#renderNotebook(notebook))}
      </ul>
      ${this.notebooks !== undefined && shown.length === 0 ? html`<p class="note">No notebook matches.</p>` : nothing}
      <dialog aria-label="New notebook">
        <form method="dialog" @submit=${this.#create}>
          <h2>New notebook</h2>
          <label>Title <input name="title" required maxlength="120" autofocus /></label>
          <footer>
            <button class="primary">Create</button><span class="spacer"></span
            ><button
              type="button"
              @click=${() => {
                this.dialog.close();
              }}
            >
              Cancel
            </button>
          </footer>
        </form>
      </dialog>
    </main>`;
  }

  #renderNotebook(notebook: NotebookSummary): TemplateResult {
    const last = this.runs.find((run) => run.notebook === notebook.name);
    const published = this.datasets.filter((dataset) => dataset.notebook === notebook.name);
    return html`<li class="card">
      <a href=${toHash({ page: "notebook", name: notebook.name })}><h2>${notebook.title}</h2></a>
      ${notebook.description === undefined ? nothing : html`<p>${notebook.description}</p>`}
      <p class="meta">
        <code>${notebook.name}</code> · ${formatCount(notebook.cells, "cell")} · ${published.length} of
        ${formatCount(notebook.datasets.length, "dataset")} published
        ${notebook.errors > 0 ? html` · <span class="failed">${formatCount(notebook.errors, "error")}</span>` : nothing}
      </p>
      ${
        last === undefined
          ? html`<p class="meta">never run</p>`
          : html`<p class="meta">
              last ${last.mode === "run" ? "run" : "materialized"}
              <a href=${toHash({ page: "runs", run: last.id })}>${formatTimestamp(last.createdAt)}</a>:
              <span class="outcome ${last.outcome}"
                >${last.isRunning ? "running" : last.outcome.replaceAll("_", " ")}</span
              >
            </p>`
      }
    </li>`;
  }

  readonly #create = async (event: Event): Promise<void> => {
    const title = (event.target as HTMLFormElement).querySelector("input")?.value.trim() ?? "";
    const name =
      title
        .toLowerCase()
        .normalize("NFD")
        .replace(/[^a-z0-9]+/g, "_")
        .replace(/^_+|_+$/g, "")
        .slice(0, 80) || "notebook";
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? name : `${name}_${String(number)}`;
      try {
        await api.save(candidate, starter(title), null);
        location.hash = toHash({ page: "notebook", name: candidate });
        return;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 412) continue;
        this.problem = error.message;
        return;
      }
    }
  };
}
