import { AppError, messageOf } from "../../base/errors.js";
import { boundLine } from "./bound-text.js";
import { FORBIDDEN_TRIES, REFUSED_TRIES, SendError, type Send } from "./delivery.js";

export interface MailOptions {
  /** `smtp://user:password@host:587`, `smtps://`; undefined: no mail can be sent. */
  readonly url: string | undefined;
  /** Whom mail comes from; default: the user of the URL where that is an address, else lakebook@ its host. */
  readonly from: string | undefined;
}

const TIMEOUT_MS = 20_000;
/** Of the whole exchange: a server may go on saying something for ever. */
const LONGEST_MS = 60_000;

/** Fails with code usage for an address of a server, or of a sender, that cannot be one. */
export function mailSender({ url, from }: MailOptions): Send {
  if (url === undefined || url === "")
    return () => Promise.reject(new SendError("LAKEBOOK_SMTP_URL names no mail server."));
  const server = readServer(url);
  const sender = from === undefined || from === "" ? senderOf(server) : from.trim();
  if (!/^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/.test(sender))
    throw new AppError("usage", `"${sender}" is no address that mail can come from.`, {
      hint: "Set LAKEBOOK_MAIL_FROM to one, e.g. lakebook@example.com.",
    });
  return async ({ id, recipient, message }, signal) => {
    if (recipient.type !== "mail") throw new SendError("It is no address of mail.", FORBIDDEN_TRIES);
    // It is loaded with the first message: most commands send none.
    const { createTransport } = await import("nodemailer");
    const transport = createTransport({
      host: server.hostname.replace(/^\[|\]$/g, ""),
      port: server.port === "" ? (server.protocol === "smtps:" ? 465 : 587) : Number(server.port),
      secure: server.protocol === "smtps:",
      ...(server.username !== "" && {
        auth: { user: decodeURIComponent(server.username), pass: decodeURIComponent(server.password) },
      }),
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    const stop = (): void => {
      transport.close();
    };
    signal.addEventListener("abort", stop, { once: true });
    let late: NodeJS.Timeout | undefined;
    try {
      const tooLate = new Promise<never>((_settle, reject) => {
        late = setTimeout(() => {
          reject(new Error(`it did not take the message within ${String(LONGEST_MS / 1000)} seconds.`));
        }, LONGEST_MS);
      });
      const sent = transport.sendMail({
        from: { name: "Lakebook", address: sender },
        to: { name: "", address: recipient.address },
        subject: message.subject,
        text: message.text,
        html: message.html,
        messageId: `<${id}@lakebook>`,
        headers: { "X-Lakebook-Delivery": id, "Auto-Submitted": "auto-generated" },
      });
      await Promise.race([sent, tooLate]);
    } catch (error) {
      throw toSendError(error, server);
    } finally {
      clearTimeout(late);
      signal.removeEventListener("abort", stop);
      transport.close();
    }
  };
}

function readServer(text: string): URL {
  const server = URL.canParse(text) ? new URL(text) : undefined;
  // The text has a password: it is not said again.
  if (server === undefined || !/^smtps?:$/.test(server.protocol) || server.hostname === "")
    throw new AppError("usage", "LAKEBOOK_SMTP_URL is not the address of a mail server.", {
      hint: "For example: smtp://user:password@mail.example.com:587, or smtps:// where TLS comes first.",
    });
  return server;
}

function senderOf({ username, hostname }: URL): string {
  const user = decodeURIComponent(username);
  return user.includes("@") ? user : `lakebook@${hostname.replace(/^\[|\]$/g, "")}`;
}

/** A wrong password is the operator's to mend, within the day. */
function toSendError(error: unknown, { hostname, password }: URL): SendError {
  const { responseCode, code } = error as { readonly responseCode?: number; readonly code?: string };
  const secret = decodeURIComponent(password);
  const said = secret === "" ? messageOf(error) : messageOf(error).replaceAll(secret, "…");
  const isRefused = responseCode !== undefined && responseCode >= 500 && code !== "EAUTH";
  return new SendError(boundLine(`${hostname}: ${said}`), isRefused ? REFUSED_TRIES : Infinity, {
    cause: error,
  });
}
