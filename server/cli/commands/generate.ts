import { DEFAULT_SAMPLE } from "../../workspace/sample/generate.js";
import { parseWholeNumber } from "../arguments.js";
import { defineCommand } from "../command.js";
import { formatCount } from "../../text/format.js";
import { writeSampleInput } from "../../workspace/write-sample.js";

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
    out: { type: "string", value: "DIR", help: "folder; default: input" },
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
    const folder = values.out ?? "input";
    // Nobody said that what was delivered may go.
    const keepsFiles = values.out === undefined;
    const written = await writeSampleInput({ folder, conversations, seed, keepsFiles });
    console.out(
      `Wrote ${formatCount(written.messages, "message")} and ${formatCount(written.orders, "order")}:\n${written.files.map((file) => `  ${file}\n`).join("")}`,
    );
    return 0;
  },
});
