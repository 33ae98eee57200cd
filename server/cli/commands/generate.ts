import { AppError } from "../../base/errors.js";
import { DEFAULT_SAMPLE } from "../../workspace/sample/generate.js";
import { parseWholeNumber } from "../arguments.js";
import { defineCommand } from "../command.js";
import { formatCount } from "../../text/format.js";
import { writeDeliveries, writeSampleInput, type WrittenDelivery } from "../../workspace/write-sample.js";

/** Ten years. */
const MAX_MONTHS = 120;
const DEFAULT_LATE = "5%";
const MAX_LATE = 50;

export const generate = defineCommand({
  summary: "write sample input: chat messages and orders",
  arguments: "",
  positionals: { min: 0, max: 0 },
  options: {
    conversations: { type: "string", value: "N", help: "number of conversations; default: 490" },
    seed: {
      type: "string",
      value: "S",
      help: "same seed, same files; default: the seed of the shipped sample",
    },
    months: {
      type: "string",
      value: "N",
      help: "N monthly deliveries, each in a folder named after its run date: the sample, then the months after it",
    },
    late: {
      type: "string",
      value: "P%",
      help: `with --months: messages that come one or two months late; default: ${DEFAULT_LATE}`,
    },
    out: { type: "string", value: "DIR", help: "folder; default: input, with --months: deliveries" },
  },
  async run({ values, console }) {
    const conversations = parseWholeNumber(
      values.conversations ?? String(DEFAULT_SAMPLE.conversations),
      "conversations",
      1,
      100_000_000,
    );
    const seed = parseWholeNumber(
      values.seed ?? String(DEFAULT_SAMPLE.seed),
      "seed",
      0,
      Number.MAX_SAFE_INTEGER,
    );
    // Nobody said that what was delivered may go.
    const size = { conversations, seed, keepsFiles: values.out === undefined };
    if (values.months !== undefined) {
      const months = parseWholeNumber(values.months, "months", 1, MAX_MONTHS);
      const late = parseShare(values.late ?? DEFAULT_LATE);
      const written = await writeDeliveries(
        { ...size, folder: values.out ?? "deliveries" },
        { months, late },
      );
      console.out(describeDeliveries(written));
      return 0;
    }
    if (values.late !== undefined)
      throw new AppError("usage", '"--late" says how much of later months is late.', {
        hint: "Add --months N.",
      });
    const written = await writeSampleInput({ ...size, folder: values.out ?? "input" });
    console.out(
      `Wrote ${formatCount(written.messages, "message")} and ${formatCount(written.orders, "order")}:\n${written.files.map((file) => `  ${file}\n`).join("")}`,
    );
    return 0;
  },
});

function parseShare(text: string): number {
  const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(text)?.[1] ?? Number.NaN);
  if (percent <= MAX_LATE) return percent / 100;
  throw new AppError("usage", `"--late ${text}" is not a share from 0% to ${MAX_LATE}%.`);
}

function describeDeliveries(deliveries: readonly WrittenDelivery[]): string {
  const lines = deliveries.map(({ folder, messages, orders }) => {
    const late = messages.late === 0 ? "" : ` (${formatCount(messages.late, "late one")})`;
    const known = orders.late === 0 ? "" : ` (${orders.late} late or corrected)`;
    return `  ${folder}: ${formatCount(messages.rows, "message")}${late}, ${formatCount(orders.rows, "order")}${known}\n`;
  });
  const [first] = deliveries;
  const how =
    first === undefined
      ? ""
      : `Deliver one after the other:\n  cp ${first.folder}/*.json input/ && npx lakebook materialize customer_courier_conversations --date ${first.date}\n`;
  return `Wrote ${formatCount(deliveries.length, "delivery", "deliveries")}:\n${lines.join("")}${how}`;
}
