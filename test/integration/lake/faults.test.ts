import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { verifyLake } from "../../../server/lake/verify.js";
import { openLake, withFolder } from "../../server/lake/lake-fixture.js";
import { RUN_DATE, readAll } from "./rounds.js";
import { hasStrace, strace } from "./tools.js";
import { WriterProcess } from "./writer-process.js";

const ROUNDS = 25;

/**
 * Calls by which a commit changes the disk; strace takes names as patterns, for they differ between machines.
 * The first and the next ones fail at such a distance that most rounds meet one, each at another place.
 */
const faults: readonly (readonly [calls: string, error: string, when: string])[] = [
  ["fsync", "EIO", "5+41"],
  ["fsync", "ENOSPC", "7+43"],
  ["/^link(at)?$", "ENOSPC", "5+41"],
  ["/^link(at)?$", "EIO", "7+31"],
  ["/^rename(at2?)?$", "ENOSPC", "2+17"],
  ["/^rename(at2?)?$", "EIO", "3+13"],
  ["/^mkdir(at)?$", "ENOSPC", "7+47"],
  ["fchmod", "EROFS", "5+17"],
];

describe.skipIf(!hasStrace)("a system call that fails at the n-th time", () => {
  test.each(faults)(
    "%s with %s ends the publishing with a clear error and leaves the lake whole",
    { timeout: 180_000 },
    (calls, error, when) =>
      withFolder(async (workspace) => {
        await run(workspace, ["publish", "1"]);
        const inject = strace(calls, `error=${error}:when=${when}`);
        const writer = await run(workspace, ["publish-reopening", String(ROUNDS)], inject);
        const failures = writer.of("failed");
        console.log(calls, error, when, {
          published: writer.of("published").length,
          failed: failures.length,
        });
        expect(writer.of("crashed")).toEqual([]);
        expect(failures.length + writer.of("starved").length).toBeGreaterThan(3);
        for (const { code, message } of failures) {
          expect([code, message]).toEqual(["disk", expect.stringContaining(error)]);
          expect(message).toMatch(/".+": |is published for/);
        }
        await expectWhole(workspace, Math.max(1, ...writer.of("published").map((event) => event.round ?? 0)));
      }),
  );
});

describe.skipIf(!hasStrace)("a link that the file system does not know", () => {
  test("is replaced by a copy, and the lake works as before", { timeout: 60_000 }, () =>
    withFolder(async (workspace) => {
      const inject = strace("/^link(at)?$", "error=EPERM");
      const writer = await run(workspace, ["publish-reopening", "5"], inject);
      expect(writer.of("published")).toHaveLength(5);
      await expectWhole(workspace, 5);
    }),
  );
});

describe.skipIf(!hasStrace)("the order of the calls of a commit", () => {
  test(
    "is data, folders, version, log, public folders: each on disk before the next begins",
    { timeout: 60_000 },
    () =>
      withFolder(async (workspace) => {
        await run(workspace, ["publish", "1"]);
        const trace = join(workspace, "trace");
        const calls = "trace=/^(fsync|link|linkat|rename|renameat|renameat2)$";
        const writing = ["strace", "-f", "--seccomp-bpf", "-y", "-o", trace, "-e", calls];
        await run(workspace, ["publish", "1"], writing);
        const order = readTrace(readFileSync(trace, "utf8"));

        const data = order(/fsync.*\.lake\/build\/[^/]+\/.*(parquet|csv|json)>/);
        const folders = order(/fsync.*\.lake\/build\/[^/]+(\/[^.>]*)?>/);
        const sealed = order(/rename.*\.lake\/build\/.*\.lake\/versions\//);
        const settled = order(/fsync.*\.lake\/versions\/(orders|stock)>/);
        const committed = order(/link.*\.lake\/log\/\d+\.json/);
        const logged = order(/fsync.*\.lake\/log>/);
        const projected = order(/rename.*data_lake\/(latest|2026-11-01)\/(orders|stock)"/);
        const catalog = order(/rename.*data_lake\/catalog\.json/);

        // Of one version; the other one is under way at the same time.
        expect(data[0]!.end).toBeLessThan(sealed[0]!.start);
        expect(folders[0]!.end).toBeLessThan(sealed[0]!.start);
        expect(sealed).toHaveLength(2);
        expect(data.at(-1)!.end).toBeLessThan(sealed.at(-1)!.start);
        expect(folders.at(-1)!.end).toBeLessThan(sealed.at(-1)!.start);
        expect(settled.at(-1)!.end).toBeLessThan(committed.at(-1)!.start);
        expect(committed).toHaveLength(3);
        expect(logged.at(-1)!.end).toBeLessThan(projected[0]!.start);
        expect(projected.at(-1)!.end).toBeLessThan(catalog[0]!.start);
      }),
  );
});

interface Call {
  readonly text: string;
  /** Places in the trace where it began and returned: another thread's calls may lie between. */
  readonly start: number;
  readonly end: number;
}

/** Returns what finds the calls that match a pattern, in the order in which they returned. */
function readTrace(text: string): (pattern: RegExp) => Call[] {
  const begun = new Map<string, { text: string; start: number }>();
  const calls: Call[] = [];
  text.split("\n").forEach((line, index) => {
    const [thread = "", ...words] = line.split(/ +/);
    const call = words.join(" ");
    if (call.endsWith("<unfinished ...>")) begun.set(thread, { text: call, start: index });
    else if (call.startsWith("<..."))
      calls.push({ ...(begun.get(thread) ?? { text: call, start: index }), end: index });
    else calls.push({ text: call, start: index, end: index });
  });
  return (pattern) => calls.filter((call) => pattern.test(call.text));
}

async function run(
  workspace: string,
  args: readonly string[],
  prefix: readonly string[] = [],
): Promise<WriterProcess> {
  const writer = new WriterProcess(workspace, args, prefix);
  await writer.ended;
  if (writer.events.length === 0) throw new Error(writer.stderr);
  return writer;
}

/** After the next opening, which nothing disturbs. */
async function expectWhole(workspace: string, atLeast: number): Promise<void> {
  const lake = await openLake(workspace);
  expect(await verifyLake(lake, { deep: true })).toEqual([]);
  const round = Number(lake.publication("sales", RUN_DATE)?.record["round"]);
  expect(round).toBeGreaterThanOrEqual(atLeast);
  for (const finding of readAll(lake.folder)) expect(finding).toEqual({ round });
  await lake.close();
}
