import { afterEach, expect, test, vi } from "vitest";
import { noteRecent, recentFirst } from "../../../client/elements/recent.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

const entries = ["Run all", "Share …", "orders"].map((label) => ({ label, run: () => undefined }));
const order = (): string[] => recentFirst(entries).map(({ label }) => label);

test("what was chosen last comes first, the rest in its order; what the browser kept may be anything", () => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
  expect(order()).toEqual(["Run all", "Share …", "orders"]);
  noteRecent("orders");
  noteRecent("Share …");
  noteRecent("orders");
  expect(order()).toEqual(["orders", "Share …", "Run all"]);
  for (const broken of ["{", "7", '[1,null,"Share …"]']) {
    kept.set([...kept.keys()][0] ?? "", broken);
    expect(order()[0]).toBe(broken.startsWith("[") ? "Share …" : "Run all");
  }
});
