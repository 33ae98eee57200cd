import { isAppError, isSystemError } from "../../base/errors.js";
import type { RunServices } from "../../runs/run-context.js";
import { QuietFiles, type QuietLook } from "./quiet-files.js";
import type { Watched } from "./watched.js";

/** Files that are named by `on_input` count as delivered when they did not change for so long. */
export const INPUT_QUIET_MS = 30_000;
/** Whatever a scheduled run reads did not change for so long. */
const READ_QUIET_MS = 2000;

/** The files that a schedule waits for: those that it names, or those that the notebook reads. */
export class AwaitedFiles {
  readonly #notebooks: RunServices["notebooks"];
  readonly #files: QuietFiles;

  constructor({ workspace, notebooks }: Pick<RunServices, "workspace" | "notebooks">) {
    this.#notebooks = notebooks;
    this.#files = new QuietFiles(workspace);
  }

  /** Of a schedule that begins when they arrive. */
  async lookForArrival(watched: Watched, now: number): Promise<QuietLook> {
    return this.#files.look(`arrival ${watched.notebook}`, await this.#paths(watched), now);
  }

  /** Why a run is not to read them yet; undefined where it may. */
  async reasonToWait(watched: Watched, now: number): Promise<string | undefined> {
    const key = `run ${watched.notebook}`;
    const look = await this.#files.look(key, await this.#paths(watched), now);
    const [missing] = look.missing;
    const isAwaited = watched.schedule.onInput !== undefined;
    if (isAwaited && missing !== undefined) return `"${missing}" is not there`;
    if (look.quietMs < (isAwaited ? INPUT_QUIET_MS : READ_QUIET_MS)) return "its input may still grow";
    this.#files.forget(key);
    return undefined;
  }

  async #paths({ schedule, notebook }: Watched): Promise<readonly string[]> {
    if (typeof schedule.onInput === "object") return schedule.onInput;
    try {
      const { graph } = await this.#notebooks.analyze(await this.#notebooks.read(notebook));
      const paths = [...graph.nodes.values()].flatMap(
        ({ facts }) => facts?.files.map(({ path }) => path) ?? [],
      );
      return [...new Set(paths)];
    } catch (error) {
      // What is wrong with the notebook is told by the run that cannot begin.
      if (isAppError(error) || isSystemError(error)) return [];
      throw error;
    }
  }
}
