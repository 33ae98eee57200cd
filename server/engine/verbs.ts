/** A function that queries may call. */
export interface FunctionEntry {
  readonly name: string;
  /** `date_trunc(part, timestamp)`. */
  readonly signature: string;
  readonly description: string;
}

/** The words of the engine's language. */
export interface Vocabulary {
  readonly functions: readonly FunctionEntry[];
  readonly keywords: readonly string[];
}
