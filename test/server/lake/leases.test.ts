import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Leases, whileLeased } from "../../../server/lake/leases.js";

let root: string;
let folder: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lakebook-leases-"));
  folder = join(root, "rows");
  await mkdir(folder);
});

afterEach(() => rm(root, { recursive: true }));

test("a folder that nobody reads goes at once", async () => {
  await new Leases().remove(folder);
  expect(existsSync(folder)).toBe(false);
});

test("a folder that is read goes with its last reader", async () => {
  const leases = new Leases();
  const first = leases.open(folder);
  const second = first.share();
  await leases.remove(folder);
  first.release();
  first.release();
  await leases.settle();
  expect(existsSync(folder)).toBe(true);
  second.release();
  await leases.settle();
  expect(existsSync(folder)).toBe(false);
  expect(leases.isHeld(folder)).toBe(false);
});

test("a lease that takes another one holds what that held, once", async () => {
  const leases = new Leases();
  const run = leases.open(folder);
  run.take(leases.open(folder, join(root, "other")));
  expect(run.holds(join(root, "other"))).toBe(true);
  await leases.remove(folder);
  expect(existsSync(folder)).toBe(true);
  run.release();
  await leases.settle();
  expect(existsSync(folder)).toBe(false);
  expect(() => {
    run.hold(folder);
  }).toThrow("released");
});

test("a reader that fails holds nothing any longer", async () => {
  const leases = new Leases();
  const failing = whileLeased(leases.open(folder), () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  expect(leases.isHeld(folder)).toBe(false);
});
