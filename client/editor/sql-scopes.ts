/*
 * A tolerant reading of half-written SQL: which SELECTs there are, what each reads from, which names WITH gives. It
 * never fails, and what it does not understand it skips.
 *
 *     WITH recent AS (SELECT … FROM orders o)      scope 1: relations [orders o]
 *     SELECT … FROM recent r JOIN (FROM x) s       scope 0: relations [recent r, subquery s], common tables [recent]
 *                                 ‾‾‾‾‾‾‾‾        scope 2: relations [x], parent scope 0
 */
import type { Token } from "../../server/text/sql-tokens.js";
import { isName, isSymbol, isWord } from "../../server/text/sql-tokens.js";
import { isReservedWord } from "./sql-words.js";

export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Clause =
  | "with"
  | "select"
  | "from"
  | "on"
  | "using"
  | "where"
  | "group"
  | "having"
  | "qualify"
  | "window"
  | "order"
  | "limit"
  | "values";

/** Something that a FROM, a JOIN or a PIVOT reads. */
export interface RelationUse {
  readonly kind: "named" | "file" | "function" | "subquery";
  /** The parts of a dotted name, or one file, or one function; empty for a subquery. */
  readonly path: readonly string[];
  readonly span: Span;
  readonly alias?: string;
  readonly aliasSpan?: Span;
  /** `AS t (a, b)`. */
  readonly columnNames: readonly string[];
  readonly query?: QueryScope;
}

/** A name that WITH gives. */
export interface CommonTable {
  readonly name: string;
  readonly nameSpan: Span;
  /** From the name to the closing bracket. */
  readonly span: Span;
  readonly columnNames: readonly string[];
  readonly query?: QueryScope;
}

/** One SELECT, FROM-first or PIVOT; each side of a UNION is one. */
export interface QueryScope {
  readonly span: Span;
  readonly parent?: QueryScope;
  /** All that are visible here, the nearest last. */
  readonly commonTables: readonly CommonTable[];
  readonly relations: readonly RelationUse[];
  /** The tokens of each item of the select list. */
  readonly items: readonly (readonly Token[])[];
  readonly usingColumns: readonly string[];
  readonly clauses: readonly { readonly clause: Clause; readonly start: number }[];
  /** For `(SELECT …)` in brackets of its own: the query inside. */
  readonly inner?: QueryScope;
  /** False for PIVOT, SUMMARIZE, VALUES: the columns aren't those of the relations. */
  readonly hasPlainColumns: boolean;
}

export interface ParsedSql {
  readonly scopes: readonly QueryScope[];
  /** Where the name of a relation is expected: from the word before to the name, if there is one. */
  readonly relationSlots: readonly Span[];
  readonly statements: readonly Span[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };
type Scope = Mutable<QueryScope>;

const queryStarts = ["select", "with", "from", "values", "pivot", "unpivot", "summarize", "describe"];
const setOperators = ["union", "intersect", "except"];
const oddQueries = [
  "pivot",
  "pivot_wider",
  "unpivot",
  "pivot_longer",
  "summarize",
  "describe",
  "show",
  "table",
];
/** They follow a relation without being its alias, though not all are reserved. */
const afterRelation = ["set", "sample", "by", "tablesample", "window", "with"];
const simpleClauses: Readonly<Record<string, Clause>> = {
  where: "where",
  having: "having",
  qualify: "qualify",
  window: "window",
  limit: "limit",
  offset: "limit",
};
const end = Number.MAX_SAFE_INTEGER;

export function parseScopes(tokens: readonly Token[]): ParsedSql {
  return new ScopeParser(tokens).run();
}

class ScopeParser {
  readonly #tokens: readonly Token[];
  readonly #scopes: Scope[] = [];
  readonly #slots: Span[] = [];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  run(): ParsedSql {
    const statements: Span[] = [];
    do {
      const start = this.#lastEnd();
      this.#parseQuery(undefined, []);
      statements.push({ start, end: this.#peek()?.start ?? end });
    } while (this.#take(this.#peek() !== undefined));
    return { scopes: this.#scopes, relationSlots: this.#slots, statements };
  }

  #peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  #lastEnd(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0;
  }

  #take(matches: boolean): boolean {
    if (matches) this.#at++;
    return matches;
  }

  /** Reads up to a closing bracket, a semicolon or the end, which stay. Returns the first side of a UNION. */
  #parseQuery(parent: QueryScope | undefined, visible: readonly CommonTable[]): Scope {
    const commonTables = [...visible];
    const first = this.#parseBranch(parent, commonTables);
    while (isWord(this.#peek(), ...setOperators)) {
      this.#at++;
      this.#take(isWord(this.#peek(), "all", "distinct"));
      if (this.#take(isWord(this.#peek(), "by"))) this.#at++;
      this.#parseBranch(parent, commonTables);
    }
    return first;
  }

  #parseBranch(parent: QueryScope | undefined, commonTables: CommonTable[]): Scope {
    const scope: Scope = {
      span: { start: this.#lastEnd(), end },
      ...(parent && { parent }),
      commonTables,
      relations: [],
      items: [],
      usingColumns: [],
      clauses: [],
      hasPlainColumns: true,
    };
    this.#scopes.push(scope);
    let itemStart = this.#at;
    for (let token = this.#peek(); token; token = this.#peek()) {
      if (isSymbol(token, ")", "]", "}", ";") || isWord(token, ...setOperators)) break;
      const clause = lastClause(scope);
      const before = this.#at;
      if (isSymbol(token, "(", "[", "{")) {
        const inner = this.#parseGroup(scope);
        if (inner && !clause) scope.inner = inner;
      } else if (isSymbol(token, ",")) {
        this.#at++;
        if (clause === "select") scope.items.push(this.#tokens.slice(itemStart, before));
        if (clause === "select") itemStart = this.#at;
        // In a PIVOT, the lists after ON and USING hold no relations.
        if (clause === "from" || (isFromLike(clause) && scope.hasPlainColumns))
          this.#parseRelation(scope, "from");
      } else if (token.kind !== "word" || isSymbol(this.#tokens[this.#at - 1], ".")) {
        this.#at++;
      } else {
        this.#parseWord(scope, token, commonTables);
      }
      if (clause !== "select" && lastClause(scope) === "select") itemStart = this.#at;
      if (clause === "select" && lastClause(scope) !== "select") {
        scope.items.push(this.#tokens.slice(itemStart, before));
      }
    }
    if (lastClause(scope) === "select") scope.items.push(this.#tokens.slice(itemStart, this.#at));
    scope.items = scope.items.filter((item) => item.length > 0);
    scope.span = { start: scope.span.start, end: this.#peek()?.start ?? end };
    return scope;
  }

  /** A word at the level of the clauses. Takes at least that word. */
  #parseWord(scope: Scope, token: Token, commonTables: CommonTable[]): void {
    const clause = lastClause(scope);
    const word = token.value.toLowerCase();
    const [before, previous] = [this.#tokens[this.#at - 2], this.#tokens[this.#at - 1]];
    const isComparison = isWord(previous, "distinct") && isWord(before, "is", "not");
    this.#at++;
    const simple = Object.hasOwn(simpleClauses, word) ? simpleClauses[word] : undefined;
    if (simple) start(scope, simple, token);
    else if (word === "select") {
      start(scope, "select", token);
      if (!this.#take(isWord(this.#peek(), "distinct", "all"))) return;
      if (this.#take(isWord(this.#peek(), "on")) && isSymbol(this.#peek(), "(")) this.#parseGroup(scope);
    } else if (word === "with" && !clause) {
      start(scope, "with", token);
      this.#parseCommonTables(scope, commonTables);
    } else if (word === "values" && !clause) {
      scope.hasPlainColumns = false;
      start(scope, "values", token);
    } else if ((word === "group" || word === "order") && !isWord(previous, "within")) {
      if (this.#take(isWord(this.#peek(), "by")) || !this.#peek()) start(scope, word, token);
    } else if (word === "from" && !isComparison) {
      this.#parseRelation(scope, "from", token);
    } else if (word === "join") {
      this.#parseRelation(scope, "from", token);
    } else if (oddQueries.includes(word) && (!clause || clause === "with")) {
      scope.hasPlainColumns = word === "table";
      this.#parseRelation(scope, "from", token);
    } else if (word.includes("pivot") && clause === "from") {
      scope.hasPlainColumns = false;
    } else if ((word === "on" || word === "using") && isFromLike(clause)) {
      start(scope, word, token);
      if (word === "using" && isSymbol(this.#peek(), "(")) scope.usingColumns.push(...this.#parseNames());
    }
  }

  /** `name [(columns)] AS [MATERIALIZED] (query), …` */
  #parseCommonTables(scope: Scope, commonTables: CommonTable[]): void {
    const isRecursive = this.#take(isWord(this.#peek(), "recursive"));
    do {
      const name = this.#peek();
      if (!name || !isName(name) || isReserved(name)) return;
      this.#at++;
      const columnNames = isSymbol(this.#peek(), "(") ? this.#parseNames() : [];
      const table: Mutable<CommonTable> = {
        name: name.value,
        nameSpan: { start: name.start, end: name.end },
        span: { start: name.start, end: name.end },
        columnNames,
      };
      while (this.#peek() && !isSymbol(this.#peek(), "(", ",", ")", ";") && !isWord(this.#peek(), "select")) {
        this.#at++;
      }
      if (isSymbol(this.#peek(), "(")) {
        this.#at++;
        table.query = this.#parseQuery(scope.parent, isRecursive ? [...commonTables, table] : commonTables);
        this.#take(isSymbol(this.#peek(), ")"));
      }
      table.span = { start: name.start, end: this.#lastEnd() };
      commonTables.push(table);
    } while (this.#take(isSymbol(this.#peek(), ",")));
  }

  /** From an opening bracket past its closing one. Returns the query inside, if it is one. */
  #parseGroup(scope: Scope): Scope | undefined {
    this.#at++;
    if (this.#isQueryStart()) {
      const query = this.#parseQuery(scope, scope.commonTables);
      this.#take(isSymbol(this.#peek(), ")", "]", "}"));
      return query;
    }
    for (let token = this.#peek(); token && !isSymbol(token, ";"); token = this.#peek()) {
      if (isSymbol(token, "(", "[", "{")) {
        this.#parseGroup(scope);
        continue;
      }
      this.#at++;
      if (isSymbol(token, ")", "]", "}")) break;
    }
    return undefined;
  }

  #isQueryStart(): boolean {
    let ahead = 0;
    while (isSymbol(this.#peek(ahead), "(")) ahead++;
    return isWord(this.#peek(ahead), ...queryStarts);
  }

  /** What follows FROM, JOIN or a comma. `clauseToken` begins the clause; a comma stays in it. */
  #parseRelation(scope: Scope, clause: Clause, clauseToken?: Token): void {
    start(scope, clause, clauseToken ?? { start: this.#lastEnd() });
    const slotStart = this.#lastEnd();
    this.#take(isWord(this.#peek(), "lateral"));
    const token = this.#peek();
    this.#slots.push({ start: slotStart, end: token?.start ?? end });
    if (!token) return;
    if (isSymbol(token, "(")) this.#parseBracketed(scope, clause);
    else if (token.kind === "string") {
      this.#at++;
      this.#addRelation(scope, { kind: "file", path: [token.value], span: token });
    } else if (isName(token) && !isReserved(token)) {
      this.#parseNamed(scope);
    }
  }

  #parseBracketed(scope: Scope, clause: Clause): void {
    const open = this.#peek()?.start ?? 0;
    this.#at++;
    if (this.#isQueryStart()) {
      const query = this.#parseQuery(scope, scope.commonTables);
      this.#take(isSymbol(this.#peek(), ")"));
      this.#addRelation(scope, {
        kind: "subquery",
        path: [],
        span: { start: open, end: this.#lastEnd() },
        query,
      });
      return;
    }
    // `(a JOIN b ON …)`: its relations are ours.
    this.#parseRelation(scope, clause);
    for (let token = this.#peek(); token && !isSymbol(token, ")", ";"); token = this.#peek()) {
      if (isSymbol(token, "(", "[", "{")) this.#parseGroup(scope);
      else if (token.kind === "word" && !isSymbol(this.#tokens[this.#at - 1], ".")) {
        this.#parseWord(scope, token, []);
      } else {
        this.#at++;
      }
    }
    this.#take(isSymbol(this.#peek(), ")"));
  }

  #parseNamed(scope: Scope): void {
    const first = this.#peek();
    // DuckDB's `FROM alias: relation`.
    if (
      first &&
      isSymbol(this.#peek(1), ":") &&
      (isName(this.#peek(2)) || this.#peek(2)?.kind === "string")
    ) {
      this.#at += 2;
      const file = this.#peek();
      if (file?.kind !== "string") {
        this.#parsePath(scope, first);
        return;
      }
      this.#at++;
      this.#addRelation(scope, { kind: "file", path: [file.value], span: file }, first);
    } else {
      this.#parsePath(scope);
    }
  }

  #parsePath(scope: Scope, alias?: Token): void {
    const path: string[] = [];
    const startsAt = this.#peek()?.start ?? 0;
    do {
      const part = this.#peek();
      if (!part || !isName(part)) break;
      path.push(part.value);
      this.#at++;
    } while (this.#take(isSymbol(this.#peek(), ".")));
    const span = { start: startsAt, end: this.#lastEnd() };
    const isFunction = isSymbol(this.#peek(), "(");
    if (isFunction) this.#parseGroup(scope);
    this.#addRelation(scope, { kind: isFunction ? "function" : "named", path, span }, alias);
  }

  #addRelation(scope: Scope, use: Omit<RelationUse, "columnNames" | "alias">, prefixAlias?: Token): void {
    const isNamed = this.#take(isWord(this.#peek(), "as"));
    const next = this.#peek();
    const isAlias =
      next?.kind === "quoted" || (next?.kind === "word" && canBeAlias(next.value.toLowerCase()));
    const isTaken = this.#take(isAlias && (isNamed || !prefixAlias));
    const alias = isTaken ? next : prefixAlias;
    const columnNames = alias && isSymbol(this.#peek(), "(") ? this.#parseNames() : [];
    scope.relations.push({
      ...use,
      span: { start: use.span.start, end: use.span.end },
      columnNames,
      ...(alias && { alias: alias.value, aliasSpan: { start: alias.start, end: alias.end } }),
    });
  }

  /** The names in a bracket, past its end. */
  #parseNames(): string[] {
    const names: string[] = [];
    this.#at++;
    for (let token = this.#peek(); token && !isSymbol(token, ";"); token = this.#peek()) {
      this.#at++;
      if (isSymbol(token, ")")) break;
      if (isName(token)) names.push(token.value);
    }
    return names;
  }
}

function isReserved(token: Token): boolean {
  return token.kind === "word" && isReservedWord(token.value.toLowerCase());
}

function canBeAlias(word: string): boolean {
  return !isReservedWord(word) && !setOperators.includes(word) && !afterRelation.includes(word);
}

function lastClause(scope: Scope): Clause | undefined {
  return scope.clauses.at(-1)?.clause;
}

function start(scope: Scope, clause: Clause, token: { readonly start: number }): void {
  scope.clauses.push({ clause, start: token.start });
}

function isFromLike(clause: Clause | undefined): boolean {
  return clause === "from" || clause === "on" || clause === "using";
}
