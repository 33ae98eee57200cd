import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { chromium } from "playwright-core";
import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core";

const root = resolve(import.meta.dirname, "../..");
/** Debian's without a window of its own first: a page costs it a third of what it costs a whole browser. */
const commands = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
];
const macApplications = ["Google Chrome", "Chromium"].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * `BROWSER_MACHINE=other`: the pages are drawn as on a machine that has little in common with this one. No test may
 * tell the difference.
 */
const otherMachine = {
  /** The page's own fonts don't arrive; what the system has is wider or narrower. */
  flags: ["--disable-remote-fonts"],
  context: { deviceScaleFactor: 1.5, locale: "de-DE", timezoneId: "Asia/Kathmandu" },
} satisfies { readonly flags: readonly string[]; readonly context: BrowserContextOptions };

interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly exists: (path: string) => boolean;
  /** Where Playwright keeps the browser that it downloaded, if it did. */
  readonly downloaded: () => string;
}

const thisMachine: Machine = {
  env: process.env,
  exists: existsSync,
  downloaded: () => chromium.executablePath(),
};

/** Finds a Chromium that is here already: what CHROMIUM_PATH says, the system's, or Playwright's. */
export function findChromium({ env, exists, downloaded }: Machine = thisMachine): string | null {
  const named = env["CHROMIUM_PATH"];
  if (named) return exists(named) ? named : null;
  const folders = ["/usr/bin", ...(env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "")];
  const system = commands.flatMap((command) => folders.map((folder) => join(folder, command)));
  return [...system, ...macApplications, downloaded()].find(exists) ?? null;
}

/** Installs a Chromium if none is here. Returns null, after saying so, where that is not possible. */
export function ensureChromium(): string | null {
  const found = findChromium();
  if (found || process.env["CHROMIUM_PATH"]) return found;
  process.stderr.write("No Chromium found. Trying to install one.\n");
  if (process.getuid?.() === 0 && isInstalledBy("apt-get update -qq && apt-get install -y chromium"))
    return findChromium();
  isInstalledBy("npx playwright-core install chromium");
  return findChromium();
}

/** Starts the Chromium of this machine. The caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("No Chromium found: set CHROMIUM_PATH to one.");
  if (process.env["BROWSER_MACHINE"] !== "other") return chromium.launch({ executablePath, args: flags });
  const browser = await chromium.launch({ executablePath, args: [...flags, ...otherMachine.flags] });
  const newContext = browser.newContext.bind(browser);
  // `newPage` opens its context by this too.
  browser.newContext = (options) => newContext({ ...otherMachine.context, ...options });
  return browser;
}

/** Closes a context; what its routes still wait for is nobody's error. */
export async function closeContext(context: BrowserContext): Promise<void> {
  await Promise.all(context.pages().map((page) => page.unrouteAll({ behavior: "ignoreErrors" })));
  await context.close();
}

function isInstalledBy(command: string): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return (
    spawnSync(command, { cwd: root, env, shell: true, stdio: ["ignore", "ignore", "inherit"] }).status === 0
  );
}
