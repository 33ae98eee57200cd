import type { Cell, CellKind } from "./notebook.js";

/** What the rooms ask of a kind. What is read of its cells is in kinds/, which the page does not load. */
interface CellTraits {
  /** Of its fence. */
  readonly language: "sql" | "yaml";
  /** What its first line says: `--| cell: orders`, `chart: orders_by_city`. */
  readonly key: string;
  /** A run computes it or judges by it. */
  readonly isStep: boolean;
  /** Other cells read its rows, by its name. */
  readonly isRelation: boolean;
  /** It is the parameter `$name` of other cells. */
  readonly isParameter: boolean;
}

/** Every kind of cell there is. To add one, see the page on the architecture. */
export const cellKinds = {
  sql: { language: "sql", key: "cell", isStep: true, isRelation: true, isParameter: false },
  check: { language: "sql", key: "check", isStep: true, isRelation: false, isParameter: false },
  chart: { language: "yaml", key: "chart", isStep: false, isRelation: false, isParameter: false },
  input: { language: "yaml", key: "input", isStep: false, isRelation: false, isParameter: true },
  test: { language: "yaml", key: "test", isStep: false, isRelation: false, isParameter: false },
} as const satisfies Readonly<Record<CellKind, CellTraits>>;

type KindWith<Trait extends keyof CellTraits> = {
  [Kind in CellKind]: (typeof cellKinds)[Kind][Trait] extends true ? Kind : never;
}[CellKind];

export type StepKind = KindWith<"isStep">;
export type StepCell = Extract<Cell, { kind: StepKind }>;
export type RelationCell = Extract<Cell, { kind: KindWith<"isRelation"> }>;

export const cellKindNames = Object.keys(cellKinds) as readonly CellKind[];
export const stepKindNames = cellKindNames.filter(isStepKind);

export function isStepKind(kind: CellKind): kind is StepKind {
  return cellKinds[kind].isStep;
}

export function isStep(cell: Cell): cell is StepCell {
  return isStepKind(cell.kind);
}

export function isRelation(cell: Cell): cell is RelationCell {
  return cellKinds[cell.kind].isRelation;
}

/** The kind whose cells begin with this key in a fence of that language. */
export function kindOfKey(language: string, key: string): CellKind | undefined {
  return cellKindNames.find((kind) => cellKinds[kind].language === language && cellKinds[kind].key === key);
}

/** The keys of a language, for a regular expression: `cell|check`. */
export function keysOf(language: CellTraits["language"]): string {
  const kinds = Object.values(cellKinds).filter((kind) => kind.language === language);
  return kinds.map(({ key }) => key).join("|");
}
