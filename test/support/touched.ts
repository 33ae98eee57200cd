import { spawnSync } from "node:child_process";

/** What `npm run test:quick` does about a change; all are paths from the root of the checkout. */
export interface Touched {
  readonly toLint: readonly string[];
  readonly toFormat: readonly string[];
  /** Units are run that import one of these, or are one of them. */
  readonly related: readonly string[];
  /** Tests with real processes that were changed themselves. */
  readonly integration: readonly string[];
  /** Tests that were changed and take too long. */
  readonly left: readonly string[];
}

/** `namedIn` tells the tests whose text has a name: they read the file, which no import shows. */
export function touchedBy(changed: readonly string[], namedIn: (name: string) => readonly string[]): Touched {
  const code = changed.filter((path) => /^(server|client|test)\/.*\.(ts|js|cjs)$/.test(path));
  const tests = code.filter((path) => path.endsWith(".test.ts"));
  const isSlow = (path: string) => /^test\/(integration|browser)\//.test(path);
  const others = changed.filter((path) => !code.includes(path)).map((path) => path.split("/").at(-1) ?? "");
  const readers = others.flatMap((name) => namedIn(name)).filter((path) => !isSlow(path));
  return {
    toLint: code,
    toFormat: changed,
    related: [...new Set([...code.filter((path) => !isSlow(path)), ...readers])],
    integration: tests.filter((path) => path.startsWith("test/integration/")),
    left: tests.filter((path) => path.startsWith("test/browser/")),
  };
}

/** What differs from origin/main, uncommitted and new files too; where nothing does, what the last commit changed. */
export function changedFiles(root: string): string[] {
  const git = (...args: string[]): string[] => {
    const { status, stdout } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
    return status === 0 ? stdout.split("\n").filter((line) => line !== "") : [];
  };
  const since = (commit: string) => git("diff", "--name-only", "--diff-filter=d", commit);
  const [base = "HEAD"] = git("merge-base", "origin/main", "HEAD");
  const changed = [...since(base), ...git("ls-files", "--others", "--exclude-standard")];
  return changed.length > 0 ? changed : since("HEAD~1");
}

/** The unit tests that have `name` in their text. */
export function testsNaming(root: string, name: string): string[] {
  const args = ["grep", "--untracked", "-lF", "-e", name, "--", "test/*.test.ts"];
  return spawnSync("git", args, { cwd: root, encoding: "utf8" })
    .stdout.split("\n")
    .filter((line) => line !== "");
}
