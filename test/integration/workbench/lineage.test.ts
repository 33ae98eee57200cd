import { join } from "node:path";
import { expect, test } from "vitest";
import { NotebookCache } from "../../../server/analysis/notebook-cache.js";
import type { Trace } from "../../../server/lineage/trace.js";
import { createLiveView } from "../../../server/runs/run-inputs.js";
import { traceColumn } from "../../../server/workbench/lineage/column-lineage.js";
import type { ProblemServices } from "../../../server/workbench/find-problems.js";
import { workspaceLineage } from "../../../server/workbench/lineage/workspace-lineage.js";
import { openWorkspace } from "../../../server/workspace/workspace.js";
import { distFolder } from "../../support/cli.js";
import { useEngine } from "../../support/with-engine.js";
import { copyShipped, withWorkspace } from "../../support/workspace.js";
import { dataset, notebook } from "../../support/workspace-notebook.js";
import { useRuns } from "../../support/workspace-runs.js";

const shared = useEngine({ workerScript: join(distFolder, "server/worker.js") });
const withRuns = useRuns();

async function servicesOf(root: string, temp: string): Promise<ProblemServices> {
  const workspace = await openWorkspace(root);
  const { engine } = shared;
  const view = await createLiveView(workspace, join(temp, "view"));
  return { workspace, engine, view, notebooks: new NotebookCache(workspace, engine), lake: undefined };
}

/** Both ways of a column, without what is in between: `back` ends at files. */
async function traced(
  services: ProblemServices,
  name: string,
  text: string,
): Promise<{ readonly back: string; readonly forward: string }> {
  const [cell = "", column = ""] = text.split(".");
  const analyzed = await services.notebooks.analyze(await services.notebooks.read(name));
  const { graph, back, forward } = await traceColumn(services, analyzed, { cell, column });
  const shown = ({ columns, unknown }: Trace, isShown: (kind: string | undefined) => boolean): string =>
    [
      ...columns.flatMap((each) => {
        const node = graph.get(each.node);
        if (!isShown(node?.kind)) return [];
        const owner = node?.notebook === undefined || node.notebook === name ? "" : `${node.notebook}/`;
        const file = node?.name.split("/").at(-1) ?? each.node;
        return [
          `${owner}${file}${each.column === undefined ? "" : `.${each.column}`}${each.role === "value" ? "" : `:${each.role}`}`,
        ];
      }),
      ...unknown.map((each) => `${each.node}: ${each.reason}`),
    ]
      .sort()
      .join(" ");
  return { back: shown(back, (kind) => kind === "file"), forward: shown(forward, () => true) };
}

/** Written by hand, by reading the notebook. */
const messages = "customer_courier_chat_messages.json";
const shipped: Readonly<Record<string, string>> = {
  order_id: "orderId",
  city_code: "",
  first_courier_message: "messageSentTime senderAppType",
  first_customer_message: "messageSentTime senderAppType",
  num_messages_courier: "senderAppType",
  num_messages_customer: "senderAppType",
  first_message_by: "chatStartedByMessage fromId messageSentTime orderStage senderAppType",
  conversation_started_at: "messageSentTime",
  first_responsetime_delay_seconds: "messageSentTime senderAppType",
  last_message_time: "messageSentTime",
  last_message_order_stage: "chatStartedByMessage fromId messageSentTime orderStage",
};

test("the columns of the shipped notebook come from those of its files that a person finds in it", async () => {
  await withWorkspace({}, async (workspace) => {
    await copyShipped(workspace);
    const services = await servicesOf(workspace.root, workspace.temp);
    for (const [column, from] of Object.entries(shipped)) {
      const { back } = await traced(
        services,
        "customer_courier_conversations",
        `customer_courier_conversations.${column}`,
      );
      const values = from.split(" ").filter((each) => each !== "");
      const expected = [
        ...values.map((each) => `${messages}.${each}`),
        ...(values.includes("orderId") ? [] : [`${messages}.orderId:rows`]),
        ...(column === "city_code" ? ["orders.json.cityCode"] : []),
        "orders.json.orderId:rows",
      ];
      expect(back, column).toBe(expected.sort().join(" "));
    }
    const { forward } = await traced(services, "customer_courier_conversations", "orders.cityCode");
    expect(forward).toBe("conversations_by_city customer_courier_conversations.city_code response_by_city");
    const { forward: outcome } = await traced(services, "delivery_zones", "zone_visits.outcome");
    expect(outcome).toContain("outcomes_by_zone:unknown");
    expect(outcome).toContain("its PIVOT has no IN");
  });
});

test("a cell of which nothing can be told says why, and the others are told", async () => {
  const files = {
    "input/a.csv": "id,note\n1,x\n",
    "notebooks/odd.md": notebook({
      a: "FROM read_csv('input/a.csv')",
      named: "SELECT filename, id FROM read_csv('input/a.csv')",
      wrong: "SELECT nothing FROM a",
      below: "FROM wrong",
      wide: "PIVOT a ON note USING max(id)",
    }),
  };
  await withWorkspace(files, async ({ root, temp }) => {
    const services = await servicesOf(root, temp);
    const analyzed = await services.notebooks.analyze(await services.notebooks.read("odd"));
    const graph = await workspaceLineage(services, analyzed);
    const told = [...graph.values()].map(({ name, unknown }) => [name, unknown]);
    expect(Object.fromEntries(told)).toEqual({
      "input/a.csv": undefined,
      a: undefined,
      named: 'it uses "filename", which the reader adds to what is in the files',
      wrong: "the cell has an error",
      below: "its columns are not known, since those of wrong are not",
      wide: "which columns it has is decided by the data: its PIVOT has no IN",
    });
    expect((await traced(services, "odd", "a.note")).forward).toBe(
      [
        "below:unknown cell:odd/below: its columns are not known, since those of wrong are not",
        "cell:odd/wide: which columns it has is decided by the data: its PIVOT has no IN",
        "cell:odd/wrong: the cell has an error wide:unknown wrong:unknown",
      ].join(" "),
    );
  });
});

test("a column that the reader adds is none of the file", async () => {
  const files = {
    "input/a.csv": "id,note\n1,x\n",
    "notebooks/some.md": notebook({
      a: "SELECT id, filename, filename || note AS both FROM read_csv('input/a.csv', filename = true)",
      b: "SELECT id FROM read_csv('input/a.csv', filename = 'source') WHERE source <> ''",
    }),
  };
  await withWorkspace(files, async ({ root, temp }) => {
    const services = await servicesOf(root, temp);
    const analyzed = await services.notebooks.analyze(await services.notebooks.read("some"));
    const graph = [...(await workspaceLineage(services, analyzed)).values()];
    const node = (name: string) => graph.find((each) => each.name === name);
    const origins = (name: string) =>
      node(name)?.columns.map((each) => [each.name, each.columns.map(({ column }) => column).join()]);
    expect(node("input/a.csv")?.columns.map(({ name }) => name)).toEqual(["id", "note"]);
    expect(origins("a")).toEqual([
      ["id", "id"],
      ["filename", ""],
      ["both", "note"],
    ]);
    expect(node("b")?.rows).toEqual({ columns: [] });
  });
});

test("what checks look at that put rows aside decides which rows there are", async () => {
  const check = `{expression: {sql: "note <> ''", where: "kind = 1", on_fail: quarantine}}`;
  const files = {
    "input/a.csv": "id,note,kind,rest\n1,x,1,2\n",
    "notebooks/some.md": notebook({
      a: dataset("FROM read_csv('input/a.csv')", `checks: [${check}, {not_null: [rest]}]`),
      below: "SELECT count(*) AS n FROM a",
    }),
  };
  await withWorkspace(files, async ({ root, temp }) => {
    const services = await servicesOf(root, temp);
    expect((await traced(services, "some", "below.n")).back).toBe("a.csv.kind:rows a.csv.note:rows");
  });
});

test("a column goes through the lake into other notebooks, their charts, checks and controls", async () => {
  const report = notebook({
    by_city:
      "SELECT city, sum(amount) AS total, count(*) AS n FROM lake.orders WHERE id > $least GROUP BY city",
    early: 'SELECT day FROM "2026-11-01".orders',
    "check none_below": "FROM by_city WHERE total < 0",
  });
  const files = {
    "input/orders.csv": "id,city,amount,day\n1,BCN,2.5,2026-01-01\n",
    "notebooks/sales.md": notebook({
      orders: dataset(
        "SELECT * FROM read_csv('input/orders.csv')",
        "checks: [{expression: 'amount >= 0 OR id < 0'}]",
      ),
    }),
    "notebooks/report.md": `---
parameters: {least: {type: integer, default: 0}}
---

${report}
\`\`\`yaml
chart: cities
from: by_city
mark: barY
x: city
y: sum(total)
\`\`\`

\`\`\`yaml
input: city
type: select
options: SELECT DISTINCT city FROM by_city
default: BCN
\`\`\`
`,
    "notebooks/other.md": notebook({ unrelated: "SELECT 1 AS one" }),
  };
  await withRuns(files, async (runs) => {
    await runs.materialize();
    const { root, temp } = runs.workspace;
    const services = { ...(await servicesOf(root, temp)), lake: runs.lake };
    expect(await traced(services, "sales", "orders.amount")).toEqual({
      back: "orders.csv.amount",
      forward: "orders.expression report/by_city.total report/cities report/none_below",
    });
    expect((await traced(services, "sales", "orders.id")).forward).toBe(
      "orders.expression report/by_city:rows report/cities:rows report/city:rows report/none_below:rows",
    );
    expect(await traced(services, "report", "by_city.total")).toEqual({
      back: "orders.csv.amount orders.csv.city:rows orders.csv.id:rows",
      forward: "cities none_below",
    });
    expect((await traced(services, "report", "early.day")).back).toBe("orders.csv.day");
  });
});
