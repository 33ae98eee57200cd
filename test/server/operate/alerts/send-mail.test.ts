import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect, test, vi } from "vitest";
import { mailSender } from "../../../../server/operate/alerts/send-mail.js";

test("a mail server that greets and never takes the message is given up", async () => {
  let greet: (() => void) | undefined;
  const asked = new Promise<void>((resolve) => (greet = resolve));
  const server = createServer((socket) => {
    socket.on("error", () => undefined).on("data", () => greet?.());
    socket.write("220 here\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const send = mailSender({ url: `smtp://127.0.0.1:${port}`, from: undefined });
    const recipient = { type: "mail", address: "data@example.com" } as const;
    const message = { subject: "s", text: "t", html: "" };
    const sent = send({ id: "1", recipient, message, body: "" }, new AbortController().signal);
    const refused = expect(sent).rejects.toThrow("127.0.0.1: it did not take the message within 60 seconds.");
    await asked;
    vi.advanceTimersByTime(60_000);
    await refused;
  } finally {
    vi.useRealTimers();
    server.close();
  }
});
