import { describe, expect, test } from "vitest";
import type { AlertEvent } from "../../../../server/operate/alerts/alert-event.js";
import { bodyOf, messageOf } from "../../../../server/operate/alerts/alert-message.js";
import { keyOf, nameOf, recipientsOf } from "../../../../server/operate/alerts/recipients.js";

const event: AlertEvent = {
  id: "r/1/failed",
  kind: "failed",
  kinds: ["failed"],
  at: "2026-11-01T06:00:00.000Z",
  notebook: "team/sales",
  date: "2026-11-01",
  run: "20261101-060000-abcdef",
  attempt: 2,
  cells: [
    {
      name: "orders",
      code: "query",
      message: "no column `a`\n<script>alert(1)</script>",
      line: 12,
      hint: "Did you mean b?",
    },
  ],
  checks: [],
  notes: [],
  more: 0,
};

describe("a message", () => {
  test("tells notebook, run date, cell, line, error, hint, attempt and where to look", () => {
    expect(messageOf({ event, base: "https://lake.example.com" })).toMatchObject({
      subject: "[Lakebook] team/sales failed for 2026-11-01: orders",
      text: `team/sales failed for 2026-11-01: orders.

Cell orders, line 12:

  no column \`a\`
  <script>alert(1)</script>

Did you mean b?

Run 20261101-060000-abcdef, attempt 2

https://lake.example.com/#/runs/20261101-060000-abcdef
`,
    });
  });

  test("has no link where nobody knows an address, and one to the notebook where there is no run", () => {
    expect(messageOf({ event, base: undefined }).text).not.toContain("http");
    const { run: _run, ...missed } = { ...event, kind: "missed" as const };
    expect(messageOf({ event: missed, base: "http://h" }).text).toContain(
      "http://h/#/notebooks/team%2Fsales",
    );
  });

  test("is escaped for mail and chats, and its subject is one line", () => {
    const evil = {
      ...event,
      notebook: "a\r\nBcc: x@example.com",
      notes: ["<!channel> [click](http://evil)"],
    };
    const { subject, html } = messageOf({ event: evil, base: undefined });
    expect(subject).not.toMatch(/[\r\n]/);
    expect(html).not.toContain("<script>");
    expect(html).toContain("&lt;script&gt;");
    const { text } = JSON.parse(bodyOf("id", { event: evil, base: undefined })) as { text: string };
    expect(text).toContain("&lt;!channel&gt; [click] (http://evil)");
  });
});

describe("recipients", () => {
  const workspace = {
    to: ["Data@example.com"],
    webhooks: ["https://h.example.com/x"],
    on: ["failed"],
  } as const;
  const notebook = {
    to: ["data@example.com", "ana@example.com"],
    webhooks: ["https://h.example.com/x"],
    on: ["failed", "warned"],
  } as const;

  test("are those of the workspace and of the notebook, each once", () => {
    expect(recipientsOf({ workspace, notebook }, ["failed"])).toEqual([
      { type: "mail", address: "Data@example.com" },
      { type: "webhook", url: "https://h.example.com/x", by: "workspace" },
      { type: "mail", address: "ana@example.com" },
    ]);
  });

  test("are told of what they asked for", () => {
    expect(recipientsOf({ workspace, notebook }, ["warned"]).map(keyOf)).toEqual([
      "mail data@example.com",
      "mail ana@example.com",
      "webhook https://h.example.com/x",
    ]);
    expect(recipientsOf({ workspace, notebook }, ["late_data"])).toEqual([]);
    expect(recipientsOf({}, ["failed"])).toEqual([]);
  });

  test("are shown without what is secret", () => {
    expect(
      nameOf({ type: "webhook", url: "https://hooks.slack.com/services/T/B/secret?k=v", by: "notebook" }),
    ).toBe("https://hooks.slack.com/…");
  });
});
