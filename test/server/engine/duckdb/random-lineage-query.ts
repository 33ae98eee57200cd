/** Tables of small numbers; `id` is unique. */
export const tables = {
  a: ["id", "p", "q", "r"],
  b: ["id", "p", "s", "t"],
} as const;

type Table = keyof typeof tables;

/** Random queries with an answer that only their tables decide: no tie is left to chance. */
export class LineageQueries {
  readonly #random: () => number;
  #names = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  next(): string {
    return this.#query(2);
  }

  #query(depth: number): string {
    const kind = depth <= 0 ? 0 : this.#below(12);
    switch (kind) {
      case 1:
        return this.#setOperation(depth);
      case 2:
        return this.#grouped(depth);
      case 3:
        return this.#limited();
      case 4:
        return this.#windowed(depth);
      case 5:
        return `WITH c AS (${this.#shape(depth)}) SELECT c.x + 1 AS x, d.y FROM c ${this.#joinKind()} c AS d ON c.x = d.y`;
      case 6:
        return this.#recursive();
      case 7:
        return `SELECT DISTINCT ${this.#pick(["x", "y", "x, y", "ON (x) x"])} FROM (${this.#shape(depth)}) ${this.#pick(["", "WHERE y > 1"])}`.replace(
          /ON \(x\) x FROM (.*)$/s,
          "ON (x) x FROM $1 ORDER BY x",
        );
      case 8:
        return `PIVOT (SELECT id % 2 AS g, ${this.#columns("a", 2).join(", ")} FROM a) AS z(g, k, v) ON k IN (0, 1, 2) USING ${this.#pick(["sum(v)", "count(*)", "max(v)"])} GROUP BY g`;
      case 9:
        return `UNPIVOT (SELECT id, p, q FROM a) ON p, q INTO NAME n VALUE v`;
      case 10:
        return `SELECT x AS first, first + y AS second, * EXCLUDE (y) REPLACE (x + 1 AS x) FROM (${this.#shape(depth)}) QUALIFY count(*) OVER (PARTITION BY x) > 1`;
      default:
        return this.#joined(depth);
    }
  }

  /** A query with the columns x and y. */
  #shape(depth: number): string {
    if (depth <= 0 || this.#below(2) === 0) {
      const table = this.#table();
      return `SELECT ${this.#value(table)} AS x, ${this.#value(table)} AS y FROM ${table}${this.#where(table)}`;
    }
    return this.#pick([
      (): string => `SELECT x, max(y) AS y FROM (${this.#shape(depth - 1)}) GROUP BY ALL`,
      (): string =>
        `SELECT y AS x, x AS y FROM (${this.#shape(depth - 1)}) WHERE x > (SELECT min(s) FROM b WHERE b.p = y)`,
      (): string =>
        `SELECT ${this.#value("a")} AS x, ${this.#value("b")} AS y FROM a ${this.#joinKind()} b ON ${this.#condition()}`,
      (): string => `(${this.#shape(depth - 1)}) UNION ALL (${this.#shape(depth - 1)})`,
      (): string =>
        `SELECT x, unnest(${this.#pick(["[y, x]", "range(y)"])}) AS y FROM (${this.#shape(depth - 1)})`,
    ])();
  }

  #joined(depth: number): string {
    const list = [this.#expression(depth), this.#expression(depth), this.#value("a"), this.#value("b")].map(
      (each) => `${each} AS c${++this.#names}`,
    );
    const from = this.#pick([
      `a ${this.#joinKind()} b ON ${this.#condition()}`,
      "a JOIN b USING (p)",
      "a FULL JOIN b USING (id)",
      "a, b",
      `a CROSS JOIN LATERAL (SELECT b.*, b.s + a.q AS extra FROM b WHERE b.p = a.p) AS b`,
      "a ASOF JOIN b ON a.q >= b.id",
      "a POSITIONAL JOIN b",
    ]);
    return `SELECT ${list.join(", ")} FROM ${from}${this.#where("a")}`;
  }

  #expression(depth: number): string {
    return this.#pick([
      (): string => `CASE WHEN ${this.#value("a")} > 1 THEN ${this.#value("b")} ELSE ${this.#value("a")} END`,
      (): string => `coalesce(${this.#value("b")}, ${this.#value("a")})`,
      (): string => `(SELECT ${this.#aggregate("z")} FROM ${this.#table()} AS z WHERE z.p = a.p)`,
      (): string =>
        `(SELECT count(*) FROM b AS z WHERE z.s > a.q AND z.t IN (SELECT p FROM a AS w WHERE w.r = z.p))`,
      (): string => `${this.#value("a")} IN (SELECT p FROM ${this.#table()} AS z WHERE id > 1)`,
      (): string => `EXISTS (SELECT 1 FROM b AS z WHERE z.s = a.r)`,
      (): string => `{'m': ${this.#value("a")}, 'n': ${this.#value("b")}}.m`,
      (): string => `list_sum([e + a.q FOR e IN [${this.#value("a")}, 1] IF e > 0])`,
      (): string => `(SELECT max(x) FROM (${this.#shape(depth - 1)}))`,
    ])();
  }

  #grouped(depth: number): string {
    const by = this.#pick(["x", "ROLLUP (x)", "x % 2", "ALL"]);
    const first = by === "x % 2" ? "x % 2" : by === "ROLLUP (x)" ? "grouping(x)" : "x";
    return `SELECT ${first} AS g, sum(y) AS total, count(*) AS n, count(y) FILTER (y > 1) AS some FROM (${this.#shape(depth)})
      GROUP BY ${by} ${this.#pick(["", "HAVING max(y) > 1", "HAVING count(*) > 1"])}`;
  }

  #limited(): string {
    const table = this.#table();
    const order = `${this.#value(table)} ${this.#pick(["", "DESC"])}, ${table}.id`;
    return `SELECT ${this.#value(table)} AS x, ${table}.id AS y FROM ${table} ORDER BY ${order} LIMIT ${this.#pick(["2", "3 OFFSET 1"])}`;
  }

  #windowed(depth: number): string {
    const over = `(PARTITION BY ${this.#value("a")} ORDER BY ${this.#value("a")}, a.id)`;
    const call = this.#pick([
      "row_number()",
      `sum(${this.#value("a")})`,
      `lag(${this.#value("a")}, 1, a.q)`,
      "rank()",
    ]);
    const filter = depth > 1 ? ` WHERE a.p IN (SELECT x FROM (${this.#shape(depth - 1)}))` : "";
    return `SELECT a.r, ${call} OVER ${over} AS w, a.p + 1 AS v FROM a${filter}`;
  }

  #setOperation(depth: number): string {
    const word = this.#pick(["UNION ALL", "UNION", "EXCEPT", "INTERSECT", "EXCEPT ALL"]);
    return `(${this.#shape(depth - 1)}) ${word} (${this.#shape(depth - 1)})`;
  }

  #recursive(): string {
    const word = this.#pick(["UNION", "UNION ALL"]);
    return `WITH RECURSIVE c(x, y, n) AS (SELECT ${this.#value("a")}, ${this.#value("a")}, 0 FROM a ${word}
      SELECT c.y, b.s, c.n + 1 FROM c JOIN b ON b.p = c.x WHERE c.n < 2) SELECT x, n, count(*) OVER (PARTITION BY x) AS m FROM c`;
  }

  #where(table: Table): string {
    return this.#pick([
      "",
      "",
      ` WHERE ${this.#value(table)} > 1`,
      ` WHERE ${this.#value(table)} IS NOT NULL`,
      ` WHERE ${table}.p NOT IN (SELECT s FROM b AS z WHERE s IS NOT NULL AND z.p = ${table}.p)`,
      ` WHERE EXISTS (SELECT 1 FROM b AS z WHERE z.s = ${table}.p)`,
    ]);
  }

  #condition(): string {
    return this.#pick(["a.p = b.p", "a.q = b.s AND a.r < b.t", "a.p < b.s", "a.id = b.id AND b.t > 0"]);
  }

  #joinKind(): string {
    return this.#pick(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"]);
  }

  #aggregate(table: string): string {
    return this.#pick([
      `max(${table}.p)`,
      `sum(${table}.id)`,
      `count(${table}.p)`,
      "count(*)",
      `arg_min(${table}.p, ${table}.id)`,
    ]);
  }

  #value(table: Table): string {
    const [column = "id"] = this.#columns(table, 1);
    return this.#below(4) === 0 ? `${table}.${column} + 1` : `${table}.${column}`;
  }

  #columns(table: Table, count: number): string[] {
    return Array.from({ length: count }, () => this.#pick(tables[table]));
  }

  #table(): Table {
    return this.#pick(["a", "b"]);
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#below(items.length)] as T;
  }
}
