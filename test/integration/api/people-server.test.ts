import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditLine } from "../../../server/people/audit-log.js";
import { createWorkspace, notebook, type Json } from "./harness.js";
import { CommandProcess, ServerProcess } from "./processes.js";

const PASSWORDS = { ada: "ada's long password", eva: "eva's long password", vera: "vera's long password" };

let root: string;
let server: ServerProcess;

/** Runs `lakebook ...` to its end. */
async function lakebook(args: readonly string[], input?: string): Promise<CommandProcess> {
  const command = new CommandProcess([...args, "--workspace", root], input === undefined ? {} : { input });
  await command.ended;
  return command;
}

/** As the proxy passes on what comes from an address elsewhere. */
function fromAddress(address: string): Record<string, string> {
  return {
    "x-forwarded-for": address,
    "x-forwarded-proto": "https",
    "content-type": "application/json",
  };
}

async function logIn(name: string, password: string, address: string): Promise<Response> {
  return fetch(`${server.url}/api/login`, {
    method: "POST",
    headers: fromAddress(address),
    body: JSON.stringify({ name, password }),
  });
}

async function status(headers: Readonly<Record<string, string>>, path = "/api/me"): Promise<number> {
  const response = await fetch(server.url + path, { headers: { ...fromAddress("10.1.0.9"), ...headers } });
  await response.body?.cancel();
  return response.status;
}

function cookieOf(answer: Response): Record<string, string> {
  return { cookie: (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "" };
}

beforeAll(async () => {
  root = await createWorkspace({
    "notebooks/sales.md": notebook({ "cell: one\n--| materialize: parquet": "SELECT 1 AS n" }),
  });
  for (const [name, role] of [
    ["ada", "admin"],
    ["eva", "editor"],
    ["vera", "viewer"],
  ] as const) {
    const args = ["user", "add", name, "--role", role, "--workspace", root];
    const added = new CommandProcess(args, { input: `${PASSWORDS[name]}\nmore\n`, isShared: true });
    expect(await added.ended, added.stderr).toMatchObject({ code: 0 });
  }
  server = await ServerProcess.start(root, ["--host", "0.0.0.0", "--behind-proxy", "127.0.0.1"], {
    isShared: true,
  });
});

afterAll(async () => {
  await server.kill();
  await rm(root, { recursive: true, force: true });
});

describe("a server for people behind a proxy", () => {
  test("needs no token, prints none, and gives cookies that go by TLS only", async () => {
    expect(server.token).toBe("");
    const answer = await logIn("ada", PASSWORDS.ada, "10.1.0.1");
    expect(answer.status).toBe(204);
    expect(answer.headers.get("set-cookie")).toMatch(/^__Host-lakebook-\d+=.*; Secure/);
    expect(await status(cookieOf(answer))).toBe(200);
  });

  test("lets the start token of its commands in from this machine alone", async () => {
    const file = JSON.parse(await readFile(join(root, ".lakebook/server.json"), "utf8")) as {
      readonly token: string;
    };
    const headers = { authorization: `Bearer ${file.token}` };
    expect(await status(headers)).toBe(401);
    expect(await status({ ...headers, "x-forwarded-for": "" })).toBe(200);
    const run = await lakebook(["materialize", "sales", "--date", "2026-10-01", "--json"]);
    expect(JSON.parse(run.stdout)).toMatchObject({ outcome: "succeeded", by: "owner" });
  });

  test("slows down a thousand wrong passwords from one address within ten, and nobody else", async () => {
    const answers: Response[] = [];
    for (let round = 0; round < 50; round++)
      answers.push(
        ...(await Promise.all(
          Array.from({ length: 20 }, (_, n) => logIn("vera", `guess ${String(round * 20 + n)}`, "10.6.6.6")),
        )),
      );
    const looked = answers.filter((answer) => answer.status === 401);
    expect(looked.length).toBeLessThanOrEqual(10);
    expect(answers.filter((answer) => answer.status === 429).length).toBe(1000 - looked.length);
    expect(Number(answers.at(-1)?.headers.get("retry-after"))).toBeGreaterThan(0);
    // The right one too has to wait there: else it could be found by guessing.
    expect((await logIn("vera", PASSWORDS.vera, "10.6.6.6")).status).toBe(429);
    expect((await logIn("vera", PASSWORDS.vera, "10.1.0.2")).status).toBe(204);
    expect((await logIn("ada", PASSWORDS.ada, "10.1.0.3")).status).toBe(204);
    await logIn("typed-into-the-name-field", "guess", "10.6.6.7");
    expect(server.stderr).toContain("wrong credentials");
    expect(server.stderr.split("wrong credentials").length).toBeLessThan(20);
    expect(server.stderr).not.toMatch(/10\.1\.0\.[123]\b/);
  });

  test("knows at once what commands change: a role, a password, who is shut out, a token", async () => {
    const eva = cookieOf(await logIn("eva", PASSWORDS.eva, "10.1.0.4"));
    const role = async (): Promise<unknown> => {
      const me = await fetch(`${server.url}/api/me`, { headers: { ...fromAddress("10.1.0.4"), ...eva } });
      return ((await me.json()) as Json)["role"];
    };
    expect(await role()).toBe("editor");
    await lakebook(["user", "role", "eva", "runner"]);
    expect(await role()).toBe("runner");
    expect((await lakebook(["user", "logout", "eva"])).stdout).toBe("eva is logged out everywhere.\n");
    expect(await status(eva)).toBe(401);
    const again = cookieOf(await logIn("eva", PASSWORDS.eva, "10.1.0.4"));
    expect(await status(again)).toBe(200);
    await lakebook(["user", "disable", "eva"]);
    expect(await status(again)).toBe(401);
    await lakebook(["user", "enable", "eva"]);
    expect((await lakebook(["user", "password", "eva"], "another password\n")).stdout).toContain(
      "eva is runner",
    );
    expect((await logIn("eva", PASSWORDS.eva, "10.1.0.4")).status).toBe(401);
    expect((await logIn("eva", "another password", "10.1.0.4")).status).toBe(204);

    const made = await lakebook(["token", "add", "--role", "viewer", "--name", "ci", "--expires", "1d"]);
    const bearer = { authorization: `Bearer ${made.stdout.trim()}` };
    expect(made.stdout).toMatch(/^lkb_[\w-]{43}\n$/);
    expect(await status(bearer)).toBe(200);
    expect(await status(bearer, "/api/audit")).toBe(403);
    const listed = JSON.parse((await lakebook(["token", "list", "--json"])).stdout) as {
      readonly tokens: readonly { readonly id: string }[];
    };
    await lakebook(["token", "revoke", listed.tokens[0]?.id ?? ""]);
    expect(await status(bearer)).toBe(401);
  });

  test("cuts the stream of events of somebody who was shut out", async () => {
    await lakebook(["user", "add", "tim", "--role", "viewer"], "tim's long password\n");
    const tim = cookieOf(await logIn("tim", "tim's long password", "10.1.0.5"));
    const headers = { ...fromAddress("10.1.0.5"), ...tim };
    const events = await fetch(`${server.url}/api/events`, { headers });
    expect(events.status).toBe(200);
    await lakebook(["user", "remove", "tim"]);
    const read = async (): Promise<void> => {
      const reader = events.body?.getReader();
      while ((await reader?.read())?.done === false);
    };
    await expect(read()).rejects.toThrow();
  });

  test("has written down who did what, and no secret anywhere", async () => {
    const audit = await lakebook(["audit", "--limit", "1000", "--json"]);
    const { entries } = JSON.parse(audit.stdout) as { readonly entries: readonly AuditLine[] };
    const words = new Set(entries.map(({ who, what }) => `${who} ${what}`));
    for (const act of [
      "ada log in",
      "owner materialize",
      "owner publish",
      "vera wrong credentials",
      "owner add token",
    ])
      expect(words, act).toContain(act);
    expect(entries.find(({ what }) => what === "add user")?.from).toBe("command line");
    expect(entries.find(({ who }) => who === "ada")?.from).toMatch(/^10\.1\.0\./);
    // A thousand guesses are a few lines.
    expect(entries.filter(({ what }) => what === "wrong credentials").length).toBeLessThan(30);
    const texts = [
      audit.stdout,
      server.stdout,
      server.stderr,
      ...(await textsBelow(join(root, ".lakebook"))),
    ];
    for (const secret of [...Object.values(PASSWORDS), "another password", "guess ", "typed-into"])
      for (const text of texts) expect(text.includes(secret), secret).toBe(false);
    expect((await stat(join(root, ".lakebook"))).mode & 0o777).toBe(0o700);
  });
});

describe("lakebook user, token and audit", () => {
  test.each([
    [["user", "add", "Not A Name", "--role", "viewer"], "is no name for a user"],
    [["user", "add", "max", "--role", "king"], '"king" is no role'],
    [["user", "add", "max"], "Which role is not said"],
    [["user", "add", "max", "--role", "viewer"], "8 to 1000 characters"],
    [["user", "role", "vear", "admin"], 'Did you mean "vera"?'],
    [["user", "promote", "vera"], "Usage: lakebook user"],
    [["token", "add", "--role", "viewer"], "Usage: lakebook token"],
    [["token", "add", "--role", "viewer", "--name", "x", "--expires", "soon"], '"soon" is no time'],
    [["token", "revoke", "none"], '"none" does not exist'],
    [["audit", "--month", "October"], "is no month"],
  ])("%j is wrong usage", async (args, message) => {
    const wrong = await lakebook(args, "short\n");
    expect((await wrong.ended).code).toBe(2);
    expect(wrong.stderr).toContain(message);
  });

  test("a user that exists is not added again, and keeps the password", async () => {
    const again = await lakebook(["user", "add", "vera", "--role", "admin"], "a new password\n");
    expect((await again.ended).code).toBe(1);
    expect(again.stderr).toContain('"vera" exists');
    expect((await logIn("vera", PASSWORDS.vera, "10.1.0.7")).status).toBe(204);
    const listed = await lakebook(["user", "list"]);
    expect(listed.stdout).toMatch(/vera\s+viewer/);
  });
});

async function textsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), "utf8")));
}
