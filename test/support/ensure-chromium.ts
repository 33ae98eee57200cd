import { ensureChromium } from "./chromium.js";

const warning = `
################################################################
#  NO CHROMIUM: every browser test is SKIPPED.                 #
#  Install one, or set CHROMIUM_PATH to its executable.        #
################################################################
`;

/** Set-up of the browser tests, once and before they start side by side. */
export function setup(): void {
  if (!ensureChromium()) process.stderr.write(warning);
}
