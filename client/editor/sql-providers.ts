import { findHost } from "./editor-hosts.js";
import type {
  Completion,
  CompletionKind,
  Hover,
  LanguageRequest,
  SqlLanguageService,
} from "./language-service.js";
import type { editor, IMarkdownString, Position } from "./monaco.js";
import { languages, Range } from "./monaco.js";
import { highlightLine } from "./sql-highlight.js";
import type { Span } from "./sql-scopes.js";

export const languageId = "sql";

const itemKinds: Readonly<Record<CompletionKind, languages.CompletionItemKind>> = {
  relation: languages.CompletionItemKind.Struct,
  dataset: languages.CompletionItemKind.Module,
  "common-table": languages.CompletionItemKind.Class,
  file: languages.CompletionItemKind.File,
  column: languages.CompletionItemKind.Field,
  parameter: languages.CompletionItemKind.Variable,
  function: languages.CompletionItemKind.Function,
  type: languages.CompletionItemKind.TypeParameter,
  value: languages.CompletionItemKind.Value,
  keyword: languages.CompletionItemKind.Keyword,
  snippet: languages.CompletionItemKind.Snippet,
};
/** More than this is no longer read in a tooltip. */
const longestColumnList = 24;

const brackets: [string, string][] = [
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
];
const pairs = [...brackets, ["'", "'"], ['"', '"']].map(([open = "", close = ""]) => ({ open, close }));

/** What a line leaves open for the next, as Monaco wants to keep it. */
class LineState implements languages.IState {
  readonly open: string;

  constructor(open: string) {
    this.open = open;
  }

  clone(): languages.IState {
    return this;
  }

  equals(other: languages.IState): boolean {
    return other instanceof LineState && other.open === this.open;
  }
}

/** Registers the language with its providers: once per page, for all editors. */
export function registerSql(): void {
  languages.register({ id: languageId });
  languages.setLanguageConfiguration(languageId, {
    comments: { lineComment: "--", blockComment: ["/*", "*/"] },
    brackets,
    autoClosingPairs: pairs.map((pair) => ({ ...pair, notIn: ["string", "comment"] })),
    surroundingPairs: pairs,
    wordPattern: /[$\p{L}_][$\p{L}\p{N}_]*/u,
  });
  languages.setTokensProvider(languageId, {
    getInitialState: () => new LineState(""),
    tokenize: (line, state) => {
      const { tokens, open } = highlightLine(line, state instanceof LineState ? state.open : "");
      return { tokens: toScopes(tokens), endState: new LineState(open) };
    },
  });
  languages.registerCompletionItemProvider(languageId, {
    triggerCharacters: [".", "$", "'", "/", " ", "("],
    provideCompletionItems: async (model, position, { triggerCharacter: typed }) => ({
      suggestions:
        (await ask(model, position, (service, request) => service.complete({ ...request, typed })))?.map(
          (found) => toItem(found, model),
        ) ?? [],
    }),
  });
  languages.registerHoverProvider(languageId, {
    provideHover: async (model, position) => {
      const hover = await ask(model, position, (service, request) => service.hover(request));
      return hover && { range: toRange(model, hover.span), contents: toMarkdown(hover) };
    },
  });
}

export function toRange(model: editor.ITextModel, { start, end }: Span): Range {
  return Range.fromPositions(model.getPositionAt(start), model.getPositionAt(end));
}

/** Asks the service of the cell that a model belongs to, if it has one. */
export async function ask<T>(
  model: editor.ITextModel,
  position: Position,
  question: (service: SqlLanguageService, request: LanguageRequest) => T | Promise<T>,
): Promise<T | undefined> {
  const host = findHost(model.uri.toString());
  const service = host?.languageService();
  if (!host || !service) return undefined;
  return question(service, {
    cellName: host.cellName(),
    sql: model.getValue(),
    offset: model.getOffsetAt(position),
  });
}

/** Monaco lets a colour run on up to the next token: what lies between two gets the plain one. */
function toScopes(tokens: ReturnType<typeof highlightLine>["tokens"]): languages.IToken[] {
  const scopes: languages.IToken[] = [];
  let end = 0;
  for (const token of tokens) {
    if (token.start > end) scopes.push({ startIndex: end, scopes: "" });
    scopes.push({ startIndex: token.start, scopes: token.style });
    end = token.end;
  }
  return scopes;
}

function toItem(completion: Completion, model: editor.ITextModel): languages.CompletionItem {
  const { kind, label, detail, documentation, insertText, isSnippet, replace, rank } = completion;
  const rule = languages.CompletionItemInsertTextRule;
  const isUnfinished = insertText.endsWith(".");
  return {
    kind: itemKinds[kind],
    label: detail === undefined ? label : { label, description: detail },
    ...(detail !== undefined && { detail }),
    ...(documentation !== undefined && documentation !== "" && { documentation }),
    insertText,
    ...(isSnippet && { insertTextRules: rule.InsertAsSnippet }),
    range: toRange(model, replace),
    sortText: `${String(rank).padStart(2, "0")} ${label.toLowerCase()}`,
    // Without spaces, or `LEFT JOIN …` would still be offered once `JOIN ` is typed. Values are typed with theirs.
    filterText: kind === "value" ? insertText : label.replace(/[^\p{L}\p{N}_.$/-]+/gu, "_"),
    // After `lake.`, the datasets at once.
    ...(isUnfinished && { command: { id: "editor.action.triggerSuggest", title: "" } }),
  };
}

/** Names, types and texts come from files: they are shown, never read as Markdown. */
function toMarkdown({ title, columns, text }: Hover): IMarkdownString[] {
  const shown =
    columns?.slice(0, longestColumnList).map(({ name, type }) => `  ${name} ${type}`.trimEnd()) ?? [];
  const more = (columns?.length ?? 0) - shown.length;
  const lines = [title, ...shown, ...(more > 0 ? [`  -- and ${more} more`] : [])];
  const code = { value: fence(lines.join("\n")) };
  return text === undefined || text === "" ? [code] : [code, { value: escapeMarkdown(text) }];
}

function fence(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = "`".repeat(longest + 1);
  return `${marks}${languageId}\n${code}\n${marks}`;
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!~|<>&:]/g, "\\$&").replaceAll("\n", "  \n");
}
