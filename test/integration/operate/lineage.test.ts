import { expect, test } from "vitest";
import { lakebook } from "../../support/cli.js";
import { withWebhook } from "../../support/webhook-server.js";
import { withWorkspace } from "../../support/workspace.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";

test("a collector of OpenLineage is told of a materialization, and one that is down is in nobody's way", () =>
  withWebhook((hook) =>
    withWorkspace(
      {
        "lakebook.yaml": `openlineage: {url: "${hook.url}", namespace: shop}\n`,
        "input/orders.csv": "id\n1\n",
        "notebooks/sales.md": notebook({
          orders: dataset("FROM read_csv('input/orders.csv')"),
          counts: dataset("SELECT count(*) AS n FROM orders"),
        }),
      },
      async (workspace) => {
        const env = { LAKEBOOK_OPENLINEAGE_KEY: "k3y" };
        const materialize = () =>
          lakebook(["materialize", "sales", "--date", "2026-11-01"], { workspace, env });
        expect((await materialize()).code).toBe(0);
        const events = hook.received.map(({ body }) => JSON.parse(body) as Event);
        expect(events.map(({ eventType, job }) => [eventType, job.name])).toEqual([
          ["START", "sales"],
          ["START", "sales.orders"],
          ["COMPLETE", "sales.orders"],
          ["START", "sales.counts"],
          ["COMPLETE", "sales.counts"],
          ["COMPLETE", "sales"],
        ]);
        expect(events[4]?.inputs).toEqual([
          { namespace: "file", name: `${workspace.root}/data_lake/latest/orders` },
        ]);
        expect(events[5]?.outputs?.map(({ name }) => name)).toEqual([
          `${workspace.root}/data_lake/latest/orders`,
          `${workspace.root}/data_lake/latest/counts`,
        ]);
        expect(hook.received[0]).toMatchObject({
          path: "/api/v1/lineage",
          headers: { authorization: "Bearer k3y" },
        });
        hook.answer = 503;
        expect((await materialize()).code).toBe(0);
        await workspace.write("lakebook.yaml", "openlineage: {url: nowhere}\n");
        expect(await materialize()).toMatchObject({ code: 2 });
      },
    ),
  ));

interface Event {
  readonly eventType: string;
  readonly job: { readonly name: string };
  readonly inputs?: readonly unknown[];
  readonly outputs?: readonly { readonly name: string }[];
}
