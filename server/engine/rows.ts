import type { SimpleKind, TypeKind } from "../text/type-kind.js";

export interface Column {
  readonly name: string;
  /** The engine's own name of the type, e.g. `DECIMAL(18,2)`: it is shown, and nobody but the engine reads it. */
  readonly type: string;
  readonly kind: TypeKind;
}

/** A column of plain values, in whatever type the engine has for them. */
export interface RowsColumn {
  readonly name: string;
  readonly kind: SimpleKind;
}

/** A column of stored rows. */
export interface StoredColumn extends Column {
  /** The query's own name for it, where a column before it has that name too: `name` is then what its readers call it. */
  readonly label?: string | undefined;
  /** How it is read from the files, as the engine wrote it; absent: by its name. Of a dataset, `type` is that of the files. */
  readonly read?: string | undefined;
}

/** A value of which only the beginning came. */
export interface CutValue {
  /** Its place in `rows`. */
  readonly row: number;
  readonly column: number;
  /** Of the whole: characters (code points) of its text, bytes of a BLOB. */
  readonly length: number;
}

export interface CopiedRows {
  readonly rows: number;
  readonly bytes: number;
}
