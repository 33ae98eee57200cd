import type { NotebookView, VocabularyView } from "../../server/api/protocol.js";
import {
  createLanguageService,
  type LanguageContext,
  type SqlLanguageService,
} from "../editor/language-service.js";
import type { NotebookState } from "../store/notebook-state.js";
import { StoredValues } from "./stored-values.js";

/** Answers of what the page knows, and of stored values. */
export function serviceOf(
  state: () => NotebookState | undefined,
  vocabulary: () => VocabularyView,
): SqlLanguageService {
  const values = new StoredValues(state, () => vocabulary().datasets);
  return createLanguageService(() => ({ ...languageContext(state()?.view, vocabulary()), values }));
}

export function languageContext(
  view: Pick<NotebookView, "cells" | "parameters"> | undefined,
  { datasets, files, functions, keywords }: VocabularyView,
): LanguageContext {
  return {
    cells: (view?.cells ?? []).map(({ name, kind, columns, options }) => ({
      name,
      kind,
      ...(columns === undefined ? {} : { columns }),
      ...(typeof options["description"] === "string" ? { description: options["description"] } : {}),
    })),
    lake: datasets,
    files,
    functions,
    parameters: (view?.parameters ?? []).map(({ name, type }) => ({ name, type })),
    keywords,
  };
}
