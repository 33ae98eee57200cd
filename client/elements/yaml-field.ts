import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";

/** The text of a field. */
export class YamlChangeEvent extends Event {
  readonly text: string;
  /** The field is still typed into. */
  readonly isDraft: boolean;

  constructor(text: string, isDraft: boolean) {
    super("yaml-change");
    this.text = text;
    this.isDraft = isDraft;
  }
}

/**
 * `<yaml-field>`: YAML as text. While it is typed into it shows what was typed, and not what the document makes of it,
 * which has no blanks at the ends of lines.
 *
 * @fires yaml-change - With each key, and once more when the field is left or saved: no draft then.
 */
@customElement("yaml-field")
export class YamlField extends LitElement {
  @property() value = "";
  /** Empty: something around it names it. */
  @property() label = "";
  @property({ type: Number }) leastRows = 1;
  @property({ type: Boolean }) readOnly = false;
  @state() private draft: string | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    const text = this.draft ?? this.value;
    return html`<textarea
      aria-label=${this.label === "" ? nothing : this.label}
      spellcheck="false"
      ?readonly=${this.readOnly}
      rows=${Math.max(this.leastRows, text.split("\n").length + 1)}
      .value=${text}
      @input=${this.#onInput}
      @blur=${this.#onBlur}
      @keydown=${this.#onKey}
    ></textarea>`;
  }

  #onInput(event: Event): void {
    this.draft = (event.target as HTMLTextAreaElement).value;
    this.#tell(true);
  }

  #onBlur(): void {
    this.#tell(false);
    this.draft = undefined;
  }

  /** The page saves with Ctrl+S, and has to know that this is no draft. */
  #onKey({ key, ctrlKey, metaKey }: KeyboardEvent): void {
    if ((key === "s" || key === "Enter") && (ctrlKey || metaKey)) this.#tell(false);
  }

  #tell(isDraft: boolean): void {
    if (this.draft !== undefined) this.dispatchEvent(new YamlChangeEvent(this.draft, isDraft));
  }
}
