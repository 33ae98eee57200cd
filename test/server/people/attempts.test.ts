import { describe, expect, test } from "vitest";
import { Attempts } from "../../../server/people/attempts.js";
import { createLogger } from "../../../server/base/logger.js";

function setUp() {
  const clock = { now: 0 };
  const log: string[] = [];
  const logger = createLogger((line) => void log.push(line), { level: "warn" });
  return { clock, log, attempts: new Attempts(logger, () => clock.now) };
}

describe("wrong credentials", () => {
  test("slow down their address more and more, up to a minute, and no other one", () => {
    const { clock, attempts } = setUp();
    const waits: number[] = [];
    for (let count = 0; count < 15; count++) {
      attempts.fail("10.0.0.1");
      waits.push(attempts.waitMs("10.0.0.1") / 1000);
    }
    expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]);
    expect(attempts.waitMs("10.0.0.2")).toBe(0);
    clock.now += 60_000;
    expect(attempts.waitMs("10.0.0.1")).toBe(0);
    attempts.succeed("10.0.0.1");
    attempts.fail("10.0.0.1");
    expect(attempts.waitMs("10.0.0.1")).toBe(0);
  });

  test("are logged with their address, a thousand of them in a few lines", () => {
    const { log, attempts } = setUp();
    for (let count = 0; count < 1000; count++) attempts.fail("10.0.0.1");
    expect(log.length).toBeGreaterThan(9);
    expect(log.length).toBeLessThan(30);
    expect(log[0]).toContain("10.0.0.1");
  });

  test("of more addresses than are kept make it forget the oldest", () => {
    const { attempts } = setUp();
    for (let count = 0; count < 6; count++) attempts.fail("first");
    for (let count = 0; count < 10_000; count++) attempts.fail(`address ${String(count)}`);
    expect(attempts.waitMs("first")).toBe(0);
  });
});
