import type { CellView } from "../../server/api/protocol.js";
import type { Permission } from "../../server/base/roles.js";
import type { PaletteEntry } from "../elements/command-palette.js";
import { pageEntries } from "../page-entries.js";
import type { CellAction } from "../elements/cell-events.js";
import { neededFor } from "./notebook-needs.js";
import { may } from "../session.js";
import { insertions, type InsertAction } from "../kinds/kinds.js";

export interface PaletteActions {
  readonly runAll: () => void;
  readonly runStale: () => void;
  readonly stop: () => void;
  readonly share: () => void;
  readonly report: () => void;
  readonly history: () => void;
  readonly materialize: () => void;
  readonly schedule: () => void;
  readonly insert: (action: InsertAction) => void;
  readonly scratch: () => void;
  readonly toggleLive: () => void;
  readonly find: () => void;
  readonly save: () => void;
  readonly showData: (isData: boolean) => void;
  readonly toggleAutoRun: () => void;
  /** Of what is selected; undefined: no cell is. */
  readonly cell: { readonly name: string; readonly act: (action: CellAction) => void } | undefined;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly move: (by: number) => void;
  readonly toggleGraph: () => void;
  readonly enlargeGraph: () => void;
  readonly help: () => void;
  readonly goTo: (name: string) => void;
}

/** Everything that the notebook page can do, and its cells. */
export function paletteEntries(cells: readonly CellView[], actions: PaletteActions): PaletteEntry[] {
  const insert = (label: string, action: InsertAction, detail?: string): PaletteEntry => ({
    label,
    ...(detail === undefined ? {} : { detail }),
    run: () => {
      actions.insert(action);
    },
  });
  const move = (label: string, by: number, detail: string): PaletteEntry => ({
    label,
    detail,
    run: () => {
      actions.move(by);
    },
  });
  const allowed: readonly (readonly [Permission, readonly PaletteEntry[]])[] = [
    [
      "run",
      [
        { label: "Run all", run: actions.runAll },
        { label: "Run what is out of date", detail: "Ctrl+Shift+Enter", run: actions.runStale },
        { label: "Stop", detail: "i i", run: actions.stop },
        { label: "Materialize …", run: actions.materialize },
        { label: "Auto-run on or off: run what depends on a control", run: actions.toggleAutoRun },
      ],
    ],
    [
      "read",
      [
        { label: may("share") ? "Share …" : "Download …", run: actions.share },
        { label: "Report: show or leave", run: actions.report },
        { label: "History …", run: actions.history },
        {
          label: may("edit") ? "Search and replace …" : "Search …",
          detail: "Ctrl+Shift+F",
          run: actions.find,
        },
      ],
    ],
    [
      "query",
      [
        { label: "Scratch query", run: actions.scratch },
        { label: "Live: answers while you type", run: actions.toggleLive },
      ],
    ],
    [
      "edit",
      [
        { label: "Save now", detail: "Ctrl+S", run: actions.save },
        { label: "Schedule …", run: actions.schedule },
        ...insertions.map(({ action, noun, keys }) => insert(`Add ${noun}`, action, keys)),
        move("Move cell up", -1, "Alt+Shift+↑"),
        move("Move cell down", 1, "Alt+Shift+↓"),
        { label: "Undo delete, move, insert or rename", detail: "z", run: actions.undo },
        { label: "Redo what was undone", detail: "Shift+Z", run: actions.redo },
      ],
    ],
  ];
  return [
    ...(actions.cell === undefined ? [] : cellEntries(actions.cell)),
    ...allowed.flatMap(([permission, entries]) => (may(permission) ? entries : [])),
    {
      label: "Show the outline",
      run: () => {
        actions.showData(false);
      },
    },
    {
      label: "Show the data",
      detail: "files, datasets, columns",
      run: () => {
        actions.showData(true);
      },
    },
    { label: "Show or hide the graph", run: actions.toggleGraph },
    { label: "Enlarge the graph", run: actions.enlargeGraph },
    { label: "Keys", detail: "?", run: actions.help },
    ...cells.map(({ name, kind }) => ({
      label: name,
      detail: kind,
      run: () => {
        actions.goTo(name);
      },
    })),
    ...pageEntries(),
  ];
}

/** Of the cell that is selected. */
function cellEntries({ name, act }: NonNullable<PaletteActions["cell"]>): PaletteEntry[] {
  const entries: readonly (readonly [CellAction, label: string, detail?: string])[] = [
    ["run", "Run this cell", "Ctrl+Enter"],
    ["rename", "Rename this cell …", "F2"],
    ["duplicate", "Duplicate this cell"],
    ["delete", "Delete this cell", "d d"],
  ];
  return entries.flatMap(([action, label, keys]) =>
    may(neededFor(action))
      ? [
          {
            label,
            detail: keys === undefined ? name : `${name} · ${keys}`,
            run: () => {
              act(action);
            },
          },
        ]
      : [],
  );
}
