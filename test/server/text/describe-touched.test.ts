import { expect, test } from "vitest";
import { describeTouched, type Touched } from "../../../server/text/describe-touched.js";

test.each<[Touched, string]>([
  [
    { keys: { touched: 141, of: 12_000, added: 23 }, partitions: { touched: 2, of: 36 } },
    "141 of 12\u202f000 keys, 23 new; 2 of 36 partitions",
  ],
  [{ partitions: { touched: 0, of: 1, added: 1200 } }, "0 of 1 partition, 1\u202f200 new"],
  [{ keys: { touched: 1, of: 2, added: 0 }, isAtMost: true }, "at most 1 of 2 keys"],
  [{}, ""],
])("what would be touched is said in one phrase: %j", (touched, words) => {
  expect(describeTouched(touched)).toBe(words);
});
