import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { sha256 } from "../../../server/base/hash.js";
import { identifyFolder, type FolderIdentity } from "../../../server/lake/folder-identity.js";
import { acquireLock } from "../../../server/lake/lock.js";
import type { LakeLock } from "../../../server/lake/lock.js";
import { identityOf } from "../../../server/lake/process-identity.js";
import type { ProcessIdentity } from "../../../server/lake/process-identity.js";
import { withFolder } from "./lake-fixture.js";

const now = () => new Date();

function acquire(folder: string, proc?: string): Promise<LakeLock> {
  return acquireLock({ path: join(folder, "lock"), now, ...(proc === undefined ? {} : { proc }) });
}

function writeHolder(
  folder: string,
  holder: Partial<ProcessIdentity> & { readonly folder?: FolderIdentity },
): void {
  const text = JSON.stringify({ id: "1", ...identityOf(process.pid), since: now().toISOString(), ...holder });
  writeFileSync(join(folder, "lock"), text);
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  return child.pid!;
}

/** Of a process that has ended and whose parent does not ask for it. */
async function zombiePid(): Promise<number> {
  const parent = spawn("sh", ["-c", "sleep 0.2 & echo $!; exec sleep 60"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void parent.kill());
  const pid = Number(await once(parent.stdout, "data"));
  await expect.poll(() => readFileSync(`/proc/${pid}/stat`, "utf8")).toContain(") Z ");
  return pid;
}

describe("acquireLock", () => {
  test("refuses a second holder, also in the same process, until the first releases it", () =>
    withFolder(async (folder) => {
      const lock = await acquire(folder);
      await expect(acquire(folder)).rejects.toMatchObject({ code: "locked", details: { pid: process.pid } });
      await lock.release();
      await (await acquire(folder)).release();
      expect(readdirSync(folder)).toEqual([]);
    }));

  test("names the pid of another process and what to do", () =>
    withFolder(async (folder) => {
      writeHolder(folder, identityOf(process.ppid));
      const error: unknown = await acquire(folder).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: "locked",
        hint: "Stop that process, or let it do the work; reading needs no lock.",
      });
      expect((error as Error).message).toContain(`process ${process.ppid}`);
    }));

  test.each<[string, () => Promise<Partial<ProcessIdentity>>]>([
    ["a dead process", async () => ({ pid: await deadPid() })],
    ["a process of the same number that started later", () => Promise.resolve({ processStart: "1" })],
    ["an earlier boot", () => Promise.resolve({ bootId: "another" })],
    ["a process that has ended unnoticed", async () => identityOf(await zombiePid())],
  ])("takes over from %s", (_name, holder) =>
    withFolder(async (folder) => {
      writeHolder(folder, await holder());
      const lock = await acquire(folder);
      await lock.assertHeld();
      expect(readdirSync(folder)).toEqual(["lock"]);
      await lock.release();
    }),
  );

  test.each(["", "{", "\0\0\0\0"])("takes over a lock that says %j", (text) =>
    withFolder(async (folder) => {
      writeFileSync(join(folder, "lock"), text);
      await (await acquire(folder)).release();
    }),
  );

  test("takes over from one that was killed while it took over", () =>
    withFolder(async (folder) => {
      writeHolder(folder, { pid: await deadPid() });
      const first = await acquire(folder);
      const text = readFileSync(join(folder, "lock"), "utf8");
      await first.release();
      writeHolder(folder, { pid: await deadPid(), processStart: "1" });
      const dead = text.replace(/"pid":\d+/, `"pid":${await deadPid()}`);
      writeFileSync(join(folder, successorName(folder)), dead);
      await (await acquire(folder)).release();
      expect(readdirSync(folder)).toEqual([]);
    }));

  test("gives a stale lock to one of many that want it", () =>
    withFolder(async (folder) => {
      for (let round = 0; round < 20; round++) {
        writeHolder(folder, { pid: await deadPid() });
        const results = await Promise.allSettled([...Array(8).keys()].map(() => acquire(folder)));
        const winners = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
        expect(winners).toHaveLength(1);
        await winners[0]?.release();
        expect(readdirSync(folder)).toEqual([]);
      }
    }));

  test("believes another machine's holder while its lock is touched", () =>
    withFolder(async (folder) => {
      writeHolder(folder, { host: "elsewhere", bootId: "another" });
      await expect(acquire(folder)).rejects.toThrow("on elsewhere");
      for (const seconds of [-600, 400 * 86_400]) {
        writeHolder(folder, { host: "elsewhere", bootId: "another" });
        const untouched = Date.now() / 1000 + seconds;
        utimesSync(join(folder, "lock"), untouched, untouched);
        await (await acquire(folder)).release();
      }
    }));

  test("takes no notice of a lock that came along with a copy of the folder", () =>
    withFolder(async (folder) => {
      const [original, copy, moved] = ["original", "copy", "moved"].map((name) => join(folder, name));
      mkdirSync(original!);
      const lock = await acquire(original!);
      cpSync(original!, copy!, { recursive: true });
      const ofCopy = await acquire(copy!);
      for (const held of [lock, ofCopy]) await held.assertHeld();
      symlinkSync(original!, join(folder, "link"));
      for (const same of [original!, join(folder, "link")])
        await expect(acquire(same)).rejects.toMatchObject({ code: "locked" });
      await lock.release();
      renameSync(original!, moved!);
      await (await acquire(moved!)).release();
    }));

  test.each([
    ["the same folder, under whatever path", {}, true],
    ["another folder under the same path", { place: "0:0" }, false],
    ["a folder of another system, where inodes mean nothing", { place: "0:0", bootId: "another" }, true],
  ])("of another container: %s", (_what, change, isHeld) =>
    withFolder(async (folder) => {
      const there = { ...identifyFolder(folder), mounts: "of the other container", ...change };
      writeHolder(folder, { host: "elsewhere", folder: there });
      const acquired = acquire(folder).then((lock) => lock.release());
      if (isHeld) await expect(acquired).rejects.toMatchObject({ code: "locked" });
      else await acquired;
    }),
  );

  test("works where there is no /proc", () =>
    withFolder(async (folder) => {
      const lock = await acquire(folder, "/nowhere");
      expect(JSON.parse(readFileSync(join(folder, "lock"), "utf8"))).toMatchObject({
        bootId: "",
        processStart: "",
      });
      await expect(acquire(folder, "/nowhere")).rejects.toMatchObject({ code: "locked" });
      await lock.release();
      writeHolder(folder, { pid: await deadPid(), bootId: "", processStart: "" });
      await (await acquire(folder, "/nowhere")).release();
    }));

  test("does not take a program with a dead holder's number for the holder, where there is no /proc", () =>
    withFolder(async (folder) => {
      writeHolder(folder, { ...identityOf(process.ppid, "/nowhere") });
      await expect(acquire(folder, "/nowhere")).rejects.toMatchObject({ code: "locked" });
      const longAgo = Date.now() / 1000 - 600;
      utimesSync(join(folder, "lock"), longAgo, longAgo);
      await (await acquire(folder, "/nowhere")).release();
    }));

  test("notices that somebody else took the lock, and leaves it to them", () =>
    withFolder(async (folder) => {
      const lock = await acquire(folder);
      writeHolder(folder, identityOf(process.ppid));
      await expect(lock.assertHeld()).rejects.toMatchObject({ code: "locked" });
      await lock.release();
      expect(readdirSync(folder)).toEqual(["lock"]);
    }));
});

/** What a process that takes over claims first. */
function successorName(folder: string): string {
  return `lock-${sha256(readFileSync(join(folder, "lock"), "utf8")).slice(0, 16)}`;
}
