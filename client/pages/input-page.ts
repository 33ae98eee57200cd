import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { toName } from "../../server/notebook/names.js";
import { notebookOfCells, sqlFence } from "../../server/notebook/template.js";
import { formatBytes, formatCount, formatTimestamp } from "../../server/text/format.js";
import { quoteLiteral } from "../../server/text/sql-names.js";
import { api } from "../api-client.js";
import "../elements/replace-dialog.js";
import type { ReplacedEvent, ReplaceDialog } from "../elements/replace-dialog.js";
import type { Delivery } from "../elements/replacing.js";
import { LiveAnswer } from "../live-answer.js";
import { toHash } from "../router.js";
import { may, whyNot } from "../session.js";
import { renderStatusMark, type Mark } from "../styles/status-mark.js";

/** While something is read, or grows, its end is told by no event. */
const LOOK_MS = 3000;

type Status = Delivery["status"];

const looks: Readonly<Record<Status, { readonly mark: Mark; readonly word: string; readonly look: string }>> =
  {
    new: { mark: "never", word: "new", look: "" },
    being_read: { mark: "running", word: "being read", look: "running" },
    published: { mark: "passed", word: "published", look: "succeeded" },
    failed: { mark: "failed", word: "failed", look: "failed" },
    changed: { mark: "warned", word: "changed since", look: "succeeded_with_warnings" },
  };
const statuses = Object.keys(looks) as Status[];

/**
 * `<input-page>`: for whoever delivers the files of `input/`: what became of each, and whether it may be replaced.
 * @fires add-file Somebody wants to choose one.
 */
@customElement("input-page")
export class InputPage extends LitElement {
  readonly #listing = new LiveAnswer<readonly Delivery[]>(this, async () => (await api.deliveries()).files, {
    changes: ({ type }) => /^(run-started|run-finished|lake-changed|notebook-changed)$/.test(type),
    again: (files) =>
      files?.some(({ status, isGrowing }) => status === "being_read" || isGrowing) === true
        ? LOOK_MS
        : undefined,
  });
  @state() private status: Status | "" = "";
  @state() private search = "";
  /** The file that was replaced last. */
  @state() private replaced: Delivery | undefined;
  @query("replace-dialog") private dialog!: ReplaceDialog;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Asks what became of the files. */
  look(): Promise<void> {
    return this.#listing.load();
  }

  override render(): TemplateResult {
    const { value: files, problem, isOnline } = this.#listing;
    const shown = files?.filter((file) => this.#isShown(file));
    return html`<main class="page deliveries">
      <header class="page-head">
        <h1>Input</h1>
        <select
          aria-label="Status"
          @change=${(event: Event) => (this.status = (event.target as HTMLSelectElement).value as Status | "")}
        >
          <option value="">all files</option>
          ${statuses.map((status) => html`<option value=${status}>${looks[status].word} (${files?.filter((file) => file.status === status).length ?? 0})</option>`)}
        </select>
        <input
          type="search"
          placeholder="Search"
          aria-label="Search files"
          .value=${this.search}
          @input=${(event: Event) => (this.search = (event.target as HTMLInputElement).value)}
        />
        ${
          may("upload")
            ? html`<button
                class="primary"
                title="A CSV, JSON, Parquet or Excel file; it may be dropped on the page too"
                @click=${() => this.dispatchEvent(new Event("add-file"))}
              >
                Add a file
              </button>`
            : html`<span class="note">${whyNot("upload")}</span>`
        }
      </header>
      ${isOnline ? nothing : html`<p class="problem" role="alert">The server cannot be reached.</p>`}
      ${problem === "" ? nothing : html`<p class="problem" role="alert">${problem}</p>`}
      <p class="note said" role="status">
        ${this.replaced === undefined ? nothing : renderReplaced(this.replaced)}
      </p>
      ${files === undefined ? html`<div class="skeleton tall" aria-busy="true"></div>` : nothing}
      ${files?.length === 0 ? html`<p class="note">There is no file in <code>input/</code> yet.${may("upload") ? " Drop one on this page, or copy it there." : nothing}</p>` : nothing}
      ${files !== undefined && files.length > 0 && shown?.length === 0 ? html`<p class="note">No file matches.</p>` : nothing}
      ${shown === undefined || shown.length === 0 ? nothing : this.#renderFiles(shown)}
      <replace-dialog
        @replaced=${({ delivery }: ReplacedEvent) => {
          this.replaced = delivery;
          void this.look();
        }}
      ></replace-dialog>
    </main>`;
  }

  #isShown({ path, status, message, readers }: Delivery): boolean {
    if (this.status !== "" && status !== this.status) return false;
    const text = [path, message, ...readers].join(" ").toLowerCase();
    return this.search
      .toLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word));
  }

  #renderFiles(files: readonly Delivery[]): TemplateResult {
    return html`<div class="scroller" tabindex="0" role="region" aria-label="Files">
      <table class="plain stacks">
        <thead>
          <tr>
            <th>file</th>
            <th class="number">size</th>
            <th>came</th>
            <th>what became of it</th>
            <th>read by</th>
            <th>may be replaced</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            files,
            ({ path }) => path,
            (file) => this.#renderFile(file),
          )}
        </tbody>
      </table>
    </div>`;
  }

  #renderFile(file: Delivery): TemplateResult {
    const { path, bytes, at, status, isGrowing, mayBeReplaced, readers } = file;
    const { mark, word, look } = looks[status];
    return html`<tr>
      <td><code>${path}</code></td>
      <td class="number">${formatBytes(bytes)}</td>
      <td class="came">${formatTimestamp(at)}</td>
      <td class="reason">
        <span class="outcome ${look}"><span aria-hidden="true">${renderStatusMark(mark)}</span> ${word}</span>
        ${renderFate(file)}
        ${isGrowing ? html`<span class="meta">It changed a moment ago, and may still grow.</span>` : nothing}
      </td>
      <td data-label="read by">
        ${readers.length === 0 ? this.#renderUnread(path) : renderReaders(readers)}
      </td>
      <td data-label="may be replaced">
        ${!mayBeReplaced ? "not now" : may("upload") ? html`<button class="outlined" aria-label="Replace ${path}" @click=${() => this.dialog.show(file)}>Replace…</button>` : "yes"}
      </td>
    </tr>`;
  }

  #renderUnread(path: string): TemplateResult {
    return html`<span class="meta">no notebook</span>
      ${may("edit") && isReadByName(path) ? html`<button class="outlined" aria-label="Make a notebook of ${path}" @click=${() => this.#makeNotebook(path)}>Make a notebook</button>` : nothing}`;
  }

  #makeNotebook(path: string): Promise<void> {
    return this.#listing.act(async () => {
      const file = path.replace(/^.*\//, "");
      const name = toName(file.replace(/\..*$/, ""));
      // In a path of SQL these mean more than themselves.
      const sql = `SELECT * FROM ${quoteLiteral(path.replaceAll(/[*?[]/g, "[$&]"))}`;
      const text = notebookOfCells(file.replace(/\.[^.]*$/, ""), [
        { name, text: `${sqlFence(sql, `--| cell: ${name}\n`)}\n` },
      ]);
      const made = await api.importNotebook(`${name}.md`, text);
      location.hash = toHash({ page: "notebook", name: made.name });
    });
  }
}

/** What reads it runs with the new file. */
function renderReplaced({ path, readers }: Delivery): TemplateResult {
  const read = renderReaders(readers);
  return html`<code>${path}</code> is
    replaced.${readers.length === 0 ? nothing : html` To publish what it has, open ${read} and materialize.`}`;
}

function renderReaders(readers: readonly string[]): unknown[] {
  return renderList(readers.map((name) => html`<a href=${toHash({ page: "notebook", name })}>${name}</a>`));
}

/** For what, by which run, or why not. */
function renderFate({
  status,
  message,
  notebook = "",
  date = "",
  run,
  datasets = [],
  reason,
  isOfAnother,
}: Delivery): unknown {
  if (run === undefined) return html`<span class="meta">${message.replace(/^new: /, "")}</span>`;
  const by = html`<a href=${toHash({ page: "runs", run })}
      >${status === "being_read" || status === "failed" ? "run" : "by a run"}</a
    >
    of <a href=${toHash({ page: "notebook", name: notebook })}>${notebook}</a>`;
  const [first] = datasets;
  const day =
    first === undefined
      ? date
      : html`<a
          href=${toHash({ page: "lake", dataset: first, date })}
          title="${formatCount(datasets.length, "dataset")}: ${datasets.join(", ")}"
          >${date}</a
        >`;
  switch (status) {
    case "published":
      return html`for ${day} ${by}`;
    case "changed":
      return html`it was published for ${day} ${by}. The next run takes it as it is now.`;
    case "being_read":
      return html`for ${date} by a ${by}`;
    case "failed":
      return html`for ${date} in a ${by}${isOfAnother === true ? ", because of another file" : ""}:
        <span class="why">${reason}</span>
        ${isOfAnother === true ? nothing : html`<span class="meta">Replace the file, then materialize ${date} again.</span>`}`;
    case "new":
      return nothing;
  }
}

function renderList(items: readonly TemplateResult[]): unknown[] {
  return items.flatMap((item, index) => (index === 0 ? [item] : [", ", item]));
}

/** The engine tells by the ending how to read it; others are added anew, and looked at then. */
function isReadByName(path: string): boolean {
  return /\.(csv|tsv|json|jsonl|ndjson|parquet)(\.(gz|zst))?$/i.test(path);
}
