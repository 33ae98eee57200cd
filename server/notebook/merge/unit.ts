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

/** The text without its last line break, which belongs to what is behind it. */
export function withTail(whole: string, behind = ""): Pick<Unit, "text" | "tail"> {
  const text = whole.replace(/(?:\r\n|\n|\r)$/, "");
  return { text, tail: whole.slice(text.length) + behind };
}

/** The same with LF: of which line breaks a file is made is not what its text says. */
export function plain(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}
