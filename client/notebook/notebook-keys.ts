import type { RunMode } from "../editor/editor-events.js";

/** What a key does on the notebook page. */
export type PageCommand =
  | "save"
  | "find"
  | "next"
  | "previous"
  | "insert-above"
  | "insert-below"
  | "insert-prose"
  | "delete"
  | "help"
  | "undo"
  | "redo"
  | "rename"
  | "open"
  | "move-up"
  | "move-down"
  | "stop"
  | "type"
  | RunMode;

const commands: Readonly<Record<string, PageCommand>> = {
  j: "next",
  k: "previous",
  a: "insert-above",
  b: "insert-below",
  m: "insert-prose",
  "?": "help",
  z: "undo",
  Z: "redo",
  F2: "rename",
};

const twice: Readonly<Record<string, PageCommand>> = { d: "delete", i: "stop" };
const withAltShift: Readonly<Record<string, PageCommand>> = { ArrowUp: "move-up", ArrowDown: "move-down" };

export interface PageKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  /** The key before this one, for `d d`. */
  readonly before: string;
  readonly isTyping: boolean;
  /** Into a text that cannot be changed. */
  readonly isReadOnly: boolean;
  /** On a button or a link, where Enter has a meaning of its own. */
  readonly isOnControl: boolean;
  readonly hasDialog: boolean;
}

/** Keys act in command mode: while no field has the focus. */
export function commandOf(event: PageKey): PageCommand | undefined {
  const { key, before, altKey, shiftKey } = event;
  const hasCtrl = event.ctrlKey || event.metaKey;
  if (hasCtrl && key === "s") return "save";
  if (event.hasDialog) return undefined;
  if (hasCtrl && event.shiftKey && key.toLowerCase() === "f" && !event.altKey) return "find";
  // No text has a use for F2, so that it renames the cell from within its editor too.
  if (event.isTyping && key === "F2") return "rename";
  if (event.isTyping) return event.isReadOnly && isTyped(key, hasCtrl || altKey) ? "type" : undefined;
  if (key === "Enter") return enterCommand(event, hasCtrl);
  if (altKey && shiftKey && !hasCtrl) return withAltShift[key];
  if (hasCtrl || altKey) return undefined;
  return key in twice ? (before === key ? twice[key] : undefined) : commands[key];
}

function isTyped(key: string, isChord: boolean): boolean {
  return isChord ? key === "v" || key === "x" : key.length === 1 || /^(Backspace|Delete|Enter)$/.test(key);
}

/** The same as in an editor, but that it opens the source without another key. */
function enterCommand({ altKey, shiftKey, isOnControl }: PageKey, hasCtrl: boolean): PageCommand | undefined {
  if (hasCtrl) return shiftKey ? "run-with-stale" : "run";
  if (isOnControl) return undefined;
  if (altKey) return "run-and-insert";
  return shiftKey ? "run-and-next" : "open";
}

/** Does what is typed there go into a text? */
export function isTextField(target: EventTarget | undefined): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
      target.closest(".monaco-editor") !== null)
  );
}
