import type { LitElement } from "lit";
import { toText } from "../../server/text/format.js";
import type { Arrangement } from "./arranged-source.js";
import { DeriveEvent, FormatEvent } from "./grid-events.js";
import "./grid-menu.js";
import { headEntries, valueEntries, type GridDeeds } from "./grid-menu-entries.js";
import { keyOf, titleOf, type GridColumn, type GridQuery, type GridSort } from "./grid-source.js";
import { ownValue } from "../own-value.js";
import { writeClipboard } from "./write-clipboard.js";

/** A grid, and of what the menu is. */
export interface MenuRequest {
  readonly grid: LitElement & {
    readonly derivable: boolean;
    readonly narrowed: boolean;
    readonly plain: boolean;
    readonly formats: Readonly<Record<string, string>>;
  };
  readonly columns: readonly GridColumn[];
  readonly index: number;
  /** Undefined: the head of the column. */
  readonly value: { readonly value: unknown } | undefined;
  readonly query: GridQuery;
  readonly arrangement: Arrangement;
  sortBy(key: string, direction: GridSort["direction"] | null): void;
  filterBy(column: GridColumn, text?: string): void;
  arrange(arrangement: Arrangement): void;
  say(note: string): void;
  readonly showWhole: () => void;
  /** Gives the focus back. */
  readonly close: () => void;
}

/** Opens the menu, which comes with its code when it is first wanted; a grid has one. */
export function openGridMenu(cell: Element, request: MenuRequest): void {
  const column = request.columns[request.index];
  if (column === undefined) return;
  const { grid, value } = request;
  const found = grid.renderRoot.querySelector("grid-menu");
  const menu = found ?? document.createElement("grid-menu");
  if (found === null) grid.renderRoot.append(menu);
  const deeds = deedsOf(request, column);
  const groups =
    value === undefined
      ? headEntries(deeds)
      : valueEntries(deeds, value.value, toText(value.value, column.kind), request.showWhole);
  const label = `${value === undefined ? "Column" : "Value of"} ${deeds.title}`;
  void menu.show(label, groups, cell.getBoundingClientRect(), request.close);
}

function deedsOf(
  { grid, columns, index, query, arrangement, ...request }: MenuRequest,
  column: GridColumn,
): GridDeeds {
  const { hidden, pinned } = arrangement;
  const key = keyOf(column);
  const others = pinned.filter((other) => other !== key);
  return {
    column,
    title: titleOf(columns, index).text,
    sort: query.sort,
    isPinned: pinned.includes(key),
    hiddenCount: hidden.size,
    canDerive: grid.derivable,
    canSelect: !grid.plain,
    isFiltered: query.filter !== null || grid.narrowed,
    sortBy: (direction) => {
      request.sortBy(key, direction);
    },
    filterBy: (text) => {
      request.filterBy(column, text);
    },
    hide: () => {
      request.arrange({ pinned: others, hidden: new Set([...hidden, key]) });
    },
    showAll: () => {
      request.arrange({ pinned, hidden: new Set() });
    },
    pin: () => {
      request.arrange({ hidden, pinned: pinned.includes(key) ? others : [...pinned, key] });
    },
    copy: (text) =>
      void writeClipboard(text).then(
        () => {
          request.say("Copied");
        },
        (error: unknown) => {
          request.say(`Not copied: ${error instanceof Error ? error.message : String(error)}`);
        },
      ),
    derive: (groupBy, asks) => grid.dispatchEvent(new DeriveEvent(query, groupBy, asks)),
    control: () => grid.dispatchEvent(new DeriveEvent(query, [], false, key)),
    format: ownValue(grid.formats, key),
    formatAs: (format) => grid.dispatchEvent(new FormatEvent(key, format)),
    profile: () => grid.dispatchEvent(new Event("show-profile", { bubbles: true, composed: true })),
  };
}
