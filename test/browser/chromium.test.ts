import { expect, test } from "vitest";
import { findChromium, launchBrowser } from "../support/chromium.js";

test.skipIf(!findChromium())("a page opens in the Chromium of this machine", async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.setContent("<title>Lakebook</title>");
    expect(await page.title()).toBe("Lakebook");
  } finally {
    await browser.close();
  }
});
