export interface Column {
  readonly name: string;
  /** The engine's SQL name of the type, e.g. `DECIMAL(18,2)`. */
  readonly type: string;
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
