import type { Random } from "./random.js";

export type Sender = "courier" | "customer";

/** A message, without what all messages of its conversation have in common. */
export interface Message {
  readonly sender: Sender;
  readonly isFirst: boolean;
  readonly stage: string;
  /** Epoch seconds. */
  readonly sentAt: number;
}

export interface Conversation {
  readonly customerId: number;
  readonly courierId: number;
  readonly customerApp: string;
  /** By time; a few were delivered the other way round. */
  readonly messages: readonly Message[];
}

const MAX_MESSAGES = 23;
/** Seconds between two messages. */
const MIN_GAP = 60;
const MAX_GAP = 3600;

const FIRST_YEAR = 2018;

/** Whole months, counted from January 2018, in which conversations start. */
export interface Period {
  readonly from: number;
  /** The month after the last one. */
  readonly to: number;
}

/** Three years; the longest conversation still ends within them. */
export const HISTORY: Period = { from: 0, to: 36 };

/** How often each of the things happens that a pipeline tends to get wrong. */
const CHANCE = {
  singleMessage: 0.2,
  oneSided: 0.13, // of those with more than one message; with the single ones about 30 % of all
  oneMoreMessage: 0.806, // a geometric tail: about 5.1 messages a conversation
  tiedStart: 0.02,
  tiedEnd: 0.04,
  tiedSomewhere: 0.03,
  endOfMonth: 0.008,
  latestFirst: 0.02,
  latestFirstWhenTied: 0.5,
  stageAdvances: 0.2,
  lateFirst: 0.2,
} as const;

const STAGES = ["PICKING_UP", "DELIVERING", "DELIVERED"] as const;
const LAST_STAGE = STAGES.length - 1;

export function drawConversation(random: Random, period: Period): Conversation {
  const courierId = random.integer(15_000_000, 19_999_999);
  const customerId = random.integer(10_000_000, 99_999_998);
  const count = drawCount(random);
  const senders = drawSenders(random, count);
  const times = drawTimes(random, count, period);
  const stages = drawStages(random, count);
  // Of the messages of the first second any one may have opened the chat.
  const tiedWithFirst = times.filter((time) => time === times[0]).length;
  const opener = tiedWithFirst > 1 ? random.integer(0, tiedWithFirst - 1) : 0;
  const messages = times.map((sentAt, n): Message => {
    return { sender: senders[n] ?? "customer", isFirst: n === opener, stage: stages[n] ?? "", sentAt };
  });
  const hasTies = times.some((time, n) => time === times[n - 1]);
  if (random.chance(hasTies ? CHANCE.latestFirstWhenTied : CHANCE.latestFirst)) messages.reverse();
  return {
    courierId,
    customerId: customerId === courierId ? customerId + 1 : customerId,
    customerApp: drawApp(random),
    messages,
  };
}

function drawApp(random: Random): string {
  const draw = random.next();
  if (draw < 0.45) return "Customer iOS";
  return draw < 0.87 ? "Customer Android" : "Customer Web";
}

function drawCount(random: Random): number {
  if (random.chance(CHANCE.singleMessage)) return 1;
  let count = 2;
  while (count < MAX_MESSAGES && random.chance(CHANCE.oneMoreMessage)) count++;
  return count;
}

function drawSenders(random: Random, count: number): readonly Sender[] {
  const first: Sender = random.chance(0.5) ? "courier" : "customer";
  const senders: Sender[] = [first];
  const isOneSided = count > 1 && random.chance(CHANCE.oneSided);
  while (senders.length < count) senders.push(isOneSided || random.chance(0.5) ? first : otherSide(first));
  if (!isOneSided && count > 1 && senders.every((sender) => sender === first)) {
    senders[random.integer(1, count - 1)] = otherSide(first);
  }
  return senders;
}

function otherSide(sender: Sender): Sender {
  return sender === "courier" ? "customer" : "courier";
}

function drawTimes(random: Random, count: number, period: Period): readonly number[] {
  const isTied = drawTies(random, count);
  let time = random.integer(startOfMonth(period.from), startOfMonth(period.to) - MAX_MESSAGES * MAX_GAP);
  if (count > 1 && random.chance(CHANCE.endOfMonth)) time = lastMinuteOfMonth(random, period);
  const times = [time];
  for (let n = 1; n < count; n++) {
    if (!isTied(n)) time += random.integer(MIN_GAP, MAX_GAP);
    times.push(time);
  }
  return times;
}

/** Chooses which messages were sent in the same second as the one before them. */
function drawTies(random: Random, count: number): (message: number) => boolean {
  const last = count - 1;
  const start = random.chance(CHANCE.tiedStart) ? random.integer(1, 2) : 0;
  const end = random.chance(CHANCE.tiedEnd) ? last - random.integer(0, 1) : count;
  const somewhere = random.chance(CHANCE.tiedSomewhere) ? random.integer(1, count) : 0;
  return (message) => message <= start || message >= end || message === somewhere;
}

/** The next message comes a minute later at the earliest, in the next month; within the period where it has several. */
function lastMinuteOfMonth(random: Random, { from, to }: Period): number {
  return startOfMonth(random.integer(from + 1, Math.max(from + 1, to - 1))) - random.integer(1, MIN_GAP);
}

/** In epoch seconds. */
export function startOfMonth(month: number): number {
  return Date.UTC(FIRST_YEAR, month, 1) / 1000;
}

/** The month of a time, counted as those of a period. */
export function monthOf(epochSeconds: number): number {
  const date = new Date(epochSeconds * 1000);
  return (date.getUTCFullYear() - FIRST_YEAR) * 12 + date.getUTCMonth();
}

/**
 * A message that a phone without a network held back: by either side, and now and then from before the first one.
 * It is of the month in which the conversation started.
 */
export function drawLateMessage(random: Random, { messages }: Conversation): Message {
  const times = messages.map(({ sentAt }) => sentAt);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const month = monthOf(first);
  const sentAt = random.chance(CHANCE.lateFirst)
    ? first - random.integer(MIN_GAP, MAX_GAP)
    : first + random.integer(MIN_GAP, MAX_GAP + last - first);
  return {
    sender: random.chance(0.5) ? "courier" : "customer",
    isFirst: false,
    stage: messages[random.integer(0, messages.length - 1)]?.stage ?? "",
    sentAt: Math.max(startOfMonth(month), Math.min(sentAt, startOfMonth(month + 1) - 1)),
  };
}

function drawStages(random: Random, count: number): readonly string[] {
  let stage = random.integer(0, LAST_STAGE);
  const stages: string[] = [];
  for (let n = 0; n < count; n++) {
    stages.push(STAGES[stage] ?? "");
    if (stage < LAST_STAGE && random.chance(CHANCE.stageAdvances)) stage++;
  }
  return stages;
}
