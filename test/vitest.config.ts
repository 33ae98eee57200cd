import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";
import { LongFirst } from "./long-first.js";

const root = resolve(import.meta.dirname, "..");
const oneMinute = 60_000;

export default defineConfig({
  root,
  cacheDir: resolve(root, "node_modules/.cache/vitest"),
  test: {
    passWithNoTests: true,
    // Vitest would leave one out, of two that is half; but most files wait for processes and disks most of the time.
    maxWorkers: Math.max(2, availableParallelism()),
    // A busy machine takes its time; what is awaited ends the wait.
    expect: { poll: { timeout: oneMinute / 2 } },
    sequence: { sequencer: LongFirst },
    reporters: ["default", resolve(import.meta.dirname, "plain-reporter.ts")],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/{server,client,support}/**/*.test.ts"],
          // Loading the modules anew for each file would be half of the work; whatever a test replaces is put back.
          isolate: false,
          restoreMocks: true,
          unstubGlobals: true,
          testTimeout: oneMinute,
          hookTimeout: oneMinute,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Real DuckDB, real processes, temporary folders.
        extends: true,
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          globalSetup: ["test/support/ensure-build.ts"],
          testTimeout: oneMinute,
          hookTimeout: oneMinute,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Node drives the Chromium of the system against a started server.
        extends: true,
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: ["test/support/ensure-build.ts", "test/support/ensure-chromium.ts"],
          testTimeout: oneMinute,
          hookTimeout: oneMinute,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // What measures, drawn at another density, with other fonts, in another place: see test/support/chromium.ts.
        extends: true,
        test: {
          name: "other-machine",
          include: ["test/browser/{editor,graph,grid}/**/*.test.ts", "test/browser/served-pages.test.ts"],
          env: { BROWSER_MACHINE: "other" },
          globalSetup: ["test/support/ensure-build.ts", "test/support/ensure-chromium.ts"],
          testTimeout: oneMinute,
          hookTimeout: oneMinute,
          // Beside the last ones of the browser.
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
