import { describe, expect, test } from "vitest";
import { initialsOf } from "../../client/people/avatar.js";
import { detailsOf, wordsOfAudit } from "../../client/people/audit-words.js";

const line = { at: "2026-10-01T08:00:00.000Z", who: "ana", from: "::1" };

describe("a line of the audit log", () => {
  test.each([
    [
      { what: "publish", notebook: "sales", date: "2026-10-01", datasets: ["orders", "totals"] },
      "published sales for 2026-10-01: orders, totals",
    ],
    [
      { what: "change user", user: "eva", role: "admin", isNewPassword: true },
      "made eva admin, gave eva another password",
    ],
    [{ what: "change user", user: "eva", isDisabled: true }, "disabled eva"],
    [{ what: "change user", user: "eva", endSessions: true }, "logged eva out everywhere"],
    [{ what: "disable user", user: "eva" }, "disabled eva"],
    [{ what: "wrong credentials", count: 22 }, "gave a wrong password or token, the 22nd in a row"],
    [{ what: "wrong credentials", count: 12 }, "gave a wrong password or token, the 12th in a row"],
    [{ what: "wrong credentials", count: 1 }, "gave a wrong password or token"],
    [{ what: "refused", method: "POST", path: "/api/users" }, "was refused POST /api/users"],
    [{ what: "describe_dataset", notebook: "sales" }, "describe_dataset sales"],
    [
      { what: "roll back", notebook: "sales", date: "2026-10-01", to: 2 },
      "rolled sales back for 2026-10-01 to publication 2",
    ],
    [{ what: "save" }, "saved ?"],
  ])("%o is said in words", (details, words) => {
    expect(wordsOfAudit({ ...line, ...details })).toBe(words);
  });

  test("says all of it on demand", () => {
    expect(detailsOf({ ...line, what: "publish", run: "r1", datasets: ["a"] })).toBe(
      'run r1 · datasets ["a"]',
    );
  });
});

test.each([
  ["ana", "AN"],
  ["ana.maria", "AM"],
  ["token ci", "CI"],
  ["agent claude for ana", "CA"],
  ["x", "X"],
  ["…", "?"],
])("the letters of %s are %s", (name, letters) => {
  expect(initialsOf(name)).toBe(letters);
});
