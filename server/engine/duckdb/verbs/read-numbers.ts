import { quoteIdentifier } from "../../../text/sql-names.js";
import { TaskError } from "../tasks-error.js";
import type { ScopedInstance } from "../worker/tasks-scope.js";

/**
 * Asks for numbers of one relation and reads each by the name that it was asked under: where text of a user stands in
 * the statement, its place says nothing. Fails where the answer has other columns.
 */
export async function readNumbers(
  scoped: ScopedInstance,
  wanted: ReadonlyMap<string, string>,
  from: string,
): Promise<(name: string) => number> {
  const names = [...wanted.keys()].map((name) => `lakebook ${name}`);
  const list = [...wanted.values()].map((sql, index) => `${sql} AS ${quoteIdentifier(names[index] ?? "")}`);
  const result = await scoped.run(scoped.embedStatement(`SELECT ${list.join(", ")} FROM ${from}`));
  const columns = result.columnNames();
  if (columns.length !== names.length || columns.some((name, index) => name !== names[index]))
    throw new TaskError("query", "A condition of the check is not one expression");
  const [row = []] = await result.getRowsJson();
  const values = new Map(columns.map((name, index) => [name, Number(row[index])]));
  return (name) => {
    const value = values.get(`lakebook ${name}`);
    if (value === undefined || Number.isNaN(value)) throw new Error(`unreachable: no number "${name}"`);
    return value;
  };
}
