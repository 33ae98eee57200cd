/** A place where bytes are not UTF-8. */
export interface InvalidByte {
  /** In the text, as it was decoded: there stands U+FFFD. */
  readonly offset: number;
  readonly byte: number;
}

/** Keeps a byte order mark and the line breaks. `invalid`: the first byte that is not UTF-8, which became U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): { readonly text: string; readonly invalid?: InvalidByte } {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const invalid = findInvalidByte(text, bytes);
  return invalid === undefined ? { text } : { text, invalid };
}

/** The first U+FFFD that is not in the file itself. */
function findInvalidByte(text: string, bytes: Uint8Array): InvalidByte | undefined {
  const encoder = new TextEncoder();
  let [byte, from] = [0, 0];
  for (let offset = text.indexOf("\uFFFD"); offset !== -1; offset = text.indexOf("\uFFFD", from)) {
    byte += encoder.encode(text.slice(from, offset)).length;
    const isWritten = bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd;
    if (!isWritten) return { offset, byte };
    byte += 3;
    from = offset + 1;
  }
  return undefined;
}

/** Half of a character, which UTF-8 cannot hold, or a NUL, at which others end a text. -1 where there is none. */
export function findUnstorable(text: string): number {
  return text.search(/[\p{Surrogate}\0]/u);
}
