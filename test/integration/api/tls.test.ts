import { execFileSync } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { get } from "node:https";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorkspace, notebook } from "./harness.js";
import { ServerProcess } from "./processes.js";

const TOKEN = "a-token-that-is-long-enough";

let root: string;
beforeAll(async () => {
  root = await createWorkspace({ "notebooks/sales.md": notebook({ "cell: orders": "SELECT 1 AS id" }) });
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe("lakebook serve with a certificate", () => {
  test("speaks https, also to other machines, and its cookies travel by nothing else", async () => {
    const [cert, key] = [join(root, "cert.pem"), join(root, "key.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    const made = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    execFileSync("openssl", ["req", ...made, "-keyout", key, "-out", cert, ...subject], { stdio: "ignore" });
    const tls = ["--tls-cert", cert, "--tls-key", key];
    const server = await ServerProcess.start(root, ["--host", "0.0.0.0", "--token", TOKEN, ...tls]);
    expect(server.url).toMatch(/^https:/);
    const ca = await readFile(cert);
    const answer = await new Promise<{ status?: number | undefined; cookies: string }>((resolve, reject) => {
      get(`${server.url}/?token=${TOKEN}`, { ca }, (response) => {
        response.resume();
        resolve({ status: response.statusCode, cookies: String(response.headers["set-cookie"]) });
      }).on("error", reject);
    });
    expect(answer.status).toBe(303);
    expect(answer.cookies).toMatch(/HttpOnly.*; Secure/);
  });
});

describe("lakebook serve behind a proxy", () => {
  test("believes it who asks and how, and slows down an address that guesses", async () => {
    const server = await ServerProcess.start(root, ["--token", TOKEN, "--behind-proxy", "127.0.0.1"]);
    const ask = (path: string, headers: Readonly<Record<string, string>>): Promise<Response> =>
      fetch(server.url + path, { headers, redirect: "manual" });
    const cookieBy = async (proto: string): Promise<string> =>
      (await ask(`/?token=${TOKEN}`, { "x-forwarded-proto": proto })).headers.get("set-cookie") ?? "";
    expect(await cookieBy("https")).toContain("; Secure");
    expect(await cookieBy("http")).not.toContain("Secure");

    const guess = (address: string, token: string): Promise<Response> =>
      ask("/api/lake", { authorization: `Bearer ${token}`, "x-forwarded-for": `9.9.9.9, ${address}` });
    const statuses: number[] = [];
    for (let count = 0; count < 10; count++)
      statuses.push((await guess("10.0.0.1", `wrong${String(count)}`)).status);
    expect(statuses.slice(0, 5)).toEqual(Array(5).fill(401));
    expect(statuses.at(-1)).toBe(429);
    const refused = await guess("10.0.0.1", TOKEN);
    expect([refused.status, Number(refused.headers.get("retry-after"))]).toEqual([429, expect.any(Number)]);
    expect((await guess("10.0.0.2", TOKEN)).status).toBe(200);
    expect(server.stderr).toContain("10.0.0.1");
  });
});
