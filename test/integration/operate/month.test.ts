import { expect, test } from "vitest";
import { silentLogger } from "../../../server/base/logger.js";
import { Lake } from "../../../server/lake/lake.js";
import type { AlertDesk } from "../../../server/operate/alerts/alert-desk.js";
import { openAlertDesk, openSenders, outboxFolder } from "../../../server/operate/alerts/open-alerts.js";
import { readOutbox } from "../../../server/operate/alerts/outbox.js";
import { withMailServer, type MailServer } from "../../support/mail-server.js";
import { TestClock } from "../../support/test-clock.js";
import { lookTwice, watch, type Watch } from "../../support/watched-schedules.js";
import { withWebhook } from "../../support/webhook-server.js";
import { useRuns, type Runs } from "../../support/workspace-runs.js";

/*
 * A year in short, of which February and March of 2028 (a leap year) and the autumn are lived through: three schedules, a
 * server that is down, input that comes late, a broken delivery, a failed check, mails and a webhook.
 */

const withRuns = useRuns();

const notebook = (head: string, cell: string, sql: string): string =>
  `---\n${head}\n---\n\n\`\`\`sql\n--| cell: ${cell}\n--| materialize: parquet\n--| checks: [unique: n]\n${sql}\n\`\`\`\n`;

const daily = (cron: string, timezone: string, catchUp: string): string =>
  `schedule: {cron: "${cron}", timezone: ${timezone}, catch_up: ${catchUp}}`;

interface Server {
  readonly watched: Watch;
  readonly desk: AlertDesk;
  stop(): Promise<void>;
}

async function start(runs: Runs, clock: TestClock, mail: MailServer): Promise<Server> {
  const { manager, lake } = runs;
  const { workspace, engine, notebooks } = manager.services;
  const send = openSenders({ LAKEBOOK_SMTP_URL: mail.url, LAKEBOOK_WEBHOOK_SECRET: "s" }, workspace);
  const parts = { workspace, lake, engine, notebooks, manager, send, clock, logger: silentLogger };
  const desk = await openAlertDesk(parts);
  desk.start("https://lakebook.example.com");
  const watched = await watch(manager, clock, (incident) => desk.report(incident));
  const stop = async (): Promise<void> => {
    await watched.schedules.close();
    await desk.close();
    await runs.restart();
  };
  return { watched, desk, stop };
}

test("a month with everything that goes wrong has one run for each date, one message for each event, and loses nothing", () =>
  withMailServer((mail) =>
    withWebhook((hook) =>
      withRuns(
        {
          "lakebook.yaml": `alerts: {to: [data@example.com], webhook: "${hook.url}"}\n`,
          "notebooks/madrid.md": notebook(
            daily("30 2 * * *", "Europe/Madrid", "all"),
            "madrid",
            "SELECT 1 AS n",
          ),
          "notebooks/new_york.md": notebook(
            daily("30 1 * * *", "America/New_York", "none"),
            "new_york",
            "SELECT 1 AS n",
          ),
          "notebooks/monthly.md": notebook(
            'deadline: 2h\nschedule: {cron: "0 6 1 * *", timezone: Europe/Madrid, on_input: true}',
            "monthly",
            "FROM read_csv('input/*.csv')",
          ),
        },
        async (runs) => {
          hook.answer = 503;
          const clock = new TestClock("2028-02-28T12:00Z");
          let server = await start(runs, clock, mail);
          const live = async (...instants: readonly string[]): Promise<void> => {
            for (const instant of instants) {
              clock.set(instant);
              await lookTwice(server.watched, clock);
              await lookTwice(server.watched, clock);
            }
          };
          const datesOf = async (name: string): Promise<string[]> =>
            (await runs.manager.store.summaries())
              .filter((run) => run.notebook === name && run.trigger !== undefined)
              .map(({ date }) => date)
              .reverse();
          const told = (): string[] => mail.received.map(({ subject }) => subject.replace("[Lakebook] ", ""));

          // The leap day, and a first of the month whose input is late and then broken.
          await live(
            "2028-02-29T01:30:01Z",
            "2028-02-29T06:30:01Z",
            "2028-03-01T01:30:01Z",
            "2028-03-01T06:30:01Z",
          );
          expect(await datesOf("madrid")).toEqual(["2028-02-29", "2028-03-01"]);
          expect(await datesOf("new_york")).toEqual(["2028-02-29", "2028-03-01"]);
          await live("2028-03-01T07:00:10Z");
          await expect.poll(told).toEqual([expect.stringMatching(/^monthly.*2028-03-01/)]);
          await runs.workspace.write("input/march.csv", "n\n1\n1\n");
          await live("2028-03-01T08:00:00Z", "2028-03-01T08:00:40Z");
          expect(await datesOf("monthly")).toEqual(["2028-03-01"]);
          await expect.poll(told).toHaveLength(2);
          expect(told()[1]).toMatch(/^monthly.*2028-03-01/);
          expect(runs.lake.publication("monthly", "2028-03-01")).toBeUndefined();

          // The webhook comes back after an hour. The day after, the delivery is replaced and the date run again under its own.
          hook.answer = 200;
          for (let waits = 0; waits < 4; waits++) clock.advance(30 * 60_000);
          await hook.has(2);
          clock.set("2028-03-02T09:00:00Z");
          await runs.workspace.write("input/march.csv", "n\n1\n2\n");
          const again = await runs.materialize({ notebook: "monthly", date: "2028-03-01", input: "current" });
          expect(again).toMatchObject({ date: "2028-03-01", outcome: "succeeded" });
          await expect.poll(told).toHaveLength(3);
          expect(told()[2]).toMatch(/2028-03-01 is published, recovered/);

          // Down over three dates, New York's night of summer time among them; a second server is refused meanwhile.
          await live("2028-03-02T10:00:00Z", "2028-03-03T01:30:01Z", "2028-03-03T06:30:01Z");
          await expect(
            Lake.open(runs.manager.services.workspace.lake, { mode: "write" }),
          ).rejects.toMatchObject({
            code: "locked",
          });
          await server.stop();
          clock.set("2028-03-11T12:00:00Z");
          server = await start(runs, clock, mail);
          await live(
            "2028-03-11T12:00:00Z",
            "2028-03-11T12:01:00Z",
            "2028-03-11T12:02:00Z",
            "2028-03-11T12:03:00Z",
          );
          const madrid = await datesOf("madrid");
          expect(madrid.slice(-9)).toEqual(dates("2028-03-03", "2028-03-11"));
          expect((await datesOf("new_york")).at(-1)).toBe("2028-03-03");
          // New York makes up for nothing: of the day that the clock jumped over, and of those that nobody watched.
          await expect.poll(told).toHaveLength(5);
          expect(told().slice(3)).toEqual([
            expect.stringMatching(/^new_york.*2028-03-02/),
            expect.stringMatching(/^new_york.*2028-03-11/),
          ]);

          // Both nights in spring: two o'clock is none in New York on the 12th, nor in Madrid on the 26th.
          await live(
            "2028-03-12T01:30:01Z",
            "2028-03-12T06:30:01Z",
            "2028-03-13T01:30:01Z",
            "2028-03-13T05:30:01Z",
          );
          expect((await datesOf("new_york")).slice(-2)).toEqual(["2028-03-12", "2028-03-13"]);
          await server.watched.schedules.pause("new_york", true);
          clock.set("2028-03-25T12:00:00Z");
          do await lookTwice(server.watched, clock);
          while ((await server.watched.schedules.view("madrid")).waiting.length > 0);
          expect(await datesOf("madrid")).toEqual(dates("2028-02-29", "2028-03-25"));
          await live(
            "2028-03-26T00:59:59Z",
            "2028-03-26T01:00:01Z",
            "2028-03-26T01:30:01Z",
            "2028-03-27T00:30:01Z",
          );
          expect((await datesOf("madrid")).slice(-2)).toEqual(["2028-03-26", "2028-03-27"]);

          // And in autumn: half past two comes twice in Madrid, half past one in New York.
          await server.stop();
          clock.set("2028-10-28T12:00:00Z");
          server = await start(runs, clock, mail);
          await server.watched.schedules.pause("madrid", true);
          await server.watched.schedules.pause("new_york", false);
          clock.advance(61_000);
          await live("2028-10-28T12:05:00Z");
          const before = (await datesOf("new_york")).length;
          await live(
            "2028-11-04T05:30:01Z",
            "2028-11-05T05:30:01Z",
            "2028-11-05T06:30:01Z",
            "2028-11-06T06:30:01Z",
          );
          expect((await datesOf("new_york")).slice(before)).toEqual([
            "2028-11-04",
            "2028-11-05",
            "2028-11-06",
          ]);

          for (const name of ["madrid", "new_york", "monthly"]) {
            const all = await datesOf(name);
            expect(all).toEqual([...new Set(all)]);
          }
          const { workspace } = runs.manager.services;
          const statuses = async (): Promise<Set<string>> =>
            new Set((await readOutbox(outboxFolder(workspace), silentLogger)).map(({ status }) => status));
          await expect.poll(statuses).toEqual(new Set(["sent"]));
          expect(new Set(mail.received.map(({ id }) => id)).size).toBe(mail.received.length);
          const hooked = new Set(hook.received.map(({ headers }) => headers["x-lakebook-delivery"]));
          expect(hooked.size).toBe(mail.received.length);
          await server.stop();
        },
      ),
    ),
  ));

function dates(from: string, to: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
