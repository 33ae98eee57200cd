import {
  generateMessages,
  generateOrders,
  type SampleOptions,
} from "../../../../server/workspace/sample/generate.js";

export interface Message {
  readonly senderAppType: string;
  readonly customerId: number;
  readonly fromId: number;
  readonly toId: number;
  readonly chatStartedByMessage: boolean;
  readonly orderId: number;
  readonly orderStage: string;
  readonly courierId: number;
  readonly messageSentTime: string;
}

export interface Order {
  readonly orderId: number;
  readonly cityCode: string;
}

export function messagesText(options: SampleOptions): string {
  return Array.from(generateMessages(options), (chunk) => chunk.text).join("");
}

export function ordersText(options: SampleOptions): string {
  return Array.from(generateOrders(options), (chunk) => chunk.text).join("");
}

export function readMessages(options: SampleOptions): Message[] {
  return JSON.parse(messagesText(options)) as Message[];
}

export function readOrders(options: SampleOptions): Order[] {
  return JSON.parse(ordersText(options)) as Order[];
}

/** The messages of each order, in the sequence of the file. */
export function groupByOrder(messages: readonly Message[]): Map<number, Message[]> {
  const groups = new Map<number, Message[]>();
  for (const message of messages) {
    const group = groups.get(message.orderId);
    if (group === undefined) groups.set(message.orderId, [message]);
    else group.push(message);
  }
  return groups;
}

export function isCourier(message: Message): boolean {
  return message.senderAppType === "Courier App";
}

/** The messages that were sent in the same second as the earliest one. */
export function earliestOf(conversation: readonly Message[]): Message[] {
  const times = conversation.map((message) => message.messageSentTime).sort();
  return conversation.filter((message) => message.messageSentTime === times[0]);
}

/** The messages that were sent in the same second as the latest one. */
export function latestOf(conversation: readonly Message[]): Message[] {
  const times = conversation.map((message) => message.messageSentTime).sort();
  return conversation.filter((message) => message.messageSentTime === times.at(-1));
}
