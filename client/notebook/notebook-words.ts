import { cellKinds } from "../../server/notebook/cell-kinds.js";
import type { NotebookView, VocabularyView } from "../../server/api/protocol.js";
import {
  createLanguageService,
  type LanguageContext,
  type SqlLanguageService,
} from "../editor/language-service.js";
import { builtInParameters } from "../../server/notebook/parameters.js";
import { ownValue } from "../own-value.js";
import type { NotebookState } from "../store/notebook-state.js";
import { StoredValues } from "./stored-values.js";

/** Answers of what the page knows, and of stored values. */
export function serviceOf(
  state: () => NotebookState | undefined,
  vocabulary: () => VocabularyView,
): SqlLanguageService {
  const values = new StoredValues(state, () => vocabulary().datasets);
  return createLanguageService(() => {
    const context = languageContext(state()?.view, vocabulary(), state()?.parameters);
    return { ...context, parameters: [...context.parameters, ...builtInParameters], values };
  });
}

export function languageContext(
  view: Pick<NotebookView, "cells" | "parameters"> | undefined,
  { datasets, files, functions, keywords }: VocabularyView,
  chosen: NotebookState["parameters"] = {},
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
    parameters: [...(view?.parameters ?? []), ...controlParameters(view)].map(
      ({ name, type, defaultValue, inputCell, description }) => ({
        name,
        type,
        value: JSON.stringify(ownValue(chosen, name) ?? defaultValue),
        ...(inputCell === undefined ? {} : { cell: inputCell }),
        ...(description === undefined ? {} : { description }),
      }),
    ),
    keywords,
  };
}

type Parameter = NotebookView["parameters"][number];

/** Those that controls set. */
function controlParameters(view: Pick<NotebookView, "cells"> | undefined): readonly Parameter[] {
  return (view?.cells ?? []).flatMap(({ name, kind, options }) => {
    const { parameter, label } = options as { readonly parameter?: Parameter; readonly label?: string };
    if (!cellKinds[kind].isParameter || parameter === undefined) return [];
    return [{ ...parameter, inputCell: name, ...(label !== undefined && { description: label }) }];
  });
}
