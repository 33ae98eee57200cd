import { foldCase } from "../../../text/sql-names.js";
import { childrenOf } from "./scope.js";
import { isFilled, nodeOf, textConstant, textOf, textsOf, walk, type TreeNode } from "./tree.js";

/** A relation of FROM that reads files. */
export interface FileRead {
  /** The table function, in lower case. */
  readonly reader: string;
  /** Undefined where it is not one text that is written there. */
  readonly path: string | undefined;
  readonly options: ReadonlyMap<string, TreeNode>;
  /** The same for calls that read the same. */
  readonly key: string;
}

export function fileRead(table: TreeNode): FileRead | undefined {
  if (table.type === "BASE_TABLE") {
    const path = textOf(table.table_name);
    const isFile = !isFilled(table.schema_name) && !isFilled(table.catalog_name) && /\.parquet$/i.test(path);
    return isFile ? { reader: "read_parquet", path, options: new Map(), key: path } : undefined;
  }
  const call = table.type === "TABLE_FUNCTION" ? nodeOf(table.function) : undefined;
  const reader = foldCase(textOf(call?.function_name));
  if (call === undefined || !/^(read_|scan_|parquet_scan$|sniff_|glob$)/.test(reader)) return undefined;
  const [path, ...others] = childrenOf(call);
  const options = new Map<string, TreeNode>();
  for (const other of others) {
    const name = textsOf(nodeOf(other.left)?.column_names)[0];
    options.set(foldCase(name ?? ""), nodeOf(other.right) ?? {});
  }
  const key = JSON.stringify([reader, childrenOf(call)], (name, value: unknown) =>
    name === "query_location" ? undefined : value,
  );
  return { reader, path: textConstant(path), options, key };
}

/** All of a query, once for each key, with the relation as it stands there. */
export function fileReads(query: TreeNode): readonly { readonly read: FileRead; readonly table: TreeNode }[] {
  const found = new Map<string, { readonly read: FileRead; readonly table: TreeNode }>();
  walk(query, (node) => {
    const read = fileRead(node);
    if (read !== undefined) found.set(read.key, { read, table: node });
    return true;
  });
  return [...found.values()];
}
