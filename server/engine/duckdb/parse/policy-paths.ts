import type { SqlDiagnosticCode } from "../../../graph/sql-diagnostic-codes.js";
import { isRunDate } from "../../../base/run-date.js";
import { exportHint } from "./policy-sources.js";

interface PathProblem {
  readonly code: SqlDiagnosticCode;
  readonly message: string;
  readonly hint?: string;
}

/** What DuckDB reads where a query names the file itself: `FROM 'input/orders.csv'`. */
const readableName = /\.(csv|tsv|json|jsonl|ndjson)(\.gz|\.zst)?$|\.parquet$/i;
const databaseName = /\.(db|ddb|duckdb|sqlite|sqlite3)$/i;

const longestShown = 120;
const longestPath = 4096;

/** Does a table's name stand for a file? Names of cells and datasets hold none of these characters. */
export function looksLikePath(name: string): boolean {
  return /[/\\.*?[\]~:]/.test(name);
}

/**
 * Says why a query must not name a path. Whether a path lies in a folder that may be read, and whether there is a
 * file, is decided where files are: this sees only what is wrong with the text.
 */
export function checkPath(path: string, reader: string): PathProblem | undefined {
  const quoted = `"${path.length > longestShown ? `${path.slice(0, longestShown)}...` : path}"`;
  // One letter before the colon is a drive.
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) return remotePath(path, quoted);
  if (path.startsWith("~") || /^\/(dev|proc|sys)(\/|$)/.test(path)) {
    return {
      code: "private-path",
      message: `${quoted} is not a file of the workspace.`,
      hint: "Put the file into input/ and name it 'input/...'.",
    };
  }
  if (path.length > longestPath) {
    return { code: "private-path", message: `${quoted} is longer than any path.` };
  }
  if (goesUpFromPattern(path)) {
    return {
      code: "private-path",
      message: `${quoted} goes up from a wildcard, so where it leads cannot be told.`,
      hint: "Write the path without `..`.",
    };
  }
  const segments = segmentsOf(path);
  const isOutside = isAbsolute(path) || segments[0] === "..";
  if (segments.length === 0 || segments.at(-1) === "..") {
    return {
      code: "private-path",
      message: `${quoted} names a whole folder.`,
      hint: "Name a file or a pattern of files, e.g. 'input/*.json'.",
    };
  }
  const leadsTo = (folder: string): boolean =>
    isOutside
      ? segments.some((segment) => segment.toLowerCase() === folder)
      : segments.length > 1 || !isPattern(segments[0] ?? "")
        ? matchesSegment(segments[0] ?? "", folder)
        : false;
  if (leadsTo("data_lake")) return lakePath(quoted, segments);
  if (leadsTo(".lakebook")) {
    return { code: "private-path", message: `${quoted} lies in the private folder .lakebook.` };
  }
  if (reader === "" && !readableName.test(path)) return unreadableName(path, quoted);
  return undefined;
}

function remotePath(path: string, quoted: string): PathProblem {
  const name = path.split(/[?#]/)[0]?.split("/").at(-1);
  const file = name === undefined || name === "" || isPattern(name) ? "data" : name;
  const hint = /^file:/i.test(path)
    ? "Write a plain path, e.g. 'input/orders.csv'."
    : /^https?:/i.test(path)
      ? `Download it first: curl -o input/${file} ${path}`
      : `Copy it into the workspace first, and read 'input/${file}'.`;
  return {
    code: "remote-path",
    message: `${quoted} is a URL: a cell reads files of the workspace only.`,
    hint,
  };
}

function lakePath(quoted: string, segments: readonly string[]): PathProblem {
  const at = segments.findIndex((segment) => segment.toLowerCase() === "data_lake");
  const [place = "", dataset = "", ...rest] = at === -1 ? [] : segments.slice(at + 1);
  const name = dataset.replace(/\.\w+$/, "");
  const isDate = isRunDate(place);
  const hint =
    dataset === "initial_datasets" && rest.length > 0
      ? `Read the input itself: 'input/${rest.join("/")}'.`
      : !/^[a-z_][a-z0-9_]*$/i.test(name)
        ? "Read a published dataset as lake.<dataset>."
        : isDate
          ? `Read "${place}".${name}, or lake.${name} for the latest.`
          : `Read lake.${name}.`;
  return { code: "lake-path", message: `${quoted} lies in the lake, which is not read by paths.`, hint };
}

function unreadableName(path: string, quoted: string): PathProblem {
  if (databaseName.test(path)) {
    return {
      code: "database-source",
      message: `${quoted} is a database: a cell reads files only.`,
      hint: exportHint(/sqlite/i.test(path) ? "sqlite" : "duckdb"),
    };
  }
  return {
    code: "unknown-file-type",
    message: `${quoted} has no ending that says how to read it.`,
    hint: `Name the reader, e.g. FROM read_csv('${path}').`,
  };
}

function goesUpFromPattern(path: string): boolean {
  const parts = path.split(/[/\\]+/);
  const first = parts.findIndex(isPattern);
  return first !== -1 && parts.lastIndexOf("..") > first;
}

/** Folders and file of a path without `.` and `..`; leading `..` stay. */
function segmentsOf(path: string): readonly string[] {
  const segments: string[] = [];
  for (const segment of path.split(/[/\\]+/)) {
    if (segment === "" || segment === ".") continue;
    if (segment === ".." && segments.length > 0 && segments.at(-1) !== "..") segments.pop();
    else segments.push(segment);
  }
  return segments;
}

function isAbsolute(path: string): boolean {
  return /^([/\\]|[a-z]:)/i.test(path);
}

function isPattern(segment: string): boolean {
  return /[*?[]/.test(segment);
}

/** The files that a path or glob names; what a set in brackets holds is not looked at. */
export function patternOf(glob: string): RegExp {
  const parts = glob.match(/\*\*\/|\*+|\?|\[[^\]]+\]|[^*?[]+|\[/g) ?? [];
  const pattern = parts.map((part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part.startsWith("**")) return ".*";
    if (part.startsWith("*")) return "[^/]*";
    return part === "?" || /^\[.+\]$/.test(part) ? "[^/]" : part.replace(/[^\w]/gu, "\\$&");
  });
  return new RegExp(`^${pattern.join("")}$`, "s");
}

/** Can a folder have the name that this part of a glob asks for? */
function matchesSegment(segment: string, folder: string): boolean {
  // Neighbouring stars are one: many of them would take the matcher for ever.
  const glob = segment.replace(/\*+/g, "*");
  let pattern = "";
  for (let at = 0; at < glob.length; at++) {
    const char = glob.charAt(at);
    const close = char === "[" ? glob.indexOf("]", at + 2) : -1;
    if (close !== -1) {
      // Whatever the set holds: better to refuse a folder too much.
      pattern += ".";
      at = close;
    } else {
      pattern += char === "*" ? ".*" : char === "?" ? "." : char.replace(/[^\w]/, "\\$&");
    }
  }
  return new RegExp(`^${pattern}$`, "is").test(folder);
}
