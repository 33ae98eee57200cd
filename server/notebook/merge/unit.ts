/** What merging takes for one: a cell, a paragraph, a fence that is no cell, a key of the front matter. */
export interface Unit {
  readonly type: "cell" | "prose" | "key";
  /** Of a cell, or a key. */
  readonly name?: string;
  /** Without its last line break: another unit behind it does not change it. */
  readonly text: string;
  /** Its last line break, and the blank lines behind it. */
  readonly tail: string;
  /** The line that a cell lacks at its end. */
  readonly missing?: string;
}

export type ConflictKind = "edited" | "deleted-by-me" | "deleted-by-them";

export interface MergedUnit {
  readonly id: number;
  readonly unit: Unit;
  readonly conflict?: { readonly kind: ConflictKind; readonly mine?: Unit; readonly theirs?: Unit };
  /** Of a new cell of mine, whose name theirs has taken. */
  readonly wasNamed?: string;
}

export interface MergedUnits {
  readonly units: readonly MergedUnit[];
  /** What is between two that stand one behind the other in one of both; undefined where they do in neither. */
  between(first: number, second: number): string | undefined;
  /** What is behind the last one. */
  readonly end: string;
}

/** The text without its last line break, which belongs to what is behind it. */
export function withTail(whole: string, behind = ""): Pick<Unit, "text" | "tail"> {
  const text = whole.replace(/(?:\r\n|\n|\r)$/, "");
  return { text, tail: whole.slice(text.length) + behind };
}

/** The same with LF: of which line breaks a file is made is not what its text says. */
export function plain(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}
