import type { Parameter, Part } from "./draft.js";
import { fillHoles, type HoledSql, type Variables } from "./fill-holes.js";
import { scriptParts, tablesOf } from "./sql-script.js";

/** Statements that stand in one place of what is imported. */
export interface ScriptPart {
  readonly kind: "script";
  readonly sql: string;
  /** What the rows of its last query are called. */
  readonly name?: string | undefined;
  readonly parameters?: readonly Parameter[];
  readonly notes?: readonly string[];
  readonly isDisabled?: boolean;
}

/** Makes cells of all scripts, which know of each other what tables they fill. */
export function expandScripts(parts: readonly (Part | ScriptPart)[]): Part[] {
  const tables = parts.flatMap((part) => (part.kind === "script" ? tablesOf(part.sql) : []));
  return parts.flatMap((part) => (part.kind === "script" ? expand(part, tables) : [part]));
}

function expand(
  { sql, name, parameters = [], notes = [], isDisabled = false }: ScriptPart,
  tables: readonly string[],
): Part[] {
  const made = scriptParts(sql, tables);
  const last = made.findLastIndex((part) => part.kind === "cell");
  return made.map((part, index) =>
    part.kind !== "cell"
      ? part
      : {
          ...part,
          ...(index === last ? { notes, wanted: part.wanted ?? name } : {}),
          ...(isDisabled ? { options: { ...part.options, disabled: true } } : {}),
          parameters: parameters.filter((each) => part.sql.includes(`$${each.name}`)),
        },
  );
}

/** Where another language puts expressions into SQL. */
export interface HostLanguage {
  /** For a sentence: Python. */
  readonly name: string;
  /** How an expression stands in the text, for people. */
  readonly mark: (hole: string) => string;
  /** The variable that an expression is the value of, if it is one. */
  readonly variableOf: (hole: string) => string | undefined;
}

/** SQL with its expressions made parameters, or kept as a text where they cannot be. */
export function holedScript(
  holed: HoledSql,
  language: HostLanguage,
  variables: Variables,
  name?: string,
): Part | ScriptPart {
  const filled = fillHoles(holed, variables, language.variableOf);
  if ("sql" in filled) return { kind: "script", name, ...filled };
  const { name: host, mark } = language;
  const text = holed.pieces.map(
    (piece, index) => piece + (index < holed.holes.length ? mark(holed.holes[index]?.text ?? "") : ""),
  );
  return {
    kind: "left",
    why: `as ${host} puts ${mark(filled.unknown)} into its text: write the value there, or a parameter`,
    language: "sql",
    text: text.join("").trim(),
  };
}

/** Without the indentation that all lines share. */
export function dedent(text: string): string {
  const lines = text.replace(/^[ \t]*\n/, "").split("\n");
  const indents = lines
    .filter((line) => line.trim() !== "")
    .map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const shared = indents.length === 0 ? 0 : Math.min(...indents);
  return lines
    .map((line) => line.slice(Math.min(shared, line.length)))
    .join("\n")
    .trimEnd();
}
