import { showControls } from "../../text/format.js";

const LONGEST = 1000;

/**
 * Text that may come from anywhere, as a message may hold it: so many characters at most, and of control characters line
 * breaks only.
 */
export function boundText(text: string, longest = LONGEST): string {
  const plain = showControls(text.replace(/\r\n?|[\u2028\u2029]/g, "\n").replaceAll("\t", " "), "\n");
  const characters = Array.from(plain);
  return characters.length <= longest ? plain : `${characters.slice(0, longest - 1).join("")}…`;
}

/** On one line. */
export function boundLine(text: string, longest = 200): string {
  return boundText(text.replace(/\s+/g, " ").trim(), longest);
}
