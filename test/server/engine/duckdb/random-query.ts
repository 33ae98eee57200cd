/** Few names, so that tables and CTEs often share one. */
export const tableNames: readonly string[] = ["a", "b", "c"];

/** Queries with CTEs, recursive ones, subqueries and set operations, nested at random; every CTE is used. */
export function* randomQueries({
  seed,
  count,
}: {
  readonly seed: number;
  readonly count: number;
}): Iterable<string> {
  const generator = new QueryGenerator(seed);
  for (let i = 0; i < count; i++) yield generator.query(2);
}

class QueryGenerator {
  #state: number;
  #aliases = 0;

  constructor(seed: number) {
    this.#state = seed;
  }

  query(depth: number): string {
    if (depth <= 0 || !this.#chance(0.6)) return this.#body(depth);
    const isRecursive = this.#chance(0.5);
    const names = tableNames.filter(() => this.#chance(0.6)).sort(() => (this.#chance(0.5) ? 1 : -1));
    if (names.length === 0) return this.#body(depth);
    const ctes = names.map((name) => this.#cte(name, isRecursive, depth));
    const uses = names.map((name) => `EXISTS (FROM ${name})`).join(" AND ");
    const union = this.#chance(0.3) ? ` UNION ALL ${this.#select(depth - 1)}` : "";
    const keyword = isRecursive ? "WITH RECURSIVE" : "WITH";
    return `${keyword} ${ctes.join(", ")} SELECT * FROM (${this.#select(depth)}) ${this.#alias()} WHERE ${uses}${union}`;
  }

  #cte(name: string, isRecursive: boolean, depth: number): string {
    if (isRecursive && this.#chance(0.6)) {
      const first = this.#chance(0.5) ? `(${this.query(depth - 1)})` : this.#select(depth - 1);
      return `${name}(x, y) AS (${first} ${this.#pick(["UNION", "UNION ALL"])} ${this.#select(depth - 1)})`;
    }
    return `${name}(x, y) AS ${this.#pick(["", "MATERIALIZED "])}(${this.query(depth - 1)})`;
  }

  #body(depth: number): string {
    if (depth <= 0 || !this.#chance(0.3)) return this.#select(depth);
    const operator = this.#pick(["UNION ALL", "INTERSECT", "EXCEPT", "UNION ALL BY NAME"]);
    return `${this.#select(depth - 1)} ${operator} ${this.#select(depth - 1)}`;
  }

  #select(depth: number): string {
    const first = `${this.#relation(depth)} ${this.#alias()}`;
    const second = `${this.#relation(depth - 1)} ${this.#alias()}`;
    const lateral = depth > 0 ? `, LATERAL (${this.#select(depth - 1)}) ${this.#alias()}` : "";
    const from = first + this.#pick(["", ` JOIN ${second} USING (x)`, ` NATURAL JOIN ${second}`, lateral]);
    const where = depth > 0 && this.#chance(0.3) ? ` WHERE EXISTS (${this.query(depth - 1)})` : "";
    return `SELECT 1 AS x, 2 AS y FROM ${from}${where}`;
  }

  #relation(depth: number): string {
    if (depth > 0 && this.#chance(0.5)) return `(${this.query(depth - 1)})`;
    const name = this.#pick(tableNames);
    return this.#pick([name, name, name.toUpperCase(), `"${name}"`]);
  }

  #alias(): string {
    return `t${this.#aliases++}`;
  }

  #pick<T>(values: readonly T[]): T {
    return values[Math.floor(this.#random() * values.length)] as T;
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }
}
