import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const root = resolve(import.meta.dirname, "../..");

/** No tests: what draws the pictures of the documents is kept out of the tests' own configuration. */
export default defineConfig({
  root,
  cacheDir: resolve(root, "node_modules/.cache/vitest"),
  test: {
    include: ["test/docs/images.ts"],
    globalSetup: ["test/support/ensure-build.ts", "test/support/ensure-chromium.ts"],
    hookTimeout: 60_000,
  },
});
