import type { Span } from "../base/source.js";
import type { QueryForm } from "./query-form.js";

/** A relation that a query reads by name. CTEs of the query itself are not among them. */
export interface TableReference {
  /** Absent for an unqualified name, otherwise `lake`, `lakebook` or a run date such as `2026-10-01`. */
  readonly schema?: string;
  /** In lower case, as case does not count. It may name a table of the engine (`duckdb_settings`): only cells are known. */
  readonly name: string;
  /** How often the query reads it. */
  readonly count: number;
  /** The first place, schema and quotes included. */
  readonly span: Span;
}

/** Where a query says the name of a cell that it reads, so that the cell can be renamed. */
export interface NamePlaces {
  /** In lower case. */
  readonly name: string;
  /** One for each FROM that reads it. */
  readonly scopes: readonly ScopedPlaces[];
  /** Each `main.` before the name, where what is meant by it is not certain: it says nothing. */
  readonly unclearSchemas: readonly Span[];
}

/** What one FROM and the expressions around it say of a cell. */
export interface ScopedPlaces {
  /** After FROM and the like, quotes and `main.` included. */
  readonly tables: readonly { readonly span: Span; readonly isAliased: boolean }[];
  /** Before a column, as in `orders.id`. */
  readonly qualifiers: readonly Span[];
  /** The `main.` before any of them. */
  readonly schemas: readonly Span[];
  /** Something else may mean the relation by its name, so that the name has to stay as an alias. */
  readonly needsAlias: boolean;
}

/** A query without the names of cells that its result does not depend on. */
export interface NamelessQuery {
  /** `normalized` with numbers for the names, in the order of `tables`. */
  readonly query: string;
  /**
   * The columns that a name stands before: only if the relation has them is it certain that the name means the relation,
   * and not a column that is a STRUCT.
   */
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[];
}

/** A file or glob that a query reads by a literal; one for each place where it does. */
export interface FileReference {
  readonly path: string;
  /** The table function, e.g. `read_json`; empty for `FROM 'file.csv'`. */
  readonly reader: string;
  /** The literal with its quotes: another literal may take its place. */
  readonly span: Span;
  /** Names of the reader's options, in lower case; absent without a reader. */
  readonly options?: readonly string[];
  /** The reader's call, or the literal with what names it; absent where that is not known. */
  readonly call?: Span;
  /** The relation has a name of its own behind it. */
  readonly isAliased?: boolean;
}

/** What a query reads and is, learned without running or binding it. Offsets are into the query's text. */
export interface QueryFacts {
  readonly tables: readonly TableReference[];
  readonly files: readonly FileReference[];
  /** Each `main.` before the name of a cell: it says nothing, and a cell that is computed within the query has none. */
  readonly ownSchemas?: readonly Span[];
  /** Names of the `$parameters` as they are written, with their first places. */
  readonly parameters: readonly { readonly name: string; readonly span: Span }[];
  /** Functions whose value changes from call to call: now, random, uuid ...; `sample` for a sample without a seed. */
  readonly volatileFunctions: readonly string[];
  /** The query's tree as text without positions: comments, white space and keyword case do not count. Empty if guessed. */
  readonly normalized: string;
  readonly nameless?: NamelessQuery;
  /** Absent in a query that is refused. */
  readonly names?: readonly NamePlaces[];
  /** Only projects and filters one relation: no join, aggregate, window, DISTINCT, ORDER BY, LIMIT, subquery. */
  readonly isProjection: boolean;
  /** Reads every row of one relation or file and drops none: a projection without a filter. */
  readonly keepsEveryRow: boolean;
  /** Columns of the result that hold all that the query groups by, one row each; empty where that is not known. */
  readonly groupedBy: readonly string[];
  /** How its rows come about; absent where the text has no tree of its own. */
  readonly form?: QueryForm;
  /** Its rows have an order, of an ORDER BY or of what it reads: they are neither joined nor grouped nor made distinct. */
  readonly keepsOrder: boolean;
  /** Has an ORDER BY at its top. */
  readonly isOrdered: boolean;
  /**
   * The text has no tree of its own: values were put into a PIVOT without IN, or, in a query that is refused, the
   * names behind FROM and JOIN were guessed from its tokens.
   */
  readonly isInferred: boolean;
}

/** A problem of a query; offsets into the query's text. */
export interface QueryProblem {
  readonly code: string;
  readonly message: string;
  readonly span: Span;
  readonly hint?: string;
}

export type QueryAnalysis =
  | { readonly ok: true; readonly facts: QueryFacts }
  /** `partial` is what could still be learned, so that the graph keeps its edges. */
  | { readonly ok: false; readonly problems: readonly QueryProblem[]; readonly partial?: QueryFacts };
