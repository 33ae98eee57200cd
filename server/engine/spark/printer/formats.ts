import { refuse } from "./refusal.js";

/*
 * strftime's formats as Java's. Java knows letters that DuckDB writes in another way, so that only these are taken.
 */

const letters: Readonly<Record<string, string>> = {
  Y: "yyyy",
  m: "MM",
  d: "dd",
  H: "HH",
  M: "mm",
  S: "ss",
  y: "yy",
  j: "DDD",
  f: "SSSSSS",
  b: "MMM",
  B: "MMMM",
  a: "EEE",
  A: "EEEE",
  p: "a",
  I: "hh",
};

/** `%y` means other centuries to the two, and what names a day is not looked at. */
const readable = new Set(["Y", "m", "d", "H", "M", "S", "f"]);

export function toWritten(format: string): string {
  return convert(format, (letter) => Object.hasOwn(letters, letter));
}

export function toRead(format: string): string {
  // Two numbers side by side end where DuckDB's has its digits, which Java's pattern does not know.
  if (/%[a-zA-Z]%[a-zA-Z]/.test(format.replaceAll("%Y%m%d", "").replaceAll("%H%M%S", "")))
    return refuse(`the format '${format}'`, "write something between its parts");
  return convert(format, (letter) => readable.has(letter));
}

function convert(format: string, isKnown: (letter: string) => boolean): string {
  let [text, plain] = ["", ""];
  for (const [part, letter] of format.matchAll(/%(.?)|[^%]+/gs)) {
    if (letter === undefined || letter === "%") plain += letter ?? part;
    else if (isKnown(letter)) {
      text += literal(plain) + (letters[letter] ?? "");
      plain = "";
    } else return refuse(`%${letter} in the format '${format}'`, "use %Y %m %d %H %M %S");
  }
  return text + literal(plain);
}

/** Quoted as a whole: two quotes side by side would be one in the text. */
function literal(text: string): string {
  return /^[ .,:;/_-]*$/.test(text) ? text : `'${text.replaceAll("'", "''")}'`;
}
