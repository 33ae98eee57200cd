import type { ParameterDefinition, ParameterValue } from "../notebook/notebook.js";
import type { GivenTable } from "./given.js";
import type { RowsColumn, StoredColumn } from "./rows.js";

/** Keys in a Parquet file, in the order of the key. */
export interface KeyFile {
  readonly file: string;
  /** Columns of the rows that are compared with them. */
  readonly columns: readonly string[];
  /** A part of a key is NULL, which then is a value like any other. */
  readonly hasNull: boolean;
}

export interface BoundParameter {
  readonly definition: Pick<ParameterDefinition, "name" | "type" | "isList">;
  readonly value: ParameterValue;
}

/** A relation that a query may name. Later ones may use earlier ones. */
export type Relation =
  /** Stored rows: exactly these files of the engine (absolute paths), exactly these columns. */
  | {
      readonly type: "files";
      readonly schema?: string;
      readonly name: string;
      readonly files: readonly string[];
      readonly columns: readonly StoredColumn[];
      /** Name of a further column: a BIGINT that grows with the order of the rows. */
      readonly position?: string;
      /** Only rows with one of these keys. */
      readonly only?: KeyFile;
      /** Only so many, from the front. */
      readonly first?: number;
    }
  /** A query cell that is computed inside its consumer. */
  | { readonly type: "query"; readonly name: string; readonly sql: string }
  /** A small system relation such as `lakebook.runs`. Values as JSON holds them, wide integers and decimals as strings. */
  | {
      readonly type: "rows";
      readonly schema?: string;
      readonly name: string;
      readonly columns: readonly RowsColumn[];
      readonly rows: readonly (readonly unknown[])[];
    }
  /** Rows that somebody wrote down. */
  | {
      readonly type: "given";
      readonly schema?: string;
      readonly name: string;
      readonly table: GivenTable;
    };

/** Everything that a query can see. */
export interface QueryScope {
  /** Absolute folder that relative paths in the SQL resolve from; all below it may be read. */
  readonly root: string;
  /** Further absolute folders that may be read. */
  readonly readable: readonly string[];
  readonly relations: readonly Relation[];
  readonly parameters: readonly BoundParameter[];
  /** Nothing that can be read there ever changes: what was opened for one query may serve the next one. */
  readonly isImmutable?: boolean;
}
