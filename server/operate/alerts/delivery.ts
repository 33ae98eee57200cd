import type { AlertMessage } from "./alert-message.js";
import type { Recipient } from "./recipients.js";

/** One message to one recipient. */
export interface Delivery {
  /** The same however often it is sent, so that who receives it twice can tell. */
  readonly id: string;
  readonly recipient: Recipient;
  readonly message: AlertMessage;
  /** For a webhook: JSON. */
  readonly body: string;
}

/** Sends it, or fails with a {@link SendError}. */
export type Send = (delivery: Delivery, signal: AbortSignal) => Promise<void>;

/** Why a message was not taken, in a sentence that holds no secret. */
export class SendError extends Error {
  override readonly name = "SendError";
  /** So often the same is tried at most: what was refused for good may still have been a slip that is mended soon. */
  readonly triesAtMost: number;

  constructor(message: string, triesAtMost = Infinity, options: ErrorOptions = {}) {
    super(message, options);
    this.triesAtMost = triesAtMost;
  }
}

/** Of what the other side refuses. */
export const REFUSED_TRIES = 3;
/** Of what this side does not do. */
export const FORBIDDEN_TRIES = 1;
