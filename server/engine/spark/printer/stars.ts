import { foldCase } from "../../../text/sql-names.js";
import { joined, sql, type Piece } from "./piece.js";
import type { Printing } from "./printing.js";
import { quoteName } from "./quote.js";
import { refuse } from "./refusal.js";
import { isFilled, isNode, nodeOf, nodesOf, textOf, textsOf, type TreeNode } from "./tree.js";

/** `*`, with what it leaves out or replaces; written out where Spark would give the columns in another order. */
export function printStar(star: TreeNode, select: TreeNode, printing: Printing): Piece {
  if (star.columns === true) return refuse("COLUMNS(...)", "name the columns");
  if (isNode(star.expr) || isFilled(star.qualified_exclude_list)) return refuse("this *", "name the columns");
  const relation = textOf(star.relation_name);
  const prefix = relation === "" ? "" : `${quoteName(relation)}.`;
  const isChanged = isFilled(star.exclude_list) || isFilled(star.replace_list) || isFilled(star.rename_list);
  if (!isChanged && !joinsByName(nodeOf(select.from_table))) return `${prefix}*`;
  return joined(writtenOut(star, prefix, printing));
}

function joinsByName(table: TreeNode | undefined): boolean {
  if (table?.type !== "JOIN") return false;
  if (isFilled(table.using_columns) || table.ref_type === "NATURAL") return true;
  return joinsByName(nodeOf(table.left)) || joinsByName(nodeOf(table.right));
}

function writtenOut(star: TreeNode, prefix: string, printing: Printing): readonly Piece[] {
  const names = (printing.columnsOf(star) ?? refuse("* of unknown columns", "name the columns")).map(
    (column) => column.name,
  );
  refuseTwins(names);
  const excluded = new Set(textsOf(star.exclude_list).map(foldCase));
  const replaced = new Map(
    nodesOf(star.replace_list).map((entry) => [foldCase(textOf(entry.key)), nodeOf(entry.value) ?? {}]),
  );
  const renamed = new Map(
    nodesOf(star.rename_list).map((entry) => {
      const key = nodeOf(entry.key);
      if (isFilled(key?.table)) refuse("RENAME of a column with its relation", "name the columns");
      return [foldCase(textOf(key?.column ?? entry.key)), textOf(entry.value)];
    }),
  );
  return names.flatMap((name): readonly Piece[] => {
    const key = foldCase(name);
    if (excluded.has(key)) return [];
    const value = replaced.get(key);
    if (value !== undefined) return [sql`${printing.expression(value)} AS ${quoteName(name)}`];
    const other = renamed.get(key);
    return [
      other === undefined ? prefix + quoteName(name) : `${prefix}${quoteName(name)} AS ${quoteName(other)}`,
    ];
  });
}

/** DuckDB numbers the second of two columns of one name, which then is a name that Spark does not know. */
function refuseTwins(names: readonly string[]): void {
  const known = new Set(names.map(foldCase));
  const isTwin = (name: string): boolean => {
    const [, base] = /^(.*)_\d+$/.exec(foldCase(name)) ?? [];
    return base !== undefined && known.has(base);
  };
  if (names.some(isTwin)) refuse("* over columns of one name", "name the columns");
}
