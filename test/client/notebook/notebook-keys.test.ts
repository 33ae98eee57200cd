import { expect, test } from "vitest";
import { commandOf, type PageKey } from "../../../client/notebook/notebook-keys.js";

function press(key: string, rest: Partial<PageKey> = {}): string | undefined {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, before: "" };
  return commandOf({
    ...none,
    isTyping: false,
    isReadOnly: false,
    isOnControl: false,
    hasDialog: false,
    key,
    ...rest,
  });
}

test("letters act only while nobody types, and no dialog is open", () => {
  expect(press("b")).toBe("insert-below");
  expect(press("b", { isTyping: true })).toBeUndefined();
  expect(press("b", { hasDialog: true })).toBeUndefined();
  expect(press("b", { ctrlKey: true })).toBeUndefined();
  expect(press("x")).toBeUndefined();
  expect([press("z"), press("Z", { shiftKey: true })]).toEqual(["undo", "redo"]);
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

test("the keys that run in an editor run in command mode too", () => {
  expect(press("Enter", { ctrlKey: true })).toBe("run");
  expect(press("Enter", { metaKey: true, shiftKey: true, isOnControl: true })).toBe("run-with-stale");
  expect(press("Enter", { shiftKey: true })).toBe("run-and-next");
  expect(press("Enter", { altKey: true })).toBe("run-and-insert");
  expect(press("Enter", { ctrlKey: true, isTyping: true })).toBeUndefined();
});

test("Alt+Shift and an arrow move the cell, but not while somebody types", () => {
  const keys = { altKey: true, shiftKey: true };
  expect(press("ArrowUp", keys)).toBe("move-up");
  expect(press("ArrowDown", keys)).toBe("move-down");
  expect(press("ArrowDown", { ...keys, isTyping: true })).toBeUndefined();
  expect(press("ArrowDown")).toBeUndefined();
});

test("what is typed into a text that cannot be changed is a command, so that the reason can be said; looking is none", () => {
  const type = (key: string, rest = {}) => press(key, { isTyping: true, isReadOnly: true, ...rest });
  for (const key of ["x", " ", "Backspace", "Delete", "Enter"]) expect(type(key), key).toBe("type");
  expect(type("v", { ctrlKey: true })).toBe("type");
  for (const key of ["ArrowDown", "Home", "Tab", "Escape", "F12"]) expect(type(key), key).toBeUndefined();
  expect(type("c", { ctrlKey: true })).toBeUndefined();
  expect(press("x", { isTyping: true })).toBeUndefined();
});
