import { goToDefinition } from "./editor-actions.js";
import type { Position } from "./monaco.js";
import { editor } from "./monaco.js";

import { ask } from "./sql-providers.js";

/** With Ctrl or Cmd held, names that are defined somewhere look like links, and a click goes there. */
export function addDefinitionLinks(target: editor.IStandaloneCodeEditor): void {
  const link = target.createDecorationsCollection();
  let asked = "";
  target.onMouseMove(({ event, target: { type, position } }) => {
    const model = target.getModel();
    const isText = type === editor.MouseTargetType.CONTENT_TEXT;
    const word = isText && (event.ctrlKey || event.metaKey) && model?.getWordAtPosition(position);
    if (!word || !model) {
      asked = "";
      link.clear();
      return;
    }
    const key = `${position.lineNumber}:${word.startColumn}`;
    if (key === asked) return;
    asked = key;
    void showLink(link, model, position, () => asked === key);
  });
  target.onMouseDown(({ event, target: { type, position } }) => {
    const isLink =
      type === editor.MouseTargetType.CONTENT_TEXT && event.leftButton && (event.ctrlKey || event.metaKey);
    if (!isLink || event.altKey || event.shiftKey) return;
    link.clear();
    void goToDefinition(target, position);
  });
  target.onMouseLeave(() => link.clear());
  target.onKeyUp(() => link.clear());
}

async function showLink(
  link: editor.IEditorDecorationsCollection,
  model: editor.ITextModel,
  position: Position,
  isWanted: () => boolean,
): Promise<void> {
  const definition = await ask(model, position, (service, request) => service.definition(request));
  const word = model.isDisposed() ? null : model.getWordAtPosition(position);
  if (!definition || !word || !isWanted()) {
    link.clear();
    return;
  }
  const range = {
    startLineNumber: position.lineNumber,
    startColumn: word.startColumn,
    endLineNumber: position.lineNumber,
    endColumn: word.endColumn,
  };
  link.set([{ range, options: { inlineClassName: "sql-cell-link" } }]);
}
