import { cellKinds } from "../../server/notebook/cell-kinds.js";
import type { CursorContext, CursorReading } from "./cursor-context.js";
import { beginsItem, readCursor } from "./cursor-context.js";
import type {
  Completion,
  CompletionKind,
  ContextColumn,
  LanguageContext,
  LanguageRequest,
} from "./language-model.js";
import { isSameName, nameOfItem } from "./select-items.js";
import { ColumnFinder, relationName } from "./sql-columns.js";
import type { QueryScope, Span } from "./sql-scopes.js";
import { snippets } from "./sql-snippets.js";
import type { Token } from "../../server/text/sql-tokens.js";
import { isSymbol } from "../../server/text/sql-tokens.js";
import { completeValue, shorten } from "./sql-values.js";
import { isKeyword, quoteName, suggestedTypes } from "./sql-words.js";

/** Those that begin or join a clause: above the hundreds of rare ones. */
const commonKeywords = new Set(
  (
    "select from where group order by having qualify limit offset join left right full inner cross asof on using and or " +
    "not in is null between like ilike as distinct with union all case when then else end over partition values asc desc " +
    "exclude replace pivot unpivot filter intersect except exists lateral"
  ).split(" "),
);
const tableFunctions = [
  "read_csv",
  "read_json",
  "read_parquet",
  "range",
  "generate_series",
  "unnest",
  "glob",
];
/** The read-only relations that Lakebook adds. */
const systemRelations = ["datasets", "columns", "files", "runs", "checks"];

const rank = { first: 1, second: 2, third: 3, fourth: 4, function: 5, snippet: 6, keyword: 7, rare: 8 };

type Draft = Omit<Completion, "replace">;

/** What a list is for that comes by itself. */
const items: readonly CompletionKind[] = ["column", "relation", "dataset", "common-table", "file"];

export function completeSql(
  request: LanguageRequest,
  context: LanguageContext,
): readonly Completion[] | Promise<readonly Completion[]> {
  const reading = readCursor(request.sql, request.offset);
  const { context: cursor } = reading;
  if (cursor.type === "nothing") return [];
  if (cursor.type === "value") return completeValue(cursor, context);
  const isAfterBlank = request.typed === " ";
  if (isAfterBlank && !beginsItem(reading, request.offset)) return [];
  if (request.typed === "'" && cursor.type !== "file") return [];
  if (request.typed === "(" && cursor.type !== "shared-column") return [];
  const drafts = new CompletionDrafts(request, context, reading).drafts(cursor);
  if (isAfterBlank && !drafts.some(({ kind }) => items.includes(kind))) return [];
  const seen = new Set<string>();
  return drafts
    .filter(({ kind, label }) => {
      const key = `${kind} ${label}`;
      return !seen.has(key) && seen.add(key);
    })
    .map((draft) => ({ ...draft, replace: cursor.replace }));
}

class CompletionDrafts {
  readonly #request: LanguageRequest;
  readonly #context: LanguageContext;
  readonly #reading: CursorReading;
  readonly #finder: ColumnFinder;

  constructor(request: LanguageRequest, context: LanguageContext, reading: CursorReading) {
    this.#request = request;
    this.#context = context;
    this.#reading = reading;
    this.#finder = new ColumnFinder(context);
  }

  drafts(cursor: Exclude<CursorContext, { type: "nothing" | "value" }>): readonly Draft[] {
    switch (cursor.type) {
      case "parameter":
        return this.#parameters();
      case "file":
        return this.#files("");
      case "data-type":
        return suggestedTypes.map((type) => plain("type", type, rank.first));
      case "member":
        return this.#members(cursor);
      case "relation":
        return this.#relations(cursor.scope);
      case "shared-column":
        return this.#sharedColumns(cursor.scope);
      case "operand":
        return this.#operands(cursor);
      case "operator":
        if (this.#mayBeAlias(cursor)) return [];
        return [...this.#snippets("operator", cursor.clause), ...this.#keywords(cursor.replace)];
    }
  }

  #parameters(): readonly Draft[] {
    return this.#context.parameters.map(({ name, type, value, cell, description }) =>
      plain(
        "parameter",
        `$${name}`,
        cell !== undefined ? rank.first : value !== undefined ? rank.second : rank.third,
        {
          detail: [type, value && shorten(value), cell === undefined ? "" : "control"]
            .filter(Boolean)
            .join(" · "),
          ...(description !== undefined && { documentation: description }),
        },
      ),
    );
  }

  #files(quote: string): readonly Draft[] {
    return this.#context.files.map((path) =>
      plain("file", path, rank.third, { insertText: quote + path.replaceAll("'", "''") + quote }),
    );
  }

  #members({ path, scope, isRelation }: CursorContext & { type: "member" }): readonly Draft[] {
    const [first = ""] = path;
    if (isRelation) return this.#datasets(first);
    if (path.length > 1) return [];
    for (let outer: QueryScope | undefined = scope; outer; outer = outer.parent) {
      const use = outer.relations.find((relation) => isSameName(relationName(relation), first));
      if (!use) continue;
      const { columns = [], name } = this.#finder.resolveRelation(use, outer);
      return columns.map((column) => this.#column(column, name, rank.first));
    }
    return [];
  }

  #datasets(catalog: string): readonly Draft[] {
    if (isSameName(catalog, "lakebook")) {
      return systemRelations.map((name) => plain("dataset", name, rank.first, { detail: "about the lake" }));
    }
    return this.#context.lake.map(({ name, columns }) =>
      plain("dataset", name, rank.first, {
        insertText: quoteName(name),
        detail: countColumns(columns),
        documentation: listColumns(columns),
      }),
    );
  }

  #relations(scope: QueryScope): readonly Draft[] {
    const commonTables = scope.commonTables.map(({ name }) => {
      const { columns } = this.#finder.resolvePath([name], scope);
      return plain("common-table", name, rank.first, {
        insertText: quoteName(name),
        detail: "WITH",
        ...(columns && { documentation: listColumns(columns) }),
      });
    });
    const cells = this.#context.cells
      .filter(({ kind, name }) => cellKinds[kind].isRelation && !isSameName(name, this.#request.cellName))
      .map(({ name, columns, description }) =>
        plain("relation", name, rank.second, {
          insertText: quoteName(name),
          detail: columns ? countColumns(columns) : "cell",
          documentation: [description, columns && listColumns(columns)].filter(Boolean).join("\n\n"),
        }),
      );
    const lake = plain("dataset", "lake", rank.fourth, { insertText: "lake.", detail: "published datasets" });
    const functions = this.#context.functions
      .filter(({ name }) => tableFunctions.includes(name))
      .map(({ name, signature, description }) => this.#function(name, signature, description));
    const hasLake = this.#context.lake.length > 0;
    return [
      ...commonTables,
      ...cells,
      ...this.#files("'"),
      ...(hasLake ? [lake] : []),
      ...functions,
      ...this.#snippets("relation"),
    ];
  }

  /** Columns that the last relation has in common with those before it. */
  #sharedColumns(scope: QueryScope): readonly Draft[] {
    const columnsOf = scope.relations.map((use) => this.#finder.resolveRelation(use, scope).columns ?? []);
    const before = columnsOf.slice(0, -1).flat();
    return (columnsOf.at(-1) ?? [])
      .filter((column) => before.some(({ name }) => isSameName(name, column.name)))
      .map((column) => this.#column(column, "both sides", rank.first));
  }

  #operands({ scope, clause, replace }: CursorContext & { type: "operand" }): readonly Draft[] {
    if (!clause && scope.relations.length === 0) {
      return [...this.#snippets("start"), ...this.#keywords(replace)];
    }
    if (clause === "limit") return this.#parameters();
    return [
      ...this.#columns(scope),
      ...(clause === "select" || clause === "from" ? [] : this.#selectAliases(scope)),
      ...(clause === "on" ? this.#joinConditions(scope) : []),
      ...this.#aliases(scope),
      ...this.#parameters().map((draft) => ({ ...draft, rank: rank.fourth })),
      ...this.#context.functions.map(({ name, signature, description }) =>
        this.#function(name, signature, description),
      ),
      ...this.#snippets("operand", clause),
      ...this.#keywords(replace),
    ];
  }

  /** Those of the query at the cursor, then those of the queries around it. A name that two relations have is qualified. */
  #columns(scope: QueryScope): readonly Draft[] {
    const own = this.#columnsOf(scope, rank.first);
    const around: Draft[] = [];
    for (let outer = scope.parent; outer; outer = outer.parent)
      around.push(...this.#columnsOf(outer, rank.third));
    return [...own, ...around];
  }

  #columnsOf(scope: QueryScope, order: number): readonly Draft[] {
    const sources = scope.relations.map((use) => ({
      alias: relationName(use),
      resolved: this.#finder.resolveRelation(use, scope),
    }));
    const uses = countNames(sources.flatMap(({ resolved }) => resolved.columns ?? []));
    const isAmbiguous = (name: string) =>
      (uses.get(name.toLowerCase()) ?? 0) > 1 && !scope.usingColumns.some((used) => isSameName(used, name));
    return sources.flatMap(({ alias, resolved }) =>
      (resolved.columns ?? []).map((column) => {
        const draft = this.#column(column, resolved.name, order);
        if (alias === "" || !isAmbiguous(column.name)) return draft;
        const qualified = `${quoteName(alias)}.${quoteName(column.name)}`;
        return { ...draft, label: qualified, insertText: qualified };
      }),
    );
  }

  /** DuckDB lets the names of the select list be used in every other clause. */
  #selectAliases(scope: QueryScope): readonly Draft[] {
    const known = new Set(this.#columns(scope).map(({ label }) => label.toLowerCase()));
    return scope.items
      .map(nameOfItem)
      .filter((name) => name !== undefined && name !== "" && !known.has(name.toLowerCase()))
      .map((name) =>
        plain("column", name ?? "", rank.second, {
          insertText: quoteName(name ?? ""),
          detail: "select list",
        }),
      );
  }

  #joinConditions(scope: QueryScope): readonly Draft[] {
    const last = scope.relations.at(-1);
    if (!last) return [];
    const columnsOf = (use: (typeof scope.relations)[number]) =>
      this.#finder.resolveRelation(use, scope).columns ?? [];
    return scope.relations.slice(0, -1).flatMap((use) =>
      columnsOf(use)
        .filter(({ name }) => columnsOf(last).some((other) => isSameName(other.name, name)))
        .map(({ name }) => {
          const sides = [use, last].map((side) => `${quoteName(relationName(side))}.${quoteName(name)}`);
          return plain("snippet", sides.join(" = "), rank.first, { detail: "same name" });
        }),
    );
  }

  #aliases(scope: QueryScope): readonly Draft[] {
    return scope.relations
      .filter((use) => relationName(use) !== "" && use.kind !== "file")
      .map((use) =>
        plain("relation", relationName(use), rank.third, {
          insertText: quoteName(relationName(use)),
          detail: this.#finder.resolveRelation(use, scope).name,
        }),
      );
  }

  #function(name: string, signature: string, description: string): Draft {
    const next = this.#reading.tokens.find(({ start }) => start >= this.#request.offset);
    const hasBracket = isSymbol(next, "(") && next?.start === this.#request.offset;
    const hasArguments = !signature.includes("()");
    return {
      kind: "function",
      label: name,
      detail: signature,
      documentation: description,
      insertText: hasBracket ? name : hasArguments ? `${name}($0)` : `${name}()`,
      isSnippet: !hasBracket && hasArguments,
      rank: rank.function,
    };
  }

  #snippets(place: "start" | "operand" | "operator" | "relation", clause?: string): readonly Draft[] {
    return snippets
      .filter((snippet) => snippet.place === place)
      .filter(({ clauses }) => !clauses || clauses.some((allowed) => allowed === clause))
      .map(({ label, detail, text }) => ({
        kind: "snippet",
        label,
        detail,
        documentation: text.replace(/\$\{\d+:([^}]*)\}|\$\d+/g, "$1"),
        insertText: text,
        isSnippet: true,
        rank: place === "start" ? rank.first : rank.snippet,
      }));
  }

  /** `FROM orders o`: Enter behind it is a new line, and no keyword that begins so. */
  #mayBeAlias({ clause, replace }: CursorContext & { type: "operator" }): boolean {
    return clause === "from" && replace.end - replace.start === 1;
  }

  #column(column: ContextColumn, origin: string, order: number): Draft {
    const examples = column.origin && this.#context.values?.known(column.origin)?.examples;
    return plain("column", column.name, order, {
      insertText: quoteName(column.name),
      detail: [column.type, examples?.map(shorten).join(", "), origin].filter(Boolean).join(" · "),
    });
  }

  /** One that is typed to its end stays as it is typed: there is nothing to accept. */
  #keywords(replace: Span): readonly Draft[] {
    const isUpper = prefersUpperCase(this.#reading.tokens, replace);
    const typed = this.#request.sql.slice(replace.start, replace.end);
    return this.#context.keywords.map((keyword) => {
      const written = isUpper ? keyword.toUpperCase() : keyword.toLowerCase();
      const label = typed.toLowerCase() === keyword.toLowerCase() ? typed : written;
      return plain("keyword", label, commonKeywords.has(keyword.toLowerCase()) ? rank.keyword : rank.rare);
    });
  }
}

/** As the cell writes its keywords so far; upper case where it has none. */
function prefersUpperCase(tokens: readonly Token[], replace: Span): boolean {
  const written = tokens.filter(
    ({ kind, value, end }) => kind === "word" && isKeyword(value.toLowerCase()) && end !== replace.end,
  );
  const lower = written.filter(({ value }) => value === value.toLowerCase()).length;
  return lower * 2 <= written.length;
}

function plain(
  kind: CompletionKind,
  label: string,
  order: number,
  more: { detail?: string; documentation?: string; insertText?: string } = {},
): Draft {
  return { kind, label, insertText: label, isSnippet: false, rank: order, ...more };
}

function countNames(columns: readonly ContextColumn[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of columns) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  return counts;
}

function countColumns(columns: readonly ContextColumn[]): string {
  return `${columns.length} ${columns.length === 1 ? "column" : "columns"}`;
}

function listColumns(columns: readonly ContextColumn[]): string {
  return columns.map(({ name, type }) => `${name} ${type}`.trim()).join("\n");
}
