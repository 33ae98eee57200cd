import { basename, relative, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";

const root = resolve(import.meta.dirname, "../../..");
// Where the clipboard works without a certificate. Nothing listens there: every request is answered below.
const origin = "http://localhost:4";

/** What the product answers too. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'";

export interface ElementPage {
  readonly page: Page;
  /** What a page must never do: errors, warnings, and requests to other hosts. */
  readonly complaints: readonly string[];
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark";
  /** Pixels of the screen for one of the page; as the machine has it unless said. */
  readonly density?: number;
}

/** Builds a page of elements once, and returns a function that opens it in new windows. */
export async function buildElementPage(
  html: string,
): Promise<(browser: Browser, options?: PageOptions) => Promise<ElementPage>> {
  const files = await buildPage(html);
  return async (browser, { width = 1000, height = 700, theme = "light", density } = {}) => {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      ...(density === undefined ? {} : { deviceScaleFactor: density }),
    });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.route("**", (route) => {
      const { origin: asked, pathname } = new URL(route.request().url());
      const body = asked === origin ? files.get(pathname) : undefined;
      if (body === undefined) complaints.push(`No such file: ${route.request().url()}`);
      const headers = { "content-type": contentType(pathname), "content-security-policy": policy };
      return body === undefined ? route.abort() : route.fulfill({ body, headers });
    });
    await page.goto(`${origin}/`);
    // A browser may be set to refuse them.
    await page.evaluate(() => document.fonts.load("12px 'Inter Variable'").catch(() => []));
    return { page, complaints };
  };
}

async function buildPage(html: string): Promise<ReadonlyMap<string, Buffer>> {
  const result = await build({
    root,
    configFile: false,
    logLevel: "warn",
    base: "/",
    // The production builds of packages, whatever NODE_ENV says.
    resolve: { conditions: ["module", "browser", "production"] },
    build: {
      write: false,
      target: "es2022",
      minify: false,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: html },
    },
  });
  if (Array.isArray(result) || !("output" in result)) throw new Error("unreachable: one build");
  const files = new Map<string, Buffer>();
  for (const file of result.output) {
    const content = file.type === "chunk" ? file.code : file.source;
    const isPage = file.fileName === relative(root, html) || file.fileName === basename(html);
    files.set(isPage ? "/" : `/${file.fileName}`, Buffer.from(content));
  }
  return files;
}

function contentType(path: string): string {
  const extension = /\.(\w+)$/.exec(path)?.[1] ?? "html";
  return (
    { html: "text/html", js: "text/javascript", css: "text/css", woff2: "font/woff2" }[extension] ??
    "text/plain"
  );
}
