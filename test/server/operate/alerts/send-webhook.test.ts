import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test, vi } from "vitest";
import { webhookSender } from "../../../../server/operate/alerts/send-webhook.js";
import { mayReach } from "../../../../server/operate/alerts/webhook-addresses.js";
import { withWebhook } from "../../../support/webhook-server.js";

test.each([
  ["93.184.215.14", true, true],
  ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", true, true],
  ["127.0.0.1", false, true],
  ["::1", false, true],
  ["::ffff:127.0.0.1", false, true],
  ["::ffff:10.0.0.1", false, true],
  ["10.1.2.3", false, true],
  ["172.31.0.1", false, true],
  ["192.168.1.1", false, true],
  ["fd12::1", false, true],
  ["64:ff9b::7f00:1", false, true],
  ["169.254.169.254", false, false],
  ["::ffff:169.254.169.254", false, false],
  ["fe80::1", false, false],
  ["fd00:ec2::254", false, false],
  ["100.100.100.200", false, false],
  ["0.0.0.0", false, false],
  ["::", false, false],
  ["224.0.0.1", false, false],
  ["no-address", false, false],
])("a webhook of a notebook may reach %s: %s; one of the workspace: %s", (address, notebook, workspace) => {
  expect([mayReach(address, false), mayReach(address, true)]).toEqual([notebook, workspace]);
});

const message = { subject: "", text: "", html: "" };
const { signal } = new AbortController();

test("a notebook's webhook within this network is refused for good, unless its host is named", () =>
  withWebhook(async (hook) => {
    const port = new URL(hook.url).port;
    for (const url of [
      hook.url,
      `http://localhost:${port}`,
      `http://[::ffff:127.0.0.1]:${port}`,
      `http://2130706433:${port}`,
    ]) {
      const delivery = {
        id: "1",
        recipient: { type: "webhook", url, by: "notebook" },
        message,
        body: "{}",
      } as const;
      const refused = webhookSender({ secret: undefined, hosts: [] })(delivery, signal);
      await expect(refused).rejects.toMatchObject({
        triesAtMost: 1,
        message: expect.stringContaining("within this network") as unknown,
      });
    }
    expect(hook.received).toEqual([]);
    const delivery = {
      id: "1",
      recipient: { type: "webhook", url: `http://localhost:${port}/a`, by: "notebook" },
      message,
      body: "{}",
    } as const;
    await webhookSender({ secret: undefined, hosts: ["localhost"] })(delivery, signal);
    expect(hook.received).toMatchObject([{ path: "/a", body: "{}" }]);
    expect(hook.received[0]?.headers).not.toHaveProperty("x-lakebook-signature");
  }));

test.each([
  [302, 3],
  [400, 3],
  [404, 3],
  [408, Infinity],
  [429, Infinity],
  [500, Infinity],
])("an answer %i is tried %d times at most, and a redirect is not followed", (status, triesAtMost) =>
  withWebhook(async (hook) => {
    hook.answer = (response) => {
      response.writeHead(status, { location: `${hook.url}/elsewhere` }).end();
    };
    const delivery = {
      id: "1",
      recipient: { type: "webhook", url: hook.url, by: "workspace" },
      message,
      body: "{}",
    } as const;
    await expect(webhookSender({ secret: undefined, hosts: [] })(delivery, signal)).rejects.toMatchObject({
      message: `127.0.0.1 answered ${status}.`,
      triesAtMost,
    });
    expect(hook.received).toHaveLength(1);
  }),
);

test("a server that takes a message and never answers is given up, whatever was collected meanwhile", () =>
  withWebhook(async (hook) => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    hook.answer = () => undefined;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const delivery = {
        id: "1",
        recipient: { type: "webhook", url: hook.url, by: "workspace" },
        message,
        body: "{}",
      } as const;
      const sent = webhookSender({ secret: undefined, hosts: [] })(delivery, signal);
      const refused = expect(sent).rejects.toThrow("127.0.0.1 did not answer within 10 seconds.");
      await hook.has(1);
      collect();
      vi.advanceTimersByTime(10_000);
      await refused;
    } finally {
      vi.useRealTimers();
    }
  }));
