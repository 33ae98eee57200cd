import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { delimiter } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lakebook, runOf } from "../../support/cli.js";
import { computeConversations } from "../../support/oracle.js";
import type { ConversationRow, DeliveredMessage, DeliveredOrder } from "../../support/oracle.js";
import {
  copyShipped,
  createWorkspace,
  removeWorkspace,
  shippedNotebooks,
  withWorkspace,
} from "../../support/workspace.js";
import type { TestWorkspace } from "../../support/workspace.js";
import { queryOutside, readPublished } from "../../support/workspace-parquet.js";

const notebook = "customer_courier_conversations";
const columns: readonly (keyof ConversationRow)[] = [
  "order_id",
  "city_code",
  "first_courier_message",
  "first_customer_message",
  "num_messages_courier",
  "num_messages_customer",
  "first_message_by",
  "conversation_started_at",
  "first_responsetime_delay_seconds",
  "last_message_time",
  "last_message_order_stage",
];
const texts = new Set(["city_code", "first_message_by", "last_message_order_stage"]);

interface Delivery {
  readonly name: string;
  /** Puts the two files into the workspace's input/, which holds the shipped ones. */
  readonly deliver: (workspace: TestWorkspace) => Promise<unknown>;
}

const shippedSample: Delivery = { name: "the sample that ships", deliver: () => Promise.resolve() };

const rare: Delivery = {
  name: "what the sample lacks",
  deliver: async (workspace) => {
    await workspace.write("input/customer_courier_chat_messages.json", JSON.stringify(rareMessages()));
    await workspace.write(
      "input/orders.json",
      JSON.stringify([
        { orderId: 1, cityCode: "BCN" },
        { orderId: 2, cityCode: "Málaga/Norte=1 🚲" },
        { orderId: 3, cityCode: null },
        { orderId: 4, cityCode: "" },
        { orderId: 6, cityCode: "null" },
        { orderId: 99, cityCode: "NOBODY WROTE" },
      ]),
    );
  },
};

const large: Delivery = {
  name: "5,000 generated conversations",
  deliver: (workspace) =>
    lakebook(["generate", "--conversations", "5000", "--seed", "7", "--out", workspace.path("input")]),
};

/** FURTHER_INPUT names folders with the two files. */
const further = (process.env["FURTHER_INPUT"] ?? "")
  .split(delimiter)
  .filter((folder) => folder !== "" && existsSync(folder))
  .map((folder): Delivery => ({
    name: folder,
    deliver: (workspace) => cp(folder, workspace.path("input"), { recursive: true }),
  }));

const west = "America/Lima";
const half = "Asia/Kolkata";
const farEast = "Pacific/Kiritimati";

describe("the shipped notebook", () => {
  test.each([
    { ...shippedSample, zone: west },
    { ...shippedSample, zone: farEast },
    { ...rare, zone: west },
    { ...rare, zone: half },
    { ...rare, zone: farEast },
    { ...large, zone: half },
    ...further.map((delivery) => ({ ...delivery, zone: west })),
  ])("turns $name into what an independent computation says, in $zone", ({ deliver, zone }) =>
    withWorkspace({}, async (workspace) => {
      await copyShipped(workspace);
      await deliver(workspace);
      const result = await lakebook(["materialize", notebook, "--json"], { workspace, env: { TZ: zone } });
      expect(result.code, result.stderr).toBe(0);
      const published = await readPublished(workspace, `latest/${notebook}`, "order_id");
      expect(Object.keys(published[0] ?? {})).toEqual(columns);
      const expected = await expectedRows(workspace);
      expect(published.map(toRow)).toEqual(expected);

      const csv = workspace.path(`data_lake/latest/${notebook}.csv`);
      expect(
        (await queryOutside(`FROM read_csv('${csv}', ${csvOptions}) ORDER BY order_id`)).map(toRow),
      ).toEqual(expected);
    }),
  );
});

describe("the shipped notebook, month after month", () => {
  test("holds what was delivered so far, restates what late messages and orders touch, and leaves earlier months", () =>
    withWorkspace({}, async (workspace) => {
      await copyShipped(workspace);
      const out = workspace.path("deliveries");
      await lakebook(["generate", "--months", "3", "--late", "10%", "--out", out]);
      const messages: DeliveredMessage[] = [];
      const orders = new Map<number, DeliveredOrder>();
      let before = new Map<number, ConversationRow>();
      for (const date of ["2021-01-01", "2021-02-01", "2021-03-01"]) {
        await cp(workspace.path(`deliveries/${date}`), workspace.path("input"), { recursive: true });
        const args = ["materialize", notebook, "--date", date, "--json"];
        const result = await lakebook(args, { workspace });
        expect(result.code, result.stderr).toBe(0);
        const delivered = await workspace.readJson("input/customer_courier_chat_messages.json");
        messages.push(...(delivered as DeliveredMessage[]));
        for (const order of (await workspace.readJson("input/orders.json")) as DeliveredOrder[])
          orders.set(order.orderId, order);
        const expected = computeConversations(messages, [...orders.values()]);
        const published = await readPublished(workspace, `${date}/${notebook}`, "order_id");
        expect(published.map(toRow)).toEqual(expected);
        const { cells } = runOf(result);
        const conversations = cells.find((cell) => cell.name === notebook)?.incremental;
        const changed = expected.filter((row) => isOther(row, before.get(row.order_id)));
        expect(conversations?.rows).toEqual({
          added: expected.length - before.size,
          changed: changed.length,
          removed: 0,
        });
        const modes = cells.flatMap(({ incremental }) => incremental?.mode ?? []);
        expect(new Set(modes)).toEqual(new Set(before.size === 0 ? ["full"] : ["by_key", "by_partition"]));
        if (before.size > 0) expect(conversations?.late.rows).toBeGreaterThan(0);
        before = new Map(expected.map((row) => [row.order_id, row]));
      }
      const first = await readPublished(workspace, `2021-01-01/${notebook}`, "order_id");
      expect(first).toHaveLength(490);
    }));
});

/** A row that was there with other values. */
function isOther(row: ConversationRow, before: ConversationRow | undefined): boolean {
  return before !== undefined && JSON.stringify(row) !== JSON.stringify(before);
}

describe("every shipped notebook", async () => {
  const names = await shippedNotebooks();
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = await createWorkspace();
    await copyShipped(workspace);
  });
  afterAll(() => removeWorkspace(workspace));

  test.each(names)("%s has neither error nor warning", async (name) => {
    const result = await lakebook(["check", name, "--json"], { workspace });
    expect(result.json()).toEqual({ diagnostics: [] });
    expect(result.code).toBe(0);
  });

  test.each(names)("%s is published, and a second time reused, each cell with a reason", async (name) => {
    const first = await lakebook(["materialize", name, "--json"], { workspace });
    expect(first.code, first.stderr).toBe(0);
    const second = runOf(await lakebook(["materialize", name, "--json"], { workspace }));
    expect(second.cells.map((cell) => [cell.name, cell.outcome, cell.reason !== undefined])).toEqual(
      second.cells.map((cell) => [cell.name, "reused", true]),
    );
    expect(second.published.some((item) => item.isChanged)).toBe(false);
  });

  test.each(names)("%s runs as a draft", async (name) => {
    const result = await lakebook(["run", name, "--json"], { workspace });
    expect(result.code, result.stderr).toBe(0);
    expect(runOf(result).published).toEqual([]);
  });
});

async function expectedRows(workspace: TestWorkspace): Promise<ConversationRow[]> {
  const messages = await workspace.readJson("input/customer_courier_chat_messages.json");
  const orders = await workspace.readJson("input/orders.json");
  return computeConversations(messages as DeliveredMessage[], orders as DeliveredOrder[]);
}

const csvOptions = "all_varchar = true, allow_quoted_nulls = false";

/** Integers of 64 bits come as texts. */
function toRow(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    columns.map((column) => {
      const value = row[column];
      return [column, value === null || texts.has(column) ? value : Number(value)];
    }),
  );
}

/** A message of the courier or the customer of an order. */
function message(orderId: number, sender: "courier" | "customer", time: string, parts: object = {}): object {
  const [courierId, customerId] = [15_000_000 + orderId, 20_000_000 + orderId];
  const [fromId, toId] = sender === "courier" ? [courierId, customerId] : [customerId, courierId];
  return {
    senderAppType: sender === "courier" ? "Courier App" : "Customer Web",
    customerId,
    fromId,
    toId,
    chatStartedByMessage: false,
    orderId,
    orderStage: "DELIVERING",
    courierId,
    messageSentTime: time,
    ...parts,
  };
}

function rareMessages(): object[] {
  return [
    // Over the end of a year, which is another one in each of the time zones; written with other offsets.
    message(1, "customer", "2019-12-31T23:59:59Z", { chatStartedByMessage: true, orderStage: "PICKING_UP" }),
    message(1, "courier", "2020-01-01T02:00:01+02:00"),
    message(1, "customer", "2019-12-31T18:30:02-05:30", { orderStage: "DELIVERED" }),
    // The hour that does not exist in Madrid, and the one that is there twice.
    message(2, "courier", "2020-03-29T01:30:00Z", { chatStartedByMessage: true }),
    message(2, "customer", "2020-10-25T00:30:00Z"),
    message(2, "courier", "2020-10-25T01:30:00Z", { orderStage: "DELIVERED" }),
    // Four at the same second: the one that opened the chat comes last in the file.
    message(3, "courier", "2020-05-01T12:00:00Z", { orderStage: "PICKING_UP" }),
    message(3, "courier", "2020-05-01T12:00:00Z", { orderStage: "DELIVERED" }),
    message(3, "customer", "2020-05-01T12:00:00Z"),
    message(3, "customer", "2020-05-01T12:00:00Z", { chatStartedByMessage: true, orderStage: "PICKING_UP" }),
    // Nobody answered; the latest message has no stage.
    message(4, "customer", "2020-05-01T12:00:00Z", { senderAppType: "Customer Android" }),
    message(4, "customer", "2020-05-01T12:05:00Z", { orderStage: null }),
    // Its order has not arrived.
    message(5, "courier", "2020-02-29T23:59:59Z"),
    // A leap day and a single message with fractions of a second.
    message(6, "customer", "2020-02-29T12:00:00.999Z", { senderAppType: "courier app" }),
    // From a phone with a wrong clock: a warning, not an error.
    message(7, "customer", "1969-12-31T23:59:58Z"),
    message(7, "courier", "2038-01-19T03:14:08Z"),
  ];
}
