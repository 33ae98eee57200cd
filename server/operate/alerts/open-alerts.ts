import { join } from "node:path";
import { makePrivateFolder } from "../../base/durable.js";
import type { Logger } from "../../base/logger.js";
import type { NotebookCache } from "../../analysis/notebook-cache.js";
import type { Engine } from "../../engine/engine.js";
import type { Lake } from "../../lake/lake.js";
import type { RunManager } from "../../runs/run-manager.js";
import { currentAlerts, type Workspace } from "../../workspace/workspace.js";
import type { Clock } from "../clock.js";
import { AlertDesk } from "./alert-desk.js";
import type { Send } from "./delivery.js";
import { firstFailingRows } from "./failing-rows.js";
import { unlessUnreadable } from "./named-alerts.js";
import { mailSender } from "./send-mail.js";
import { webhookSender } from "./send-webhook.js";

/** What the operator keeps in the environment, since it is secret. */
export type AlertEnvironment = Readonly<
  Partial<Record<"LAKEBOOK_SMTP_URL" | "LAKEBOOK_MAIL_FROM" | "LAKEBOOK_WEBHOOK_SECRET", string>>
>;

export interface AlertParts {
  readonly workspace: Workspace;
  readonly lake: Lake;
  readonly engine: Engine;
  readonly notebooks: NotebookCache;
  readonly manager: RunManager;
  readonly send: Send;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Call when what a killed process left was recovered, and before runs begin. */
export async function openAlertDesk(parts: AlertParts): Promise<AlertDesk> {
  const { workspace, notebooks, manager, send, clock, logger } = parts;
  await makePrivateFolder(workspace.state);
  return AlertDesk.open({
    folder: outboxFolder(workspace),
    store: manager.store,
    events: manager.events,
    workspaceAlerts: () => currentAlerts(workspace),
    alertsOf: (name) =>
      unlessUnreadable(async () => (await notebooks.read(name)).parsed.notebook.frontMatter.alerts),
    rowsOf: (check) => firstFailingRows(parts, check),
    send,
    clock,
    logger,
  });
}

/** Below `.lakebook/`, since addresses of webhooks are secrets, and rows may be. */
export function outboxFolder(workspace: Workspace): string {
  return join(workspace.state, "outbox");
}

/** Fails with code usage for settings that cannot be right. */
export function openSenders(env: AlertEnvironment, { settings }: Workspace): Send {
  const mail = mailSender({ url: env.LAKEBOOK_SMTP_URL, from: env.LAKEBOOK_MAIL_FROM });
  const webhook = webhookSender({
    secret: env.LAKEBOOK_WEBHOOK_SECRET === "" ? undefined : env.LAKEBOOK_WEBHOOK_SECRET,
    hosts: settings.webhookHosts,
  });
  return (delivery, signal) =>
    delivery.recipient.type === "mail" ? mail(delivery, signal) : webhook(delivery, signal);
}
