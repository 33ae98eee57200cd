import { expect, test } from "vitest";
import { commandOf, type PageKey } from "../../../client/pages/notebook-keys.js";

function press(key: string, rest: Partial<PageKey> = {}): string | undefined {
  const none = { ctrlKey: false, metaKey: false, altKey: false, before: "" };
  return commandOf({ ...none, isTyping: false, isOnControl: false, hasDialog: false, key, ...rest });
}

test("letters act only while nobody types, and no dialog is open", () => {
  expect(press("b")).toBe("insert-below");
  expect(press("b", { isTyping: true })).toBeUndefined();
  expect(press("b", { hasDialog: true })).toBeUndefined();
  expect(press("b", { ctrlKey: true })).toBeUndefined();
  expect(press("x")).toBeUndefined();
  expect(press("F2", { isTyping: true })).toBe("rename");
});

test("d deletes when it is pressed twice", () => {
  expect(press("d")).toBeUndefined();
  expect(press("d", { before: "d" })).toBe("delete");
});

test("saving works everywhere, and Enter leaves buttons and links alone", () => {
  expect(press("s", { ctrlKey: true, isTyping: true })).toBe("save");
  expect(press("Enter")).toBe("open");
  expect(press("Enter", { isOnControl: true })).toBeUndefined();
});
