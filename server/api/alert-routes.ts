import { listAlerts } from "../operate/alerts/alert-listing.js";
import { everybody, namedAlerts, type NamedAlerts } from "../operate/alerts/named-alerts.js";
import { alertListingSchema, triedAlertsSchema } from "./answers.js";
import { emptyBodySchema } from "./requests.js";
import { route } from "./route.js";
import type { ApiServices } from "./services.js";

export const alertRoutes = [
  route({
    method: "get",
    path: "/api/alerts",
    needs: "alerts",
    summary: "What people were told, what waits, what failed, and who is named",
    success: [200, "What alerts --json prints: the newest message first.", alertListingSchema],
    answer: async ({ services }) => listAlerts(services.workspace, await named(services), services.logger),
  }),

  route({
    method: "post",
    path: "/api/alerts/test",
    needs: "alerts",
    audit: "test alert",
    summary: "Send a test to everybody who is named",
    body: emptyBodySchema,
    success: [200, "How it went, for each; nothing is tried again.", triedAlertsSchema],
    answer: async ({ services }) => ({
      results: await services.alerts.try(everybody(await named(services))),
    }),
  }),
] as const;

async function named({ workspace, notebooks }: ApiServices): Promise<NamedAlerts[]> {
  const listed = await notebooks.list(0);
  return namedAlerts(
    workspace,
    listed.map(({ file }) => file),
  );
}
