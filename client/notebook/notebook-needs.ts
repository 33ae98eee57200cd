import type { Permission } from "../../server/base/roles.js";
import type { CellAction } from "../elements/cell-events.js";
import type { RunBarAction } from "../elements/run-bar-events.js";
import type { PageCommand } from "./notebook-keys.js";

const running: readonly string[] = [
  "run",
  "run-with-stale",
  "run-all",
  "run-stale",
  "stop",
  "materialize",
  "toggle-auto-run",
] satisfies readonly (PageCommand | CellAction | RunBarAction)[];

/** Those that open or go to something. What inserts, and so edits, is named by the kinds of cells. */
const looking: readonly string[] = [
  "next",
  "previous",
  "run-and-next",
  "help",
  "open",
  "save",
  "find",
  "settings",
  "toggle-graph",
  "show-outline",
  "share",
  "history",
] satisfies readonly (PageCommand | CellAction | RunBarAction)[];

/** What whoever presses a key, a button or an entry of a menu has to be allowed. */
export function neededFor(command: PageCommand | CellAction | RunBarAction): Permission {
  if (looking.includes(command)) return "read";
  if (command === "toggle-live") return "query";
  return running.includes(command) ? "run" : "edit";
}
