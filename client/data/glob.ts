const GLOB = /[*?[]/;

/** Whether a path of SQL stands for what it matches. */
export function isPattern(path: string): boolean {
  return GLOB.test(path);
}

/** A path of a file as SQL names it where wildcards in its name are meant themselves. */
export function literalPath(path: string): string {
  return path.replaceAll(/[*?[]/g, "[$&]");
}

/** Tells which paths a pattern of SQL matches: only `*`, `**`, `?` and `[...]` are special. */
export function patternMatcher(pattern: string): (path: string) => boolean {
  const source = pattern.replaceAll(
    /\*\*\/|\*\*|\*|\?|\[(!?)([^\]]+)\]|[\\^$.|+(){}[\]]/g,
    (token, not: string | undefined, set: string | undefined) => {
      if (token === "**/") return "(?:.*/)?";
      if (token === "**") return ".*";
      if (token === "*") return "[^/]*";
      if (token === "?") return "[^/]";
      if (set === undefined) return `\\${token}`;
      return `[${not === "!" ? "^" : ""}${set.replaceAll(/[\\[\]^]/g, "\\$&")}]`;
    },
  );
  const regex = new RegExp(`^${source}$`, "s");
  return (path) => regex.test(path);
}
