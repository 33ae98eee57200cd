import { ApiError } from "./api-client.js";

/** The text of a file that a user chose. Fails where its bytes are not UTF-8, since others would be saved instead. */
export async function readText(file: Blob & { readonly name: string }): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const line = firstInvalidLine(new Uint8Array(bytes));
    const message = `"${file.name}" is not UTF-8 on line ${String(line)}.`;
    const hint = "Save it as UTF-8 in an editor that knows its encoding.";
    throw new ApiError(0, { error: { code: "usage", message, hint } });
  }
}

/** No byte of a character is a line break, so each line stands for itself. */
function firstInvalidLine(bytes: Uint8Array): number {
  for (let [line, start] = [1, 0]; ; line++) {
    const end = bytes.indexOf(0x0a, start);
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(start, end === -1 ? undefined : end));
    } catch {
      return line;
    }
    if (end === -1) return line;
    start = end + 1;
  }
}
