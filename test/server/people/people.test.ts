import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { appendAudit, readAudit } from "../../../server/people/audit-log.js";
import { requirePassword } from "../../../server/people/passwords.js";
import { isName, owner, whoIs } from "../../../server/people/person.js";
import { isAllowed, permissions, roles } from "../../../server/base/roles.js";
import { Tokens } from "../../../server/people/tokens.js";
import { Users, type UserChange } from "../../../server/people/users.js";

const PASSWORD = "correct horse battery";

let state: string;
beforeEach(async () => {
  const parent = await mkdtemp(join(tmpdir(), "lakebook-people-"));
  onTestFinished(() => rm(parent, { recursive: true }));
  state = join(parent, ".lakebook");
});

describe("a role", () => {
  test("may what those below it may, and each something more", () => {
    const counts = roles.map(
      (role) => permissions.filter((permission) => isAllowed(role, permission)).length,
    );
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(new Set(counts).size).toBe(roles.length);
    expect(counts.at(-1)).toBe(permissions.length);
  });
});

describe("a name", () => {
  test.each(["ana", "ana.b", "a@firm.example", "0", "x-y_z+1"])("may be %j", (name) => {
    expect(isName(name)).toBe(true);
  });

  test.each(["", "Ana", "../x", "a/b", ".hidden", "a b", "owner", "schedule", "agent", "x".repeat(65), "é"])(
    "may not be %j",
    (name) => {
      expect(isName(name)).toBe(false);
    },
  );

  test("says for whom an agent acts, and which token it was", () => {
    const ana = { kind: "user", name: "ana", role: "editor" } as const;
    expect(whoIs(ana)).toBe("ana");
    expect(whoIs(ana, "claude")).toBe("agent claude for ana");
    expect(whoIs({ ...ana, kind: "token", name: "ci" })).toBe("token ci");
    expect(whoIs(owner, "claude")).toBe("agent claude");
    expect(whoIs(ana, " cla\u202eude\r\n\u2028")).toBe("agent claude for ana");
    expect(whoIs(ana, "\u200b")).toBe("agent unnamed for ana");
  });
});

describe("users", () => {
  test("log in with their password and nothing else", async () => {
    const users = new Users(state);
    await users.add("ana", "editor", PASSWORD);
    expect(await users.logIn("ana", PASSWORD)).toMatchObject({ user: "ana" });
    for (const [name, password] of [
      ["ana", ""],
      ["ana", `${PASSWORD} `],
      ["ana", PASSWORD.toUpperCase()],
      ["ben", PASSWORD],
      ["../users/ana", PASSWORD],
      ["", ""],
    ] as const)
      expect(await users.logIn(name, password), name).toBeUndefined();
  });

  test("whose password looks the same are the same, however it is typed", async () => {
    const users = new Users(state);
    await users.add("zoe", "viewer", "zoé caf\u00e9 1");
    expect(await users.logIn("zoe", "zoé cafe\u0301 1")).toBeDefined();
  });

  test.each(["\ufdfa", "        ", "seven 7", " seven 7 ", "\u200b".repeat(8), "\ufdfa".repeat(100)])(
    "do not take %j for a password",
    (password) => {
      expect(() => requirePassword(password)).toThrow("8 to 1000 characters");
    },
  );

  test("lose their sessions by another password, by being logged out, disabled and removed, not by another role", async () => {
    const users = new Users(state);
    await users.add("ana", "viewer", PASSWORD);
    const stamp = async (): Promise<string> => (await users.logIn("ana", PASSWORD))?.stamp ?? "";
    const first = await stamp();
    await users.change("ana", { role: "admin" });
    expect(await users.ofSession("ana", first)).toEqual({ kind: "user", name: "ana", role: "admin" });
    await users.change("ana", { password: PASSWORD });
    expect(await users.ofSession("ana", first)).toBeUndefined();
    const second = await stamp();
    await users.change("ana", { isDisabled: true });
    expect(await users.logIn("ana", PASSWORD)).toBeUndefined();
    await users.change("ana", { isDisabled: false });
    expect(await users.ofSession("ana", second)).toBeUndefined();
    await users.change("ana", { endSessions: true });
    const third = await stamp();
    expect(third).not.toBe(second);
    await users.change("ana", { role: "runner" });
    expect(await stamp()).toBe(third);
    await users.remove("ana");
    await users.add("ana", "admin", PASSWORD);
    expect(await users.ofSession("ana", third)).toBeUndefined();
  });

  test("that another process adds or shuts out count at once", async () => {
    const [server, command] = [new Users(state), new Users(state)];
    expect(await server.areThere()).toBe(false);
    await command.add("ana", "editor", PASSWORD);
    const session = await server.logIn("ana", PASSWORD);
    expect(await server.ofSession("ana", session?.stamp ?? "")).toBeDefined();
    await command.change("ana", { role: "viewer" });
    expect(await server.ofSession("ana", session?.stamp ?? "")).toMatchObject({ role: "viewer" });
    await command.change("ana", { isDisabled: true });
    expect(await server.ofSession("ana", session?.stamp ?? "")).toBeUndefined();
  });

  test("are added once: of two at the same time one is told", async () => {
    const users = new Users(state);
    const both = await Promise.allSettled([
      users.add("ana", "viewer", PASSWORD),
      users.add("ana", "admin", PASSWORD),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await expect(users.add("ben", "viewer", "short")).rejects.toMatchObject({ code: "usage" });
    await expect(users.change("bne", {})).rejects.toMatchObject({ code: "not-found" });
  });

  test("stay shut out, demoted and removed, whatever they change themselves meanwhile", async () => {
    const [users, admin] = [new Users(state), new Users(state)];
    await users.add("ana", "editor", PASSWORD);
    const session = { user: "ana", stamp: (await users.logIn("ana", PASSWORD))?.stamp ?? "" };
    const meanwhile = async (change: UserChange): Promise<unknown> => {
      const own = users.changeOwnPassword(session, "another horse");
      await admin.change("ana", change);
      return own;
    };
    expect(await meanwhile({ role: "viewer" })).toMatchObject({ user: "ana" });
    expect(await users.get("ana")).toMatchObject({ role: "viewer", isDisabled: false });
    session.stamp = (await users.logIn("ana", "another horse"))?.stamp ?? "";
    expect(await meanwhile({ isDisabled: true })).toBeUndefined();
    expect(await users.get("ana")).toMatchObject({ role: "viewer", isDisabled: true });
    await admin.change("ana", { isDisabled: false });
    session.stamp = (await users.logIn("ana", "another horse"))?.stamp ?? "";
    await meanwhile({ password: "by an admin" });
    expect(await users.logIn("ana", "by an admin")).toBeDefined();

    const late = users.change("ana", { password: PASSWORD });
    await admin.remove("ana");
    await expect(late).rejects.toMatchObject({ code: "not-found" });
    expect(await users.list()).toEqual([]);
  });

  test("lose nothing of two changes at the same moment", async () => {
    const [one, other] = [new Users(state), new Users(state)];
    await one.add("ana", "viewer", PASSWORD);
    await Promise.all([
      one.change("ana", { isDisabled: true }),
      other.change("ana", { role: "runner" }),
      one.change("ana", { password: "another horse" }),
    ]);
    expect(await other.get("ana")).toMatchObject({ role: "runner", isDisabled: true });
    expect(await readdir(join(state, "users"))).toEqual(["ana.json"]);
  });

  test("keep an admin, also where two take it from each other at the same moment", async () => {
    const users = new Users(state);
    await users.add("ana", "admin", PASSWORD);
    await users.add("ben", "admin", PASSWORD);
    const both = await Promise.allSettled([
      users.change("ana", { role: "viewer" }, { keepsAdmin: true }),
      users.change("ben", { isDisabled: true }, { keepsAdmin: true }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const [last] = (await users.list()).filter((user) => user.role === "admin" && !user.isDisabled);
    const gone = users.remove(last?.name ?? "", { keepsAdmin: true });
    await expect(gone).rejects.toMatchObject({ code: "conflict" });
  });

  test("whose file is broken cannot log in, are told of, and others can", async () => {
    const users = new Users(state);
    await users.add("ana", "admin", PASSWORD);
    const path = (name: string): string => join(state, "users", `${name}.json`);
    await writeFile(path("text"), '{"broken');
    await mkdir(path("folder"));
    await symlink(path("loop"), path("loop"));
    expect(await users.logIn("ana", PASSWORD)).toBeDefined();
    expect(await users.logIn("text", PASSWORD)).toBeUndefined();
    expect((await users.list()).map(({ name }) => name)).toEqual(["ana"]);
    expect(await users.damaged()).toEqual(["folder", "loop", "text"]);
    for (const name of ["folder", "loop", "text"])
      await expect(users.get(name)).rejects.toMatchObject({ code: "damaged" });
    await expect(users.add("text", "viewer", PASSWORD)).rejects.toMatchObject({ code: "damaged" });
    await expect(users.remove("folder")).rejects.toThrow("there is a folder in its place");
    await users.remove("text");
    await users.remove("loop");
    expect(await users.damaged()).toEqual(["folder"]);
  });

  test("are read by nobody else, and no password can be read", async () => {
    await new Users(state).add("ana", "admin", PASSWORD);
    const folder = join(state, "users");
    expect((await stat(state)).mode & 0o777).toBe(0o700);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readdir(folder)).toEqual(["ana.json"]);
    expect((await stat(join(folder, "ana.json"))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(folder, "ana.json"), "utf8")).not.toContain(PASSWORD);
  });
});

describe("tokens", () => {
  const made = { role: "runner", createdBy: "owner" } as const;

  test("open until they end or are revoked", async () => {
    const clock = { now: Date.now() };
    const tokens = new Tokens(state, () => clock.now);
    const { token, entry } = await tokens.add({ ...made, name: "ci", lifetimeMs: 1000 });
    expect(await tokens.holder(token)).toEqual({ kind: "token", name: "ci", role: "runner" });
    expect(await tokens.holder(`${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`)).toBeUndefined();
    clock.now += 1000;
    expect(await tokens.holder(token)).toBeUndefined();
    const lasting = await tokens.add({ ...made, name: "ci", lifetimeMs: null });
    expect(await tokens.holder(lasting.token)).toBeDefined();
    await new Tokens(state).revoke(lasting.entry.id);
    expect(await tokens.holder(lasting.token)).toBeUndefined();
    expect((await tokens.list()).map(({ id }) => id)).toEqual([entry.id]);
  });

  test("have names that tell them apart, and are kept nowhere themselves", async () => {
    const tokens = new Tokens(state);
    const { token, entry } = await tokens.add({ ...made, name: "ci", lifetimeMs: null });
    await expect(tokens.add({ ...made, name: "ci", lifetimeMs: null })).rejects.toMatchObject({
      code: "conflict",
    });
    const text = await readFile(join(state, "tokens", `${entry.id}.json`), "utf8");
    expect(text).not.toContain(token.slice(4));
    expect(JSON.stringify(await tokens.list())).not.toContain("hash");
    await expect(tokens.revoke("../users/ana")).rejects.toMatchObject({ code: "not-found" });
    await writeFile(join(state, "tokens", `${entry.id}.json`), "{");
    await tokens.revoke(entry.id);
    expect(await tokens.list()).toEqual([]);
  });

  test("never open more than whoever made them, or made what made them, may now", async () => {
    const [users, tokens] = [new Users(state), new Tokens(state)];
    await users.add("ana", "admin", PASSWORD);
    const make = async (name: string, createdBy: string): Promise<string> =>
      (await tokens.add({ name, role: "admin", lifetimeMs: null, createdBy })).token;
    const lasting = await make("mine", "agent claude");
    const all = [
      await make("ci", "ana"),
      await make("bot", "agent claude for ana"),
      await make("sub", "token ci"),
      await make("subsub", "agent x for y for token sub"),
    ];
    const open = async (): Promise<unknown[]> =>
      Promise.all(all.map(async (token) => (await tokens.holder(token))?.role));
    const each = (role?: string): unknown[] => all.map(() => role);
    expect(await open()).toEqual(each("admin"));
    await users.change("ana", { role: "runner" });
    expect(await open()).toEqual(each("runner"));
    expect((await tokens.list()).find(({ name }) => name === "sub")).toMatchObject({
      role: "admin",
      opens: "runner",
    });
    await users.change("ana", { isDisabled: true });
    expect(await open()).toEqual(each());
    await users.change("ana", { isDisabled: false, role: "admin" });
    await tokens.revoke("ci");
    expect(await open()).toEqual([undefined, "admin", undefined, undefined]);
    // Another one who is given the same name is another one.
    await users.remove("ana");
    await users.add("ana", "admin", PASSWORD);
    expect(await open()).toEqual(each());
    expect(await tokens.removeOf("ana")).toEqual(["bot"]);
    expect(await tokens.holder(lasting)).toMatchObject({ role: "admin" });
  });
});

describe("the audit log", () => {
  const line = { from: "10.0.0.1", what: "save" };

  test("is read from its end, over months, as far as it is asked for", async () => {
    for (let n = 0; n < 3000; n++) {
      const month = n < 1000 ? "2026-09" : "2026-10";
      await appendAudit(state, { ...line, who: `user${String(n)}` }, new Date(`${month}-02T00:00:00Z`));
    }
    const newest = await readAudit(state, { limit: 2001 });
    expect(newest.map(({ who }) => who)).toEqual(
      Array.from({ length: 2001 }, (_, n) => `user${String(2999 - n)}`),
    );
    expect(await readAudit(state, { limit: 5, month: "2026-09" })).toHaveLength(5);
    expect(await readAudit(state, { limit: 5, who: "user7" })).toMatchObject([{ who: "user7" }]);
  });

  test("finds what agents did for somebody, and leaves out a line that was cut short", async () => {
    await appendAudit(state, {
      ...line,
      who: "agent claude for ana",
      notebook: "sales",
      text: "é".repeat(900),
    });
    await appendAudit(state, { ...line, who: "ben", what: "run" });
    const [file = ""] = await readdir(join(state, "audit"));
    await writeFile(join(state, "audit", file), '{"at":"2026-1', { flag: "a" });
    const [found] = await readAudit(state, { limit: 10, who: "ana", notebook: "sales" });
    expect(found?.["text"]).toBe(`${"é".repeat(500)}…`);
    expect(await readAudit(state, { limit: 10 })).toHaveLength(2);
  });

  test("is empty where nothing happened", async () => {
    expect(await readAudit(state, { limit: 10 })).toEqual([]);
  });
});
