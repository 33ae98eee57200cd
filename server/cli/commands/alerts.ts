import { AppError } from "../../base/errors.js";
import { listAlerts, type AlertListing } from "../../operate/alerts/alert-listing.js";
import { everybody, namedAlerts, readNotebooks } from "../../operate/alerts/named-alerts.js";
import { openSenders } from "../../operate/alerts/open-alerts.js";
import type { Recipient } from "../../operate/alerts/recipients.js";
import { tryRecipients, type Tried } from "../../operate/alerts/try-recipients.js";
import { formatCount, formatTimestamp } from "../../text/format.js";
import { openWorkspace, type Workspace } from "../../workspace/workspace.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import type { Console } from "../console.js";
import { escapeControls, formatTable } from "../format.js";
import { callServer, findServer } from "../run-client.js";
import { stderrLogger } from "../session.js";

const SHOWN = 50;

export const alerts = defineCommand({
  summary: "list what people were told, what waits and what failed; or try whether messages arrive",
  arguments: "",
  positionals: { min: 0, max: 0 },
  options: {
    test: { type: "boolean", help: "send a test to everybody who is named; exits with 1 where one fails" },
    ...jsonOption,
    ...workspaceOption,
  },
  async run({ values, console, signal }) {
    const workspace = await openWorkspace(values.workspace ?? ".");
    const named = await namedAlerts(workspace, await readNotebooks(workspace));
    if (values.test !== true) {
      const listing = await listAlerts(workspace, named, stderrLogger);
      if (values.json === true) console.out(`${JSON.stringify(listing, null, 2)}\n`);
      else printListing(console, listing);
      return 0;
    }
    const results = await testAll(workspace, everybody(named), signal);
    if (values.json === true) console.out(`${JSON.stringify({ results }, null, 2)}\n`);
    else printResults(console, results);
    return results.every(({ isSent }) => isSent) ? 0 : 1;
  },
});

/** A server sends its messages with its own environment: that is what is tried. */
async function testAll(
  workspace: Workspace,
  recipients: readonly Recipient[],
  signal: AbortSignal,
): Promise<readonly Tried[]> {
  if (recipients.length === 0)
    throw new AppError("usage", "Nobody is named who could be told.", {
      hint: "Write alerts: {to: [data@example.com]} into lakebook.yaml or a notebook's front matter.",
    });
  const server = await findServer(workspace.state);
  if (server !== undefined) return (await callServer(server, "POST /api/alerts/test", { body: {} })).results;
  return tryRecipients(recipients, openSenders(process.env, workspace), {
    base: workspace.settings.url,
    signal,
  });
}

function printListing(console: Console, { messages, named }: AlertListing): void {
  if (named.length === 0) console.out("Nobody is told: neither lakebook.yaml nor a notebook has alerts.\n");
  else {
    const who = named.map(({ notebook, recipients, on }) => [
      notebook ?? "all notebooks",
      recipients.join(", "),
      on.join(", "),
    ]);
    console.out(`${formatTable(["of", "told", "on"], who, 120)}\n\n`);
  }
  if (messages.length === 0) {
    console.out("Nothing was sent yet.\n");
    return;
  }
  const rows = messages
    .slice(0, SHOWN)
    .map(({ queuedAt, headline, recipient, status, problem }) => [
      formatTimestamp(queuedAt),
      headline,
      recipient,
      status,
      problem ?? "",
    ]);
  console.out(`${formatTable(["when", "what", "to", "", "problem"], rows, 100)}\n`);
  if (messages.length > SHOWN)
    console.err(`${formatCount(messages.length - SHOWN, "older alert")}: --json lists them.\n`);
}

function printResults(console: Console, results: readonly Tried[]): void {
  for (const { recipient, isSent, problem = "" } of results)
    console.out(`${escapeControls(recipient)}: ${isSent ? "sent" : `failed. ${escapeControls(problem)}`}\n`);
}
