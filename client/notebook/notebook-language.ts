import type { VocabularyView } from "../../server/api/protocol.js";
import { api } from "../api-client.js";
import { loadCode } from "../connection.js";
import type { LanguageRequest, SqlLanguageService } from "../editor/language-service.js";
import type { NotebookState } from "../store/notebook-state.js";

const noVocabulary: VocabularyView = { files: [], datasets: [], functions: [], keywords: [] };

/** What the names in a cell may stand for, of an open notebook. Its code comes when the first is asked for. */
export class NotebookLanguage {
  readonly #state: () => NotebookState | undefined;
  #vocabulary = noVocabulary;
  #made: Promise<SqlLanguageService> | undefined;

  readonly service: SqlLanguageService = {
    complete: async (request: LanguageRequest) => (await this.#make()).complete(request),
    hover: async (request: LanguageRequest) => (await this.#make()).hover(request),
    definition: async (request: LanguageRequest) => (await this.#make()).definition(request),
  };

  constructor(state: () => NotebookState | undefined) {
    this.#state = state;
  }

  /** Asks the server for what lies outside the notebook. */
  async load(): Promise<void> {
    this.#vocabulary = await api.vocabulary().catch(() => noVocabulary);
  }

  #make(): Promise<SqlLanguageService> {
    this.#made ??= loadCode(() => import("./notebook-words.js")).then(({ serviceOf }) =>
      serviceOf(this.#state, () => this.#vocabulary),
    );
    return this.#made;
  }
}
