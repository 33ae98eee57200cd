import { quoteIdentifier } from "../../../text/sql-names.js";
import type { QueryResult, QueryScope, QueryTask } from "../../engine.js";
import type { ChangedRow, ColumnDiff, DiffSide, DiffTask, RowDiff } from "../../verbs.js";

type Query = (task: QueryTask) => Promise<QueryResult>;

const EXAMPLES = 100;
/** Tells which side has a row; no column of a user is called so. */
const SIDE = '"lakebook side"';

/** Compares two results row by row. With a key, rows are matched by it; a key that is not unique falls back to whole rows. */
export async function diffRows(
  query: Query,
  { before, after, key, maxCharacters }: DiffTask,
): Promise<RowDiff> {
  const comparison = new Comparison(query, asStored(before), asStored(after), maxCharacters);
  const shared = comparison.sharedColumns();
  const usable =
    key.length > 0 && key.every((name) => shared.includes(name)) && (await comparison.isUnique(key));
  return usable ? comparison.byKey(key) : comparison.byRow();
}

class Comparison {
  readonly #ask: Query;
  readonly #before: DiffSide;
  readonly #after: DiffSide;
  readonly #maxCharacters: number;

  constructor(ask: Query, before: DiffSide, after: DiffSide, maxCharacters: number) {
    this.#ask = ask;
    this.#before = before;
    this.#after = after;
    this.#maxCharacters = maxCharacters;
  }

  sharedColumns(): string[] {
    const names = new Set(this.#before.columns.map((column) => column.name));
    return this.#after.columns.map((column) => column.name).filter((name) => names.has(name));
  }

  async isUnique(key: readonly string[]): Promise<boolean> {
    const columns = key.map(quoteIdentifier).join(", ");
    const repeated = (side: string): string =>
      `SELECT 1 FROM ${side} GROUP BY ${columns} HAVING count(*) > 1`;
    const found = await this.#query(
      `(${repeated("before_rows")} LIMIT 1) UNION ALL (${repeated("after_rows")} LIMIT 1)`,
    );
    return found.rows.length === 0;
  }

  async byKey(key: readonly string[]): Promise<RowDiff> {
    const compared = this.sharedColumns().filter((name) => !key.includes(name));
    const differs = (name: string): string =>
      `b.${quoteIdentifier(name)} IS DISTINCT FROM a.${quoteIdentifier(name)}`;
    const anyDiffers = compared.length === 0 ? "false" : compared.map(differs).join(" OR ");
    const both = `b.${SIDE} = 1 AND a.${SIDE} = 1`;
    const counts = await this.#query(
      `SELECT count(*) FILTER (b.${SIDE} IS NULL), count(*) FILTER (a.${SIDE} IS NULL), count(*) FILTER (${both} AND (${anyDiffers}))` +
        compared.map((name) => `, count(*) FILTER (${both} AND ${differs(name)})`).join("") +
        ` FROM ${joined(key)}`,
    );
    const [added, removed, changed, ...perColumn] = (counts.rows[0] ?? []).map(Number);
    const changes = new Map(compared.map((name, index) => [name, perColumn[index] ?? 0]));
    return {
      ...this.#frame(key, changes),
      added: added ?? 0,
      removed: removed ?? 0,
      changed: changed ?? 0,
      examples: {
        columns: this.#after.columns,
        added: (
          await this.#query(
            `SELECT ${this.#after.columns.map(({ name }) => `a.${quoteIdentifier(name)}`).join(", ")} FROM ${joined(key)} WHERE b.${SIDE} IS NULL ORDER BY ALL LIMIT ${String(EXAMPLES)}`,
          )
        ).rows,
        removed: (
          await this.#query(
            `SELECT ${this.#removedColumns()} FROM ${joined(key)} WHERE a.${SIDE} IS NULL ORDER BY ALL LIMIT ${String(EXAMPLES)}`,
          )
        ).rows,
        changed: await this.#changedRows(key, compared, `${both} AND (${anyDiffers})`),
      },
    };
  }

  /** In the columns of the new side, under which they are shown. */
  #removedColumns(): string {
    const known = new Set(this.sharedColumns());
    return this.#after.columns
      .map(({ name }) => (known.has(name) ? `b.${quoteIdentifier(name)}` : "NULL"))
      .join(", ");
  }

  async byRow(): Promise<RowDiff> {
    const shared = this.sharedColumns().map(quoteIdentifier).join(", ");
    const only = (side: string, other: string): string =>
      shared === ""
        ? `FROM ${side}`
        : `SELECT ${shared} FROM ${side} EXCEPT ALL SELECT ${shared} FROM ${other}`;
    const counts = await this.#query(
      `SELECT (SELECT count(*) FROM (${only("after_rows", "before_rows")})), (SELECT count(*) FROM (${only("before_rows", "after_rows")}))`,
    );
    const [added = 0, removed = 0] = (counts.rows[0] ?? []).map(Number);
    const rows = async (sql: string): Promise<QueryResult["rows"]> =>
      (await this.#query(`FROM (${sql}) ORDER BY ALL LIMIT ${String(EXAMPLES)}`)).rows;
    const columns = this.#after.columns.filter((column) => this.sharedColumns().includes(column.name));
    return {
      ...this.#frame([], new Map()),
      added,
      removed,
      changed: 0,
      examples: {
        columns,
        added: await rows(only("after_rows", "before_rows")),
        removed: await rows(only("before_rows", "after_rows")),
        changed: [],
      },
    };
  }

  async #changedRows(
    key: readonly string[],
    compared: readonly string[],
    where: string,
  ): Promise<ChangedRow[]> {
    const columns = [
      ...key.map((name) => `a.${quoteIdentifier(name)}`),
      // Of long values only the beginnings come, which may be the same.
      ...compared.flatMap((name) => [
        `b.${quoteIdentifier(name)}`,
        `a.${quoteIdentifier(name)}`,
        `CAST(b.${quoteIdentifier(name)} AS VARCHAR) IS DISTINCT FROM CAST(a.${quoteIdentifier(name)} AS VARCHAR)`,
      ]),
    ];
    if (compared.length === 0) return [];
    const { rows } = await this.#query(
      `SELECT ${columns.join(", ")} FROM ${joined(key)} WHERE ${where} ORDER BY ${key.map((_, index) => String(index + 1)).join(", ")} LIMIT ${String(EXAMPLES)}`,
    );
    return rows.map((row) => ({
      key: row.slice(0, key.length),
      values: compared.flatMap((column, index) => {
        const [before, after, isDifferent] = row.slice(key.length + 3 * index);
        return isDifferent === true ? [{ column, before, after }] : [];
      }),
    }));
  }

  #frame(
    key: readonly string[],
    changes: ReadonlyMap<string, number>,
  ): Pick<RowDiff, "key" | "rowsBefore" | "rowsAfter" | "columns"> {
    const before = new Map(this.#before.columns.map((column) => [column.name, column.type]));
    const after = new Map(this.#after.columns.map((column) => [column.name, column.type]));
    const columns = [...new Set([...after.keys(), ...before.keys()])].map((name): ColumnDiff => {
      const [old, now] = [before.get(name), after.get(name)];
      const types =
        old === now
          ? {}
          : { ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }) };
      return { name, ...types, changed: changes.get(name) ?? 0 };
    });
    return { key, rowsBefore: this.#before.rows, rowsAfter: this.#after.rows, columns };
  }

  async #query(sql: string): Promise<QueryResult> {
    const relation = (name: string, side: DiffSide) =>
      ({ type: "files", name, files: side.files, columns: side.columns }) as const;
    const scope: QueryScope = {
      root: this.#after.files[0]?.replace(/\/[^/]*$/, "") ?? "/",
      readable: [],
      relations: [relation("before_rows", this.#before), relation("after_rows", this.#after)],
      parameters: [],
    };
    const task = { scope, sql, limit: EXAMPLES, maxCharacters: this.#maxCharacters };
    return sayLengths(await this.#ask(task));
  }
}

/** Published is what the files hold: a text that compares equal to another one may still differ. */
function asStored(side: DiffSide): DiffSide {
  return { ...side, columns: side.columns.map(({ name, type, kind }) => ({ name, type, kind })) };
}

/** Examples are there to be read: what is left out of a value is said in its place. */
function sayLengths(result: QueryResult): QueryResult {
  const rows = result.rows.map((row) => [...row]);
  for (const { row, column, length } of result.cut ?? []) {
    const unit = result.columns[column]?.type === "BLOB" ? "bytes" : "characters";
    const values = rows[row];
    if (values !== undefined) values[column] = `${String(values[column])}… (${String(length)} ${unit})`;
  }
  return { ...result, rows };
}

/** NULL is a key value like any other: a join by equality would call such rows removed and added. */
function joined(key: readonly string[]): string {
  const matches = key
    .map((name) => `b.${quoteIdentifier(name)} IS NOT DISTINCT FROM a.${quoteIdentifier(name)}`)
    .join(" AND ");
  return `(SELECT *, 1 AS ${SIDE} FROM before_rows) b FULL JOIN (SELECT *, 1 AS ${SIDE} FROM after_rows) a ON ${matches}`;
}
