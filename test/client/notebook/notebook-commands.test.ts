import { describe, expect, test } from "vitest";
import type { CellAction } from "../../../client/elements/cell-events.js";
import type { RunBarAction } from "../../../client/elements/run-bar-events.js";
import { NotebookCommands, type CommandedPage } from "../../../client/notebook/notebook-commands.js";
import type { PageCommand } from "../../../client/notebook/notebook-keys.js";

const blocks = ["a", "b"].map((id) => ({ id, type: "cell", source: "", cell: { name: `cell_${id}` } }));

/** Commands of a page that writes down what it is told to do: `insert a insert-sql`. */
function commandsWith(selected?: string) {
  const told: string[] = [];
  const part = (facts: object, ...methods: readonly string[]): unknown => ({
    ...facts,
    ...Object.fromEntries(
      methods.map((method) => [
        method,
        (...args: readonly unknown[]) => {
          const words = args.map((arg) => (arg instanceof Object && "id" in arg ? arg.id : (arg ?? "-")));
          told.push([method, ...words].join(" "));
        },
      ]),
    ),
  });
  const file = part({}, "save");
  const store = part({ state: { autoRun: false }, file }, "stop", "runStale", "setAutoRun");
  const page = {
    store: () => store,
    editing: part(
      { document: { head: "", blocks } },
      ...["insert", "delete", "move", "duplicate", "rename", "undo", "redo"],
    ),
    running: part({}, "runCell"),
    selection: part({ id: selected }, "focusNext", "goTo", "open"),
    panels: part({}, "toggleGraph", "showOutline", "openScratch"),
    dialogs: part({}, "materialize", "help"),
  };
  return { told, commands: new NotebookCommands(page as unknown as CommandedPage) };
}

describe("a command of a key", () => {
  function press(command: PageCommand, selected?: string): readonly string[] {
    const { told, commands } = commandsWith(selected);
    expect(commands.do(command)).toBe(told.length > 0);
    return told;
  }

  test("is done to the block that is selected", () => {
    expect(press("delete", "b")).toEqual(["delete b"]);
    expect(press("open", "b")).toEqual(["open b"]);
    expect(press("move-up", "b")).toEqual(["move b -1"]);
    expect(press("run-and-next", "b")).toEqual(["runCell b run-and-next"]);
  });

  test.each(["delete", "open", "move-down", "run"] as const)(
    "to %s leaves the key alone without one",
    (command) => {
      expect(press(command)).toEqual([]);
    },
  );

  test("inserts beside the selected block, and at the end where none is", () => {
    expect(press("insert-above", "b")).toEqual(["insert a insert-sql"]);
    expect(press("insert-above", "a")).toEqual(["insert - insert-sql"]);
    expect(press("insert-below", "a")).toEqual(["insert a insert-sql"]);
    expect(press("insert-prose")).toEqual(["insert b insert-prose"]);
  });

  test("goes to the neighbour of what is selected", () => {
    expect(press("next", "a")).toEqual(["focusNext a 1"]);
    expect(press("previous")).toEqual(["focusNext - -1"]);
  });
});

describe("a button", () => {
  function act(action: CellAction): readonly string[] {
    const { told, commands } = commandsWith("a");
    commands.act(blocks[1] as unknown as Parameters<typeof commands.act>[0], { action });
    return told;
  }

  function actOnAll(action: RunBarAction): readonly string[] {
    const { told, commands } = commandsWith("a");
    commands.actOnAll(action);
    return told;
  }

  test("of a cell acts on that cell, whatever is selected", () => {
    expect(act("materialize")).toEqual(["materialize cell_b"]);
    expect(act("duplicate")).toEqual(["duplicate b"]);
    expect(act("insert-check")).toEqual(["insert b insert-check"]);
    expect(act("settings")).toEqual([]);
  });

  test("of the run bar acts on all of them", () => {
    expect(actOnAll("materialize")).toEqual(["materialize"]);
    expect(actOnAll("toggle-auto-run")).toEqual(["setAutoRun true"]);
    expect(actOnAll("save")).toEqual(["save"]);
  });
});
