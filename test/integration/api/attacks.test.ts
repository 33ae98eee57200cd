import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { roles, type Role } from "../../../server/base/roles.js";
import { evilStatements } from "../../support/evil-sql.js";
import { at, notebook, useApi, type Json } from "./harness.js";

const SECRET = "canary-7f3a91";
const shared = useApi({
  "notebooks/sales.md": notebook({
    "cell: orders\n--| materialize: parquet": "SELECT * FROM 'input/orders.csv'",
  }),
  "input/orders.csv": "id,city\n1,BCN\n",
});

const tokens = new Map<Role, string>();
/** By path, what none of it may read or change. */
const canaries = new Map<string, string>();

beforeAll(async () => {
  const { access, workspace } = shared.api.services;
  for (const role of roles) {
    const made = await access.tokens.add({ name: role, role, lifetimeMs: null, createdBy: "owner" });
    tokens.set(role, made.token);
  }
  const { root } = shared.api;
  await access.users.add("ada", "admin", SECRET);
  await mkdir(join(root, "elsewhere"));
  for (const path of ["elsewhere/canary.csv", "notebooks/private.txt", ".lakebook/canary.json"])
    await writeFile(join(root, path), `secret\n${SECRET}\n`);
  await symlink(join(root, "elsewhere"), join(root, "input/link"));
  await shared.api.run("sales", { materialize: true, date: "2026-10-01" });
  for (const path of await filesOf(root, [
    "elsewhere",
    "input",
    "notebooks",
    "data_lake/2026-10-01",
    ".lakebook/users",
    ".lakebook/tokens",
  ]))
    canaries.set(path, await stampOf(path));
  const own = join(root, ".lakebook/canary.json");
  canaries.set(own, await stampOf(own));
  expect(canaries.size).toBeGreaterThan(8);
  expect(workspace.root).toBe(root);
});

async function filesOf(root: string, folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders)
    for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true }))
      if (entry.isFile() && !entry.parentPath.includes("audit"))
        found.push(join(entry.parentPath, entry.name));
  return found;
}

async function stampOf(path: string): Promise<string> {
  const { mtimeMs, size, mode } = await stat(path);
  return [mtimeMs, size, mode, (await readFile(path)).toString("base64")].join(" ");
}

/** Ways to what a query must not see. */
function reading(root: string): string[] {
  const paths = [
    join(root, "elsewhere/canary.csv"),
    "elsewhere/canary.csv",
    "input/../elsewhere/canary.csv",
    "input/link/canary.csv",
    "notebooks/private.txt",
    ".lakebook/canary.json",
    ".lakebook/users/ada.json",
    ".lakebook/server.json",
    `file://${join(root, "elsewhere/canary.csv")}`,
    "/proc/self/environ",
    "~/.ssh/id_rsa",
  ];
  return paths.flatMap((path) => [
    `SELECT * FROM '${path}'`,
    `SELECT * FROM read_text('${path}')`,
    `SELECT * FROM read_csv(['input/orders.csv', '${path}'], union_by_name = true)`,
    `SELECT content FROM read_blob('${path}*')`,
  ]);
}

describe.each(roles)("as %s", (role) => {
  async function ask(path: string, body: Json): Promise<{ readonly status: number; readonly text: string }> {
    const response = await shared.api.request("POST", path, { token: tokens.get(role) ?? "", body });
    return { status: response.status, text: await response.text() };
  }

  test("no statement that is no query, and no path outside, is admitted, and nothing is told of it", async () => {
    const statements = [...evilStatements.map(([sql]) => sql), ...reading(shared.api.root)];
    const admitted: string[] = [];
    for (const sql of statements)
      for (const path of ["/api/query", "/api/notebooks/sales/query"]) {
        const { status, text } = await ask(path, { sql });
        expect(text, sql).not.toContain(SECRET);
        expect(text, sql).not.toContain(shared.api.root);
        if (status === 200) admitted.push(sql);
        else expect([400, 403, 422], `${sql}: ${text}`).toContain(status);
        if (role === "viewer") expect(status).toBe(403);
      }
    // How a query would be computed may be asked, of a query that would be admitted.
    expect([...new Set(admitted)]).toEqual(role === "viewer" ? [] : ["EXPLAIN SELECT 1"]);
  });

  test("nothing that is no notebook, input or dataset has an address", async () => {
    const paths = [
      "/api/notebooks/..%2F..%2Felsewhere%2Fcanary",
      "/api/notebooks/%2e%2e%2fprivate",
      "/api/lake/2026-10-01/..%2F..%2F.lakebook/rows",
      "/api/lake/..%2F..%2F.lakebook/canary/download",
      "/.lakebook/users/ada.json",
      "/docs/..%2F..%2F.lakebook/server.json",
      "/api/users/..%2F..%2Fserver",
      "/api/shares/..%2F..%2Fserver",
    ];
    for (const path of paths)
      for (const method of ["GET", "DELETE", "PUT"]) {
        const options = {
          token: tokens.get(role) ?? "",
          ...(method === "PUT" ? { body: { text: "x" } } : {}),
        };
        const answer = await shared.api.app.request(`http://localhost:8080${path}`, {
          method,
          headers: {
            authorization: `Bearer ${options.token}`,
            host: "localhost:8080",
            "if-match": "*",
            "content-type": "application/json",
          },
          ...(method === "PUT" ? { body: JSON.stringify({ text: "x" }) } : {}),
        });
        expect(answer.status, `${method} ${path}`).toBeGreaterThanOrEqual(400);
        expect(await answer.text()).not.toContain(SECRET);
      }
  });
});

test("an editor may save such cells, and not one of them runs", async () => {
  const cells = evilStatements
    .map(([sql]) => sql)
    .filter((sql) => !sql.includes("```") && !sql.includes("\n--|") && !sql.includes("\0"))
    .map((sql, n): [string, string] => [`cell: evil_${String(n)}`, sql]);
  const saved = await shared.api.json("PUT", "/api/notebooks/evil", {
    token: tokens.get("editor") ?? "",
    headers: { "if-none-match": "*" },
    body: { text: notebook(Object.fromEntries(cells)) },
  });
  expect(saved.body).toMatchObject({ name: "evil" });
  const problems = saved.body["diagnostics"] as Json[];
  expect(problems.length).toBeGreaterThanOrEqual(cells.length);
  const run = await shared.api.run("evil");
  expect(run.cells.length).toBe(cells.length);
  expect(run.cells.filter(({ outcome }) => outcome === "succeeded" || outcome === "reused")).toEqual([]);
  const published = await shared.api.json("POST", "/api/notebooks/evil/runs", {
    body: { materialize: true },
  });
  expect(at(published.body, "error", "code")).toBe("invalid-notebook");
});

test("what none may read or change is as it was", async () => {
  for (const [path, stamp] of canaries) expect(await stampOf(path), path).toBe(stamp);
  for (const path of ["/tmp/out.csv", "/tmp/all"]) expect(existsSync(path), path).toBe(false);
});
