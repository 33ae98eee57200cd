import { randomUUID } from "node:crypto";
import { messageOf } from "../../base/errors.js";
import { mapConcurrently } from "../../lake/concurrency.js";
import { bodyOfText } from "./alert-message.js";
import { boundLine } from "./bound-text.js";
import type { Send } from "./delivery.js";
import { nameOf, type Recipient } from "./recipients.js";

/** How a message to somebody went that says that it is a test. */
export interface Tried {
  readonly recipient: string;
  readonly type: Recipient["type"];
  readonly isSent: boolean;
  readonly problem?: string;
}

const AT_ONCE = 4;

/** One message each, at once and only once; nothing of it is kept. */
export function tryRecipients(
  recipients: readonly Recipient[],
  send: Send,
  { base, signal }: { readonly base: string | undefined; readonly signal: AbortSignal },
): Promise<Tried[]> {
  const text = `This is a test: alerts of Lakebook arrive here.${base === undefined ? "" : `\n\n${base}`}`;
  const message = {
    subject: "[Lakebook] This is a test",
    text: `${text}\n`,
    html: `<!doctype html><html lang="en"><meta charset="utf-8"><body><p>This is a test: alerts of Lakebook arrive here.</p></body></html>`,
  };
  return mapConcurrently(recipients, AT_ONCE, async (recipient) => {
    const told = { recipient: nameOf(recipient), type: recipient.type };
    const id = randomUUID().replaceAll("-", "");
    try {
      await send({ id, recipient, message, body: bodyOfText(id, text, { kind: "test" }) }, signal);
      return { ...told, isSent: true };
    } catch (error) {
      return { ...told, isSent: false, problem: boundLine(messageOf(error)) };
    }
  });
}
