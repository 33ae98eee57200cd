import { showControls } from "../../server/text/format.js";
import { familyOf } from "../../server/text/type-kind.js";
import { may } from "../session.js";
import type { GridMenuEntry } from "./grid-menu.js";
import { keyOf, type GridColumn, type GridSort } from "./grid-source.js";
import { filterText } from "./parse-filter.js";

/** The grid as far as its menus need it. */
export interface GridDeeds {
  readonly column: GridColumn;
  readonly title: string;
  readonly sort: GridSort | null;
  readonly isPinned: boolean;
  readonly hiddenCount: number;
  /** Its rows may be sorted and filtered. */
  readonly canSelect: boolean;
  /** Its rows may become another cell. */
  readonly canDerive: boolean;
  readonly isFiltered: boolean;
  sortBy(direction: GridSort["direction"] | null): void;
  /** Without a text its field is opened. */
  filterBy(text?: string): void;
  hide(): void;
  showAll(): void;
  pin(): void;
  copy(text: string): void;
  /** How its numbers are shown; undefined: as they are. */
  readonly format: string | undefined;
  formatAs(format: string | undefined): void;
  derive(groupBy: readonly string[], asks?: boolean): void;
  /** A control is to choose the rows by this column. */
  control(): void;
  profile(): void;
}

type Entry = GridMenuEntry | false;

function groupsOf(...groups: readonly (readonly Entry[])[]): GridMenuEntry[][] {
  return groups.map((entries) => entries.filter((entry) => entry !== false));
}

/** Of the head of a column. */
export function headEntries(grid: GridDeeds): GridMenuEntry[][] {
  const { column, title, hiddenCount } = grid;
  const name = showControls(title);
  return groupsOf(
    ...selectEntries(grid),
    [
      {
        label: "Hide",
        run: () => {
          grid.hide();
        },
      },
      hiddenCount > 0 && {
        label: `Show the ${String(hiddenCount)} hidden`,
        run: () => {
          grid.showAll();
        },
      },
      {
        label: grid.isPinned ? "Unpin" : "Pin at the left",
        run: () => {
          grid.pin();
        },
      },
    ],
    [
      {
        label: "Copy its name",
        run: () => {
          grid.copy(column.name);
        },
      },
      grid.canDerive && {
        label: "Profile",
        run: () => {
          grid.profile();
        },
      },
    ],
    formatEntries(grid),
    deriveEntries(grid, name),
  );
}

function selectEntries(grid: GridDeeds): Entry[][] {
  if (!grid.canSelect) return [];
  const direction = grid.sort?.column === keyOf(grid.column) ? grid.sort.direction : null;
  return [
    [
      direction !== "asc" && {
        label: "Sort ascending",
        run: () => {
          grid.sortBy("asc");
        },
      },
      direction !== "desc" && {
        label: "Sort descending",
        run: () => {
          grid.sortBy("desc");
        },
      },
      direction !== null && {
        label: "Do not sort",
        run: () => {
          grid.sortBy(null);
        },
      },
    ],
    [
      {
        label: "Filter …",
        run: () => {
          grid.filterBy();
        },
      },
      {
        label: "Only rows where it is NULL",
        run: () => {
          grid.filterBy("null");
        },
      },
      {
        label: "Only rows where it is not NULL",
        run: () => {
          grid.filterBy("not null");
        },
      },
    ],
  ];
}

const formats: readonly (readonly [format: string, label: string])[] = [
  ["0", "Show whole numbers: 1 235"],
  ["0.00", "Show two digits: 1 234.50"],
  ["percent", "Show percent: 12.3 %"],
  ["bytes", "Show bytes: 1.5 MB"],
  ["duration", "Show seconds as a duration: 1 h 02 min"],
  ["epoch_seconds", "Show seconds since 1970 as a time"],
];

/** They are kept in the cell's settings. */
function formatEntries(grid: GridDeeds): Entry[] {
  if (!grid.canDerive || !may("edit") || familyOf(grid.column.kind) !== "number") return [];
  return [
    ...formats.map(
      ([format, label]): Entry =>
        format !== grid.format && {
          label,
          run: () => {
            grid.formatAs(format);
          },
        },
    ),
    grid.format !== undefined && {
      label: "Show the numbers as they are",
      run: () => {
        grid.formatAs(undefined);
      },
    },
  ];
}

function deriveEntries(grid: GridDeeds, name: string): Entry[] {
  if (!grid.canDerive) return [];
  const group = {
    label: `Group by ${name} …`,
    run: () => {
      grid.derive([keyOf(grid.column)], true);
    },
  };
  if (!may("edit")) return [group];
  return [
    group,
    {
      label: `Choose ${name} by a control`,
      run: () => {
        grid.control();
      },
    },
    {
      label: `Count rows by ${name} in a new cell`,
      run: () => {
        grid.derive([keyOf(grid.column)]);
      },
    },
    (grid.isFiltered || grid.sort !== null) && {
      label: grid.isFiltered ? "These filtered rows as a new cell" : "These sorted rows as a new cell",
      run: () => {
        grid.derive([]);
      },
    },
  ];
}

/** Of one value. `text`: as it is copied. */
export function valueEntries(
  grid: GridDeeds,
  value: unknown,
  text: string,
  showWhole: () => void,
): GridMenuEntry[][] {
  const isPlain =
    value === null ||
    (typeof value !== "object" && text.length <= 200 && text.trim() === text && text !== "");
  return groupsOf(
    isPlain && grid.canSelect
      ? [
          {
            label: "Only rows with this value",
            run: () => {
              grid.filterBy(filterText(value, text));
            },
          },
          {
            label: "Only rows with another value",
            run: () => {
              grid.filterBy(filterText(value, text, true));
            },
          },
        ]
      : [],
    [
      { label: "See the whole", keys: "Enter", run: showWhole },
      {
        label: "Copy",
        keys: "Ctrl+C",
        run: () => {
          grid.copy(text);
        },
      },
    ],
    deriveEntries(grid, showControls(grid.title)),
  );
}
