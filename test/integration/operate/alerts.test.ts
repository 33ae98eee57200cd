import { stat } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { silentLogger } from "../../../server/base/logger.js";
import { openAlertDesk, openSenders, outboxFolder } from "../../../server/operate/alerts/open-alerts.js";
import { readOutbox } from "../../../server/operate/alerts/outbox.js";
import { sign } from "../../../server/operate/alerts/send-webhook.js";
import { lakebook, startLakebook } from "../../support/cli.js";
import { withMailServer } from "../../support/mail-server.js";
import { seededRandom } from "../../support/seed.js";
import { TestClock } from "../../support/test-clock.js";
import { withWebhook } from "../../support/webhook-server.js";
import { withWorkspace } from "../../support/workspace.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { useRuns, type Runs } from "../../support/workspace-runs.js";

const DATE = "2026-10-01";
const MINUTE = 60_000;
const broken = notebook({ orders: dataset("SELECT error('no such courier') AS n") });
const mended = notebook({ orders: dataset("SELECT 1 AS n") });

describe("alerts of commands", () => {
  test("tell by mail what failed, where and for which date, and once that it is mended", () =>
    withMailServer((mail) =>
      withWorkspace(
        {
          "lakebook.yaml": "alerts: {to: [data@example.com]}\nurl: https://lakebook.example.com/\n",
          "notebooks/sales.md": broken,
        },
        async (workspace) => {
          const env = { LAKEBOOK_SMTP_URL: mail.url };
          const materialize = (...more: string[]) =>
            lakebook(["materialize", "sales", "--date", DATE, ...more], { workspace, env });
          const failed = await materialize();
          expect(failed.stderr).not.toContain("could not be sent");
          expect(failed.code).toBe(1);
          expect(mail.received).toMatchObject([
            {
              to: ["data@example.com"],
              from: "lakebook@127.0.0.1",
              subject: `[Lakebook] sales failed for ${DATE}: orders`,
            },
          ]);
          expect(mail.received[0]?.text).toContain("no such courier");
          expect(mail.received[0]?.text).toMatch(/https:\/\/lakebook\.example\.com\/#\/runs\/\d{8}-/);
          await materialize("--no-alerts");
          await workspace.write("notebooks/sales.md", mended);
          for (const _ of [1, 2]) expect((await materialize()).code).toBe(0);
          expect(mail.received.slice(1)).toMatchObject([
            { subject: `[Lakebook] sales for ${DATE} is published, recovered` },
          ]);
          const tried = await lakebook(["alerts", "--test"], { workspace, env });
          expect(tried).toMatchObject({ code: 0, stdout: "data@example.com: sent\n" });
          expect(mail.received[2]?.subject).toBe("[Lakebook] This is a test");
          const untold = await lakebook(["alerts", "--test"], { workspace });
          expect(untold).toMatchObject({ code: 1 });
          expect(untold.stdout).toContain("failed. LAKEBOOK_SMTP_URL names no mail server.");
          const { messages } = (await lakebook(["alerts", "--json"], { workspace })).json() as Listing;
          expect(messages).toMatchObject([
            { kind: "recovered", status: "sent", tries: 1 },
            { kind: "failed", status: "sent", tries: 1 },
          ]);
        },
      ),
    ));

  test("that were being sent when the process was killed are sent by the next one, under the same id", () =>
    withWebhook((hook) =>
      withWorkspace(
        { "lakebook.yaml": `alerts: {webhook: "${hook.url}/x"}\n`, "notebooks/sales.md": broken },
        async (workspace) => {
          hook.answer = () => undefined;
          const killed = startLakebook(["materialize", "sales", "--date", DATE], { workspace });
          await hook.has(1);
          killed.kill("SIGKILL");
          await killed.finished;
          expect((await stat(workspace.path(".lakebook/outbox"))).mode & 0o777).toBe(0o700);
          hook.answer = 200;
          const server = startLakebook(["serve", "--port", "0"], { workspace });
          await hook.has(2);
          server.kill("SIGTERM");
          await server.finished;
          const [first, second] = hook.received;
          expect(first?.headers["x-lakebook-delivery"]).toMatch(/^[0-9a-f]{32}$/);
          expect(second?.headers["x-lakebook-delivery"]).toBe(first?.headers["x-lakebook-delivery"]);
          const { messages } = (await lakebook(["alerts", "--json"], { workspace })).json() as Listing;
          expect(messages).toMatchObject([{ status: "sent", recipient: `${hook.url}/…` }]);
        },
      ),
    ));
});

/** More for a longer look. */
const kills = Number(process.env["ALERT_KILLS"] ?? 4);

test(
  "kills around the end of a run lose no alert and double none: who is told twice is told so under one id",
  { timeout: 60_000 + kills * 20_000 },
  () =>
    withWebhook((hook) =>
      withWorkspace(
        { "lakebook.yaml": `alerts: {webhook: "${hook.url}"}\n`, "notebooks/sales.md": broken },
        async (workspace) => {
          const random = seededRandom("kills");
          for (let day = 1; day <= kills; day++) {
            const date = new Date(Date.UTC(2026, 0, day)).toISOString().slice(0, 10);
            const running = startLakebook(["materialize", "sales", "--date", date], { workspace });
            await running.shows("✗ orders");
            await setTimeout(random.integer(0, 100));
            running.kill("SIGKILL");
            await running.finished;
          }
          await lakebook(["run", "sales"], { workspace });
          const { runs } = (await lakebook(["runs", "--json"], { workspace })).json() as {
            readonly runs: readonly { readonly id: string; readonly mode: string }[];
          };
          const told = new Map<string, Set<string>>();
          for (const { body } of hook.received) {
            const { id, event } = JSON.parse(body) as { id: string; event: { run: string } };
            told.set(event.run, (told.get(event.run) ?? new Set()).add(id));
          }
          const published = runs.filter(({ mode }) => mode === "materialize").map(({ id }) => id);
          expect(published).toHaveLength(kills);
          expect([...told.keys()].sort()).toEqual(published.sort());
          for (const ids of told.values()) expect(ids.size).toBe(1);
        },
      ),
    ),
);

interface Listing {
  readonly messages: readonly unknown[];
}

describe("alerts of a process that goes on", () => {
  const withRuns = useRuns();

  /** A desk of the runs' process as it is now. */
  async function openDesk({ manager, lake }: Runs, clock: TestClock) {
    const { workspace, engine, notebooks } = manager.services;
    const send = openSenders({ LAKEBOOK_WEBHOOK_SECRET: "s3cret" }, workspace);
    const parts = { workspace, lake, engine, notebooks, manager, send, clock, logger: silentLogger };
    const desk = await openAlertDesk(parts);
    const outbox = () => readOutbox(outboxFolder(workspace), silentLogger);
    return { desk, outbox };
  }

  test("wait for a webhook that is down for an hour, in their order, signed, with the rows that failed", () =>
    withWebhook((hook) =>
      withRuns(
        {
          "lakebook.yaml": `alerts: {webhook: "${hook.url}", on: [check_failed, recovered]}\n`,
          "notebooks/sales.md": notebook(
            {
              orders: dataset("SELECT range AS id FROM range(20)", "checks: [{range: {column: id, max: 5}}]"),
            },
            `alerts: {webhook: "${hook.url}/", on: [check_failed]}`,
          ),
        },
        async (runs) => {
          hook.answer = 503;
          const clock = new TestClock("2026-11-01T06:00:00Z");
          const { desk, outbox } = await openDesk(runs, clock);
          desk.start("https://lakebook.example.com");
          const failed = await runs.materialize();
          expect(failed.outcome).toBe("failed");
          await hook.has(1);
          await runs.workspace.write("notebooks/sales.md", mended);
          await runs.materialize();
          await expect
            .poll(outbox)
            .toMatchObject([{ tries: 0 }, { tries: 1, problem: "127.0.0.1 answered 503." }]);
          for (let tries = 2; clock.now() < Date.parse("2026-11-01T07:00:00Z"); tries++) {
            clock.advance(30 * MINUTE);
            await hook.has(tries);
            await expect.poll(async () => (await outbox())[1]?.tries).toBe(tries);
          }
          const down = hook.received.length;
          hook.answer = 200;
          clock.advance(30 * MINUTE);
          await hook.has(down + 2);
          await expect.poll(outbox).toMatchObject([{ status: "sent" }, { status: "sent" }]);
          await desk.close();
          const [told, recovered] = hook.received.slice(-2);
          expect(told?.headers["x-lakebook-signature"]).toBe(`sha256=${sign(told?.body ?? "", "s3cret")}`);
          expect(JSON.parse(told?.body ?? "")).toMatchObject({
            text: expect.stringContaining("and 9 more rows that failed") as unknown,
            id: told?.headers["x-lakebook-delivery"],
            event: {
              kind: "check_failed",
              notebook: "sales",
              link: `https://lakebook.example.com/#/runs/${failed.id}`,
              checks: [
                { failures: 14, rows: { columns: ["id"], rows: [["6"], ["7"], ["8"], ["9"], ["10"]] } },
              ],
            },
          });
          expect(JSON.parse(recovered?.body ?? "")).toMatchObject({ event: { kind: "recovered" } });
          expect(new Set(hook.received.map(({ headers }) => headers["x-lakebook-delivery"])).size).toBe(2);
        },
      ),
    ));

  test("are found of a run that ended although nobody looked before the process was gone, once", () =>
    withRuns(
      {
        "lakebook.yaml": "alerts: {to: [data@example.com]}\n",
        "notebooks/sales.md": broken,
      },
      async (runs) => {
        const clock = new TestClock("2026-11-01T06:00:00Z");
        const before = await openDesk(runs, clock);
        await before.desk.close();
        await runs.materialize();
        expect(await before.outbox()).toEqual([]);
        for (const _ of [1, 2]) {
          await runs.restart();
          const { desk, outbox } = await openDesk(runs, clock);
          await desk.close();
          expect(await outbox()).toMatchObject([{ status: "waiting", event: { kind: "failed" } }]);
        }
      },
    ));
});
