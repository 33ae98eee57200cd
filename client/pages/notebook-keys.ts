/** What a key does on the notebook page. */
export type PageCommand =
  | "save"
  | "next"
  | "previous"
  | "insert-above"
  | "insert-below"
  | "insert-prose"
  | "delete"
  | "help"
  | "undo"
  | "rename"
  | "open";

const commands: Readonly<Record<string, PageCommand>> = {
  j: "next",
  k: "previous",
  a: "insert-above",
  b: "insert-below",
  m: "insert-prose",
  "?": "help",
  z: "undo",
  F2: "rename",
  Enter: "open",
};

export interface PageKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  /** The key before this one, for `d d`. */
  readonly before: string;
  readonly isTyping: boolean;
  /** On a button or a link, where Enter has a meaning of its own. */
  readonly isOnControl: boolean;
  readonly hasDialog: boolean;
}

/** Letters act in command mode: while no field has the focus. */
export function commandOf(event: PageKey): PageCommand | undefined {
  const { key, before } = event;
  const hasCtrl = event.ctrlKey || event.metaKey;
  if (hasCtrl && key === "s") return "save";
  if (hasCtrl || event.altKey || event.hasDialog) return undefined;
  // No text has a use for F2, so that it renames the cell from within its editor too.
  if (event.isTyping && key !== "F2") return undefined;
  if (key === "d") return before === "d" ? "delete" : undefined;
  if (key === "Enter" && event.isOnControl) return undefined;
  return commands[key];
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
