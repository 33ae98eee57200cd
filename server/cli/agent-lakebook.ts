import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Asking, Lakebook, LakeNeed } from "../agents/lakebook.js";
import type { Ask } from "../api/ask.js";
import { askHere } from "../api/ask-here.js";
import { createServices, type ApiServices } from "../api/services.js";
import { isTooLate, withinTime } from "../base/bounded-signal.js";
import { AppError, isAppError } from "../base/errors.js";
import { createLiveView } from "../runs/run-inputs.js";
import { openWorkspace } from "../workspace/workspace.js";
import { askServer, findServer } from "./run-client.js";
import { openReadSession, openWriteSession, stderrLogger } from "./session.js";
import { takeTurn } from "./take-turn.js";

/** So long an agent waits for a command that holds the lake. */
const PATIENCE_MS = 15_000;

/**
 * A workspace as an agent of this process uses it: by the server that holds the lake, else opened for each call, so
 * that the lake is free between them.
 */
export class AgentLakebook implements Lakebook {
  readonly #folder: string;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async use<T>(need: LakeNeed, asking: Asking, action: (ask: Ask) => Promise<T>): Promise<T> {
    const { state } = await openWorkspace(this.#folder);
    const server = await findServer(state);
    if (server !== undefined) return action(askServer(server, asking.agent));
    if (need === "read") {
      const opened = await openToRead(this.#folder);
      if (opened !== undefined) return useOpened(opened, asking, action);
    }
    // Two calls of one process would be refused the lake by each other.
    const turn = this.#writing.then(() => this.#write(state, asking, action));
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  async #write<T>(state: string, asking: Asking, action: (ask: Ask) => Promise<T>): Promise<T> {
    let holder = "Another process holds the lake.";
    const onWait = (message: string): void => void (holder = message);
    const opened = await withinTime({ signals: [asking.signal], ms: PATIENCE_MS }, (signal) =>
      takeTurn(async () => (await findServer(state)) ?? (await openToWrite(this.#folder)), {
        signal,
        onWait,
      }).catch((error: unknown) => {
        if (!isTooLate(signal) || !isAppError(error, "cancelled")) throw error;
        throw new AppError("locked", holder, { hint: "Try again when it has ended.", cause: error });
      }),
    );
    if ("url" in opened) return action(askServer(opened, asking.agent));
    return useOpened(opened, asking, action);
  }
}

interface Opened {
  readonly services: ApiServices;
  close(): Promise<void>;
}

async function useOpened<T>(opened: Opened, { agent }: Asking, action: (ask: Ask) => Promise<T>): Promise<T> {
  try {
    return await action(askHere(opened.services)(agent));
  } finally {
    opened.services.feed.close();
    await opened.close();
  }
}

/** Undefined where there is no lake yet. */
async function openToRead(workspace: string): Promise<Opened | undefined> {
  const session = await openReadSession({ workspace });
  const { lake, manager } = session;
  if (lake !== undefined && manager !== undefined)
    return {
      services: createServices({ ...session, lake, manager, alerts: onlyByServer(), ...aside() }),
      close: () => session.close(),
    };
  await session.close();
  return undefined;
}

async function openToWrite(workspace: string): Promise<Opened> {
  const session = await openWriteSession({ workspace });
  try {
    const view = await createLiveView(session.workspace, join(session.lake.paths.tmp, "view"));
    return { services: createServices({ ...session, view, ...aside() }), close: () => session.close() };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Schedules and their like belong to a server. */
function onlyByServer(): never {
  const refuse = (): never => {
    throw new AppError("locked", "Only a running server does that.");
  };
  return new Proxy({}, { get: () => refuse }) as never;
}

/** What an API without HTTP never asks. */
function aside(): Pick<ApiServices, "id" | "access" | "files" | "logger" | "operation"> {
  const logger = stderrLogger;
  const operation: ApiServices["operation"] = {
    schedules: onlyByServer(),
    backfills: onlyByServer(),
    measures: onlyByServer(),
    readiness: onlyByServer(),
    start: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  return {
    id: randomUUID(),
    operation,
    access: {
      token: randomUUID(),
      isTokenChosen: false,
      hosts: new Set(),
      sessions: onlyByServer(),
      users: onlyByServer(),
      tokens: onlyByServer(),
      throttle: onlyByServer(),
      refusals: onlyByServer(),
      acts: onlyByServer(),
      onWrong: onlyByServer(),
    },
    files: new Map(),
    logger,
  };
}
