import { scopeAt } from "./cursor-context.js";
import type {
  ContextColumn,
  ContextFunction,
  Definition,
  Hover,
  LanguageContext,
  LanguageRequest,
} from "./language-model.js";
import { isSameName } from "./select-items.js";
import type { ResolvedRelation } from "./sql-columns.js";
import { ColumnFinder, relationName } from "./sql-columns.js";
import type { ParsedSql, QueryScope, RelationUse, Span } from "./sql-scopes.js";
import { parseScopes } from "./sql-scopes.js";
import type { Token } from "../../server/text/sql-tokens.js";
import { codeTokens, isName, isSymbol } from "../../server/text/sql-tokens.js";

type Meaning =
  | { readonly type: "relation"; readonly resolved: ResolvedRelation; readonly alias?: string }
  | { readonly type: "column"; readonly column: ContextColumn; readonly from: ResolvedRelation }
  | { readonly type: "parameter"; readonly name: string }
  | { readonly type: "function"; readonly overloads: readonly ContextFunction[] };

/** Tells what one name in the SQL stands for. */
export class NameLookup {
  readonly #context: LanguageContext;
  readonly #tokens: readonly Token[];
  readonly #parsed: ParsedSql;
  readonly #finder: ColumnFinder;
  readonly #at: number;

  constructor({ sql, offset }: LanguageRequest, context: LanguageContext) {
    this.#context = context;
    this.#tokens = codeTokens(sql);
    this.#parsed = parseScopes(this.#tokens);
    this.#finder = new ColumnFinder(context);
    this.#at = this.#tokens.findIndex(
      ({ kind, start, end }) => start <= offset && offset <= end && kind !== "symbol",
    );
  }

  hover(): Hover | undefined {
    const token = this.#tokens[this.#at];
    const meaning = this.#meaning();
    if (!token || !meaning) return undefined;
    const span = { start: token.start, end: token.end };
    switch (meaning.type) {
      case "relation":
        return { span, ...describeRelation(meaning.resolved, meaning.alias) };
      case "column":
        return { span, title: `${meaning.from.name}.${meaning.column.name} ${meaning.column.type}`.trim() };
      case "function":
        return {
          span,
          title: meaning.overloads.map(({ signature }) => signature).join("\n"),
          text: meaning.overloads[0]?.description ?? "",
        };
      case "parameter": {
        const parameter = this.#parameter(meaning.name);
        return (
          parameter && {
            span,
            title: `$${parameter.name} ${parameter.type}${parameter.value === undefined ? "" : ` = ${parameter.value}`}`,
            ...(parameter.description !== undefined && { text: parameter.description }),
          }
        );
      }
    }
  }

  definition(): Definition | undefined {
    const meaning = this.#meaning();
    switch (meaning?.type) {
      case "relation":
        return definitionOf(meaning.resolved);
      case "column":
        return definitionOf(meaning.from);
      case "parameter": {
        const cellName = this.#parameter(meaning.name)?.cell;
        return cellName === undefined ? undefined : { type: "cell", cellName };
      }
      case "function":
      case undefined:
        return undefined;
    }
  }

  #meaning(): Meaning | undefined {
    const token = this.#tokens[this.#at];
    if (!token) return undefined;
    if (token.kind === "parameter") return { type: "parameter", name: token.value };
    if (!isName(token)) return undefined;
    const scope = scopeAt(this.#parsed, token.start);
    if (!scope) return undefined;
    return this.#commonTable(token) ?? this.#usedRelation(token, scope) ?? this.#value(token, scope);
  }

  /** The name where WITH gives it. */
  #commonTable(token: Token): Meaning | undefined {
    for (const scope of this.#parsed.scopes) {
      if (scope.commonTables.some(({ nameSpan }) => nameSpan.start === token.start)) {
        return { type: "relation", resolved: this.#finder.resolvePath([token.value], scope) };
      }
    }
    return undefined;
  }

  /** A part of the path in a FROM. */
  #usedRelation(token: Token, scope: QueryScope): Meaning | undefined {
    const use = scope.relations.find(({ kind, span }) => kind === "named" && contains(span, token));
    return use && { type: "relation", resolved: this.#finder.resolveRelation(use, scope) };
  }

  #value(token: Token, scope: QueryScope): Meaning | undefined {
    const previous = this.#tokens[this.#at - 1];
    const qualifier = isSymbol(previous, ".") ? this.#tokens[this.#at - 2] : undefined;
    if (qualifier && isName(qualifier)) return this.#column(token.value, scope, qualifier.value);
    const overloads = this.#context.functions.filter(({ name }) => isSameName(name, token.value));
    if (isSymbol(this.#tokens[this.#at + 1], "(")) {
      return overloads.length > 0 ? { type: "function", overloads } : undefined;
    }
    return this.#aliasMeaning(token, scope) ?? this.#column(token.value, scope);
  }

  /** The alias of a relation: where it is given, or before a dot. */
  #aliasMeaning(token: Token, scope: QueryScope): Meaning | undefined {
    const isQualifier = isSymbol(this.#tokens[this.#at + 1], ".");
    const found = this.#findUse(scope, token.value);
    if (!found || !(isQualifier || found.use.aliasSpan?.start === token.start)) return undefined;
    return {
      type: "relation",
      resolved: this.#finder.resolveRelation(found.use, found.scope),
      alias: token.value,
    };
  }

  #column(name: string, scope: QueryScope, qualifier?: string): Meaning | undefined {
    for (let outer: QueryScope | undefined = scope; outer; outer = outer.parent) {
      for (const use of outer.relations) {
        if (qualifier !== undefined && !isSameName(relationName(use), qualifier)) continue;
        const from = this.#finder.resolveRelation(use, outer);
        const column = from.columns?.find((candidate) => isSameName(candidate.name, name));
        if (column) return { type: "column", column, from };
      }
    }
    return undefined;
  }

  #findUse(scope: QueryScope, name: string): { use: RelationUse; scope: QueryScope } | undefined {
    for (let outer: QueryScope | undefined = scope; outer; outer = outer.parent) {
      const use = outer.relations.find((candidate) => isSameName(relationName(candidate), name));
      if (use) return { use, scope: outer };
    }
    return undefined;
  }

  #parameter(name: string) {
    return this.#context.parameters.find((parameter) => isSameName(parameter.name, name));
  }
}

function contains(span: Span, token: Token): boolean {
  return span.start <= token.start && token.end <= span.end;
}

function describeRelation(resolved: ResolvedRelation, alias?: string): Omit<Hover, "span"> {
  const origins = {
    cell: "cell",
    dataset: "dataset of the lake",
    "common-table": "named query of this cell",
    subquery: "subquery",
    other: "relation",
  };
  const name =
    alias === undefined || isSameName(alias, resolved.name) ? resolved.name : `${alias} = ${resolved.name}`;
  return {
    title: `${name} -- ${origins[resolved.kind]}`,
    ...(resolved.columns && { columns: resolved.columns.map(({ name, type }) => ({ name, type })) }),
    ...(resolved.description !== undefined && { text: resolved.description }),
  };
}

function definitionOf(resolved: ResolvedRelation): Definition | undefined {
  if (resolved.kind === "cell") return { type: "cell", cellName: resolved.name };
  if (resolved.commonTable) return { type: "span", span: resolved.commonTable.nameSpan };
  return undefined;
}
