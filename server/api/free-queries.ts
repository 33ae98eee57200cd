import type { Context } from "hono";
import { AppError } from "../base/errors.js";
import { FREE_QUERY_WORKERS } from "../engine/engine.js";
import { FairQueue, type Served } from "../workbench/fair-queue.js";
import type { Workspace } from "../workspace/workspace.js";
import type { Env } from "./env.js";
import { clientOf, type Access } from "./guard.js";

const DEFAULT_TIMEOUT_MS = 60_000;

/** Queries that are in no notebook: who asks for how many at a time, and how long one may take. */
export class FreeQueries {
  readonly timeoutMs: number;
  readonly #access: Access;
  readonly #queue = new FairQueue({
    slots: FREE_QUERY_WORKERS,
    perClient: 2,
    patienceMs: 1000,
    waiting: 20,
  });

  constructor({ settings }: Workspace, access: Access) {
    this.#access = access;
    this.timeoutMs = settings.queryTimeoutMs ?? DEFAULT_TIMEOUT_MS;
  }

  async run<T>(c: Context<Env>, action: (signal: AbortSignal) => Promise<T>): Promise<Served<T>> {
    const { signal } = c.req.raw;
    const served = await this.#queue.run(clientOf(c, this.#access), signal, () => action(signal));
    if (served !== undefined) return served;
    throw new AppError("conflict", "Too many of your queries wait already.", {
      hint: "Wait for some of them, or give them up.",
    });
  }
}
