import type { Column, Profile, VocabularyView } from "../../server/api/protocol.js";
import { api, ApiError } from "../api-client.js";
import { comparedWith, type Compared } from "../editor/cursor-context.js";
import {
  controlFor,
  kindInText,
  kindOfName,
  type ControlColumn,
  type GuessedControl,
} from "../editor/guess-control.js";
import type { ColumnOrigin } from "../editor/language-model.js";
import { ColumnFinder } from "../editor/sql-columns.js";
import { quoteName } from "../editor/sql-words.js";
import { ownValue } from "../own-value.js";
import type { NotebookState } from "../store/notebook-state.js";
import { hasResult } from "../store/run-state.js";
import { shownRecord } from "../store/standing.js";
import { languageContext } from "./notebook-words.js";

export interface MadeControl extends GuessedControl {
  /** The query, which may have to make a number of the control's date. */
  readonly sql: string;
}

/**
 * The control that a parameter needs which is not there yet: by what it is cast to, by the column that it is compared with and what is
 * stored of that, and else by its name. `today`: as a run date.
 */
export async function madeControl(
  state: Pick<NotebookState, "name" | "view" | "forecast" | "runs">,
  sql: string,
  parameter: string,
  today: string,
): Promise<MadeControl> {
  const cast = kindInText(parameter, sql);
  const compared = cast === undefined ? comparedWith(sql, parameter) : undefined;
  const column = compared && (await comparedColumn(state, compared));
  if (compared === undefined || column === undefined)
    return { ...controlFor(parameter, { name: "", kind: cast ?? kindOfName(parameter) }, true, today), sql };
  const made = controlFor(parameter, column, compared.isEqual, today);
  if (made.since1970 === undefined) return { ...made, sql };
  const everywhere = new RegExp(`\\$${parameter}(?!\\w)`, "g");
  return { ...made, sql: sql.replace(everywhere, `${made.since1970}($$${parameter})`) };
}

async function comparedColumn(
  state: Pick<NotebookState, "name" | "view" | "forecast" | "runs">,
  { path, scope }: Compared,
): Promise<ControlColumn | undefined> {
  const vocabulary = await api.vocabulary().catch((error: unknown) => {
    if (error instanceof ApiError) return undefined;
    throw error;
  });
  const none: VocabularyView = { files: [], datasets: [], functions: [], keywords: [] };
  const context = languageContext(state.view, vocabulary ?? none);
  const origin = new ColumnFinder(context).findColumn(path, scope)?.origin;
  if (origin !== undefined) return storedColumn(state, vocabulary ?? none, origin);
  // Computed on the way: a column of that name tells its kind.
  const name = path.at(-1)?.toLowerCase();
  const all = (state.view?.cells ?? []).flatMap(({ columns }) => columns ?? []);
  const found = all.find((column) => column.name.toLowerCase() === name);
  return found && { name: found.name, kind: found.kind };
}

async function storedColumn(
  { name: notebook, view, forecast, runs }: Pick<NotebookState, "name" | "view" | "forecast" | "runs">,
  { datasets }: VocabularyView,
  { kind, relation, column: name }: ColumnOrigin,
): Promise<ControlColumn | undefined> {
  const cell = kind === "cell" ? view?.cells.find((other) => other.name === relation) : undefined;
  const columns: readonly Column[] =
    cell?.columns ?? datasets.find((dataset) => dataset.name === relation)?.columns ?? [];
  const index = columns.findIndex((column) => column.name === name);
  const column = columns[index];
  if (column === undefined) return undefined;
  const record = shownRecord(forecast.get(relation), runs.cells.get(relation));
  const range = { offset: index, limit: 1 };
  const profile =
    kind === "dataset"
      ? api.lakeProfile("latest", relation, range)
      : hasResult(record) && record.fingerprint !== undefined
        ? api.cellProfile(notebook, relation, { ...range, result: record.fingerprint })
        : undefined;
  const formats = cell?.options["format"] as Readonly<Record<string, string>> | undefined;
  return {
    ...(await profiled(column, profile)),
    format: ownValue(formats, name),
    relation: kind === "dataset" ? `lake.${quoteName(relation)}` : quoteName(relation),
  };
}

/** Without its profile where that does not come. */
export async function profiled(
  { name, kind }: Pick<Column, "name" | "kind">,
  profile: Promise<Profile> | undefined,
): Promise<ControlColumn> {
  const found = await profile?.catch((error: unknown) => {
    if (error instanceof ApiError) return undefined;
    throw error;
  });
  const { distinct, min, max, top = [] } = found?.columns[0] ?? {};
  return { name, kind, distinct, min, max, top: top.find(({ length }) => length === undefined)?.value };
}
