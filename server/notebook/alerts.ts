import { z } from "zod";
import { field, readFields } from "./fields.js";
import type { Report } from "./report.js";
import { textListSchema, toList } from "./schemas.js";
import { findValue, spanAt, type YamlNode } from "./yaml-tree.js";

/** What people can be told of. */
export const alertKinds = [
  "failed",
  "check_failed",
  "warned",
  "late_data",
  "deadline",
  "missed",
  "recovered",
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** What needs somebody, and that it is over. Warnings and late rows come every month, and are read by nobody then. */
const usualKinds: readonly AlertKind[] = ["failed", "check_failed", "deadline", "missed", "recovered"];

/** Who is told of what. */
export interface Alerts {
  /** Addresses of mail. */
  readonly to: readonly string[];
  readonly webhooks: readonly string[];
  readonly on: readonly AlertKind[];
}

const MOST_RECIPIENTS = 20;

/** Plain addresses only: no names, comments or groups, so that one text is one recipient. */
const mailPattern = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,251}[\p{L}\p{N}])?$/u;

const mailListSchema = listOf(
  (text) => mailPattern.test(text),
  (text) => `"${text}" is no address of mail alone, such as data@example.com`,
);
const webhookListSchema = listOf(
  isWebhook,
  (text) => `"${text}" is no address that begins with https:// or http://, without a user`,
);
const kindListSchema = z
  .preprocess(toList, z.array(z.enum(alertKinds)).min(1))
  .transform((kinds) => alertKinds.filter((kind) => kinds.includes(kind)));

/** As `lakebook.yaml` has it. */
export const alertsSchema = z
  .strictObject({
    to: mailListSchema.optional(),
    webhook: webhookListSchema.optional(),
    on: kindListSchema.optional(),
  })
  .refine(
    ({ to, webhook }) => to !== undefined || webhook !== undefined,
    "to or webhook has to name somebody",
  )
  .transform(toAlerts);

const fields = {
  to: field("to", mailListSchema, "addresses of mail, at most 20", "[data@example.com]"),
  webhook: field(
    "webhook",
    webhookListSchema,
    "an address that begins with https:// or http://",
    "https://hooks.example.com/T0",
  ),
  on: field("on", kindListSchema, `some of ${alertKinds.join(", ")}`, "[failed, recovered]"),
};

/** Reads `alerts:` of the front matter. Nothing is returned where nobody would be told. */
export function readAlerts(node: YamlNode, report: Report): Alerts | undefined {
  if (node.type !== "map") {
    report.error(
      "invalid-option",
      node.span,
      'Key "alerts" must say who is told',
      "For example: alerts: {to: [data@example.com]}",
    );
    return undefined;
  }
  const { to, webhook, on } = readFields(node, fields, { report, noun: "Alert option", handled: [] });
  if (findValue(node, "to") === undefined && findValue(node, "webhook") === undefined)
    report.error(
      "missing-option",
      spanAt(node, []),
      "Alerts need somebody who is told",
      "For example: to: [data@example.com]",
    );
  return to === undefined && webhook === undefined ? undefined : toAlerts({ to, webhook, on });
}

function toAlerts({
  to = [],
  webhook = [],
  on = usualKinds,
}: {
  readonly to?: readonly string[] | undefined;
  readonly webhook?: readonly string[] | undefined;
  readonly on?: readonly AlertKind[] | undefined;
}): Alerts {
  return { to, webhooks: webhook, on };
}

function listOf(isRight: (text: string) => boolean, describe: (text: string) => string) {
  return textListSchema.superRefine((texts, context) => {
    if (texts.length > MOST_RECIPIENTS)
      context.addIssue({ code: "custom", message: `At most ${String(MOST_RECIPIENTS)} can be named` });
    for (const [index, text] of texts.entries())
      if (!isRight(text)) context.addIssue({ code: "custom", path: [index], message: describe(text) });
  });
}

function isWebhook(text: string): boolean {
  if (text.length > 2000) return false;
  try {
    const { protocol, username, password } = new URL(text);
    return (protocol === "https:" || protocol === "http:") && username === "" && password === "";
  } catch {
    return false;
  }
}
