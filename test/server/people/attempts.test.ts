import { describe, expect, test } from "vitest";
import { networkOf } from "../../../server/api/addresses.js";
import { Attempts } from "../../../server/people/attempts.js";
import { Throttle, type Tried } from "../../../server/people/throttle.js";

function setUp() {
  const clock = { now: 0 };
  return { clock, attempts: new Attempts(() => clock.now) };
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

  test("of more addresses than are kept make it forget the oldest", () => {
    const { attempts } = setUp();
    for (let count = 0; count < 6; count++) attempts.fail("first");
    for (let count = 0; count < 10_000; count++) attempts.fail(`address ${String(count)}`);
    expect(attempts.waitMs("first")).toBe(0);
  });
});

describe("a throttle", () => {
  const home = { place: "10.0.0.1", isShared: false };
  const right = (): Promise<string> => Promise.resolve("in");
  const wrong = (): Promise<string | undefined> => Promise.resolve(undefined);
  const isIn = (tried: Tried<string>): boolean => "found" in tried;
  const many = async (count: number, each: (n: number) => Promise<Tried<string>>): Promise<Tried<string>[]> =>
    Promise.all(Array.from({ length: count }, (_, n) => each(n)));

  function setUpThrottle() {
    const clock = { now: 0, slept: 0 };
    const sleep = (ms: number): Promise<void> => {
      clock.slept += ms;
      return Promise.resolve();
    };
    return { clock, throttle: new Throttle(() => clock.now, sleep) };
  }

  test("takes right passwords that come at once from one address for right ones", async () => {
    const { throttle } = setUpThrottle();
    const all = await many(60, (n) => throttle.password(home, `user${String(n)}`, right));
    expect(all.every(isIn)).toBe(true);
  });

  test("looks at ten of a thousand wrong passwords that come at once, and at few moments apart", async () => {
    const { throttle } = setUpThrottle();
    let [now, most, looked] = [0, 0, 0];
    const all = await many(100, (n) =>
      throttle.password<string>(home, `user${String(n)}`, async () => {
        looked++;
        most = Math.max(most, ++now);
        await Promise.resolve();
        now--;
        return undefined;
      }),
    );
    expect(looked).toBeLessThanOrEqual(10);
    expect(most).toBeLessThanOrEqual(4);
    expect(all.filter((tried) => "waitMs" in tried)).toHaveLength(100 - looked);
    const [more] = (await many(300, () => throttle.password(home, "x", right))).filter(
      (tried) => "isCrowded" in tried && tried.isCrowded,
    );
    expect(more).toBeDefined();
  });

  test("refuses nobody for what others do: a name that many try is only answered later", async () => {
    const { clock, throttle } = setUpThrottle();
    for (let n = 0; n < 2000; n++)
      await throttle.password({ place: `10.1.${String(n)}`, isShared: false }, "vera", wrong);
    clock.slept = 0;
    expect(isIn(await throttle.password(home, "vera", right))).toBe(true);
    expect(clock.slept).toBe(2000);
    expect(isIn(await throttle.password(home, "vera", right))).toBe(true);
    expect(clock.slept).toBe(2000);
  });

  test("counts tokens apart from passwords, and one that is wrong again and again once", async () => {
    const { throttle } = setUpThrottle();
    for (let n = 0; n < 100; n++)
      expect(await throttle.token(home, "an old one", wrong)).toEqual({
        wrongCount: n === 0 ? 1 : undefined,
      });
    for (let n = 0; n < 20; n++) await throttle.token(home, `guess ${String(n)}`, wrong);
    expect(await throttle.token(home, "another", right)).toHaveProperty("waitMs");
    expect(isIn(await throttle.password(home, "vera", right))).toBe(true);
    for (let n = 0; n < 20; n++) await throttle.password(home, "eva", wrong);
    expect(await throttle.password(home, "vera", right)).toHaveProperty("waitMs");
    expect(isIn(await throttle.token({ place: "10.0.0.2", isShared: false }, "a", right))).toBe(true);
  });

  test("of this machine, which its commands share, slows down a name alone", async () => {
    const { throttle } = setUpThrottle();
    const here = { place: "127.0.0.1", isShared: true };
    for (let n = 0; n < 20; n++) {
      await throttle.password(here, "vera", wrong);
      await throttle.token(here, `guess ${String(n)}`, wrong);
    }
    expect(await throttle.password(here, "vera", right)).toHaveProperty("waitMs");
    expect(isIn(await throttle.password(here, "eva", right))).toBe(true);
    expect(isIn(await throttle.token(here, "right", right))).toBe(true);
  });
});

test.each([
  ["10.0.0.1", "10.0.0.1"],
  ["2001:db8:2:2::1f", "2001:db8:2:2::/64"],
  ["2001:0DB8:0002:2:1:2:3:4", "2001:db8:2:2::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["64:ff9b::10.0.0.1", "64:ff9b:0:0::/64"],
  ["2001:db8::2:3:4:5:6", "2001:db8:0:2::/64"],
  ["", ""],
])("%s counts as %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
