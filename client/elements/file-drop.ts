import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { UploadedInput } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { may, whyNot } from "../session.js";
import { findDelivery, renderReplacing, type Delivery } from "./replacing.js";
import { formatBytes, formatCount } from "../../server/text/format.js";
import { renderIcon } from "../styles/icon.js";

const ACCEPT = ".csv,.tsv,.tab,.txt,.json,.jsonl,.ndjson,.geojson,.parquet,.xlsx,.xlsm,.gz,.zst";

const delimiterNames: Readonly<Record<string, string>> = {
  ",": "comma",
  ";": "semicolon",
  "\t": "tab",
  "|": "bar",
};

/** Files lie in input/ now; whoever takes the event makes cells of them. */
export class FilesAddedEvent extends Event {
  readonly files: readonly UploadedInput[];
  readonly #work: Promise<void>[] = [];

  constructor(files: readonly UploadedInput[]) {
    super("files-added");
    this.files = files;
  }

  /** A failure of this is told where the files are reported. */
  waitUntil(work: Promise<void>): void {
    this.#work.push(work);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#work);
  }
}

const replaced = Symbol("replaced");
/** A name that is free, or what lies there is to be replaced, or nobody wants either. */
type Answered = string | typeof replaced | undefined;

interface Sending {
  readonly name: string;
  readonly bytes: number;
  readonly sentBytes: number;
}

/**
 * `<file-drop>`: takes files that are dropped anywhere on the page, or chosen, puts them into input/ and shows what was
 * found in them. Where a name is taken it asks for another one, or whether the file there is to be replaced.
 */
@customElement("file-drop")
export class FileDrop extends LitElement {
  /** What reads the files then, for the words on the screen. */
  @property() place: "cell" | "notebook" | "none" = "notebook";
  /** The notebook that is open; the report of one is not that of another. */
  @property() notebook = "";
  @state() private isOver = false;
  @state() private sending: Sending | undefined;
  @state() private added: readonly UploadedInput[] = [];
  @state() private problem = "";
  @state() private taken = "";
  /** Of the name that is taken. */
  @state() private delivery: Delivery | undefined;
  @query("input[type=file]") private picker!: HTMLInputElement;
  @query("dialog") private dialog!: HTMLDialogElement;
  #abort = new AbortController();
  #answer: ((name: Answered) => void) | undefined;
  #take: ((files: readonly UploadedInput[]) => void) | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Opens the system's dialog. `take` gets the files in place of whoever makes cells of them. */
  choose(take?: (files: readonly UploadedInput[]) => void): void {
    this.#take = take;
    this.picker.click();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Before the editors, which would take the file for text.
    for (const type of ["dragenter", "dragover"] as const)
      window.addEventListener(type, this.#onOver, { capture: true });
    window.addEventListener("dragleave", this.#onLeave, { capture: true });
    window.addEventListener("drop", this.#onDrop, { capture: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const type of ["dragenter", "dragover"] as const)
      window.removeEventListener(type, this.#onOver, { capture: true });
    window.removeEventListener("dragleave", this.#onLeave, { capture: true });
    window.removeEventListener("drop", this.#onDrop, { capture: true });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("notebook");
    if (before !== undefined && before !== "" && this.sending === undefined) this.#onDismiss();
  }

  override render(): TemplateResult {
    return html`<input
        type="file"
        hidden
        multiple
        accept=${ACCEPT}
        aria-label="File for input/"
        @change=${this.#onPick}
      />
      ${
        this.isOver
          ? html`<div class="drop-target">
              ${
                may("upload")
                  ? html`<p>
                      <strong>Drop it here</strong>The file goes to
                      input/${this.place === "none" ? "." : ` and gets a ${this.place} that reads it.`}
                    </p>`
                  : html`<p>${whyNot("upload")}</p>`
              }
            </div>`
          : nothing
      }
      ${this.#renderReport()}
      <dialog
        aria-label="The name is taken"
        @close=${() => {
          this.#reply(undefined);
        }}
      >
        <form method="dialog" @submit=${this.#onName}>
          <h2>input/${this.taken} exists already</h2>
          <p class="note">Give the new file another name, or replace the one that is there.</p>
          ${renderReplacing(this.delivery)}
          <label>Name <input name="name" required maxlength="180" spellcheck="false" autofocus /></label>
          <footer>
            <button class="primary">Add</button
            ><button
              type="button"
              class="outlined"
              ?disabled=${this.delivery?.mayBeReplaced === false}
              @click=${() => {
                this.#reply(replaced);
                this.dialog.close();
              }}
            >
              Replace input/${this.taken}</button
            ><span class="spacer"></span
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
      </dialog>`;
  }

  #renderReport(): TemplateResult | typeof nothing {
    if (this.sending === undefined && this.added.length === 0 && this.problem === "") return nothing;
    return html`<aside class="upload-report" aria-label="Added files">
      <header>
        <h2>
          ${this.sending !== undefined ? "Adding to input/" : this.added.length > 0 ? "Added to input/" : "Not added to input/"}
        </h2>
        <span class="spacer"></span>
        ${
          this.sending === undefined
            ? html`<button class="icon" aria-label="Dismiss" @click=${this.#onDismiss}>
                ${renderIcon("close")}
              </button>`
            : html`<button
                @click=${() => {
                  this.#abort.abort();
                }}
              >
                Cancel
              </button>`
        }
      </header>
      ${this.sending === undefined ? nothing : renderSending(this.sending)}
      <div role="status">${this.added.map(renderAdded)}</div>
      ${this.problem === "" ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
    </aside>`;
  }

  readonly #onDismiss = (): void => {
    this.added = [];
    this.problem = "";
  };

  readonly #onOver = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes("Files") !== true) return;
    event.preventDefault();
    event.stopPropagation();
    event.dataTransfer.dropEffect = may("upload") ? "copy" : "none";
    this.isOver = true;
  };

  readonly #onLeave = (event: DragEvent): void => {
    if (event.relatedTarget === null) this.isOver = false;
  };

  readonly #onDrop = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes("Files") !== true) return;
    event.preventDefault();
    event.stopPropagation();
    this.isOver = false;
    if (may("upload")) void this.#add([...event.dataTransfer.files]);
  };

  readonly #onPick = (): void => {
    const files = [...(this.picker.files ?? [])];
    this.picker.value = "";
    void this.#add(files, this.#take);
  };

  async #add(files: readonly File[], take = this.#tell): Promise<void> {
    if (this.sending !== undefined || files.length === 0) return;
    this.#onDismiss();
    this.#abort = new AbortController();
    const added: UploadedInput[] = [];
    try {
      for (const file of files) {
        const sent = await this.#send(file).catch((error: unknown) => {
          if (!(error instanceof ApiError && error.code === "input")) throw error;
          // The others may be fine.
          this.#fail(error);
          return undefined;
        });
        if (sent !== undefined) added.push(sent, ...(sent.sheets ?? []));
        this.added = [...added];
      }
    } catch (error) {
      this.#fail(error);
    }
    this.sending = undefined;
    if (added.length > 0) take(added);
  }

  readonly #tell = (added: readonly UploadedInput[]): void => {
    const event = new FilesAddedEvent(added);
    this.dispatchEvent(event);
    event.settled().catch((error: unknown) => {
      this.#fail(error);
    });
  };

  /** Undefined: nobody gave it a name that is free. */
  async #send(file: File): Promise<UploadedInput | undefined> {
    let name = file.name;
    let put = api.addInput;
    for (;;) {
      const sending = { name, bytes: file.size, sentBytes: 0 };
      this.sending = sending;
      try {
        return await put(name, file, {
          signal: this.#abort.signal,
          onProgress: (sentBytes) =>
            (this.sending = { ...sending, sentBytes: Math.min(sentBytes, file.size) }),
        });
      } catch (error) {
        if (!(error instanceof ApiError && error.code === "conflict")) throw error;
      }
      const answer = await this.#askName(name);
      if (answer === undefined) return undefined;
      if (answer === replaced) put = api.replaceInput;
      else name = answer;
    }
  }

  async #askName(taken: string): Promise<Answered> {
    this.taken = taken;
    this.delivery = await findDelivery(`input/${taken}`);
    await this.updateComplete;
    const field = this.dialog.querySelector("input");
    if (field !== null) field.value = nextName(taken);
    this.dialog.showModal();
    field?.select();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  readonly #onName = (): void => {
    this.#reply(this.dialog.querySelector("input")?.value.trim());
  };

  #reply(answer: Answered): void {
    this.#answer?.(answer === "" ? undefined : answer);
    this.#answer = undefined;
  }

  #fail(error: unknown): void {
    if (this.#abort.signal.aborted) {
      this.problem = `Cancelled: ${this.sending?.name ?? "the file"} was not added.`;
      return;
    }
    if (!(error instanceof ApiError)) throw error;
    this.problem = [this.problem, error.message, error.hint ?? ""].join(" ").trim();
  }
}

function renderSending({ name, bytes, sentBytes }: Sending): TemplateResult {
  const isSent = sentBytes >= bytes && bytes > 0;
  return html`<div class="sending">
    <p>
      <code>${name}</code>
      <span class="meta"
        >${isSent ? "being read …" : `${formatBytes(sentBytes)} of ${formatBytes(bytes)}`}</span
      >
    </p>
    ${
      isSent
        ? html`<progress aria-label="Reading ${name}"></progress>`
        : html`<progress aria-label="Sent of ${name}" max=${bytes} .value=${sentBytes}></progress>`
    }
  </div>`;
}

function renderAdded({ path, bytes, delimiter, encoding, columns, notes }: UploadedInput): TemplateResult {
  const facts = [
    formatBytes(bytes),
    ...(encoding === undefined ? [] : [encoding.toUpperCase()]),
    ...(delimiter === undefined ? [] : [`delimiter ${delimiterNames[delimiter] ?? delimiter}`]),
    formatCount(columns.length, "column"),
  ];
  return html`<p><code>${path}</code> <span class="meta">${facts.join(" · ")}</span></p>
    ${notes.length === 0 ? nothing : html`<p class="note">${notes.join(" ")}</p>`}
    <div class="columns" tabindex="0" role="region" aria-label="Columns of ${path}">
      <table class="plain">
        <tbody>
          ${columns.map(
            ({ name, type }) =>
              html`<tr>
                <td>${name}</td>
                <td><code>${type}</code></td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

/** `orders.csv` becomes `orders_2.csv`, and that `orders_3.csv`. */
function nextName(name: string): string {
  const [, stem = name, number, ending = ""] = /^(.*?)(?:_(\d{1,6}))?((?:\.[^.]*){0,2})$/.exec(name) ?? [];
  return `${stem}_${String(Number(number ?? 1) + 1)}${ending}`;
}
