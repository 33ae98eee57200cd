import { describe, expect, test } from "vitest";
import { ownHosts, urlOf } from "../../../server/api/http-server.js";
import { isLoopback } from "../../../server/api/addresses.js";
import { HOST, notebook, TOKEN, useApi } from "./harness.js";

const shared = useApi({ "notebooks/small.md": notebook({ "cell: one": "SELECT 1 AS n" }) });

async function status(method: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const path = method === "GET" ? "/api/notebooks" : "/api/notebooks/small/plan";
  return (await shared.api.request(method, path, { headers, ...(method === "GET" ? {} : { body: {} }) }))
    .status;
}

describe("the Host header", () => {
  test.each([
    "evil.example",
    "evil.example:8080",
    "localhost.evil.example:8080",
    "localhost:8081",
    "localhost",
    "127.0.0.1.nip.io:8080",
    "localhost:8080@evil.example",
    "",
  ])("%j is refused, login or not", async (host) => {
    expect(await status("GET", { host })).toBe(421);
    expect((await shared.api.request("GET", "/healthz", { token: null, headers: { host } })).status).toBe(
      421,
    );
  });

  test("may be written in capitals", async () => {
    expect(await status("GET", { host: "LOCALHOST:8080" })).toBe(200);
  });

  test("the server's names are those of this machine, what it is bound to, and what was allowed", () => {
    expect([...ownHosts({ host: "127.0.0.1", port: 8080 })]).toEqual([
      "localhost:8080",
      "127.0.0.1:8080",
      "[::1]:8080",
    ]);
    expect(ownHosts({ host: "lake.internal", port: 9000 })).toContain("lake.internal:9000");
    expect(ownHosts({ host: "::", port: 80 })).toContain("localhost");
    expect(ownHosts({ host: "fd00::5", port: 81 })).toContain("[fd00::5]:81");
    expect([...ownHosts({ host: "0.0.0.0", port: 8080 })]).not.toContain("0.0.0.0:8080");
    const more = ownHosts({ host: "0.0.0.0", port: 8080 }, ["Lake.example", "localhost:9999"]);
    expect(more).toContain("lake.example:8080");
    expect(more).toContain("localhost:9999");
  });

  test("the address for this machine works for every address that is listened on", () => {
    expect(urlOf({ host: "0.0.0.0", port: 1 })).toBe("http://127.0.0.1:1");
    expect(urlOf({ host: "::1", port: 2 })).toBe("http://[::1]:2");
    expect(["127.0.0.1", "127.5.6.7", "localhost", "::1"].every(isLoopback)).toBe(true);
    expect(["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.evil.example", "localhost.evil"].some(isLoopback)).toBe(
      false,
    );
  });
});

describe("requests that change something", () => {
  test.each<[expected: number, headers: Readonly<Record<string, string>>]>([
    [200, {}],
    [200, { origin: `http://${HOST}` }],
    [200, { origin: `https://${HOST}`, "sec-fetch-site": "same-origin" }],
    [200, { "sec-fetch-site": "same-origin" }],
    [403, { "sec-fetch-site": "cross-site" }],
    [403, { "sec-fetch-site": "same-site" }],
    [403, { "sec-fetch-site": "none" }],
    [403, { "sec-fetch-site": "cross-site", origin: `http://${HOST}` }],
    [403, { "sec-fetch-site": "same-origin", origin: "http://evil.example" }],
    [403, { origin: "http://localhost:8081" }],
    [403, { origin: "http://localhost" }],
    [403, { origin: `http://${HOST}.evil.example` }],
    [403, { origin: "http://127.0.0.1:8080" }],
    [403, { origin: "null" }],
    [403, { origin: "" }],
  ])("are answered with %i for %j", async (expected, headers) => {
    expect(await status("POST", headers)).toBe(expected);
  });

  test("reading is not their matter", async () => {
    expect(await status("GET", { "sec-fetch-site": "cross-site", origin: "http://evil.example" })).toBe(200);
  });

  test("no answer opens the door to another site", async () => {
    const answer = await shared.api.request("GET", "/api/lake", {
      headers: { origin: "http://evil.example" },
    });
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    expect((await shared.api.request("OPTIONS", "/api/lake", { headers: { origin: "null" } })).status).toBe(
      403,
    );
  });
});

describe("bodies", () => {
  const plan = "/api/notebooks/small/plan";

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/jsonx",
    "",
  ])("of type %j are refused", async (type) => {
    const answer = await shared.api.request("POST", plan, { body: "{}", headers: { "content-type": type } });
    expect(answer.status).toBe(415);
  });

  test("may have a charset, and may be missing", async () => {
    const headers = { "content-type": "application/json; charset=utf-8" };
    expect((await shared.api.request("POST", plan, { body: "{}", headers })).status).toBe(200);
    expect((await shared.api.request("POST", plan)).status).toBe(200);
  });

  test("without a type are refused", async () => {
    const body = new Blob(["{}"]);
    const answer = await shared.api.app.request(`http://${HOST}${plan}`, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}` },
      body,
    });
    expect(answer.status).toBe(400);
  });

  test.each([
    ["{", "The body is not valid JSON."],
    ["[]", "The body: Invalid input: expected object, received array."],
    ['{"cell":["one"]}', 'The body: Unrecognized key: "cell".'],
    ['{"cells":"one"}', 'The body has a wrong "cells": Invalid input: expected array, received string.'],
    ['{"date":"yesterday"}', '"yesterday" is not a date of the form YYYY-MM-DD.'],
    ['{"cells":["two"]}', 'Cell "two" does not exist in notebook "small".'],
    ['{"parameters":{"x":1}}', 'Parameter "x" does not exist in notebook "small".'],
  ])("%s is a usage error", async (body, message) => {
    const answer = await shared.api.json("POST", plan, { body });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: { code: "usage", message } });
  });

  test("may have 8 MB and no more, told or not", async () => {
    const body = JSON.stringify({ text: "x".repeat(8 * 1024 * 1024) });
    const told = await shared.api.json("PUT", "/api/notebooks/small", {
      body,
      headers: { "content-length": String(body.length) },
    });
    expect(told.status).toBe(413);
    expect(told.body).toMatchObject({ error: { message: "The body is larger than 8 MB." } });
    expect((await shared.api.request("PUT", "/api/notebooks/small", { body })).status).toBe(413);
  });

  test("of whoever is not logged in may have 16 kB and no more, told or not", async () => {
    const login = { token: null, body: JSON.stringify({ name: "a".repeat(17_000), password: "" }) };
    const chunked = await shared.api.json("POST", "/api/login", login);
    expect(chunked.status).toBe(413);
    expect(chunked.body).toMatchObject({ error: { message: "The body is larger than 16 kB." } });
    const headers = { "content-length": String(login.body.length) };
    expect((await shared.api.json("POST", "/api/login", { ...login, headers })).status).toBe(413);
  });
});

describe("every answer", () => {
  test.each(["/", "/healthz", "/api/lake", "/api/nothing", "/api/docs", "/assets/main-1a2b.js"])(
    "%s carries the headers that protect the browser",
    async (path) => {
      const { headers } = await shared.api.request("GET", path);
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe-eval|blob:|https?:|\*/);
      expect(policy).toMatch(/script-src 'self';/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
      expect(headers.has("strict-transport-security")).toBe(false);
    },
  );

  test("of the API is kept nowhere; a file with a hash in its name for ever", async () => {
    const get = async (path: string) => (await shared.api.request("GET", path)).headers;
    expect((await get("/api/lake")).get("cache-control")).toBe("no-store");
    expect((await get("/")).get("cache-control")).toBe("no-cache");
    expect((await get("/assets/main-1a2b.js")).get("cache-control")).toContain("immutable");
  });

  test("a file that the browser has is not sent again, and a long text is sent compressed", async () => {
    const etag = (await shared.api.request("GET", "/")).headers.get("etag") ?? "";
    expect((await shared.api.request("GET", "/", { headers: { "if-none-match": etag } })).status).toBe(304);
    const headers = { "accept-encoding": "gzip" };
    const script = await shared.api.request("GET", "/assets/main-1a2b.js", { headers });
    expect(script.headers.get("content-encoding")).toBe("gzip");
    expect((await script.arrayBuffer()).byteLength).toBeLessThan(200);
  });
});
