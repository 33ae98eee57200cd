import { dirname } from "node:path";
import type { QueryResult, QueryScope } from "../../engine.js";
import type {
  ChangedRow,
  ColumnDiff,
  DiffSide,
  DiffTask,
  KeyGuess,
  NumberMove,
  RowDiff,
} from "../../verbs.js";
import {
  AFTER,
  BEFORE,
  changedRows,
  columnsOfDiff,
  comparedColumns,
  EXAMPLES,
  exampleRows,
  FACTS,
  fullestBucket,
  keyedCounts,
  keyedFacts,
  moveRows,
  movingColumns,
  multisetFacts,
  repeatedRows,
  uniqueInHead,
  type DiffColumn,
} from "../compile/diff-sql.js";
import { withScope, type ScopedInstance, type TaskContext } from "../worker/tasks-scope.js";
import { candidateKeys } from "./diff-keys.js";
import { answerQuery } from "./query-task.js";

/** Rows of each side among which a key is looked for before all are. */
const HEAD = 10_000;
/** So many keys that were only guessed are tried with all rows. */
const TRIED_GUESSES = 3;
const BUCKETS = 65_536;

/** Compares two results row by row, by the first key that is unique on both sides, else as multisets of whole rows. */
export function runDiffTask(task: DiffTask, context: TaskContext): Promise<RowDiff> {
  const [before, after] = [asStored(task.before), asStored(task.after)];
  return withScope(context, scopeOfSides(before, after), {}, (scoped) =>
    new Comparison(scoped, { ...task, before, after }).run(),
  );
}

class Comparison {
  readonly #scoped: ScopedInstance;
  readonly #task: DiffTask;
  readonly #columns: readonly DiffColumn[];

  constructor(scoped: ScopedInstance, task: DiffTask) {
    this.#scoped = scoped;
    this.#task = task;
    this.#columns = columnsOfDiff(task.before.columns, task.after.columns);
  }

  async run(): Promise<RowDiff> {
    const shared = new Set(this.#columns.filter(({ isShared }) => isShared).map(({ name }) => name));
    for (const guess of this.#task.keys) {
      const isUsable = guess.columns.length > 0 && guess.columns.every((name) => shared.has(name));
      const found = isUsable ? await this.#byKey(guess) : undefined;
      if (found !== undefined) return found;
    }
    for (const columns of (await this.#guessKeys()).slice(0, TRIED_GUESSES)) {
      const found = await this.#byKey({ columns, from: "unique" });
      if (found !== undefined) return found;
    }
    return this.#byRow();
  }

  /** Undefined where it is no key. */
  async #byKey({ columns: key, from }: KeyGuess): Promise<RowDiff | undefined> {
    if (!(await this.#isJoinable(key))) return undefined;
    await this.#scoped.instance.runOwn(keyedFacts(this.#columns, key));
    const counts = await this.#numbers(keyedCounts(this.#columns, key));
    const [nb = 0, na = 0, added = 0, removed = 0, changed = 0, ...perColumn] = counts;
    const { before, after } = this.#task;
    // A row that was matched twice is counted twice.
    if (nb !== before.rows || na !== after.rows) return undefined;
    // What was only found to be unique need not mean the same on both sides.
    const isGuess = from === "unique";
    if (isGuess && 2 * (na - added) < Math.min(before.rows, after.rows)) return undefined;
    const compared = comparedColumns(this.#columns, key);
    const changes = new Map(compared.map(({ name }, index) => [name, perColumn[index] ?? 0]));
    return {
      ...this.#frame(key, changes),
      keyFrom: from,
      added,
      removed,
      changed,
      examples: {
        columns: after.columns,
        added: await this.#rows(exampleRows(this.#columns, "added_rows")),
        removed: await this.#rows(exampleRows(this.#columns, "removed_rows")),
        changed: compared.length === 0 ? [] : await this.#changedRows(key, compared),
      },
      moves: await this.#moves(key, changes),
    };
  }

  /** False where a value is so frequent that joining by it would never end. */
  async #isJoinable(key: readonly string[]): Promise<boolean> {
    for (const [side, { rows }] of [
      [BEFORE, this.#task.before],
      [AFTER, this.#task.after],
    ] as const) {
      const [fullest = 0] = await this.#numbers(fullestBucket(side, key));
      if (fullest > 100 + (8 * rows) / BUCKETS) return false;
    }
    return true;
  }

  /** Columns, or pairs of them, that are unique at the head of both sides; the likeliest first. */
  async #guessKeys(): Promise<readonly (readonly string[])[]> {
    const { before, after } = this.#task;
    for (const size of [1, 2] as const) {
      const keys = candidateKeys(before.columns, after.columns, size);
      if (keys.length === 0) continue;
      const [old, now] = [
        await this.#rows(uniqueInHead(BEFORE, keys, HEAD)),
        await this.#rows(uniqueInHead(AFTER, keys, HEAD)),
      ];
      const found = keys.filter((_, index) => old[0]?.[index] === true && now[0]?.[index] === true);
      if (found.length > 0) return found;
    }
    return [];
  }

  async #byRow(): Promise<RowDiff> {
    const { before, after } = this.#task;
    const columns = this.#columns.filter(({ isShared }) => isShared);
    const frame = { ...this.#frame([], new Map()), changed: 0, moves: [] };
    if (columns.length === 0) {
      const examples = { columns: [], added: [], removed: [], changed: [] };
      return { ...frame, added: after.rows, removed: before.rows, examples };
    }
    await this.#scoped.instance.runOwn(multisetFacts(this.#columns));
    const [added = 0, removed = 0] = await this.#numbers(`SELECT added, removed FROM ${FACTS}`);
    const names = new Set(columns.map(({ name }) => name));
    return {
      ...frame,
      added,
      removed,
      examples: {
        columns: after.columns.filter(({ name }) => names.has(name)),
        added: await this.#rows(repeatedRows(this.#columns, "added_rows")),
        removed: await this.#rows(repeatedRows(this.#columns, "removed_rows")),
        changed: [],
      },
    };
  }

  async #changedRows(key: readonly string[], compared: readonly DiffColumn[]): Promise<ChangedRow[]> {
    const rows = await this.#rows(changedRows(this.#columns, key));
    return rows.map((row) => ({
      key: row.slice(0, key.length),
      values: compared.flatMap(({ name: column }, index) => {
        const [before, after, isDifferent] = row.slice(key.length + 3 * index);
        return isDifferent === true ? [{ column, before, after }] : [];
      }),
    }));
  }

  async #moves(key: readonly string[], changes: ReadonlyMap<string, number>): Promise<NumberMove[]> {
    const moves: NumberMove[] = [];
    for (const moving of movingColumns(this.#columns, key)) {
      if ((changes.get(moving.name) ?? 0) === 0) continue;
      for (const row of await this.#rows(moveRows(key, moving))) {
        const [before, after, change] = row.slice(key.length);
        moves.push({
          column: moving.name,
          key: row.slice(0, key.length),
          before,
          after,
          change: Number(change),
        });
      }
    }
    return moves;
  }

  #frame(
    key: readonly string[],
    changes: ReadonlyMap<string, number>,
  ): Pick<RowDiff, "key" | "rowsBefore" | "rowsAfter" | "columns"> {
    const before = new Map(this.#task.before.columns.map((column) => [column.name, column.type]));
    const after = new Map(this.#task.after.columns.map((column) => [column.name, column.type]));
    const columns = [...new Set([...after.keys(), ...before.keys()])].map((name): ColumnDiff => {
      const [old, now] = [before.get(name), after.get(name)];
      const types =
        old === now
          ? {}
          : { ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }) };
      return { name, ...types, changed: changes.get(name) ?? 0 };
    });
    return { key, rowsBefore: this.#task.before.rows, rowsAfter: this.#task.after.rows, columns };
  }

  async #numbers(sql: string): Promise<number[]> {
    return ((await this.#rows(sql))[0] ?? []).map(Number);
  }

  async #rows(sql: string): Promise<QueryResult["rows"]> {
    const { maxCharacters } = this.#task;
    return sayLengths(await answerQuery(this.#scoped, { sql, limit: EXAMPLES, maxCharacters }));
  }
}

function scopeOfSides(before: DiffSide, after: DiffSide): QueryScope {
  const relation = (name: string, { files, columns }: DiffSide) =>
    ({ type: "files", name, files, columns }) as const;
  return {
    root: dirname(after.files[0] ?? "/"),
    readable: [],
    relations: [relation(BEFORE, before), relation(AFTER, after)],
    parameters: [],
  };
}

/** Published is what the files hold: a text that compares equal to another one may still differ. */
function asStored(side: DiffSide): DiffSide {
  return { ...side, columns: side.columns.map(({ name, type, kind }) => ({ name, type, kind })) };
}

/** Examples are there to be read: what is left out of a value is said in its place. */
function sayLengths(result: QueryResult): QueryResult["rows"] {
  const rows = result.rows.map((row) => [...row]);
  for (const { row, column, length } of result.cut ?? []) {
    const unit = result.columns[column]?.type === "BLOB" ? "bytes" : "characters";
    const values = rows[row];
    if (values !== undefined) values[column] = `${String(values[column])}… (${String(length)} ${unit})`;
  }
  return rows;
}
