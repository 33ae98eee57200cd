import { DRAGGED_NAME } from "../data/data-events.js";
import { addDefinitionLinks } from "./definition-links.js";
import { registerActions } from "./editor-actions.js";
import type { EditorHost } from "./editor-hosts.js";
import { addHost, removeHost } from "./editor-hosts.js";
import { followPageColors } from "./editor-theme.js";
import type { EditorMarker, MarkerSeverity as Severity } from "./markers.js";
import type { IDisposable } from "./monaco.js";
import { editor, MarkerSeverity, Uri } from "./monaco.js";
import { queryToPreview } from "./run-selection.js";
import { languageId, registerSql, toRange } from "./sql-providers.js";
import type { Span } from "./sql-scopes.js";
import { layoutService, widgetsNode } from "./widgets-node.js";

/** A taller editor scrolls in itself: Monaco draws every line that it has room for. */
const greatestHeight = 3000;
const padding = 6;
/** What one key writes: a character, or two quotes. More is pasted or chosen. */
const longestKey = 2;
const severities: Readonly<Record<Severity, MarkerSeverity>> = {
  error: MarkerSeverity.Error,
  warning: MarkerSeverity.Warning,
  info: MarkerSeverity.Info,
};

export interface MountOptions {
  readonly value: string;
  readonly label: string;
  readonly isReadOnly: boolean;
  readonly markers: readonly EditorMarker[];
}

let isPrepared = false;

function prepareOnce(): void {
  if (isPrepared) return;
  isPrepared = true;
  registerSql();
  registerActions();
  followPageColors();
  void document.fonts.ready.then(() => editor.remeasureFonts());
}

/** Monaco in a container: as tall as its text, and without a scroll of its own. */
export class MountedEditor {
  readonly #container: HTMLElement;
  readonly #uri: string;
  readonly #model: editor.ITextModel;
  readonly #editor: editor.IStandaloneCodeEditor;
  readonly #host: EditorHost;
  readonly #resizeObserver: ResizeObserver;
  readonly #cursor: HTMLElement;
  readonly #subscriptions: readonly IDisposable[];
  /** The version of the text, and the place in it, after the last insertion. */
  #inserted = "";
  #isChangedByPage = false;

  constructor(container: HTMLElement, host: EditorHost, options: MountOptions) {
    this.#container = container;
    this.#host = host;
    this.#uri = addHost(host);
    // The first editor decides on Monaco's services, so that nothing else of Monaco may be used before.
    this.#editor = editor.create(container, { ...optionsFor(container), model: null }, { layoutService });
    prepareOnce();
    this.#model = editor.createModel(options.value, languageId, Uri.parse(this.#uri));
    this.#model.updateOptions({ tabSize: 2, insertSpaces: true, trimAutoWhitespace: true });
    this.#editor.setModel(this.#model);
    this.setOptions(options.label, options.isReadOnly);
    this.setMarkers(options.markers);
    this.#cursor = document.createElement("div");
    this.#cursor.className = "sql-cell-cursor";
    container.append(this.#cursor);
    addDefinitionLinks(this.#editor);
    this.#subscriptions = [
      this.#model.onDidChangeContent(({ changes }) => this.#onContentChange(changes.at(-1)?.text ?? "")),
      this.#editor.onDidChangeCursorSelection(() => this.#editor.hasTextFocus() && this.#host.onCursor()),
      this.#editor.onDidFocusEditorText(() => this.#host.onCursor()),
      this.#editor.onDidContentSizeChange(
        ({ contentHeightChanged }) => contentHeightChanged && this.layout(),
      ),
      this.#editor.onDidChangeCursorPosition(({ source }) => source === "keyboard" && this.#revealCursor()),
    ];
    this.#resizeObserver = new ResizeObserver(() => this.layout());
    this.#resizeObserver.observe(container);
    container.addEventListener("dragover", (event) => this.#onDrag(event));
    container.addEventListener("drop", (event) => this.#onDrop(event));
    this.layout();
  }

  get value(): string {
    return this.#model.getValue();
  }

  get hasFocus(): boolean {
    return this.#editor.hasWidgetFocus();
  }

  /** Whether suggestions are open that somebody may choose from. Those that begin with what is typed already are closed. */
  isSuggesting(): boolean {
    const list = widgetsNode().querySelector(".suggest-widget.visible");
    if (!this.hasFocus || list === null) return false;
    const position = this.#editor.getPosition();
    const typed = position && this.#model.getWordUntilPosition(position).word;
    const offered = list.querySelector(".monaco-list-row.focused .label-name")?.textContent;
    if (typed === null || typed === "" || typed !== offered) return true;
    this.#editor.trigger("", "hideSuggestWidget", {});
    return false;
  }

  get selection(): Span {
    const selection = this.#editor.getSelection();
    if (!selection) return { start: 0, end: 0 };
    return {
      start: this.#model.getOffsetAt(selection.getStartPosition()),
      end: this.#model.getOffsetAt(selection.getEndPosition()),
    };
  }

  /** What stands at the cursor: a WITH query, or the statement. */
  queryAtCursor(): string | undefined {
    const { start } = this.selection;
    return queryToPreview(this.value, { start, end: start });
  }

  queryToPreview(): string | undefined {
    return queryToPreview(this.value, this.selection);
  }

  /** Changes only what differs, so that the cursor and the history of undo stay. The host is not told. */
  setValue(value: string): void {
    this.#isChangedByPage = true;
    this.#model.pushStackElement();
    this.#model.pushEditOperations([], difference(this.#model, value), () => null);
    this.#model.pushStackElement();
    this.#isChangedByPage = false;
  }

  /** Changes the text as the user's own edit, in one step of undo. */
  edit(value: string): void {
    this.#editor.pushUndoStop();
    this.#editor.executeEdits("lakebook", difference(this.#model, value));
    this.#editor.pushUndoStop();
  }

  /** In the place of what is selected; a space parts it from a word, a comma from what was inserted just before. */
  insert(text: string): void {
    const { start, end } = this.selection;
    const value = this.#model.getValue();
    const isWord = (at: number): boolean => /[\p{L}\p{N}_"')]/u.test(value.charAt(at));
    const isNext =
      this.#inserted === `${String(this.#model.getVersionId())}:${String(start)}` && start === end;
    const spaced = `${isNext ? ", " : isWord(start - 1) ? " " : ""}${text}${isWord(end) ? " " : ""}`;
    this.#editor.pushUndoStop();
    this.#editor.executeEdits("lakebook", [
      { range: toRange(this.#model, { start, end }), text: spaced, forceMoveMarkers: true },
    ]);
    this.#editor.pushUndoStop();
    this.#inserted = `${String(this.#model.getVersionId())}:${String(this.selection.start)}`;
    this.#revealCursor();
  }

  #onDrag(event: DragEvent): void {
    if (event.dataTransfer?.types.includes(DRAGGED_NAME) === true) event.preventDefault();
  }

  /** A name that was dragged here goes where it was let go. */
  #onDrop(event: DragEvent): void {
    const text = event.dataTransfer?.getData(DRAGGED_NAME) ?? "";
    if (text === "") return;
    event.preventDefault();
    const position = this.#editor.getTargetAtClientPoint(event.clientX, event.clientY)?.position;
    if (position) this.#editor.setPosition(position);
    this.insert(text);
    this.focus();
  }

  setOptions(label: string, isReadOnly: boolean): void {
    this.#editor.updateOptions({ ariaLabel: label, readOnly: isReadOnly, domReadOnly: isReadOnly });
  }

  setMarkers(markers: readonly EditorMarker[]): void {
    const data = markers.map(({ startOffset, endOffset, severity, message, hint }) => {
      const range = toRange(this.#model, { start: startOffset, end: endOffset });
      return {
        startLineNumber: range.startLineNumber,
        startColumn: range.startColumn,
        endLineNumber: range.endLineNumber,
        endColumn: range.endColumn,
        severity: severities[severity],
        message: hint === undefined ? message : `${message}\n${hint}`,
      };
    });
    editor.setModelMarkers(this.#model, "lakebook", data);
  }

  focus(): void {
    this.#editor.focus();
  }

  select(span: Span): void {
    this.#editor.setSelection(toRange(this.#model, span));
    this.#revealCursor();
  }

  layout(): void {
    const contentHeight = this.#editor.getContentHeight();
    const height = Math.min(contentHeight, greatestHeight);
    const width = this.#container.clientWidth;
    if (width === 0) return;
    const isTooTall = contentHeight > greatestHeight;
    const { width: knownWidth, height: knownHeight } = this.#editor.getLayoutInfo();
    if (knownWidth === width && knownHeight === height) return;
    this.#editor.updateOptions({ scrollbar: scrollbarOf(isTooTall) });
    this.#container.style.height = `${height}px`;
    this.#editor.layout({ width, height });
  }

  dispose(): void {
    this.#resizeObserver.disconnect();
    for (const subscription of this.#subscriptions) subscription.dispose();
    removeHost(this.#uri);
    this.#editor.dispose();
    this.#model.dispose();
    this.#cursor.remove();
  }

  #onContentChange(text: string): void {
    if (this.#isChangedByPage) return;
    this.#editor.updateOptions({ suggest: suggestOptions(text) });
    this.#host.onSourceChange(this.#model.getValue(), text.length <= longestKey);
  }

  /** The page scrolls, not the editor: the browser brings a stand-in for the cursor into view. */
  #revealCursor(): void {
    const position = this.#editor.getPosition();
    const place = position && this.#editor.getScrolledVisiblePosition(position);
    if (!place) return;
    this.#cursor.style.top = `${place.top}px`;
    this.#cursor.style.height = `${place.height}px`;
    this.#cursor.scrollIntoView({ block: "nearest" });
  }
}

function optionsFor(container: HTMLElement): editor.IStandaloneEditorConstructionOptions {
  const { fontFamily, fontSize, lineHeight } = getComputedStyle(container);
  return {
    fontFamily,
    fontSize: Number.parseFloat(fontSize),
    lineHeight: Number.parseFloat(lineHeight) || 20,
    fontLigatures: false,
    // All that opens goes into one place of the page. Menus too, and unlike its name says in no shadow root, where they
    // would lack their colours: because it is the layout service's container as well.
    overflowWidgetsDomNode: widgetsNode(),
    fixedOverflowWidgets: true,
    useShadowDOM: true,
    scrollBeyondLastLine: false,
    scrollBeyondLastColumn: 0,
    scrollbar: scrollbarOf(false),
    wordWrap: "on",
    // As browsers wrap the text that stands there before: another number of lines would move what is below.
    wrappingIndent: "none",
    wordWrapBreakBeforeCharacters: "",
    wordWrapBreakAfterCharacters: " \t-?",
    padding: { top: padding, bottom: padding },
    minimap: { enabled: false },
    stickyScroll: { enabled: false },
    folding: false,
    glyphMargin: false,
    lineNumbersMinChars: 3,
    lineDecorationsWidth: 14,
    overviewRulerLanes: 0,
    overviewRulerBorder: false,
    hideCursorInOverviewRuler: true,
    renderLineHighlight: "none",
    renderWhitespace: "selection",
    guides: { indentation: false, bracketPairs: false },
    bracketPairColorization: { enabled: false },
    occurrencesHighlight: "off",
    links: false,
    unusualLineTerminators: "off",
    wordBasedSuggestions: "off",
    quickSuggestions: { other: true, comments: false, strings: true },
    suggest: suggestOptions(""),
    suggestSelection: "first",
    // What is typed to its end is accepted already: Enter is a new line.
    acceptSuggestionOnEnter: "smart",
    tabCompletion: "off",
    hover: { delay: 250, above: false },
    detectIndentation: false,
  };
}

/** `typed`: the last key. What comes after a blank is offered, not chosen: Enter is a new line until something is. */
function suggestOptions(typed: string): editor.ISuggestOptions {
  return {
    showWords: false,
    showStatusBar: false,
    filterGraceful: true,
    localityBonus: false,
    selectionMode: typed === " " ? "whenQuickSuggestion" : "always",
  };
}

function scrollbarOf(isTooTall: boolean): editor.IEditorScrollbarOptions {
  return {
    vertical: isTooTall ? "auto" : "hidden",
    horizontal: "hidden",
    handleMouseWheel: isTooTall,
    alwaysConsumeMouseWheel: false,
    useShadows: false,
    verticalScrollbarSize: isTooTall ? 10 : 0,
    horizontalScrollbarSize: 0,
  };
}

/** One edit from the first character that differs to the last. */
function difference(model: editor.ITextModel, value: string): editor.IIdentifiedSingleEditOperation[] {
  const before = model.getValue();
  const shorter = Math.min(before.length, value.length);
  let start = 0;
  while (start < shorter && before[start] === value[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === value.at(-1 - end)) end++;
  return [
    {
      range: toRange(model, { start, end: before.length - end }),
      text: value.slice(start, value.length - end),
      forceMoveMarkers: true,
    },
  ];
}
