import { expect, test } from "vitest";
import { mergeSettings } from "../../../client/schedule/merge-settings.js";

const opened = { cron: "0 6 * * *", timezone: "Europe/Madrid", after: ["sales"] };

test("a form has what was changed in it, and what others changed meanwhile", () => {
  const mine = { ...opened, cron: "0 7 * * *" };
  const now = { ...opened, after: ["sales", "orders"] };
  expect(mergeSettings(opened, mine, now)).toEqual({
    settings: { ...opened, cron: "0 7 * * *", after: ["sales", "orders"] },
    clashes: [],
  });
  expect(mergeSettings(opened, opened, now)).toEqual({ settings: now, clashes: [] });
});

test("what both changed is told, unless both made it the same", () => {
  const mine = { ...opened, cron: "0 7 * * *", after: [] };
  const now = { ...opened, cron: "0 8 * * *", after: [] };
  expect(mergeSettings(opened, mine, now)).toEqual({ settings: mine, clashes: ["cron"] });
});
