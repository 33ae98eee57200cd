import { expect, test } from "vitest";
import { changeWords } from "../../../client/elements/change-words.js";

const same = {
  isSame: false,
  key: ["id"],
  added: 0,
  removed: 0,
  changed: 0,
  rowsBefore: 490,
  rowsAfter: 490,
};

test("what changes is told in the rows that change, come and go", () => {
  expect(changeWords({ ...same, changed: 8 })).toBe("8 of 490 rows change");
  expect(changeWords({ ...same, changed: 1 })).toBe("1 of 490 rows changes");
  expect(changeWords({ ...same, changed: 8, added: 2, rowsAfter: 492 })).toBe(
    "8 of 492 rows change, 2 added",
  );
  expect(changeWords({ ...same, removed: 1, rowsAfter: 489 })).toBe("1 row removed");
  expect(changeWords({ ...same, key: [], added: 490, removed: 490 })).toBe("490 rows added, 490 removed");
  expect(changeWords(same)).toBe("no row changes, but its columns do");
  expect(changeWords({ ...same, isSame: true })).toBe("nothing changes");
});
