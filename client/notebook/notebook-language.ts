import type { NotebookView, VocabularyView } from "../../server/api/protocol.js";
import { api } from "../api-client.js";
import { createLanguageService, type LanguageContext } from "../editor/language-service.js";

const noVocabulary: VocabularyView = { files: [], datasets: [], functions: [], keywords: [] };

/** What the names in a cell may stand for, of an open notebook. */
export class NotebookLanguage {
  #vocabulary = noVocabulary;
  readonly service;

  constructor(view: () => NotebookView | undefined) {
    this.service = createLanguageService(() => languageContext(view(), this.#vocabulary));
  }

  /** Asks the server for what lies outside the notebook. */
  async load(): Promise<void> {
    this.#vocabulary = await api.vocabulary().catch(() => noVocabulary);
  }
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
