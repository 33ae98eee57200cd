import { describe, expect, test } from "vitest";
import { findChromium } from "./chromium.js";

const playwright = "/cache/ms-playwright/chromium/chrome";

function find(existing: readonly string[], env: Record<string, string> = {}): string | null {
  return findChromium({ env, exists: (path) => existing.includes(path), downloaded: () => playwright });
}

describe("findChromium", () => {
  test("takes what CHROMIUM_PATH names", () => {
    const env = { CHROMIUM_PATH: "/opt/chrome" };
    expect(find(["/usr/bin/chromium", "/opt/chrome"], env)).toBe("/opt/chrome");
  });

  test("takes no other one if CHROMIUM_PATH names none", () => {
    expect(find(["/usr/bin/chromium"], { CHROMIUM_PATH: "/opt/chrome" })).toBeNull();
  });

  test.each([
    [
      "Chromium without a window",
      ["/usr/bin/chromium", "/usr/bin/chromium-headless-shell"],
      "/usr/bin/chromium-headless-shell",
    ],
    ["Debian's Chromium", ["/usr/bin/google-chrome", "/usr/bin/chromium"], "/usr/bin/chromium"],
    ["Ubuntu's Chromium", ["/usr/bin/chromium-browser"], "/usr/bin/chromium-browser"],
    ["Chrome", ["/usr/bin/google-chrome", playwright], "/usr/bin/google-chrome"],
    ["what Playwright downloaded", [playwright], playwright],
  ])("takes %s", (_name, existing, expected) => {
    expect(find(existing)).toBe(expected);
  });

  test("looks through PATH", () => {
    expect(find(["/snap/bin/chromium"], { PATH: "/usr/local/bin:/snap/bin" })).toBe("/snap/bin/chromium");
  });

  test("finds nothing on a machine without any", () => {
    expect(find([])).toBeNull();
  });
});
