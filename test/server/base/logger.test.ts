import { describe, expect, test } from "vitest";
import { createLogger } from "../../../server/base/logger.js";
import type { Logger, LoggerOptions } from "../../../server/base/logger.js";

function linesOf(log: (logger: Logger) => void, options: LoggerOptions = {}): string[] {
  const lines: string[] = [];
  log(createLogger((line) => lines.push(line), { now: () => new Date("2026-11-01T06:00:00Z"), ...options }));
  return lines;
}

describe("createLogger", () => {
  test("writes time, level, message and fields in one line", () => {
    expect(linesOf((logger) => logger.info("cell finished", { cell: "orders", durationMs: 12 }))).toEqual([
      "2026-11-01T06:00:00.000Z info  cell finished cell=orders durationMs=12",
    ]);
  });

  test("quotes what would not read as one word, and shows errors by their message", () => {
    const fields = {
      path: "a b",
      text: 'x="1"',
      empty: "",
      list: [1],
      big: 1n,
      error: new Error("no\nway"),
      none: undefined,
    };
    expect(linesOf((logger) => logger.warn("odd", fields))[0]).toContain(
      String.raw`odd path="a b" text="x=\"1\"" empty="" list=[1] big="1" error="no\nway"`,
    );
  });

  test("never writes a second line", () => {
    const [line] = linesOf((logger) => logger.error("a\nb\r\nc\u2028d", { x: "1\n2" }));
    expect(line).not.toMatch(/[\r\n\u2028]/);
  });

  test("leaves out what is below its level", () => {
    const log = (logger: Logger): void => {
      logger.debug("a");
      logger.info("b");
      logger.warn("c");
    };
    expect(linesOf(log)).toHaveLength(2);
    expect(linesOf(log, { level: "debug" })).toHaveLength(3);
    expect(linesOf(log, { level: "error" })).toEqual([]);
  });
});
