import { z } from "zod";
import type { AlertKind, Alerts } from "../../notebook/alerts.js";

export const recipientSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("mail"), address: z.string() }),
  /** Who wrote its address decides where it may lead. */
  z.object({ type: z.literal("webhook"), url: z.string(), by: z.enum(["workspace", "notebook"]) }),
]);
export type Recipient = z.infer<typeof recipientSchema>;

export interface AlertSources {
  readonly workspace?: Alerts | undefined;
  readonly notebook?: Alerts | undefined;
}

/** Who is told of an event that counts as any of these kinds, each once; `undefined`: everybody who is named. */
export function recipientsOf(
  { workspace, notebook }: AlertSources,
  kinds: readonly AlertKind[] | undefined,
): Recipient[] {
  // The workspace's own first: of the same address twice, the first one stays.
  return distinct([...listed(workspace, "workspace", kinds), ...listed(notebook, "notebook", kinds)]);
}

/** The first of each stays. */
export function distinct(recipients: readonly Recipient[]): Recipient[] {
  const seen = new Set<string>();
  return recipients.filter((recipient) => {
    const key = keyOf(recipient);
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst;
  });
}

function listed(
  alerts: Alerts | undefined,
  by: "workspace" | "notebook",
  kinds: readonly AlertKind[] | undefined,
): Recipient[] {
  if (alerts === undefined || kinds?.some((kind) => alerts.on.includes(kind)) === false) return [];
  return [
    ...alerts.to.map((address) => ({ type: "mail" as const, address })),
    ...alerts.webhooks.map((url) => ({ type: "webhook" as const, url, by })),
  ];
}

/** The same for the same recipient. */
export function keyOf(recipient: Recipient): string {
  return recipient.type === "mail"
    ? `mail ${recipient.address.toLowerCase()}`
    : `webhook ${new URL(recipient.url).href}`;
}

/** For people: of a webhook's address the rest is a secret. */
export function nameOf(recipient: Recipient): string {
  if (recipient.type === "mail") return recipient.address;
  const { origin, pathname, search } = new URL(recipient.url);
  return pathname === "/" && search === "" ? origin : `${origin}/…`;
}
