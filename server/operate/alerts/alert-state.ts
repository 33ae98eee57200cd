import { join } from "node:path";
import { z } from "zod";
import { makePrivateFolder, maybeJson, maybeReadText, replaceFile } from "../../base/durable.js";
import type { OpenProblem } from "./run-alerts.js";

const schema = z.object({
  format: z.literal(1),
  /** Attempts up to this sequence were looked at. */
  through: z.number(),
  /** And these beyond it. */
  beyond: z.array(z.number()),
  /** What is open, by notebook and run date. */
  problems: z.array(
    z.object({ notebook: z.string(), date: z.string(), targets: z.array(z.string()).optional() }),
  ),
});
type Content = z.infer<typeof schema>;

/** The oldest go: of run dates that nobody ever mends. */
const MOST_PROBLEMS = 5000;

/**
 * Which attempts were looked at, and what is open since: one file, replaced in one step after the messages are on disk,
 * so that a kill in between finds the same events again.
 */
export class AlertState {
  readonly #file: string;
  readonly #beyond: Set<number>;
  readonly #problems: Map<string, Content["problems"][number]>;
  #through: number;

  private constructor(file: string, { through, beyond, problems }: Content) {
    this.#file = file;
    this.#through = through;
    this.#beyond = new Set(beyond);
    this.#problems = new Map(problems.map((problem) => [keyOf(problem), problem]));
  }

  /** `newest`: the greatest sequence that there is. What ended before the first look is nobody's news. */
  static async open(folder: string, newest: number): Promise<AlertState> {
    await makePrivateFolder(folder);
    const file = join(folder, "state.json");
    const { data } = schema.safeParse(maybeJson((await maybeReadText(file)) ?? ""));
    const state = new AlertState(file, data ?? { format: 1, through: newest, beyond: [], problems: [] });
    // After a backup was restored, attempts count from lower numbers again.
    state.#through = Math.min(state.#through, newest);
    if (data === undefined) await state.#save();
    return state;
  }

  isSeen(sequence: number): boolean {
    return sequence <= this.#through || this.#beyond.has(sequence);
  }

  problem(notebook: string, date: string): OpenProblem | undefined {
    return this.#problems.get(keyOf({ notebook, date }));
  }

  /** Durable when it resolves. */
  async note(
    { notebook, date }: { readonly notebook: string; readonly date: string },
    problem: OpenProblem | undefined,
    sequence?: number,
  ): Promise<void> {
    const key = keyOf({ notebook, date });
    this.#problems.delete(key);
    const targets = problem?.targets;
    if (problem !== undefined)
      this.#problems.set(key, { notebook, date, ...(targets !== undefined && { targets: [...targets] }) });
    for (const old of [...this.#problems.keys()].slice(0, Math.max(0, this.#problems.size - MOST_PROBLEMS)))
      this.#problems.delete(old);
    if (sequence !== undefined) this.#beyond.add(sequence);
    await this.#save();
  }

  /** All attempts up to this one have ended and were looked at. */
  async seenThrough(sequence: number): Promise<void> {
    if (sequence <= this.#through) return;
    this.#through = sequence;
    for (const each of this.#beyond) if (each <= sequence) this.#beyond.delete(each);
    await this.#save();
  }

  /** So many are kept one by one. */
  get scattered(): number {
    return this.#beyond.size;
  }

  async #save(): Promise<void> {
    const content: Content = {
      format: 1,
      through: this.#through,
      beyond: [...this.#beyond],
      problems: [...this.#problems.values()],
    };
    await replaceFile(this.#file, JSON.stringify(content), { mode: 0o600 });
  }
}

function keyOf({ notebook, date }: { readonly notebook: string; readonly date: string }): string {
  return `${notebook}\n${date}`;
}
