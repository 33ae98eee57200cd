import type { Reporter, SerializedError, TestModule, TestSpecification } from "vitest/node";

/**
 * Prints `N passed, N failed` as the last line. A failure too: a file that cannot be loaded, a file that was not run
 * because a set-up failed, a stray rejection.
 */
export default class PlainReporter implements Reporter {
  #files = 0;

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.#files = specifications.length;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const notRun = this.#files - modules.length;
    const counts = { passed: 0, failed: unhandledErrors.length + notRun, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state] += 1;
      counts.failed += module.errors().length;
    }
    if (counts.skipped > 0) process.stdout.write(`SKIPPED: ${counts.skipped} tests, see above for why\n`);
    process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
  }
}
