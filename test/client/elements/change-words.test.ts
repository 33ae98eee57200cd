import { expect, test } from "vitest";
import { changeWords } from "../../../client/elements/change-words.js";

const same = {
  isSame: false,
  key: ["id"],
  added: 0,
  removed: 0,
  changed: 0,
  rowsBefore: 490,
  columns: [{ name: "price", changed: 0 }],
};

test("what changes is told in the rows that change, come and go", () => {
  expect(changeWords({ ...same, changed: 8 })).toBe("8 of 490 rows change");
  expect(changeWords({ ...same, changed: 1 })).toBe("1 of 490 rows changes");
  expect(changeWords({ ...same, changed: 8, added: 2 })).toBe("8 of 490 rows change, 2 added");
  expect(changeWords({ ...same, removed: 1 })).toBe("1 row removed");
  const columns = [{ name: "price", before: "INTEGER", after: "DOUBLE", changed: 0 }];
  expect(changeWords({ ...same, changed: 8, columns })).toBe(
    "8 of 490 rows change, 1 column of another name or type",
  );
  expect(changeWords({ ...same, key: [], added: 490, removed: 490 })).toBe("490 rows added, 490 removed");
  expect(changeWords(same)).toBe("no row changes, but its columns do");
  expect(changeWords({ ...same, isSame: true })).toBe("nothing changes");
});
