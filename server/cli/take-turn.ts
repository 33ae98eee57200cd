import { setTimeout as sleep } from "node:timers/promises";
import { AppError, isAppError } from "../base/errors.js";
import type { Options } from "./arguments.js";
import type { Console } from "./console.js";

export const noWaitOption = {
  "no-wait": { type: "boolean", help: "end at once, where another process works on the lake" },
} as const satisfies Options;

export interface Turn {
  readonly signal: AbortSignal;
  /** Called once, where it has to be waited. Undefined: the error is thrown instead. */
  readonly onWait: ((message: string) => void) | undefined;
}

/** Of a command that writes: it waits for the lake unless it was told not to. */
export function turnOf(
  values: { readonly "no-wait"?: boolean | undefined },
  console: Console,
  signal: AbortSignal,
): Turn {
  const say = (message: string): void => {
    console.err(`${message}; this waits for it (--no-wait does not).\n`);
  };
  return { signal, onWait: values["no-wait"] === true ? undefined : say };
}

const POLL_MS = 150;

/**
 * Opens what needs the lake as soon as no other process holds it. Fails with code cancelled where that is not waited for
 * to the end, with code locked where this process holds it itself.
 */
export async function takeTurn<T>(open: () => Promise<T>, { signal, onWait }: Turn): Promise<T> {
  for (let isTold = false; ; isTold = true) {
    try {
      return await open();
    } catch (error) {
      if (onWait === undefined || !isAppError(error, "locked") || error.details?.["pid"] === process.pid)
        throw error;
      if (!isTold) onWait(error.message);
    }
    await sleep(POLL_MS, undefined, { signal }).catch((error: unknown) => {
      throw new AppError("cancelled", "It was cancelled while another process held the lake.", {
        cause: error,
      });
    });
  }
}
