export const rhythms = ["month", "week", "day", "hour", "own", "none"] as const;
export type Rhythm = (typeof rhythms)[number];

/** A cron expression as people choose it. What a rhythm does not have is kept for when it is chosen again. */
export interface CronChoice {
  readonly rhythm: Rhythm;
  /** Of the month, from 1. */
  readonly day: number;
  /** From 0, a Sunday. */
  readonly weekday: number;
  /** `HH:MM` */
  readonly time: string;
  readonly minute: number;
  /** As it is written. */
  readonly own: string;
}

const usual: CronChoice = {
  rhythm: "month",
  day: 1,
  weekday: 1,
  time: "06:00",
  minute: 0,
  own: "0 6 1 * *",
};

/** An expression of none of the usual kinds is one's own; an empty one fires at no fixed time. */
export function readCron(cron: string): CronChoice {
  const own = cron.trim();
  if (own === "") return { ...usual, rhythm: "none" };
  const [minute = "", hour = "", day = "", , weekday = ""] = own.split(/\s+/);
  const given: CronChoice = {
    rhythm: "own",
    own,
    day: Number(day) || usual.day,
    weekday: weekday === "*" ? usual.weekday : Number(weekday),
    time: hour === "*" ? usual.time : `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`,
    minute: Number(minute),
  };
  const rhythm = rhythms.find((name) => name !== "own" && writeCron({ ...given, rhythm: name }) === own);
  return rhythm === undefined ? { ...usual, rhythm: "own", own } : { ...given, rhythm };
}

export function writeCron({ rhythm, day, weekday, time, minute, own }: CronChoice): string {
  const [hours = "", minutes = ""] = time.split(":");
  // A field that is empty makes no expression, which is said where it stands.
  const at = time === "" ? "" : `${String(Number(minutes))} ${String(Number(hours))} `;
  switch (rhythm) {
    case "month":
      return `${at}${String(day)} * *`;
    case "week":
      return `${at}* * ${String(weekday)}`;
    case "day":
      return `${at}* * *`;
    case "hour":
      return `${String(minute)} * * * *`;
    case "own":
      return own;
    case "none":
      return "";
  }
}
