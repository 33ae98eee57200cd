import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { renderMarkdown } from "./markdown.js";

/** The user edits prose; `text` is the whole block. */
export class ProseChangeEvent extends Event {
  readonly text: string;
  /** The field is still typed into. */
  readonly isDraft: boolean;

  constructor(text: string, isDraft: boolean) {
    super("prose-change", { bubbles: true, composed: true });
    this.text = text;
    this.isDraft = isDraft;
  }
}

/**
 * Prose between the cells: rendered, and as its source while it is edited.
 *
 * @fires prose-change - With each key, and when the field is left.
 */
@customElement("prose-block")
export class ProseBlock extends LitElement {
  @property() source = "";
  @property({ type: Boolean }) readOnly = false;
  @property({ type: Boolean }) editing = false;
  @state() private draft = "";
  /** What stands around the text that is edited. */
  #lead = "";
  #tail = "";
  @query("textarea") private field!: HTMLTextAreaElement | null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("editing") || !this.editing) return;
    this.field?.focus();
  }

  override render(): TemplateResult {
    if (!this.editing) {
      return html`<div
        class="prose"
        tabindex=${this.readOnly ? -1 : 0}
        @dblclick=${this.edit}
        @keydown=${this.#onRenderedKey}
      >
        ${unsafeHTML(renderMarkdown(this.source))}
      </div>`;
    }
    return html`<textarea
      class="prose-source"
      aria-label="Markdown"
      .value=${this.draft}
      rows=${Math.max(3, this.draft.split("\n").length)}
      @input=${this.#onInput}
      @keydown=${this.#onSourceKey}
      @blur=${this.#finish}
    ></textarea>`;
  }

  #onInput(event: Event): void {
    this.draft = (event.target as HTMLTextAreaElement).value;
    this.#tell(true);
  }

  override focus(options?: FocusOptions): void {
    this.querySelector<HTMLElement>(".prose")?.focus(options);
  }

  /** Opens the source. */
  readonly edit = (): void => {
    if (this.readOnly) return;
    this.#lead = /^\s*\n/.exec(this.source)?.[0] ?? "";
    this.#tail = /\n\s*$/.exec(this.source)?.[0] ?? "\n";
    this.draft = this.source.slice(this.#lead.length).trimEnd();
    this.editing = true;
  };

  /** Opens the source with the last place selected that says `text`, to be typed over. */
  async editOver(text: string): Promise<void> {
    this.edit();
    await this.updateComplete;
    const start = this.draft.lastIndexOf(text);
    if (start !== -1) this.field?.setSelectionRange(start, start + text.length);
  }

  #onRenderedKey(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.target !== event.currentTarget) return;
    event.preventDefault();
    event.stopPropagation();
    this.edit();
  }

  #onSourceKey(event: KeyboardEvent): void {
    event.stopPropagation();
    const isDone =
      event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.shiftKey));
    if (!isDone) return;
    event.preventDefault();
    this.#finish();
    void this.updateComplete.then(() => {
      this.focus();
    });
  }

  #finish(): void {
    if (!this.editing) return;
    this.editing = false;
    this.#tell(false);
  }

  #tell(isDraft: boolean): void {
    this.dispatchEvent(new ProseChangeEvent(this.#lead + this.draft.trimEnd() + this.#tail, isDraft));
  }
}
