import type { HttpBindings } from "@hono/node-server";
import { beforeAll, describe, expect, test } from "vitest";
import { readAudit } from "../../../server/people/audit-log.js";
import { Api, at, HOST, notebook, TOKEN, useApi, type Answer, type Json } from "./harness.js";

const PASSWORD = "correct horse battery";
const shared = useApi({
  "notebooks/small.md": notebook({ "cell: one\n--| materialize: parquet": "SELECT 1 AS n" }),
});

async function logIn(name: string, password = PASSWORD): Promise<Response> {
  return shared.api.request("POST", "/api/login", { token: null, body: { name, password } });
}

/** Asks as a browser that has logged in by name. */
async function as(
  name: string,
  method: string,
  path: string,
  options: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer<Json>> {
  const cookie = await cookieOf(name);
  const headers = { cookie, ...options.headers };
  const response = await shared.api.request(method, path, { ...options, token: null, headers });
  const text = await response.text();
  const body = text === "" ? {} : (JSON.parse(text) as Json);
  return { status: response.status, headers: response.headers, body };
}

const cookies = new Map<string, string>();
async function cookieOf(name: string): Promise<string> {
  const known = cookies.get(name);
  if (known !== undefined) return known;
  const cookie = ((await logIn(name)).headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  cookies.set(name, cookie);
  return cookie;
}

const audited = (what: string) => readAudit(shared.api.services.workspace.state, { what, limit: 100 });

beforeAll(async () => {
  const { users } = shared.api.services.access;
  for (const [name, role] of [
    ["vera", "viewer"],
    ["rob", "runner"],
    ["eva", "editor"],
    ["ada", "admin"],
  ] as const)
    await users.add(name, role, PASSWORD);
});

describe("logging in", () => {
  test("gives a cookie that scripts and other sites never see", async () => {
    const answer = await logIn(" Vera ");
    expect(answer.status).toBe(204);
    expect(answer.headers.get("set-cookie")).toMatch(
      /^lakebook-8080=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/,
    );
  });

  test("tells whoever asks who it is and what is allowed", async () => {
    expect((await as("vera", "GET", "/api/me")).body).toEqual({
      name: "vera",
      kind: "user",
      role: "viewer",
      can: ["read"],
      workspace: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    });
    const { body } = await shared.api.json("GET", "/api/me");
    expect(body).toMatchObject({ name: "owner", kind: "owner", role: "admin" });
  });

  test("says the same of a wrong name and of a wrong password, and nothing of what was typed", async () => {
    const texts = await Promise.all(
      [await logIn("vera", "wrong password"), await logIn("my-secret-1", "x")].map((answer) => answer.text()),
    );
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).not.toContain("secret");
    expect(shared.api.log.join("\n")).not.toMatch(/wrong password/);
  });

  test("is refused to who is not logged in in words that say how", async () => {
    const { body } = await shared.api.json("GET", "/api/lake", { token: null });
    expect(at(body, "error", "details")).toEqual({ login: "name" });
  });

  test("ends by logging out, for that browser alone", async () => {
    const cookie = ((await logIn("eva")).headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const status = async (): Promise<number> =>
      (await shared.api.request("GET", "/api/me", { token: null, headers: { cookie } })).status;
    expect(await status()).toBe(200);
    const out = await shared.api.request("POST", "/api/logout", {
      token: null,
      headers: { cookie },
      body: {},
    });
    expect(out.status).toBe(204);
    expect(out.headers.get("set-cookie")).toContain("Max-Age=0");
    expect(await status()).toBe(401);
    expect((await as("eva", "GET", "/api/me")).status).toBe(200);
  });

  test("another site's page cannot do it for somebody", async () => {
    const answer = await shared.api.request("POST", "/api/login", {
      token: null,
      body: { name: "vera", password: PASSWORD },
      headers: { origin: "https://evil.example" },
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.get("set-cookie")).toBeNull();
  });
});

describe("a person", () => {
  test("is named by the run, the publication and the audit log", async () => {
    const { status, body } = await as("rob", "POST", "/api/notebooks/small/runs", {
      body: { materialize: true, date: "2026-10-01" },
    });
    expect(status).toBe(202);
    expect(await shared.api.ended(String(body["id"]))).toMatchObject({ by: "rob", outcome: "succeeded" });
    const { body: versions } = await shared.api.json("GET", "/api/lake/versions");
    expect(at(versions, "versions", "0")).toMatchObject({ by: "rob", runDate: "2026-10-01" });
    expect(await audited("materialize")).toMatchObject([
      { who: "rob", notebook: "small", run: body["id"], date: "2026-10-01" },
    ]);
  });

  test("who is refused something is told which role it needs, and the log has it", async () => {
    const { status, body } = await as("vera", "PUT", "/api/notebooks/small", {
      body: { text: "x" },
      headers: { "if-match": "*" },
    });
    expect(status).toBe(403);
    expect(body).toMatchObject({
      error: { code: "forbidden", details: { needs: "editor", role: "viewer" } },
    });
    expect(await audited("refused")).toMatchObject([
      { who: "vera", method: "PUT", path: "/api/notebooks/small", notebook: "small" },
    ]);
  });

  test("who is refused a thousand times fills no log", async () => {
    const before = (await audited("refused")).length;
    for (let n = 0; n < 1000; n++) await as("rob", "GET", "/api/users");
    const lines = (await audited("refused")).slice(0, -before);
    expect(lines.length).toBeLessThan(20);
    expect(lines[0]).toMatchObject({ who: "rob", count: 512 });
  });

  test("says what an agent did, and never looks like what the server saw", async () => {
    const act = {
      agent: "claude for ada",
      from: "10.9.8.7",
      tool: "add user",
      error: { code: "x", message: "m".repeat(2000) },
    };
    const tell = async (): Promise<number> =>
      (await as("vera", "POST", "/api/agents/acts", { body: act })).status;
    expect(await tell()).toBe(200);
    const listed = await as("vera", "GET", "/api/users");
    expect(at(listed.body, "error", "hint")).toContain("lakebook user role");
    const { token } = await shared.api.services.access.tokens.add({
      name: "small",
      role: "viewer",
      lifetimeMs: null,
      createdBy: "owner",
    });
    const byToken = await shared.api.json("GET", "/api/users", { token });
    expect(at(byToken.body, "error", "hint")).toContain("lakebook token add");
    const [line] = await audited("agent says");
    expect(line).toMatchObject({
      who: "agent claude for ada for vera",
      from: "here",
      agentFrom: "10.9.8.7",
      tool: "add user",
    });
    expect(JSON.stringify(line).length).toBeLessThan(1000);
    const statuses = new Set<number>();
    for (let n = 0; n < 300; n++) statuses.add(await tell());
    expect(statuses).toEqual(new Set([200, 429]));
    const before = (await audited("log out")).length;
    expect((await shared.api.request("POST", "/api/logout", { body: {} })).status).toBe(204);
    expect((await audited("log out")).length).toBe(before);
  });

  test("closes the own links, whichever agent made them, and an admin all of them", async () => {
    const made = await as("eva", "POST", "/api/notebooks/small/shares", { body: {} });
    const byAgent = await as("eva", "POST", "/api/notebooks/small/shares", {
      body: {},
      headers: { "lakebook-agent": "claude" },
    });
    expect((await as("eva", "DELETE", `/api/shares/${String(byAgent.body["id"])}`)).status).toBe(200);
    const other = await shared.api.json("POST", "/api/notebooks/small/shares", { body: {} });
    expect(made.body).toMatchObject({ by: "eva" });
    expect((await as("eva", "DELETE", `/api/shares/${String(other.body["id"])}`)).status).toBe(403);
    expect((await as("eva", "DELETE", `/api/shares/${String(made.body["id"])}`)).status).toBe(200);
    expect((await as("ada", "DELETE", `/api/shares/${String(other.body["id"])}`)).status).toBe(200);
    expect((await as("ada", "GET", "/api/shares")).body).toEqual({ shares: [] });
  });

  test("may choose another password, which ends the other sessions", async () => {
    await shared.api.services.access.users.add("zoe", "viewer", PASSWORD);
    const elsewhere = ((await logIn("zoe")).headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const wrong = await as("zoe", "PUT", "/api/me/password", {
      body: { current: "not this one", password: "another horse" },
    });
    expect(wrong.status).toBe(401);
    const changed = await as("zoe", "PUT", "/api/me/password", {
      body: { current: PASSWORD, password: "another horse" },
    });
    expect(changed.status).toBe(204);
    const gone = { token: null, headers: { cookie: elsewhere } };
    expect((await shared.api.request("GET", "/api/me", gone)).status).toBe(401);
    expect((await logIn("zoe")).status).toBe(401);
    expect((await logIn("zoe", "another horse")).status).toBe(204);
    const byToken = { body: { current: TOKEN, password: "another horse" } };
    expect((await shared.api.request("PUT", "/api/me/password", byToken)).status).toBe(400);
  });
});

describe("an admin", () => {
  test("adds users, changes their roles and shuts them out", async () => {
    const added = await as("ada", "POST", "/api/users", {
      body: { name: "max", role: "viewer", password: PASSWORD },
    });
    expect(added.status).toBe(201);
    expect(added.body).not.toHaveProperty("password");
    expect((await as("max", "POST", "/api/query", { body: { sql: "SELECT 1" } })).status).toBe(403);
    await as("ada", "PUT", "/api/users/max", { body: { role: "runner" } });
    expect((await as("max", "POST", "/api/query", { body: { sql: "SELECT 1" } })).status).toBe(200);
    await as("ada", "PUT", "/api/users/max", { body: { isDisabled: true } });
    expect((await as("max", "GET", "/api/me")).status).toBe(401);
    expect((await as("ada", "DELETE", "/api/users/max")).status).toBe(204);
    const log = JSON.stringify([...(await audited("add user")), ...(await audited("change user"))]);
    expect(log).toContain("max");
    expect(log).not.toContain(PASSWORD);
  });

  test("shuts out also those whose request began before, and ends later", async () => {
    const { users } = shared.api.services.access;
    await users.add("sue", "editor", PASSWORD);
    const slow = (text: string): ReadableStream<Uint8Array> => {
      const parts = [text.slice(0, 3), text.slice(3)].map((part) => new TextEncoder().encode(part));
      return new ReadableStream(
        {
          pull: async (controller) => {
            if (parts.length === 1) await users.change("sue", { isDisabled: true });
            const part = parts.shift();
            if (part === undefined) controller.close();
            else controller.enqueue(part);
          },
        },
        { highWaterMark: 0 },
      );
    };
    for (const [path, type, text] of [
      ["/api/notebooks/late", "application/json", JSON.stringify({ text: "# late" })],
      ["/api/input/late.csv", "text/csv", "a,b\n1,2\n"],
    ] as const) {
      await users.change("sue", { isDisabled: false });
      cookies.delete("sue");
      const init = {
        method: "PUT",
        headers: { cookie: await cookieOf("sue"), "content-type": type, "if-none-match": "*" },
        body: slow(text),
        duplex: "half",
      };
      const answer = await shared.api.app.request(`http://${HOST}${path}`, init);
      expect(answer.status, path).toBe(401);
    }
    expect((await shared.api.request("GET", "/api/notebooks/late")).status).toBe(404);
    const { body } = await shared.api.json("GET", "/api/input");
    expect(body).toEqual({ files: [] });
  });

  test("cannot take the own role away", async () => {
    for (const body of [{ role: "editor" }, { isDisabled: true }])
      expect((await as("ada", "PUT", "/api/users/ada", { body })).status).toBe(409);
    expect((await as("ada", "DELETE", "/api/users/ada")).status).toBe(409);
    expect((await as("ada", "GET", "/api/me")).body["role"]).toBe("admin");
  });

  test("makes a token that acts with its own role and name, until it is revoked", async () => {
    const made = await as("ada", "POST", "/api/tokens", { body: { name: "ci", role: "runner" } });
    expect(made.status).toBe(201);
    const token = String(made.body["token"]);
    expect((await shared.api.json("GET", "/api/me", { token })).body).toMatchObject({
      name: "ci",
      kind: "token",
      role: "runner",
    });
    const listed = await as("ada", "GET", "/api/tokens");
    expect(JSON.stringify(listed.body)).not.toContain(token);
    expect((await as("ada", "DELETE", `/api/tokens/${String(at(made.body, "entry", "id"))}`)).status).toBe(
      204,
    );
    expect((await shared.api.request("GET", "/api/me", { token })).status).toBe(401);
  });

  test("who is demoted and removed leaves no token and no link behind that open more", async () => {
    const { users } = shared.api.services.access;
    await users.add("amy", "admin", PASSWORD);
    const { body: token } = await as("amy", "POST", "/api/tokens", { body: { name: "amys", role: "admin" } });
    const { body: link } = await as("amy", "POST", "/api/notebooks/small/shares", { body: {} });
    const list = async (): Promise<number> =>
      (await shared.api.request("GET", "/api/users", { token: String(token["token"]) })).status;
    const open = async (): Promise<number> =>
      (await shared.api.request("GET", String(link["url"]), { token: null })).status;
    expect([await list(), await open()]).toEqual([200, 200]);
    await users.change("amy", { role: "viewer" });
    expect([await list(), await open()]).toEqual([403, 404]);
    expect((await as("ada", "DELETE", "/api/users/amy")).status).toBe(204);
    expect(await list()).toBe(401);
    expect(JSON.stringify((await as("ada", "GET", "/api/tokens")).body)).not.toContain("amys");
    expect((await audited("remove user"))[0]).toMatchObject({ user: "amy", tokens: ["amys"], shares: 1 });
  });

  test("by a token too, leaves the last admin", async () => {
    const ops = { name: "ops", role: "admin", lifetimeMs: null, createdBy: "owner" } as const;
    const { token } = await shared.api.services.access.tokens.add(ops);
    const ask = async (method: string, body?: unknown): Promise<number> =>
      (await shared.api.request(method, "/api/users/ada", { token, body })).status;
    expect(await ask("PUT", { role: "viewer" })).toBe(409);
    expect(await ask("PUT", { isDisabled: true })).toBe(409);
    expect(await ask("DELETE")).toBe(409);
    expect(await ask("PUT", { role: "admin" })).toBe(200);
  });

  test("reads who did what, and nobody else does", async () => {
    const { body } = await as("ada", "GET", "/api/audit?who=rob&limit=5");
    expect(at(body, "entries", "0")).toMatchObject({ who: "rob" });
    expect((await as("eva", "GET", "/api/audit")).status).toBe(403);
  });
});

test("two hundred at once of every role get their own answers", async () => {
  const names = ["vera", "rob", "eva", "ada"];
  for (const name of names) await cookieOf(name);
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, n) => as(names[n % names.length] ?? "", "GET", "/api/me")),
  );
  answers.forEach(({ body }, n) => {
    expect(body["name"]).toBe(names[n % names.length]);
  });
});

describe("the owner of a server that has its first user", () => {
  test("is shut out elsewhere, and must leave an admin behind", async () => {
    const api = await Api.open({ "notebooks/small.md": notebook({ "cell: one": "SELECT 1 AS n" }) });
    Object.assign(api.services.access, { isTokenChosen: false });
    const ask = async (address: string, path: string, body?: Json, headers = {}): Promise<Response> =>
      api.app.request(
        `http://${HOST}${path}`,
        {
          method: body === undefined ? "GET" : "POST",
          headers: { "content-type": "application/json", ...headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        },
        { incoming: { socket: { remoteAddress: address } } as unknown as HttpBindings["incoming"] },
      );
    const cookieAt = async (address: string): Promise<Json> => {
      const answer = await ask(address, `/?token=${TOKEN}`);
      return { cookie: (answer.headers.get("set-cookie") ?? "").split(";")[0] };
    };
    const [there, here] = [await cookieAt("10.1.0.1"), await cookieAt("127.0.0.1")];
    const user = { name: "ada", role: "viewer", password: PASSWORD };
    expect((await ask("10.1.0.1", "/api/users", user, there)).status).toBe(400);
    expect((await ask("10.1.0.1", "/api/users", { ...user, role: "admin" }, there)).status).toBe(201);
    expect((await ask("10.1.0.1", "/api/me", undefined, there)).status).toBe(401);
    expect((await ask("127.0.0.1", "/api/me", undefined, here)).status).toBe(200);
    await api.close();
  });
});
