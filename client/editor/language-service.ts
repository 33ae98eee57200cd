import type { Completion, Definition, Hover, LanguageContext, LanguageRequest } from "./language-model.js";
import { completeSql } from "./sql-completions.js";
import { NameLookup } from "./sql-names.js";

export type * from "./language-model.js";

type Awaitable<T> = T | Promise<T>;

/** What an editor asks about a place in its SQL. */
export interface SqlLanguageService {
  complete(request: LanguageRequest): Awaitable<readonly Completion[]>;
  hover(request: LanguageRequest): Awaitable<Hover | undefined>;
  definition(request: LanguageRequest): Awaitable<Definition | undefined>;
}

/** Answers from what the page knows already. `context` is asked anew each time. */
export function createLanguageService(context: () => LanguageContext): SqlLanguageService {
  return {
    complete: (request) => completeSql(request, context()),
    hover: (request) => new NameLookup(request, context()).hover(),
    definition: (request) => new NameLookup(request, context()).definition(),
  };
}
