import { AppError } from "../../base/errors.js";
import { mapConcurrently } from "../../lake/concurrency.js";
import { listNotebooks, readNotebookFile } from "../../workspace/notebook-files.js";
import type { Workspace } from "../../workspace/workspace.js";
import type { ScheduleStore } from "./schedule-state.js";
import { viewSchedule, type LastRun, type ScheduleView } from "./schedule-view.js";
import { noSchedule, stateOf } from "./watched.js";

const READS_AT_ONCE = 16;

/** Schedules as they stand while no server runs. `now` in milliseconds. Fails with code not-found for a notebook without one. */
export async function readSchedules(
  workspace: Workspace,
  store: ScheduleStore,
  now: number,
  { only, last }: { readonly only?: string | undefined; readonly last: ReadonlyMap<string, LastRun> },
): Promise<ScheduleView[]> {
  const names = only === undefined ? await listNotebooks(workspace) : [only];
  const views = await mapConcurrently(names, READS_AT_ONCE, async (notebook) => {
    const { title, schedule } = await headOf(workspace, notebook, only !== undefined);
    if (schedule === undefined) return undefined;
    const known = await store.read(notebook);
    const state = known && stateOf(known, notebook, schedule, now);
    return viewSchedule({ notebook, title, schedule, state, lastRun: last.get(notebook) }, now);
  });
  const found = views.filter((view) => view !== undefined);
  if (only !== undefined && found.length === 0) throw noSchedule(only);
  return found;
}

/** For a process that holds the lake without a server. */
export async function pauseSchedule(
  workspace: Workspace,
  store: ScheduleStore,
  {
    notebook,
    isPaused,
    now,
  }: { readonly notebook: string; readonly isPaused: boolean; readonly now: number },
): Promise<ScheduleView> {
  const { title, schedule } = await headOf(workspace, notebook, true);
  if (schedule === undefined) throw noSchedule(notebook);
  const known = await store.read(notebook);
  const state = { ...stateOf(known, notebook, schedule, now), isPaused };
  await store.write(state);
  return viewSchedule({ notebook, title, schedule, state, lastRun: undefined }, now);
}

/** Where many are listed, one that is gone meanwhile is left out. */
async function headOf(workspace: Workspace, notebook: string, isRequired: boolean) {
  try {
    return (await readNotebookFile(workspace, notebook)).parsed.notebook.frontMatter;
  } catch (error) {
    if (isRequired || !(error instanceof AppError)) throw error;
    return { title: undefined, schedule: undefined };
  }
}
