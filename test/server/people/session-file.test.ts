import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { openSessions } from "../../../server/people/session-file.js";
import { Sessions, type SessionEntry } from "../../../server/people/sessions.js";
import { silentLogger } from "../../../server/base/logger.js";

const DAY_MS = 24 * 3_600_000;

describe("sessions in a file", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    const parent = await mkdtemp(join(tmpdir(), "lakebook-sessions-"));
    onTestFinished(() => rm(parent, { recursive: true }));
    folder = join(parent, "state");
    path = join(folder, "sessions.json");
  });

  const open = (token?: string): Promise<Sessions> => openSessions(folder, token, silentLogger);

  async function entries(): Promise<SessionEntry[]> {
    const { sessions } = JSON.parse(await readFile(path, "utf8")) as { sessions: SessionEntry[] };
    return sessions;
  }

  /** A session whose hash is in the file. */
  async function create(token?: string): Promise<string> {
    const id = (await open(token)).create();
    await expect.poll(async () => (await open(token)).has(id)).toBe(true);
    return id;
  }

  test.each([undefined, "chosen"])("outlive the server, with the token %s", async (token) => {
    const id = await create(token);
    expect((await open(token)).has(id)).toBe(true);
    expect((await open(token)).has("invented")).toBe(false);
  });

  test("are read by nobody else, and neither they nor the token can be read from the file", async () => {
    const id = await create("chosen");
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["sessions.json"]);
    const text = await readFile(path, "utf8");
    expect(text).not.toContain(id);
    expect(text).not.toContain("chosen");
  });

  test.each([
    ["chosen", "another"],
    ["chosen", undefined],
    [undefined, "chosen"],
  ])("end when the token changes from %s to %s, for good", async (before, after) => {
    const id = await create(before);
    expect((await open(after)).has(id)).toBe(false);
    expect(await entries()).toEqual([]);
    expect((await open(before)).has(id)).toBe(false);
  });

  test("that were revoked stay so", async () => {
    const id = await create();
    const sessions = await open();
    sessions.revoke(id);
    await expect.poll(entries).toEqual([]);
    expect((await open()).has(id)).toBe(false);
  });

  test("do not come from a file that others may read or write", async () => {
    const id = await create();
    await chmod(path, 0o644);
    expect((await open()).has(id)).toBe(false);
  });

  test.each(["", "{", "[]", '{"salt":"","proof":"","sessions":[["a"]]}'])(
    "do not come from the file %j",
    async (text) => {
      await create();
      await writeFile(path, text);
      expect((await open()).has("a")).toBe(false);
    },
  );
});

test("a user who logs in a thousand times ends the own oldest sessions and nobody else's, also after a restart", () => {
  let known: readonly SessionEntry[] = [];
  const sessions = new Sessions({ onChange: (all) => (known = all) });
  const others = [sessions.create(), sessions.create({ user: "ada", stamp: "1" })];
  const own = Array.from({ length: 1001 }, () => sessions.create({ user: "vera", stamp: "1" }));
  for (const kept of [sessions, new Sessions({ known })]) {
    expect(others.map((id) => kept.has(id))).toEqual([true, true]);
    expect(own.map((id) => kept.has(id)).indexOf(true)).toBe(951);
  }
});

describe("the end of a session", () => {
  const start = Date.UTC(2026, 0, 1);

  function entryOf(now: number): { id: string; known: readonly SessionEntry[] } {
    let known: readonly SessionEntry[] = [];
    const id = new Sessions({ now: () => now, onChange: (all) => (known = all) }).create();
    return { id, known };
  }

  test("comes after thirty days, whether the server was restarted or not", () => {
    const { id, known } = entryOf(start);
    const after = (days: number): boolean =>
      new Sessions({ now: () => start + days * DAY_MS, known }).has(id);
    expect([after(0), after(29), after(30), after(31)]).toEqual([true, true, false, false]);
    let now = start;
    const running = new Sessions({ now: () => now, known });
    now = start + 30 * DAY_MS;
    expect(running.has(id)).toBe(false);
  });

  test("cannot be put off by what a file says", () => {
    const { id, known } = entryOf(start + DAY_MS);
    expect(new Sessions({ now: () => start, known }).has(id)).toBe(false);
  });

  test("takes it out of what is kept at the next login", () => {
    const { known } = entryOf(start);
    let now = start;
    let kept: readonly SessionEntry[] = known;
    const sessions = new Sessions({ now: () => now, known, onChange: (all) => (kept = all) });
    now = start + 31 * DAY_MS;
    sessions.create();
    expect(kept.map(([, expiry]) => expiry)).toEqual([now + 30 * DAY_MS]);
  });
});
