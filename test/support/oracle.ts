/**
 * The conversations, computed a second time: message by message in plain TypeScript, without DuckDB, without the
 * notebook and without the generator. Whatever the product publishes has to equal this, row by row.
 */
export interface DeliveredMessage {
  readonly senderAppType: string;
  readonly fromId: number;
  readonly chatStartedByMessage: boolean;
  readonly orderId: number;
  readonly orderStage: string;
  /** ISO 8601 with an offset. */
  readonly messageSentTime: string;
}

export interface DeliveredOrder {
  readonly orderId: number;
  readonly cityCode: string;
}

/** In the sequence of the columns. Times are epoch seconds. */
export interface ConversationRow {
  readonly order_id: number;
  readonly city_code: string | null;
  readonly first_courier_message: number | null;
  readonly first_customer_message: number | null;
  readonly num_messages_courier: number;
  readonly num_messages_customer: number;
  readonly first_message_by: "courier" | "customer";
  readonly conversation_started_at: number;
  readonly first_responsetime_delay_seconds: number | null;
  readonly last_message_time: number;
  readonly last_message_order_stage: string;
}

/** Returns one row per order in the messages, sorted by order_id. */
export function computeConversations(
  messages: readonly DeliveredMessage[],
  orders: readonly DeliveredOrder[],
): ConversationRow[] {
  const cities = new Map(orders.map((order) => [order.orderId, order.cityCode]));
  const conversations = new Map<number, DeliveredMessage[]>();
  for (const message of messages) {
    const conversation = conversations.get(message.orderId);
    if (conversation === undefined) conversations.set(message.orderId, [message]);
    else conversation.push(message);
  }
  return [...conversations]
    .sort(([a], [b]) => a - b)
    .map(([orderId, conversation]) => toRow(conversation.sort(compareMessages), cities.get(orderId) ?? null));
}

function toRow(sorted: readonly DeliveredMessage[], city: string | null): ConversationRow {
  const first = sorted[0];
  const latest = sorted.at(-1);
  if (first === undefined || latest === undefined)
    throw new Error("unreachable: a conversation has a message");
  const answer = sorted.find((message) => isCourier(message) !== isCourier(first));
  const fromCourier = sorted.filter(isCourier);
  const fromCustomer = sorted.filter((message) => !isCourier(message));
  return {
    order_id: first.orderId,
    city_code: city,
    first_courier_message: maybeTime(fromCourier[0]),
    first_customer_message: maybeTime(fromCustomer[0]),
    num_messages_courier: fromCourier.length,
    num_messages_customer: fromCustomer.length,
    first_message_by: isCourier(first) ? "courier" : "customer",
    conversation_started_at: timeOf(first),
    first_responsetime_delay_seconds: answer === undefined ? null : timeOf(answer) - timeOf(first),
    last_message_time: timeOf(latest),
    last_message_order_stage: latest.orderStage,
  };
}

/** By time; then the message that started the chat, then by sender, then by stage. */
function compareMessages(a: DeliveredMessage, b: DeliveredMessage): number {
  const time = Date.parse(a.messageSentTime) - Date.parse(b.messageSentTime);
  if (time !== 0) return time;
  if (a.chatStartedByMessage !== b.chatStartedByMessage) return a.chatStartedByMessage ? -1 : 1;
  if (a.fromId !== b.fromId) return a.fromId - b.fromId;
  if (a.orderStage === b.orderStage) return 0;
  return a.orderStage < b.orderStage ? -1 : 1;
}

function isCourier(message: DeliveredMessage): boolean {
  return message.senderAppType === "Courier App";
}

function timeOf(message: DeliveredMessage): number {
  return Math.floor(Date.parse(message.messageSentTime) / 1000);
}

function maybeTime(message: DeliveredMessage | undefined): number | null {
  return message === undefined ? null : timeOf(message);
}
