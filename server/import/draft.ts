/** What an import makes of another program's file, before it is written as a notebook. */
export interface Draft {
  /** Used where the text has no heading of its own at its beginning. */
  readonly title: string;
  readonly description?: string;
  /** A name that is given twice is that of the later one below it. */
  readonly runsInOrder?: boolean;
  readonly parts: readonly Part[];
}

export type Part =
  | ProsePart
  | CellPart
  | CheckPart
  | ControlPart
  /** Kept as a text that never runs, with the reason, which begins with "as": nothing is lost. */
  | { readonly kind: "left"; readonly why: string; readonly language: string; readonly text: string };

export interface ProsePart {
  readonly kind: "prose";
  readonly markdown: string;
}

export interface CellPart {
  readonly kind: "cell";
  /** What it was called; the name that it gets is the nearest that is free. Undefined: `cell_1` and so on. */
  readonly wanted?: string | undefined;
  readonly sql: string;
  /** In the order in which they are written, without `cell`. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Values that it reads as `$name`. */
  readonly parameters?: readonly Parameter[];
  /** Sentences on what is not as it was: they count as not imported. */
  readonly notes?: readonly string[];
}

export interface CheckPart {
  readonly kind: "check";
  readonly wanted: string;
  readonly sql: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** As those of a cell. */
  readonly notes?: readonly string[];
}

/** A control, `input:` of a notebook. */
export interface ControlPart {
  readonly kind: "control";
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** As those of a cell. */
  readonly notes?: readonly string[];
}

export type Literal = string | number | boolean;

/** A value that a query names. Without a default it is one that is not known. */
export interface Parameter {
  readonly name: string;
  readonly value?: Literal | undefined;
}
