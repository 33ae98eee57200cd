import { findHost } from "./editor-hosts.js";
import type { EditorHost } from "./editor-hosts.js";
import type { editor as monacoEditor } from "./monaco.js";
import { editor, KeyCode, KeyMod } from "./monaco.js";
import { ask } from "./sql-providers.js";

type CodeEditor = monacoEditor.ICodeEditor;

interface CellAction {
  readonly id: string;
  readonly label: string;
  readonly keys: readonly number[];
  /** Its place in the context menu; absent where it has none. */
  readonly menu?: readonly [group: string, order: number];
  /** Left out where the text can't be changed. */
  readonly isEdit?: boolean;
  readonly run: (host: EditorHost, target: CodeEditor) => void;
}

const actions: readonly CellAction[] = [
  {
    id: "lakebook.run",
    label: "Run",
    keys: [KeyMod.CtrlCmd | KeyCode.Enter],
    menu: ["0_run", 1],
    run: (host) => host.onRun("run"),
  },
  {
    id: "lakebook.run-and-next",
    label: "Run and Go to Next",
    keys: [KeyMod.Shift | KeyCode.Enter],
    run: (host) => host.onRun("run-and-next"),
  },
  {
    id: "lakebook.run-and-insert",
    label: "Run and Insert Below",
    keys: [KeyMod.Alt | KeyCode.Enter],
    run: (host) => host.onRun("run-and-insert"),
  },
  {
    id: "lakebook.run-with-stale",
    label: "Run with Everything Out of Date",
    keys: [KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.Enter],
    run: (host) => host.onRun("run-with-stale"),
  },
  {
    id: "lakebook.preview",
    label: "Preview Selection",
    keys: [KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.Period],
    menu: ["0_run", 2],
    run: (host) => host.onPreview(),
  },
  {
    id: "lakebook.definition",
    label: "Go to Definition",
    keys: [KeyCode.F12],
    menu: ["0_sql", 1],
    run: (_host, target) => void goToDefinition(target),
  },
  {
    id: "lakebook.format",
    label: "Format SQL",
    keys: [KeyMod.Shift | KeyMod.Alt | KeyCode.KeyF],
    menu: ["0_sql", 2],
    isEdit: true,
    run: (host) => host.onFormat(),
  },
];

/** Monaco's own first halves of two-key shortcuts, on the key that opens the page's palette. */
const keysOfThePage = [
  "editor.action.addCommentLine",
  "editor.action.removeCommentLine",
  "editor.action.moveSelectionToNextFindMatch",
  "editor.action.showHover",
  "editor.action.trimTrailingWhitespace",
  "workbench.action.showHover",
];

/** Registers the keys and the menu: once per page. Each acts on the editor that has the focus, or had it last. */
export function registerActions(): void {
  for (const { id, label, keys, menu, isEdit, run } of actions) {
    editor.addEditorAction({
      id,
      label,
      keybindings: [...keys],
      keybindingContext: "editorTextFocus",
      ...(isEdit === true && { precondition: "!editorReadonly" }),
      ...(menu && { contextMenuGroupId: menu[0], contextMenuOrder: menu[1] }),
      run: (target) => {
        const host = findHost(target.getModel()?.uri.toString());
        if (!host) return;
        target.trigger("", "hideSuggestWidget", {});
        run(host, target);
      },
    });
  }
  editor.addKeybindingRules(keysOfThePage.map((command) => ({ keybinding: 0, command: `-${command}` })));
}

/** Tells the cell where what is at the cursor, or at a place, is defined. */
export async function goToDefinition(target: CodeEditor, place = target.getPosition()): Promise<void> {
  const model = target.getModel();
  if (!model || !place) return;
  const definition = await ask(model, place, (service, request) => service.definition(request));
  if (definition) findHost(model.uri.toString())?.onDefinition(definition);
}
