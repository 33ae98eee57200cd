export type RunBarAction =
  | "run-all"
  | "run-stale"
  | "stop"
  | "materialize"
  | "save"
  | "show-choice"
  | "toggle-graph"
  | "show-outline"
  | "toggle-auto-run"
  | "toggle-live"
  | "share"
  | "toggle-report"
  | "history"
  | "schedule";

export class RunBarActionEvent extends Event {
  readonly action: RunBarAction;

  constructor(action: RunBarAction) {
    super("run-bar-action", { bubbles: true, composed: true });
    this.action = action;
  }
}

export class RunDateChangeEvent extends Event {
  /** Undefined: today. */
  readonly date: string | undefined;

  constructor(date: string | undefined) {
    super("run-date-change", { bubbles: true, composed: true });
    this.date = date;
  }
}

export class RunBarGoToEvent extends Event {
  /** Of the cell. */
  readonly name: string;

  constructor(name: string) {
    super("run-bar-go-to", { bubbles: true, composed: true });
    this.name = name;
  }
}

declare global {
  interface HTMLElementEventMap {
    "run-bar-action": RunBarActionEvent;
    "run-bar-go-to": RunBarGoToEvent;
    "run-date-change": RunDateChangeEvent;
  }
}
