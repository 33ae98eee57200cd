import type { Lake } from "../../lake/lake.js";
import { dateIn } from "../../runs/interval.js";
import { INPUT_QUIET_MS, type AwaitedFiles } from "./awaited-files.js";
import type { Watched } from "./watched.js";
import type { WatchedNotebooks } from "./watched-notebooks.js";

/** Folders are looked at so often for what arrived. */
const ARRIVAL_LOOK_MS = 5000;

/** What begins schedules without a clock: files of `on_input`, and publications of the notebooks that they follow. */
export class Arrivals {
  readonly #notebooks: WatchedNotebooks;
  readonly #files: AwaitedFiles;
  readonly #lake: Pick<Lake, "publications" | "publication">;
  #lookedAt = -Infinity;

  constructor(
    notebooks: WatchedNotebooks,
    files: AwaitedFiles,
    lake: Pick<Lake, "publications" | "publication">,
  ) {
    this.#notebooks = notebooks;
    this.#files = files;
    this.#lake = lake;
  }

  /** Whether it is time again; the next time counts from now then. */
  isTime(now: number): boolean {
    const isTime = now - this.#lookedAt >= ARRIVAL_LOOK_MS || now < this.#lookedAt;
    if (isTime) this.#lookedAt = now;
    return isTime;
  }

  /** A date that arrived waits from then on, on disk. */
  async take(watched: Watched, now: number): Promise<void> {
    if (watched.state.waiting.length > 0 || this.#notebooks.isRunning(watched)) return;
    if (watched.schedule.onInput === undefined) await this.#takeFollowed(watched, now);
    else await this.#takeInput(watched, now);
  }

  async #takeInput(watched: Watched, now: number): Promise<void> {
    const { state, schedule } = watched;
    const look = await this.#files.lookForArrival(watched, now);
    const { stamp: inputSeen } = look;
    if (state.inputSeen === inputSeen) return;
    const isFirst = state.inputSeen === undefined;
    if (!isFirst && (look.missing.length > 0 || look.quietMs < INPUT_QUIET_MS)) return;
    const instant = new Date(now);
    const fire = {
      kind: "input" as const,
      at: instant.toISOString(),
      date: dateIn(instant, schedule.timezone),
    };
    // What lay there when the schedule came is no delivery.
    await this.#notebooks.save(watched, { ...state, inputSeen, waiting: isFirst ? [] : [fire] });
  }

  async #takeFollowed(watched: Watched, now: number): Promise<void> {
    const at = new Date(now).toISOString();
    const names = watched.schedule.after ?? [];
    for (const { runDate } of this.#lake.publications().filter((entry) => entry.notebook === names[0])) {
      const { state } = watched;
      const entries = names.map((name) => this.#lake.publication(name, runDate));
      if (entries.includes(undefined)) continue;
      const followed = entries.map((entry) => entry?.txn).join(" ");
      if (state.followed[runDate] === followed) continue;
      const isOld = entries.every((entry) => (entry?.at ?? "") < state.since);
      const waiting = isOld ? [] : [{ kind: "after" as const, at, date: runDate }];
      await this.#notebooks.save(watched, {
        ...state,
        followed: { ...state.followed, [runDate]: followed },
        waiting,
      });
      if (waiting.length > 0) return;
    }
  }
}
