import { familyOf, type TypeKind } from "../../server/text/type-kind.js";

type ControlType = "date" | "number" | "checkbox" | "text";

interface Typed {
  readonly name: string;
  readonly kind: TypeKind;
}

const typeWords: readonly (readonly [RegExp, ControlType])[] = [
  [/^(date|timestamp|datetime)/i, "date"],
  [/^bool/i, "checkbox"],
  [/^(u?(tiny|small|big|huge)?int|u?integer|float|real|double|decimal|numeric)/i, "number"],
  [/^(varchar|text|string|char)/i, "text"],
];
const nameWords: readonly (readonly [RegExp, ControlType])[] = [
  [/(^|_)(date|day|since|from|until|till|before|after|start|end)(_|$)/i, "date"],
  [/(^|_)(n|min|max|limit|count|top|year|month|days|hours|minutes|percent)(_|$)/i, "number"],
  [/^(is|has|only|with)_/i, "checkbox"],
];

/**
 * What control a parameter needs that is not there yet: by what it is cast to, where it stands, the column beside it, and else by its
 * name. `columns`: of what the query reads, as far as they are known.
 */
export function guessControl(name: string, sql: string, columns: readonly Typed[]): ControlType {
  const parameter = `\\$${name}(?!\\w)`;
  const cast = new RegExp(`${parameter}\\s*(?:::|\\bAS\\b)\\s*(\\w+)`, "i").exec(sql)?.[1] ?? "";
  const byCast = typeWords.find(([word]) => word.test(cast))?.[1];
  if (byCast !== undefined) return byCast;
  if (new RegExp(`\\b(LIMIT|OFFSET)\\s+${parameter}`, "i").test(sql)) return "number";
  const compared = "(?:[<>]=?|<>|!=|={1,2}|\\bBETWEEN\\b|\\bLIKE\\b|\\bILIKE\\b)";
  const before = new RegExp(`([\\w"]+)\\s*${compared}\\s*${parameter}`, "i").exec(sql)?.[1];
  const behind = new RegExp(`${parameter}\\s*${compared}\\s*(?:\\w+\\.)?([\\w"]+)`, "i").exec(sql)?.[1];
  const beside = (before ?? behind ?? "").replaceAll('"', "").toLowerCase();
  const kind = columns.find((column) => column.name.toLowerCase() === beside)?.kind;
  if (kind !== undefined) return typeOf(kind);
  return nameWords.find(([word]) => word.test(name))?.[1] ?? "text";
}

function typeOf(kind: TypeKind): ControlType {
  if (kind === "date" || kind === "timestamp") return "date";
  const family = familyOf(kind);
  return family === "number" ? "number" : family === "boolean" ? "checkbox" : "text";
}

/** The YAML of the control, which begins with a value of its type. `today`: as a run date. */
export function controlOf(name: string, type: ControlType, today: string): string {
  const isEnd = /(^|_)(until|till|to|before|end)(_|$)/i.test(name);
  const defaults = {
    date: isEnd ? today : `${today.slice(0, 4)}-01-01`,
    number: "10",
    checkbox: "true",
    text: '""',
  };
  return `input: ${name}\ntype: ${type}\ndefault: ${defaults[type]}`;
}
