import { describe, expect, test } from "vitest";
import { computeConversations, type DeliveredMessage } from "./oracle.js";

const noon = "2020-05-01T12:00:00Z";

function message(parts: Partial<DeliveredMessage>): DeliveredMessage {
  return {
    senderAppType: "Customer iOS",
    fromId: 2,
    chatStartedByMessage: false,
    orderId: 1,
    orderStage: "DELIVERED",
    messageSentTime: noon,
    ...parts,
  };
}

const courier = { senderAppType: "Courier App", fromId: 1 };

describe("computeConversations", () => {
  test("counts, times and names what both sides wrote", () => {
    const rows = computeConversations(
      [
        message({ messageSentTime: "2020-05-01T12:01:30Z", ...courier }),
        message({ senderAppType: "Customer Web", orderStage: "PICKING_UP", chatStartedByMessage: true }),
        message({ messageSentTime: "2020-05-01T12:00:30Z" }),
      ],
      [{ orderId: 1, cityCode: "BCN" }],
    );
    const start = Date.UTC(2020, 4, 1, 12) / 1000;
    expect(rows).toEqual([
      {
        order_id: 1,
        city_code: "BCN",
        first_courier_message: start + 90,
        first_customer_message: start,
        num_messages_courier: 1,
        num_messages_customer: 2,
        first_message_by: "customer",
        conversation_started_at: start,
        first_responsetime_delay_seconds: 90,
        last_message_time: start + 90,
        last_message_order_stage: "DELIVERED",
      },
    ]);
  });

  test("has no delay where nobody answered and no city where the order is missing", () => {
    const [row] = computeConversations([message({}), message({})], []);
    expect(row).toMatchObject({
      city_code: null,
      first_courier_message: null,
      first_responsetime_delay_seconds: null,
    });
  });

  test("takes the message that started the chat as the first of a second", () => {
    const [row] = computeConversations([message(courier), message({ chatStartedByMessage: true })], []);
    expect(row).toMatchObject({ first_message_by: "customer", first_responsetime_delay_seconds: 0 });
  });

  test("then goes by sender, and then by stage", () => {
    const tied = [message({}), message({ ...courier, orderStage: "PICKING_UP" })];
    expect(computeConversations(tied, [])[0]).toMatchObject({
      first_message_by: "courier",
      last_message_order_stage: "DELIVERED",
    });
    const stages = [message({ orderStage: "PICKING_UP" }), message({ orderStage: "DELIVERED" })];
    expect(computeConversations(stages, [])[0]).toMatchObject({ last_message_order_stage: "PICKING_UP" });
  });

  test("sorts conversations by order", () => {
    const rows = computeConversations([message({ orderId: 10 }), message({ orderId: 9 })], []);
    expect(rows.map((row) => row.order_id)).toEqual([9, 10]);
  });
});
