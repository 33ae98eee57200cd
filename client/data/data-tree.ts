import { cellKinds } from "../../server/notebook/cell-kinds.js";
import type { CellView, Column } from "../../server/api/protocol.js";
import { formatCount, formatNumber, showControls } from "../../server/text/format.js";
import { quoteLiteral } from "../../server/text/sql-names.js";
import { quoteName } from "../editor/sql-words.js";
import { isPattern, literalPath, patternMatcher } from "./glob.js";

/** What has columns: a file or all that a pattern matches, as SQL names it; a dataset of the lake, or a cell, by its name. */
export interface DataSource {
  readonly type: "file" | "dataset" | "cell";
  readonly name: string;
}

export interface DataNode {
  /** Stays the same as long as it means the same. */
  readonly id: string;
  readonly kind: "group" | "folder" | "file" | "dataset" | "cell" | "column" | "date" | "note" | "action";
  readonly label: string;
  readonly detail: string;
  /** What goes into a text of SQL. */
  readonly insert?: string;
  /** The one that it opens to, or that it is a column of. */
  readonly source?: DataSource;
  readonly column?: Column;
  /** Where it stands among the columns of its source. */
  readonly index?: number;
  readonly action?: { readonly type: "read" | "choose"; readonly path: string };
  /** Absent: there is nothing to open. */
  readonly children?: () => readonly DataNode[];
}

/** What is known of the columns of a source. */
export interface KnownColumns {
  readonly columns?: readonly Column[] | undefined;
  readonly problem?: string | undefined;
}

export interface DataListing {
  /** As SQL names them. */
  readonly files: readonly string[];
  /** The greatest run date of a dataset first. */
  readonly datasets: readonly { readonly dataset: string; readonly runDate: string; readonly rows: number }[];
  readonly cells: readonly Pick<CellView, "name" | "kind" | "files">[];
  /** Rows of cells that have a result. */
  readonly rowsOf: (cell: string) => number | undefined;
  readonly known: (source: DataSource) => KnownColumns;
  readonly canRead: boolean;
}

export function keyOf({ type, name }: DataSource): string {
  return `${type} ${name}`;
}

/** Files, datasets and cells, each group in its order. */
export function dataTree(listing: DataListing): readonly DataNode[] {
  const files = fileNodes(listing);
  const datasets = datasetNodes(listing);
  const cells = listing.cells
    .filter(({ kind }) => cellKinds[kind].isRelation)
    .map(({ name }): DataNode => {
      const rows = listing.rowsOf(name);
      const detail = rows === undefined ? "" : formatNumber(rows);
      return opened(
        listing,
        { type: "cell", name },
        { kind: "cell", label: name, detail, insert: quoteName(name) },
      );
    });
  const group = (label: string, count: number, children: readonly DataNode[]): DataNode => ({
    id: `group ${label}`,
    kind: "group",
    label,
    detail: formatNumber(count),
    children: () => children,
  });
  return [
    group("Files", listing.files.length, files),
    group("Lake", datasets.length, datasets),
    group("Cells", cells.length, cells),
  ];
}

/** A node that opens to the columns of its source, behind what else there is to do with it. */
function opened(
  { known }: Pick<DataListing, "known">,
  source: DataSource,
  node: Omit<DataNode, "id" | "source" | "children">,
  before: (known: KnownColumns) => readonly DataNode[] = () => [],
): DataNode {
  const id = keyOf(source);
  const note = (text: string): DataNode => ({ id: `${id} note`, kind: "note", label: text, detail: "" });
  const columnsOf = ({ columns, problem }: KnownColumns): readonly DataNode[] => {
    if (problem !== undefined) return [note(problem)];
    if (columns === undefined) return [note("Looking …")];
    return columns.length === 0
      ? [note("No columns")]
      : columns.map((column, index) => columnNode(source, column, index));
  };
  return {
    ...{ ...node, id, source },
    children: () => {
      const found = known(source);
      return [...before(found), ...columnsOf(found)];
    },
  };
}

function columnNode(source: DataSource, column: Column, index: number): DataNode {
  return {
    id: `${keyOf(source)} column ${String(index)}`,
    kind: "column",
    label: column.name,
    detail: column.type,
    insert: quoteName(column.name),
    source,
    column,
    index,
  };
}

function datasetNodes(listing: DataListing): DataNode[] {
  const byName = new Map<string, DataListing["datasets"][number][]>();
  for (const date of listing.datasets) byName.set(date.dataset, [...(byName.get(date.dataset) ?? []), date]);
  return [...byName].map(([name, dates]) => {
    const [latest] = dates;
    const source = { type: "dataset", name } as const;
    const earlier: DataNode = {
      id: `${keyOf(source)} dates`,
      kind: "folder",
      label: formatCount(dates.length, "run date"),
      detail: "",
      children: () =>
        dates.map(({ runDate, rows }) => ({
          id: `${keyOf(source)} date ${runDate}`,
          kind: "date",
          label: runDate,
          detail: formatNumber(rows),
          insert: `"${runDate}".${quoteName(name)}`,
        })),
    };
    const insert = `lake.${quoteName(name)}`;
    return opened(
      listing,
      source,
      { kind: "dataset", label: name, detail: latest?.runDate ?? "", insert },
      () => [earlier],
    );
  });
}

function fileNodes(listing: DataListing): DataNode[] {
  const read = [...new Set(listing.cells.flatMap(({ files }) => files))].map((path) => ({
    path,
    matches: isPattern(path) ? patternMatcher(path) : (file: string) => file === path,
  }));
  const series = read
    .filter(({ path }) => isPattern(path))
    .map(({ path, matches }) => ({ path, files: listing.files.filter(matches) }))
    .filter(({ files }) => files.length > 1);
  const inSeries = new Set(series.flatMap(({ files }) => files));
  const readersOf = (file: string): readonly string[] =>
    listing.cells
      .filter(({ files }) => read.some(({ path, matches }) => files.includes(path) && matches(file)))
      .map(({ name }) => name);
  const root = new Folder("input/");
  for (const file of listing.files) if (!inSeries.has(file)) root.add(file);
  return [
    ...series.map(({ path, files }) => seriesNode(listing, path, files)),
    ...root.nodes(listing, readersOf),
  ];
}

function seriesNode(listing: DataListing, path: string, files: readonly string[]): DataNode {
  const source = { type: "file", name: path } as const;
  const members: DataNode = {
    id: `${keyOf(source)} files`,
    kind: "folder",
    label: formatCount(files.length, "file"),
    detail: "",
    children: () => files.map((file) => fileNode(listing, file, baseName(file), [""])),
  };
  return opened(
    listing,
    source,
    {
      kind: "file",
      label: belowInput(path),
      detail: formatCount(files.length, "file"),
      insert: readerOf(path),
    },
    () => [members],
  );
}

function fileNode(listing: DataListing, file: string, label: string, readers: readonly string[]): DataNode {
  const path = literalPath(file);
  const source = { type: "file", name: path } as const;
  const actions = ({ problem }: KnownColumns): DataNode[] => [
    ...(readers.length === 0 && listing.canRead && isReadable(file) && problem === undefined
      ? [actionNode(path, "read", "Read in a new cell")]
      : []),
    ...(listing.canRead && isCsv(file) ? [actionNode(path, "choose", "Choose how it is read …")] : []),
  ];
  const [reader = ""] = readers;
  const detail = readers.length > 1 ? formatCount(readers.length, "cell") : reader;
  return opened(
    listing,
    source,
    { kind: "file", label: showControls(label), detail, insert: readerOf(path) },
    actions,
  );
}

function actionNode(path: string, type: "read" | "choose", label: string): DataNode {
  return { id: `file ${path} ${type}`, kind: "action", label, detail: "", action: { type, path } };
}

/** Files below a folder of `input/`. */
class Folder {
  readonly path: string;
  readonly folders = new Map<string, Folder>();
  readonly files: string[] = [];

  /** With `/` at its end. */
  constructor(path: string) {
    this.path = path;
  }

  add(file: string): void {
    const rest = file.slice(this.path.length);
    const at = rest.indexOf("/");
    if (at === -1 || !file.startsWith(this.path)) {
      this.files.push(file);
      return;
    }
    const name = rest.slice(0, at + 1);
    const folder = this.folders.get(name) ?? new Folder(this.path + name);
    this.folders.set(name, folder);
    folder.add(file);
  }

  nodes(listing: DataListing, readersOf: (file: string) => readonly string[]): DataNode[] {
    const folders = [...this.folders].sort(([a], [b]) => compare(a, b));
    return [
      ...folders.map(([name, folder]): DataNode => {
        const pattern = folder.#pattern(readersOf);
        const whole =
          pattern === undefined || !listing.canRead
            ? []
            : [
                actionNode(
                  pattern,
                  "read",
                  `Read all ${formatCount(folder.files.length, "file")} in a new cell`,
                ),
              ];
        return {
          id: `folder ${folder.path}`,
          kind: "folder",
          label: showControls(name),
          detail: formatNumber(folder.#count()),
          children: () => [...whole, ...folder.nodes(listing, readersOf)],
        };
      }),
      ...this.files
        .sort(compare)
        .map((file) => fileNode(listing, file, file.slice(this.path.length), readersOf(file))),
    ];
  }

  /** What all its files match, where no cell reads one and they have one ending. */
  #pattern(readersOf: (file: string) => readonly string[]): string | undefined {
    const endings = new Set(this.files.map((file) => /(\.[^./]+){0,2}$/.exec(file)?.[0] ?? ""));
    const [ending = ""] = endings;
    const isOne = this.files.length > 1 && this.folders.size === 0 && endings.size === 1;
    return isOne && isReadable(ending) && this.files.every((file) => readersOf(file).length === 0)
      ? `${literalPath(this.path)}*${ending}`
      : undefined;
  }

  #count(): number {
    return [...this.folders.values()].reduce((sum, folder) => sum + folder.#count(), this.files.length);
  }
}

const order = new Intl.Collator("en", { numeric: true });

function compare(a: string, b: string): number {
  return order.compare(a, b);
}

function belowInput(path: string): string {
  return showControls(path.replace(/^input\//, ""));
}

function baseName(path: string): string {
  return path.replace(/^.*\//, "");
}

function isCsv(path: string): boolean {
  return /\.(csv|tsv|tab|txt)(\.(gz|zst))?$/i.test(path);
}

function isReadable(path: string): boolean {
  return isCsv(path) || /\.(json|jsonl|ndjson|geojson)(\.(gz|zst))?$|\.parquet$/i.test(path);
}

/** The function of SQL that reads it. */
export function readerOf(path: string): string {
  const literal = quoteLiteral(path);
  if (isCsv(path)) return `read_csv(${literal})`;
  if (/\.parquet$/i.test(path)) return `read_parquet(${literal})`;
  return isReadable(path) ? `read_json(${literal})` : literal;
}
