import type { Explorer } from "../share/compute-choice.js";
import { openRunClient, type RunClient } from "./run-client.js";

/**
 * Has other choices computed by whoever holds the lake; where nobody does, this process takes it when it is first asked.
 * Fails with code locked where another process holds it that is no server. Close what you made.
 */
export class CommandExplorer implements Explorer {
  readonly #workspace: string;
  readonly #signal: AbortSignal;
  #client: Promise<RunClient> | undefined;

  constructor(workspace: string, signal: AbortSignal) {
    this.#workspace = workspace;
    this.#signal = signal;
  }

  readonly turn: Explorer["turn"] = (action) => action(this.#signal);

  readonly explore: Explorer["explore"] = async (...asked) => {
    const turn = { signal: this.#signal, onWait: undefined };
    const onEvent = (): void => undefined;
    this.#client ??= openRunClient({ workspace: this.#workspace, signal: this.#signal, onEvent, turn });
    return (await this.#client).explore(...asked);
  };

  async close(): Promise<void> {
    // One that could not be opened has told so where it was asked.
    const client = await this.#client?.catch(() => undefined);
    await client?.close();
  }
}
