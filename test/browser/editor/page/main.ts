/** A page of editors without a server: `?cells=N`. What it logs for the tests is in `window.editorLog`. */
import { createLanguageService } from "../../../../client/editor/language-service.js";
import type { LanguageContext } from "../../../../client/editor/language-service.js";
import type { SqlCellEditor } from "../../../../client/editor/sql-cell-editor.js";
import "../../../../client/editor/sql-cell-editor.js";

/** The id of the editor, the type of the event, and what it carried. */
export type LogEntry = readonly [cell: string, event: string, detail?: string];

declare global {
  interface Window {
    editorLog: LogEntry[];
    /** The most editors that became real between two frames since the test set it to 0. */
    mostMountedAtOnce: number;
    /** Puts everything back to how it was at first, except for the history of undo. */
    resetCells: () => Promise<void>;
  }
}

const context: LanguageContext = {
  cells: [
    {
      name: "orders",
      kind: "sql",
      description: "The *orders* and <b>their</b> cities ![](https://example.com/x.png)",
      columns: [
        { name: "orderId", type: "BIGINT" },
        { name: "cityCode", type: "VARCHAR" },
      ],
    },
  ],
  values: {
    known: () => undefined,
    find: ({ column }) =>
      Promise.resolve(
        column === "cityCode"
          ? { frequent: ["BCN", "L'Hospitalet"].map((value) => ({ value, count: 2 })), examples: [] }
          : undefined,
      ),
  },
  lake: [{ name: "zones", columns: [{ name: "zone", type: "VARCHAR" }] }],
  files: ["input/orders.json"],
  functions: [{ name: "count", signature: "count(arg)", description: "Counts values." }],
  parameters: [{ name: "run_date", type: "DATE" }],
  keywords: ["select", "from", "where", "group", "by", "order", "join"],
};
const languageService = createLanguageService(() => context);
const cells = document.querySelector("#cells");
const count = Number(new URLSearchParams(location.search).get("cells") ?? "3");

window.editorLog = [];
window.mostMountedAtOnce = 0;
window.resetCells = resetCells;
watchFrames();

for (let at = 0; at < count; at++) {
  const editor = document.createElement("sql-cell-editor");
  editor.id = `cell-${at}`;
  editor.cellName = `cell_${at}`;
  editor.value = source(at);
  editor.languageService = languageService;
  log(editor);
  const cell = document.createElement("div");
  cell.className = "cell";
  cell.append(editor);
  cells?.append(cell);
}

async function resetCells(): Promise<void> {
  for (const [at, editor] of document.querySelectorAll("sql-cell-editor").entries()) {
    Object.assign(editor, {
      cellName: `cell_${at}`,
      value: source(at),
      readOnly: false,
      markers: [],
      autoFocus: false,
    });
    await editor.updateComplete;
  }
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  scrollTo(0, 0);
  window.editorLog = [];
}

function source(at: number): string {
  if (count > 10) {
    const columns = Array.from({ length: at % 30 }, (_, column) => `  column_${column},`);
    return [`--| cell: cell_${at}`, "SELECT", ...columns, "  1 AS one", "FROM orders"].join("\n");
  }
  return `--| cell: cell_${at}\nSELECT cityCode, 'text', 1\nFROM orders AS o`;
}

function log(editor: SqlCellEditor): void {
  const add = (event: Event, detail?: string): void => {
    window.editorLog.push(detail === undefined ? [editor.id, event.type] : [editor.id, event.type, detail]);
  };
  editor.addEventListener("cell-source-change", (event) => add(event, event.value));
  editor.addEventListener("cell-run", (event) => add(event, event.mode));
  editor.addEventListener("cell-leaving", (event) => add(event, String(event.isLeaving)));
  editor.addEventListener("cell-escape", (event) => add(event));
  editor.addEventListener("run-selection", (event) => add(event, event.sql));
  editor.addEventListener("go-to-definition", (event) => add(event, event.name));
  editor.addEventListener("cell-format", (event) => add(event, event.message));
}

function watchFrames(): void {
  let last = 0;
  const onFrame = (): void => {
    const mounted = document.querySelectorAll(".sql-cell-monaco .view-lines").length;
    window.mostMountedAtOnce = Math.max(window.mostMountedAtOnce, mounted - last);
    last = mounted;
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
}
