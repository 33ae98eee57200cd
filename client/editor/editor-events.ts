/** `run` stays, `run-and-next` goes to the next cell, `run-and-insert` adds one below, `run-with-stale` runs all that is stale too. */
export type RunMode = "run" | "run-and-next" | "run-and-insert" | "run-with-stale";

/** They all bubble: a page listens once. */
const options = { bubbles: true, composed: true };

/** The user typed, pasted, undid or formatted. Setting a property never fires it. */
export class CellSourceChangeEvent extends Event {
  static readonly type = "cell-source-change";
  readonly value: string;
  /** By a key, after which others may follow. */
  readonly isTyped: boolean;

  constructor(value: string, isTyped = false) {
    super(CellSourceChangeEvent.type, options);
    this.value = value;
    this.isTyped = isTyped;
  }
}

/** The text or the cursor has changed, by the user; `query` gives what stands at the cursor: a WITH query, or the statement. */
export class CellCursorEvent extends Event {
  static readonly type = "cell-cursor";
  readonly query: () => string | undefined;

  constructor(query: () => string | undefined) {
    super(CellCursorEvent.type, options);
    this.query = query;
  }
}

export class CellRunEvent extends Event {
  static readonly type = "cell-run";
  readonly mode: RunMode;

  constructor(mode: RunMode) {
    super(CellRunEvent.type, options);
    this.mode = mode;
  }
}

/** Escape twice in a row, with nothing open that it would close. */
export class CellEscapeEvent extends Event {
  static readonly type = "cell-escape";

  constructor() {
    super(CellEscapeEvent.type, options);
  }
}

/** Another Escape would leave the editor, and Tab too; or no more. */
export class CellLeavingEvent extends Event {
  static readonly type = "cell-leaving";
  readonly isLeaving: boolean;

  constructor(isLeaving: boolean) {
    super(CellLeavingEvent.type, options);
    this.isLeaving = isLeaving;
  }
}

/** A preview of the selection, or of the WITH query or statement at the cursor. */
export class RunSelectionEvent extends Event {
  static readonly type = "run-selection";
  readonly sql: string;

  constructor(sql: string) {
    super(RunSelectionEvent.type, options);
    this.sql = sql;
  }
}

export class GoToDefinitionEvent extends Event {
  static readonly type = "go-to-definition";
  /** The cell that defines what is at the cursor. */
  readonly name: string;

  constructor(name: string) {
    super(GoToDefinitionEvent.type, options);
    this.name = name;
  }
}

/** The user formatted the cell. */
export class CellFormatEvent extends Event {
  static readonly type = "cell-format";
  /** Why nothing changed, if it could not be formatted. */
  readonly message: string | undefined;

  constructor(message: string | undefined) {
    super(CellFormatEvent.type, options);
    this.message = message;
  }
}

declare global {
  interface HTMLElementEventMap {
    "cell-source-change": CellSourceChangeEvent;
    "cell-cursor": CellCursorEvent;
    "cell-run": CellRunEvent;
    "cell-escape": CellEscapeEvent;
    "cell-leaving": CellLeavingEvent;
    "run-selection": RunSelectionEvent;
    "go-to-definition": GoToDefinitionEvent;
    "cell-format": CellFormatEvent;
  }
}
