import type { PropertyValues, TemplateResult } from "lit";
import { html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { EditorHost } from "./editor-hosts.js";
import {
  CellCursorEvent,
  CellEscapeEvent,
  CellFormatEvent,
  CellLeavingEvent,
  CellRunEvent,
  CellSourceChangeEvent,
  GoToDefinitionEvent,
  RunSelectionEvent,
} from "./editor-events.js";
import { formatSql } from "./format-sql.js";
import type { Definition, SqlLanguageService } from "./language-service.js";
import type { EditorMarker } from "./markers.js";
import type { Mountable } from "./mount-queue.js";
import { whenQuiet } from "../quiet.js";
import { startMounting, unwatch, watch } from "./mount-queue.js";
import type { MountedEditor } from "./mounted-editor.js";
import { plainKey, plainSpan, sourceSpan } from "./plain-field.js";
import { renderPlaceholder } from "./sql-placeholder.js";
import type { Span } from "./sql-scopes.js";
import "./sql-cell-editor.css";
import { loadCode } from "../connection.js";

export type * from "./editor-events.js";

const importEditor = () => loadCode(() => import("./mounted-editor.js"));
type EditorModule = Awaited<ReturnType<typeof importEditor>>;

let loading: Promise<EditorModule> | undefined;
let loaded: EditorModule | undefined;

/** Fetches Monaco, once. The elements do so by themselves when the page is idle. */
function loadEditor(): Promise<EditorModule> {
  loading ??= importEditor().then((module) => {
    loaded = module;
    startMounting();
    return module;
  });
  return loading;
}

let lastUsed: SqlCellEditor | undefined;

function noteUse(editor: SqlCellEditor): void {
  lastUsed = editor;
}

/** Puts text where the cursor is, or was last. False where it was nowhere. */
export async function insertAtCursor(text: string, otherwise?: SqlCellEditor | null): Promise<boolean> {
  const editor = lastUsed?.isConnected === true ? lastUsed : otherwise;
  await editor?.insert(text);
  return editor !== undefined && editor !== null;
}

function loadWhenIdle(): void {
  if (loading) return;
  void whenQuiet().then(() => requestIdleCallback(() => void loadEditor(), { timeout: 2000 }));
}

/**
 * The SQL of a cell. Coloured text at first, and Monaco as soon as that is loaded and the cell is near the viewport.
 * Who wants to type before gets a plain field over the text, which hands over text, selection and focus.
 * It renders into the light DOM, and so must everything around it: Monaco's style sheet is the document's.
 *
 * @fires cell-source-change - The user changed the text; never because a property was set.
 * @fires cell-cursor - The user changed the text or went to another place in it.
 * @fires cell-run - Ctrl/Cmd+Enter, Shift+Enter, Alt+Enter, Ctrl/Cmd+Shift+Enter.
 * @fires cell-leaving - Escape, with nothing open that it would close, and not twice yet. Tab then leaves the editor.
 * @fires cell-escape - Escape once more, without another key between.
 * @fires run-selection - Ctrl/Cmd+Shift+Period.
 * @fires go-to-definition - F12, or Ctrl/Cmd+click, on something that another cell defines.
 * @fires cell-format - Shift+Alt+F, after the text is formatted or not.
 */
@customElement("sql-cell-editor")
export class SqlCellEditor extends LitElement implements Mountable {
  /** Whose SQL it is: names the editor for screen readers, and is left out of its own suggestions. */
  @property() cellName = "";
  /** The text, option lines included. Follows the user's typing. */
  @property() value = "";
  @property({ type: Boolean }) readOnly = false;
  @property({ attribute: false }) markers: readonly EditorMarker[] = [];
  @property({ attribute: false }) languageService: SqlLanguageService | undefined = undefined;
  /** Takes the focus as soon as it can, as a new cell does. */
  @property({ type: Boolean }) autoFocus = false;

  @state() private isMounted = false;
  /** There is a plain field until there is an editor. */
  @state() private isPlain = false;
  @query(".sql-cell-monaco") private container!: HTMLElement;
  @query(".sql-cell-plain") private field!: HTMLTextAreaElement | null;

  #mounted: MountedEditor | undefined;
  #wantsFocus = false;
  #hadFocus = false;
  /** Where the cursor goes once there is an editor. */
  #wantedSelection: Span | undefined;
  #isEscaped = false;
  /** Of an input method, in the plain field: a text that is half composed cannot be handed over. */
  #isComposing = false;
  /** The last text that was set and that the editor took, maybe with other line ends. */
  #setValue: string | undefined;

  readonly #host: EditorHost = {
    cellName: () => this.cellName,
    languageService: () => this.languageService,
    onSourceChange: (value, isTyped) => this.#onSourceChange(value, isTyped),
    onCursor: () => this.dispatchEvent(new CellCursorEvent(this.#queryAtCursor)),
    onRun: (mode) => this.dispatchEvent(new CellRunEvent(mode)),
    onPreview: () => this.#onPreview(),
    onFormat: () => void this.format().then((message) => this.dispatchEvent(new CellFormatEvent(message))),
    onDefinition: (definition) => this.#onDefinition(definition),
  };

  constructor() {
    super();
    this.addEventListener("keydown", (event) => this.#onKeyDownFirst(event), { capture: true });
    this.addEventListener("keydown", (event) => this.#onKeyDownLast(event));
    this.addEventListener("focusin", () => noteUse(this));
    this.addEventListener("focusout", () => this.#setEscaped(false));
    this.addEventListener("pointerdown", () => this.#setEscaped(false));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#mounted) {
      // Moved within the page.
      this.#mounted.layout();
      if (this.#hadFocus) this.#mounted.focus();
    } else {
      watch(this);
      loadWhenIdle();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#hadFocus = this.#mounted?.hasFocus ?? false;
    unwatch(this);
    // A move takes the element out and puts it in again at once.
    queueMicrotask(() => !this.isConnected && this.#unmount());
  }

  /** Makes the editor real without waiting for the viewport. */
  async mount(): Promise<void> {
    await loadEditor();
    await this.updateComplete;
    this.mountNow();
    await this.updateComplete;
  }

  /** Called by the queue, when the editor's code is here. */
  mountNow(): void {
    if (this.#mounted || !loaded || !this.isConnected || !this.hasUpdated || this.#isComposing) return;
    unwatch(this);
    this.#takeFromField();
    this.#setValue = this.value;
    this.#mounted = new loaded.MountedEditor(this.container, this.#host, {
      value: this.value,
      label: this.#editorLabel,
      isReadOnly: this.readOnly,
      markers: this.markers,
    });
    this.isMounted = true;
    this.isPlain = false;
    if (this.#wantedSelection) this.#mounted.select(this.#wantedSelection);
    if (this.#wantsFocus) this.#mounted.focus();
  }

  override focus(): void {
    this.#wantsFocus = true;
    if (this.#mounted) this.#mounted.focus();
    else {
      this.isPlain = loaded === undefined && !this.readOnly;
      this.field?.focus();
      void this.mount();
    }
  }

  /** Selects a part of the text, scrolls to it and takes the focus. */
  select(span: Span): void {
    this.#wantedSelection = span;
    this.#mounted?.select(span);
    if (this.field !== null) this.#openField(this.field);
    this.focus();
  }

  /** In the place of what is selected, as the user's own change, and takes the focus. */
  async insert(text: string): Promise<void> {
    await this.mount();
    this.#mounted?.insert(text);
    this.focus();
  }

  /** Lays the text out anew, as the user's own change. Returns why it could not, if so. */
  async format(): Promise<string | undefined> {
    await this.mount();
    const before = this.value;
    const { text, message } = await formatSql(before);
    // Typed into meanwhile: that counts more.
    if (this.#mounted?.value === before && text !== before) this.#mounted.edit(text);
    return message;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("autoFocus") && this.autoFocus) this.focus();
    if (changed.has("isPlain") && this.field !== null) this.#openField(this.field);
    if (!this.#mounted) return;
    if (changed.has("value")) this.#showValue(this.#mounted);
    if (changed.has("cellName") || changed.has("readOnly"))
      this.#mounted.setOptions(this.#editorLabel, this.readOnly);
    // Between two settings, Monaco moves the marks along with the text.
    if (changed.has("markers")) this.#mounted.setMarkers(this.markers);
  }

  #onSourceChange(value: string, isTyped: boolean): void {
    this.#setValue = undefined;
    this.value = value;
    this.dispatchEvent(new CellSourceChangeEvent(value, isTyped));
  }

  #openField(field: HTMLTextAreaElement): void {
    const { start, end } = plainSpan(this.value, this.#wantedSelection ?? { start: 0, end: 0 });
    field.setSelectionRange(start, end);
    field.focus();
  }

  /** Where the user is by now: maybe elsewhere. */
  #takeFromField(): void {
    const { field } = this;
    if (field === null) return;
    const { selectionStart: start, selectionEnd: end } = field;
    this.#wantedSelection = sourceSpan(this.value, { start, end });
    this.#wantsFocus = this.#hasFieldFocus(field);
  }

  #hasFieldFocus(field: HTMLTextAreaElement): boolean {
    return (field.getRootNode() as Document | ShadowRoot).activeElement === field;
  }

  #onFieldInput(): void {
    if (this.field !== null) this.#onSourceChange(this.field.value, true);
  }

  #onFieldKey(event: KeyboardEvent): void {
    const meaning = plainKey(event);
    if (meaning === undefined || event.isComposing || (meaning === "indent" && this.#isEscaped)) return;
    event.preventDefault();
    event.stopPropagation();
    if (meaning !== "indent") {
      this.dispatchEvent(new CellRunEvent(meaning));
      return;
    }
    const { field } = this;
    field?.setRangeText("  ", field.selectionStart, field.selectionEnd, "end");
    this.#onFieldInput();
  }

  #onComposition({ type }: CompositionEvent): void {
    this.#isComposing = type === "compositionstart";
    // After the text that it ends with.
    if (!this.#isComposing) setTimeout(() => this.mountNow());
  }

  readonly #queryAtCursor = (): string | undefined => this.#mounted?.queryAtCursor();

  #onPreview(): void {
    const sql = this.#mounted?.queryToPreview();
    if (sql !== undefined) this.dispatchEvent(new RunSelectionEvent(sql));
  }

  #onDefinition(definition: Definition): void {
    if (definition.type === "span") this.#mounted?.select(definition.span);
    else this.dispatchEvent(new GoToDefinitionEvent(definition.cellName));
  }

  get #label(): string {
    return this.cellName === "" ? "SQL" : `SQL of ${this.cellName}`;
  }

  get #editorLabel(): string {
    return `${this.#label}. Escape, then Tab, goes on; Escape twice leaves it.`;
  }

  #showValue(mounted: MountedEditor): void {
    if (this.value === this.#setValue || this.value === mounted.value) return;
    this.#setValue = this.value;
    mounted.setValue(this.value);
  }

  #unmount(): void {
    this.#mounted?.dispose();
    this.#mounted = undefined;
    this.isMounted = false;
    this.isPlain = false;
  }

  /** Suggestions are open that somebody may choose from. */
  isSuggesting(): boolean {
    return this.#mounted?.isSuggesting() === true;
  }

  #setEscaped(isEscaped: boolean): void {
    if (this.#isEscaped === isEscaped) return;
    this.#isEscaped = isEscaped;
    this.dispatchEvent(new CellLeavingEvent(isEscaped));
  }

  /** Before Monaco: after Escape, Tab is the browser's and leaves the editor. */
  #onKeyDownFirst(event: KeyboardEvent): void {
    if (event.key === "Tab" && this.#isEscaped) event.stopPropagation();
    else if (event.key !== "Escape" && event.key !== "Shift") this.#setEscaped(false);
  }

  /** After Monaco, which keeps an Escape that closes something of its own to itself. */
  #onKeyDownLast(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    if (this.#isEscaped) this.dispatchEvent(new CellEscapeEvent());
    else this.#setEscaped(true);
  }

  /** What is pressed makes way at once, and the browser would then give the focus to nothing: it does not get to. */
  #onPlaceholderPress(event: MouseEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    const offset = offsetAtPoint(event);
    if (offset !== undefined) this.#wantedSelection = { start: offset, end: offset };
    this.focus();
  }

  override render(): TemplateResult {
    return html`${
        this.isMounted
          ? nothing
          : renderPlaceholder(this.value, {
              label: this.#label,
              isInert: this.isPlain,
              onPress: (event) => this.#onPlaceholderPress(event),
              onFocus: () => this.focus(),
            })
      }
      ${this.isPlain ? this.#renderField() : nothing}
      <div class="sql-cell-monaco"></div>`;
  }

  #renderField(): TemplateResult {
    return html`<textarea
      class="sql-cell-plain"
      aria-label=${this.#label}
      spellcheck="false"
      autocapitalize="off"
      .value=${this.value}
      @input=${this.#onFieldInput}
      @keydown=${this.#onFieldKey}
      @compositionstart=${this.#onComposition}
      @compositionend=${this.#onComposition}
    ></textarea>`;
  }
}

/** The offset in the text of the placeholder's line that a pointer is over. */
function offsetAtPoint({ clientX, clientY }: MouseEvent): number | undefined {
  const caret = document.caretPositionFromPoint(clientX, clientY);
  const node = caret?.offsetNode;
  const element = node instanceof Element ? node : node?.parentElement;
  const line = element?.closest<HTMLElement>(".sql-cell-line");
  if (!caret || !node || !line) return undefined;
  const before = document.createRange();
  before.setStart(line, 0);
  before.setEnd(node, caret.offset);
  return Number(line.dataset["offset"]) + before.toString().length;
}

declare global {
  interface HTMLElementTagNameMap {
    "sql-cell-editor": SqlCellEditor;
  }
}
