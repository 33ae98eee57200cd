import type { Logger } from "../../base/logger.js";
import type { AlertKind } from "../../notebook/alerts.js";
import type { Workspace } from "../../workspace/workspace.js";
import { headlineOf } from "./alert-message.js";
import type { NamedAlerts } from "./named-alerts.js";
import { outboxFolder } from "./open-alerts.js";
import { readOutbox, type OutboxMessage } from "./outbox.js";
import { nameOf, recipientsOf, type Recipient } from "./recipients.js";

/** A message as people see it; of webhooks only the host. */
export interface ListedAlert {
  readonly id: string;
  readonly kind: AlertKind;
  readonly headline: string;
  readonly notebook: string;
  readonly date: string;
  /** Absent where there is none. */
  readonly run?: string;
  readonly recipient: string;
  readonly type: Recipient["type"];
  readonly status: OutboxMessage["status"];
  readonly tries: number;
  readonly queuedAt: string;
  /** Of one that waits. */
  readonly nextAt?: string;
  /** When it was sent or given up. */
  readonly endedAt?: string;
  /** Why the last try failed. */
  readonly problem?: string;
}

export interface ListedRecipients {
  /** Absent: the workspace names them, for all notebooks. */
  readonly notebook?: string;
  readonly recipients: readonly string[];
  readonly on: readonly AlertKind[];
}

export interface AlertListing {
  /** The newest first. */
  readonly messages: readonly ListedAlert[];
  readonly named: readonly ListedRecipients[];
}

/** Needs no lock: any process may look. */
export async function listAlerts(
  workspace: Workspace,
  named: readonly NamedAlerts[],
  logger: Logger,
): Promise<AlertListing> {
  const messages = await readOutbox(outboxFolder(workspace), logger);
  return {
    messages: messages.map(toListed),
    named: named.map(({ notebook, alerts }) => ({
      ...(notebook !== undefined && { notebook }),
      recipients: recipientsOf({ notebook: alerts }, undefined).map(nameOf),
      on: alerts.on,
    })),
  };
}

function toListed(message: OutboxMessage): ListedAlert {
  const { id, event, recipient, status, tries, queuedAt, nextAt, endedAt, problem } = message;
  return {
    id,
    kind: event.kind,
    headline: headlineOf(event),
    notebook: event.notebook,
    date: event.date,
    ...(event.run !== undefined && { run: event.run }),
    recipient: nameOf(recipient),
    type: recipient.type,
    status,
    tries,
    queuedAt: toIso(queuedAt),
    ...(status === "waiting" && { nextAt: toIso(nextAt) }),
    ...(endedAt !== undefined && { endedAt: toIso(endedAt) }),
    ...(problem !== undefined && { problem }),
  };
}

function toIso(ms: number): string {
  return new Date(ms).toISOString();
}
