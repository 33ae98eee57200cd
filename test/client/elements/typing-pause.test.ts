import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TypingPause } from "../../../client/elements/typing-pause.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function pauseOf(isBusy: () => boolean = () => false): { pause: TypingPause; drawn: () => number } {
  let drawn = 0;
  const host = {
    addController: () => undefined,
    removeController: () => undefined,
    requestUpdate: () => {
      drawn++;
    },
    updateComplete: Promise.resolve(true),
  };
  return { pause: new TypingPause(host, isBusy), drawn: () => drawn };
}

test("nobody types until a key is pressed, and a second after the last one", () => {
  const { pause, drawn } = pauseOf();
  expect(pause.isTyping).toBe(false);
  pause.note();
  vi.advanceTimersByTime(900);
  pause.note();
  vi.advanceTimersByTime(900);
  expect(pause.isTyping).toBe(true);
  expect(drawn()).toBe(0);
  vi.advanceTimersByTime(100);
  expect(pause.isTyping).toBe(false);
  expect(drawn()).toBe(1);
});

test("somebody who chooses still types", () => {
  let isBusy = true;
  const { pause } = pauseOf(() => isBusy);
  pause.note();
  vi.advanceTimersByTime(5000);
  expect(pause.isTyping).toBe(true);
  isBusy = false;
  vi.advanceTimersByTime(1000);
  expect(pause.isTyping).toBe(false);
});

test("whoever leaves types no more, and is told so once", () => {
  const { pause, drawn } = pauseOf();
  pause.note();
  pause.end();
  pause.end();
  expect(pause.isTyping).toBe(false);
  vi.advanceTimersByTime(5000);
  expect(drawn()).toBe(1);
});
