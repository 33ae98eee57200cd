import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { routes as described } from "../../../server/api/api.js";
import type { Route } from "../../../server/api/route.js";
import { isAtLeast, roles, type Role } from "../../../server/base/roles.js";
import { Tokens } from "../../../server/people/tokens.js";
import { requireDescribed } from "./described.js";
import { at, notebook, TOKEN, useApi } from "./harness.js";

/**
 * Who may ask each route, and what it answers to them. Whoever is none of them, or shows what opens nothing, gets 401; a role
 * below, 403. A route that is not in this table fails the test: whoever adds one decides here who may use it.
 */
const table: Readonly<Record<string, readonly [path: string, least: Role | "public", status: number]>> = {
  "GET /": ["/", "public", 200],
  "GET /index.html": ["/index.html", "public", 200],
  "GET /assets/main-1a2b.js": ["/assets/main-1a2b.js", "public", 200],
  "GET /healthz": ["/healthz", "public", 200],
  "GET /readyz": ["/readyz", "public", 503],
  "GET /metrics": ["/metrics", "viewer", 200],
  "GET /api/version": ["/api/version", "viewer", 200],
  "GET /api/notebooks": ["/api/notebooks", "viewer", 200],
  "GET /api/notebooks/:name": ["/api/notebooks/small", "viewer", 200],
  "PUT /api/notebooks/:name": ["/api/notebooks/small", "editor", 428],
  "GET /api/notebooks/:name/history": ["/api/notebooks/small/history", "viewer", 200],
  "GET /api/notebooks/:name/history/:entry": ["/api/notebooks/small/history/absent", "viewer", 404],
  "GET /api/notebooks/:name/history/:entry/diff": ["/api/notebooks/small/history/absent/diff", "viewer", 404],
  "POST /api/notebooks/:name/history/:entry/restore": [
    "/api/notebooks/small/history/absent/restore",
    "editor",
    400,
  ],
  "POST /api/notebooks/:name/runs": ["/api/notebooks/absent/runs", "runner", 404],
  "POST /api/notebooks/:name/plan": ["/api/notebooks/small/plan", "viewer", 200],
  "POST /api/notebooks/:name/explore": ["/api/notebooks/absent/explore", "viewer", 404],
  "GET /api/notebooks/:name/resumable": ["/api/notebooks/small/resumable", "viewer", 200],
  "GET /api/notebooks/:name/events": ["/api/notebooks/small/events", "viewer", 200],
  "POST /api/notebooks/:name/presence": ["/api/notebooks/small/presence", "viewer", 400],
  "GET /api/events": ["/api/events", "viewer", 200],
  "GET /api/input": ["/api/input", "viewer", 200],
  "POST /api/notebooks/:name/cells/:cell/derive": ["/api/notebooks/small/cells/one/derive", "runner", 404],
  "POST /api/notebooks/:name/cells/:cell/summary": ["/api/notebooks/small/cells/one/summary", "runner", 400],
  "GET /api/spark": ["/api/spark", "runner", 200],
  "POST /api/input/look": ["/api/input/look", "runner", 400],
  "GET /api/schedules": ["/api/schedules", "viewer", 200],
  "GET /api/notebooks/:name/schedule": ["/api/notebooks/small/schedule", "viewer", 404],
  "POST /api/notebooks/:name/schedule/draft": ["/api/notebooks/small/schedule/draft", "editor", 200],
  "POST /api/notebooks/:name/schedule/pause": ["/api/notebooks/small/schedule/pause", "runner", 404],
  "POST /api/notebooks/:name/schedule/resume": ["/api/notebooks/small/schedule/resume", "runner", 404],
  "POST /api/notebooks/:name/schedule/run": ["/api/notebooks/small/schedule/run", "runner", 404],
  "GET /api/notebooks/:name/calendar": [
    "/api/notebooks/small/calendar?from=2026-01-01&to=2026-02-01",
    "viewer",
    200,
  ],
  "POST /api/notebooks/:name/backfills": ["/api/notebooks/small/backfills", "runner", 400],
  "GET /api/backfills": ["/api/backfills", "viewer", 200],
  "GET /api/backfills/:id": ["/api/backfills/b20261129-120000-0000", "viewer", 404],
  "POST /api/backfills/:id/cancel": ["/api/backfills/b20261129-120000-0000/cancel", "runner", 404],
  "GET /api/notebooks/:name/cells/:cell/rows": ["/api/notebooks/small/cells/one/rows", "viewer", 404],
  "GET /api/notebooks/:name/cells/:cell/value": [
    "/api/notebooks/small/cells/one/value?row=0&column=n",
    "viewer",
    404,
  ],
  "GET /api/notebooks/:name/cells/:cell/download": ["/api/notebooks/small/cells/one/download", "viewer", 404],
  "GET /api/notebooks/:name/trends": ["/api/notebooks/small/trends", "viewer", 200],
  "GET /api/notebooks/:name/cells/:cell/suggestions": [
    "/api/notebooks/small/cells/one/suggestions",
    "viewer",
    404,
  ],
  "GET /api/notebooks/:name/cells/:cell/profile": ["/api/notebooks/small/cells/one/profile", "viewer", 404],
  "GET /api/notebooks/:name/cells/:cell/diff": ["/api/notebooks/small/cells/one/diff", "viewer", 404],
  "GET /api/notebooks/:name/lineage": ["/api/notebooks/small/lineage", "viewer", 200],
  "GET /api/notebooks/:name/cells/:cell/lineage": [
    "/api/notebooks/small/cells/absent/lineage?column=n",
    "viewer",
    404,
  ],
  "GET /api/notebooks/:name/cells/:cell/chart": ["/api/notebooks/small/cells/one/chart", "viewer", 404],
  "POST /api/notebooks/:name/chart": ["/api/notebooks/small/chart", "viewer", 400],
  "GET /api/notebooks/:name/inputs/:cell/options": ["/api/notebooks/small/inputs/one/options", "viewer", 404],
  "POST /api/query": ["/api/query", "runner", 400],
  "POST /api/notebooks/:name/query": ["/api/notebooks/small/query", "runner", 400],
  "POST /api/notebooks/:name/live": ["/api/notebooks/small/live", "runner", 400],
  "POST /api/notebooks/:name/cells/:cell/sql": ["/api/notebooks/small/cells/one/sql", "runner", 200],
  "POST /api/notebooks/:name/cells/:cell/plan": ["/api/notebooks/small/cells/one/plan", "runner", 200],
  "POST /api/notebooks/:name/cells/:cell/test": ["/api/notebooks/small/cells/one/test", "editor", 200],
  "GET /api/notebooks/:name/tests": ["/api/notebooks/small/tests", "viewer", 200],
  "POST /api/notebooks/:name/tests": ["/api/notebooks/small/tests", "runner", 200],
  "POST /api/notebooks/:name/rename": ["/api/notebooks/small/rename", "editor", 400],
  "GET /api/alerts": ["/api/alerts", "admin", 200],
  "POST /api/alerts/test": ["/api/alerts/test", "admin", 200],
  "POST /api/notebooks/:name/shares": ["/api/notebooks/absent/shares", "editor", 404],
  "GET /api/notebooks/:name/shares": ["/api/notebooks/small/shares", "editor", 200],
  "DELETE /api/shares/:id": ["/api/shares/0123456789abcdef", "editor", 404],
  "GET /api/notebooks/:name/export": ["/api/notebooks/small/export?format=md", "viewer", 200],
  "POST /api/notebooks/:name/duplicate": ["/api/notebooks/absent/duplicate", "editor", 404],
  "POST /api/notebooks/:name/move": ["/api/notebooks/small/move", "editor", 400],
  "DELETE /api/notebooks/:name": ["/api/notebooks/absent", "editor", 404],
  "POST /api/trash/:id/restore": ["/api/trash/0123456789abcdef/restore", "editor", 404],
  "POST /api/notebooks/import": ["/api/notebooks/import", "editor", 400],
  "PUT /api/input/:name": ["/api/input/a.csv", "editor", 400],
  "GET /s/:token": ["/s/abc", "public", 404],
  "GET /api/vocabulary": ["/api/vocabulary", "viewer", 200],
  "GET /api/runs": ["/api/runs", "viewer", 200],
  "GET /api/runs/:id": ["/api/runs/20260101-000000-000000", "viewer", 404],
  "GET /api/runs/:id/outdated": ["/api/runs/20260101-000000-000000/outdated", "viewer", 404],
  "POST /api/runs/:id/cancel": ["/api/runs/20260101-000000-000000/cancel", "runner", 404],
  "POST /api/runs/:id/retry": ["/api/runs/20260101-000000-000000/retry", "runner", 404],
  "GET /api/lake": ["/api/lake", "viewer", 200],
  "POST /api/lake/verify": ["/api/lake/verify", "runner", 200],
  "POST /api/lake/vacuum": ["/api/lake/vacuum", "admin", 200],
  "GET /api/lake/:date/:dataset": ["/api/lake/latest/absent", "viewer", 404],
  "GET /api/lake/:date/:dataset/download": ["/api/lake/latest/absent/download", "viewer", 404],
  "GET /api/lake/:date/:dataset/value": ["/api/lake/latest/absent/value?row=0&column=n", "viewer", 404],
  "GET /api/lake/:date/:dataset/profile": ["/api/lake/latest/absent/profile", "viewer", 404],
  "GET /api/lake/:date/:dataset/rows": ["/api/lake/latest/absent/rows", "viewer", 404],
  "GET /api/lake/versions": ["/api/lake/versions", "viewer", 200],
  "GET /api/lake/diff": ["/api/lake/diff?dataset=absent&from=latest&to=draft", "viewer", 404],
  "POST /api/lake/rollback": ["/api/lake/rollback", "admin", 400],
  "GET /api/notebooks/:name/proposals": ["/api/notebooks/small/proposals", "viewer", 200],
  "POST /api/notebooks/:name/proposals": ["/api/notebooks/small/proposals", "runner", 400],
  "DELETE /api/notebooks/:name/proposals/:id/cells/:cell": [
    "/api/notebooks/small/proposals/0123456789abcdef/cells/one?decision=rejected",
    "editor",
    404,
  ],
  "POST /api/agents/acts": ["/api/agents/acts", "viewer", 400],
  "GET /api/lake/tags": ["/api/lake/tags", "viewer", 200],
  "POST /api/lake/tags": ["/api/lake/tags", "runner", 400],
  "POST /api/lake/tags/delete": ["/api/lake/tags/delete", "runner", 400],
  "GET /api/backup": ["/api/backup", "admin", 200],
  "GET /api/openapi.json": ["/api/openapi.json", "viewer", 200],
  "GET /api/docs": ["/api/docs", "viewer", 200],
  "POST /api/login": ["/api/login", "public", 400],
  "POST /api/logout": ["/api/logout", "viewer", 204],
  "GET /api/me": ["/api/me", "viewer", 200],
  "PUT /api/me/password": ["/api/me/password", "viewer", 400],
  "GET /api/users": ["/api/users", "admin", 200],
  "POST /api/users": ["/api/users", "admin", 400],
  "PUT /api/users/:user": ["/api/users/absent", "admin", 404],
  "DELETE /api/users/:user": ["/api/users/absent", "admin", 404],
  "GET /api/tokens": ["/api/tokens", "admin", 200],
  "POST /api/tokens": ["/api/tokens", "admin", 400],
  "DELETE /api/tokens/:id": ["/api/tokens/0123456789abcdef", "admin", 404],
  "GET /api/shares": ["/api/shares", "admin", 200],
  "GET /api/audit": ["/api/audit", "admin", 200],
};

const PASSWORD = "correct horse battery";

const shared = useApi({ "notebooks/small.md": notebook({ "cell: one": "SELECT 1 AS n" }) });

function registered(): string[] {
  const found = shared.api.app.routes.filter((route) => route.method !== "ALL");
  return found.map((route) => `${route.method} ${route.path}`);
}

describe("who may use which route", () => {
  test("every route is in the table, and nothing else", () => {
    expect(registered().sort()).toEqual(Object.keys(table).sort());
  });

  describe("by what is shown", () => {
    const shown = new Map<string, string>();
    beforeAll(async () => {
      const { access, workspace } = shared.api.services;
      for (const role of roles) {
        const made = await access.tokens.add({
          name: `by-${role}`,
          role,
          lifetimeMs: null,
          createdBy: "owner",
        });
        shown.set(role, `Bearer ${made.token}`);
        await access.users.add(`${role}-user`, role, PASSWORD);
        const session = await access.users.logIn(`${role}-user`, PASSWORD);
        shown.set(`${role} by name`, access.sessions.create(session));
      }
      const now = { at: Date.now() - 1000 };
      const past = new Tokens(workspace.state, () => now.at);
      const expired = await past.add({ name: "expired", role: "admin", lifetimeMs: 1, createdBy: "owner" });
      shown.set("expired", `Bearer ${expired.token}`);
      const revoked = await access.tokens.add({
        name: "revoked",
        role: "admin",
        lifetimeMs: null,
        createdBy: "owner",
      });
      await access.tokens.revoke(revoked.entry.id);
      shown.set("revoked", `Bearer ${revoked.token}`);
      const old = access.sessions.create(undefined);
      access.sessions.revoke(old);
      shown.set("ended session", old);
      const share = await shared.api.json("POST", "/api/notebooks/small/shares", { body: {} });
      shown.set("share token", `Bearer ${String(share.body["url"]).slice("/s/".length)}`);
    });

    async function status(method: string, path: string, what: string): Promise<number> {
      const secret = shown.get(what) ?? what;
      const headers = secret.startsWith("Bearer")
        ? { authorization: secret }
        : { cookie: `lakebook-8080=${secret}` };
      const response = await shared.api.request(method, path, { token: null, headers });
      await response.body?.cancel();
      return response.status;
    }

    const strangers = ["", "Bearer wrong", "expired", "revoked", "ended session", "share token"];
    test.each(Object.entries(table))("%s", async (route, [path, least, right]) => {
      const [method = ""] = route.split(" ");
      const expected: Record<string, number> = {};
      const found: Record<string, number> = {};
      const ask = async (what: string, status_: number): Promise<void> => {
        expected[what] = status_;
        found[what] = await status(method, path, what);
      };
      for (const what of strangers) await ask(what, least === "public" ? right : 401);
      for (const role of roles) {
        const mayAsk = least === "public" || isAtLeast(role, least);
        await ask(role, mayAsk ? right : 403);
        // A session that logs out is gone.
        if (route !== "POST /api/logout") await ask(`${role} by name`, mayAsk ? right : 403);
      }
      expect(found).toEqual(expected);
    });
  });

  test("what is not there is told only to those who are logged in", async () => {
    for (const path of ["/api/nothing", "/nothing", "/.lakebook/server.json", "/api"]) {
      expect((await shared.api.request("GET", path, { token: null })).status).toBe(401);
      expect((await shared.api.request("GET", path)).status).toBe(404);
    }
  });

  test("a link that nobody made is not found, and takes nothing but GET", async () => {
    expect((await shared.api.request("GET", "/s/abc", { token: null })).status).toBe(404);
    expect((await shared.api.request("POST", "/s/abc", { token: null })).status).toBe(401);
  });

  test("an answer to an unknown visitor is an error like any other", async () => {
    const { body, headers } = await shared.api.json("GET", "/api/lake", { token: null });
    expect(body).toMatchObject({ error: { code: "unauthorized" } });
    expect(headers.get("www-authenticate")).toBe("Bearer");
    expect(headers.get("cache-control")).toBeNull();
  });
});

describe("the address with the token", () => {
  test("gives the browser a session and takes the token out of the address", async () => {
    const answer = await shared.api.request("GET", `/?token=${TOKEN}`, { token: null });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe("/");
    const cookie = answer.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^lakebook-8080=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/);
    const session = cookie.split(";")[0] ?? "";
    const headers = { cookie: session };
    expect((await shared.api.request("GET", "/api/lake", { token: null, headers })).status).toBe(200);
  });

  test("opens nothing with a wrong token", async () => {
    const answer = await shared.api.request("GET", "/?token=wrong", { token: null });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(await answer.text()).toContain("<title>Lakebook");
  });

  test("a session that was revoked, or never given, is none", async () => {
    const { sessions } = shared.api.services.access;
    const id = sessions.create();
    const status = async (value: string): Promise<number> => {
      const headers = { cookie: `lakebook-8080=${value}` };
      return (await shared.api.request("GET", "/api/lake", { token: null, headers })).status;
    };
    expect(await status(id)).toBe(200);
    sessions.revoke(id);
    expect(await status(id)).toBe(401);
    expect(await status("invented")).toBe(401);
    expect(await status(TOKEN)).toBe(401);
  });
});

describe("the description of the API", () => {
  test("has every route of the API, and none that is not there", () => {
    const own = registered().filter(
      (route) =>
        route.includes("/api/") || /\/(healthz|readyz|metrics)$/.test(route) || route.includes("/s/"),
    );
    const known = described.map(
      ({ method, path }) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`,
    );
    expect(known.sort()).toEqual(own.sort());
  });

  test("tells the versions of the product and of its engine", async () => {
    const { body } = await shared.api.json("GET", "/api/version");
    const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
    const { version } = JSON.parse(text) as { readonly version: string };
    expect(body).toEqual({ version, engine: shared.api.services.engine.version });
    expect(body["engine"]).toMatch(/^duckdb \d/);
  });

  test("declares each answer in JSON by a schema", () => {
    const bare = described.filter(
      (route: Route) =>
        route.type === undefined && route.success[2] === undefined && route.success[0] !== 204,
    );
    expect(bare.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  test("holds what a route answers to its schema, fields that nobody declared too", async () => {
    const answer = (body: unknown): Promise<void> => requireDescribed("GET", "/healthz", Response.json(body));
    await answer({ status: "ok", id: "here" });
    await expect(answer({ status: "ok", id: "here", more: 1 })).rejects.toThrow("GET /healthz, 200");
    await expect(answer({ status: "ok" })).rejects.toThrow("id");
  });

  test("tells both statuses of a save", async () => {
    const { body } = await shared.api.json("GET", "/api/openapi.json");
    const responses = at(body, "paths", "/api/notebooks/{name}", "put", "responses");
    expect(Object.keys(responses as object)).toEqual(expect.arrayContaining(["200", "201", "412", "428"]));
  });

  test("is OpenAPI with the schemas that the routes read with", async () => {
    const { body } = await shared.api.json("GET", "/api/openapi.json");
    expect(body["openapi"]).toBe("3.1.0");
    const run = at(body, "paths", "/api/notebooks/{name}/runs", "post");
    const schema = at(run, "requestBody", "content", "application/json", "schema");
    expect(Object.keys(at(schema, "properties") as object)).toEqual([
      "date",
      "parameters",
      "cells",
      "force",
      "input",
      "materialize",
      "removes",
      "strict",
      "alerts",
      "test",
    ]);
    expect(schema).toMatchObject({ additionalProperties: false });
    const rows = at(body, "paths", "/api/notebooks/{name}/cells/{cell}/rows", "get");
    const names = (at(rows, "parameters") as readonly { name: string }[]).map((parameter) => parameter.name);
    expect(names).toEqual([
      "name",
      "cell",
      "offset",
      "limit",
      "sort",
      "filter",
      "picked",
      "run",
      "result",
      "check",
    ]);
  });

  test("reads well for people, without a script", async () => {
    const page = await (await shared.api.request("GET", "/api/docs")).text();
    expect(page).not.toMatch(/<script/i);
    for (const { path } of described) expect(page).toContain(path);
  });
});
