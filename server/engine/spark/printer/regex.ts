import { refuse } from "./refusal.js";

/*
 * RE2's regular expressions, as DuckDB has them, for Java, which Spark has. What is read here means the same to both; what
 * is not is refused.
 */

const space = "\\t\\n\\f\\r ";
const word = "[0-9A-Za-z_]";
/** Java's own looks at letters of every language. */
const boundary = `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
const escapes: Readonly<Record<string, string>> = {
  d: "\\d",
  D: "\\D",
  w: "\\w",
  W: "\\W",
  s: `[${space}]`,
  S: `[^${space}]`,
  b: boundary,
  t: "\\t",
  n: "\\n",
  r: "\\r",
  f: "\\f",
};
const classEscapes: Readonly<Record<string, string>> = {
  d: "\\d",
  w: "\\w",
  s: space,
  t: "\\t",
  n: "\\n",
  r: "\\r",
  f: "\\f",
};
const posixClasses: Readonly<Record<string, string>> = {
  alpha: "A-Za-z",
  digit: "0-9",
  alnum: "0-9A-Za-z",
  upper: "A-Z",
  lower: "a-z",
  space: "\\t\\n\\x0B\\f\\r ",
  punct: "!-/:-@\\[-`{-~",
};

export interface JavaPattern {
  readonly pattern: string;
  readonly groups: number;
}

/** Throws a refusal for what is not known to mean the same. */
export function toJavaPattern(pattern: string, isCaseless = false): JavaPattern {
  return new PatternReader(pattern, isCaseless).read();
}

class PatternReader {
  readonly #text: string;
  readonly #isCaseless: boolean;
  #at = 0;
  #groups = 0;

  constructor(text: string, isCaseless: boolean) {
    this.#text = text;
    this.#isCaseless = isCaseless;
  }

  read(): JavaPattern {
    const body = this.#alternatives();
    if (this.#at < this.#text.length) this.#refuse();
    // Only \n ends a line.
    return { pattern: `(?${this.#isCaseless ? "diu" : "d"})${body}`, groups: this.#groups };
  }

  #refuse(): never {
    return refuse(`the regular expression '${this.#text}'`, "use plain groups, classes and quantifiers");
  }

  #alternatives(): string {
    let text = this.#sequence();
    while (this.#text[this.#at] === "|") {
      this.#at++;
      text += `|${this.#sequence()}`;
    }
    return text;
  }

  #sequence(): string {
    let text = "";
    while (this.#at < this.#text.length && this.#text[this.#at] !== "|" && this.#text[this.#at] !== ")")
      text += this.#quantified();
    return text;
  }

  #quantified(): string {
    const start = this.#text[this.#at] ?? "";
    const atom = this.#atom();
    const rest = this.#text.slice(this.#at);
    const quantifier = /^(?:[*+?]|\{\d{1,3}(?:,\d{0,3})?\})\??/.exec(rest)?.[0] ?? "";
    this.#at += quantifier.length;
    // Possessive for Java, an error for RE2; the same of two quantifiers.
    if (quantifier !== "" && /^[*+?{]/.test(this.#text.slice(this.#at))) this.#refuse();
    if (quantifier !== "" && (start === "^" || start === "$")) this.#refuse();
    return atom + quantifier;
  }

  #atom(): string {
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    switch (character) {
      case "(":
        return this.#group();
      case "[":
        return this.#class();
      case "\\":
        return this.#escape(escapes);
      case "$":
        return "\\z";
      case "^":
      case ".":
        return character;
      case "*":
      case "+":
      case "?":
      case "{":
      case "}":
      case "]":
        return this.#refuse();
      default:
        if (this.#isCaseless && !/[ -~]/.test(character)) this.#refuse();
        return character;
    }
  }

  #group(): string {
    const isPlain = this.#text.startsWith("?:", this.#at);
    if (isPlain) this.#at += 2;
    else if (this.#text[this.#at] === "?") this.#refuse();
    else this.#groups++;
    const body = this.#alternatives();
    if (this.#text[this.#at] !== ")") this.#refuse();
    this.#at++;
    // RE2 and Java differ in what a group holds that matched nothing.
    if (/^[*+{]/.test(this.#text.slice(this.#at)) && /[*?}]\)?$/.test(body)) this.#refuse();
    return `(${isPlain ? "?:" : ""}${body})`;
  }

  #escape(known: Readonly<Record<string, string>>): string {
    const character = this.#text[this.#at] ?? this.#refuse();
    this.#at++;
    if (Object.hasOwn(known, character)) return known[character] ?? "";
    return /[!-/:-@[-`{-~]/.test(character) ? `\\${character}` : this.#refuse();
  }

  #class(): string {
    let text = "[";
    if (this.#text[this.#at] === "^") {
      text += "^";
      this.#at++;
    }
    if (this.#text[this.#at] === "]") this.#refuse();
    while (this.#text[this.#at] !== "]") text += this.#classPart();
    this.#at++;
    return `${text}]`;
  }

  #classPart(): string {
    const posix = /^\[:(\w+):\]/.exec(this.#text.slice(this.#at));
    if (posix !== null) {
      this.#at += posix[0].length;
      const name = posix[1] ?? "";
      return (Object.hasOwn(posixClasses, name) ? posixClasses[name] : undefined) ?? this.#refuse();
    }
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? this.#refuse());
    this.#at += character.length;
    if (character === "\\") return this.#escape(classEscapes);
    if (character === "[" || character === "&" || character === "^") return `\\${character}`;
    if (this.#isCaseless && !/[ -~]/.test(character)) this.#refuse();
    return character;
  }
}

/** A replacement of RE2's, with \1 for a group, as Java has it. `before`: further groups of the pattern that come first. */
export function toJavaReplacement(text: string, groups: number, before = 0): string {
  return text.replace(/\\(.?)|[$]/gs, (found, escaped: string | undefined, at: number) => {
    if (escaped === undefined) return "\\$";
    if (/\d/.test(escaped) && Number(escaped) <= groups) {
      // A digit behind it would be one of its number.
      const end = /\d/.test(text.charAt(at + 2)) ? "\\" : "";
      return `$${String(Number(escaped) + before)}${end}`;
    }
    if (escaped === "\\") return "\\\\";
    return refuse(`the replacement '${text}'`, `use \\1 to \\${groups}, not ${found}`);
  });
}
