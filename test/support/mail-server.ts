import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export interface ReceivedMail {
  readonly to: readonly string[];
  readonly from: string;
  /** As it came, with lines that were folded put together again and quoted-printable undone. */
  readonly text: string;
  /** The subject, decoded. */
  readonly subject: string;
  readonly id: string;
}

export interface MailServer {
  readonly url: string;
  readonly received: readonly ReceivedMail[];
}

/** A real SMTP server on loopback, for as long as `use` takes. */
export async function withMailServer<T>(
  use: (server: MailServer) => Promise<T>,
  options: SMTPServerOptions = {},
): Promise<T> {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    logger: false,
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        const raw = Buffer.concat(parts).toString("utf8");
        received.push({
          to: rcptTo.map(({ address }) => address),
          from: mailFrom === false ? "" : mailFrom.address,
          text: decode(raw),
          subject: decodeWords(headerOf(raw, "Subject")),
          id: headerOf(raw, "X-Lakebook-Delivery"),
        });
        done();
      });
    },
    ...options,
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  try {
    return await use({ url: `smtp://127.0.0.1:${port}`, received });
  } finally {
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
  }
}

function headerOf(raw: string, name: string): string {
  const [head = ""] = raw.split("\r\n\r\n");
  const line = new RegExp(`^${name}: (.*)$`, "im").exec(head.replace(/\r\n[ \t]+/g, " "));
  return line?.[1] ?? "";
}

function decodeWords(text: string): string {
  return text
    .replace(/\?= =\?/g, "?==?")
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === "b"
        ? Buffer.from(word, "base64").toString("utf8")
        : decode(word.replaceAll("_", " ")),
    );
}

function decode(raw: string): string {
  const bytes = raw
    .replace(/=\r\n/g, "")
    .replace(/((?:=[0-9A-F]{2})+)/g, (run) => Buffer.from(run.replaceAll("=", ""), "hex").toString("utf8"));
  return bytes.replaceAll("\r\n", "\n");
}
