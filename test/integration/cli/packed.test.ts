import { execFile, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { withWorkspace } from "../../support/workspace.js";

const checkout = resolve(import.meta.dirname, "../../..");
const execute = promisify(execFile);
const npm = (args: readonly string[], cwd: string) =>
  execute("npm", [...args, "--no-audit", "--no-fund"], { cwd, maxBuffer: 2 ** 26 });
const UNREACHABLE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|E40[13]|E50\d|ENOTCACHED/;

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

test(
  "the package installs into an empty folder without a build, and works there",
  { timeout: 300_000 },
  (context) =>
    withWorkspace(
      { "elsewhere/orders.csv": "id;price\n1;1,5\n2;2,75\n", "app/package.json": '{"private": true}' },
      async (workspace) => {
        const app = workspace.path("app");
        // What is built is what the other tests test.
        const packing = await npm(
          ["pack", "--json", "--ignore-scripts", "--pack-destination", app],
          checkout,
        );
        const [packed] = JSON.parse(packing.stdout) as Packed[];
        const paths = packed?.files.map(({ path }) => path) ?? [];
        const expected = [
          "LICENSE",
          "README.md",
          "dist/client/index.html",
          "dist/client/licenses.txt",
          "dist/server/licenses.txt",
          "dist/server/main.js",
          "dist/server/worker.js",
        ];
        expect(paths).toEqual(
          expect.arrayContaining([
            ...expected,
            "package.json",
            "server/bin/lakebook.js",
            "notebooks/customer_courier_conversations.md",
          ]),
        );
        const known =
          /^(LICENSE|README\.md|package\.json|server\/bin\/lakebook\.js|notebooks\/customer_courier_conversations\.md|client\/styles\/fonts\/.*-LICENSE\.txt|dist\/(client|server)\/.*)$/;
        expect(paths.filter((path) => !known.test(path) || /^dist\/client\/.*\.map$/.test(path))).toEqual([]);

        try {
          await npm(["install", "--prefer-offline", join(app, packed?.filename ?? "")], app);
        } catch (error) {
          if (!UNREACHABLE.test(String(error))) throw error;
          console.warn(
            "SKIPPED: the registry that npm is set to cannot be reached, so nothing was installed.",
          );
          context.skip();
        }
        const command = join(app, "node_modules/.bin/lakebook");
        const lakebook = (...args: string[]) => execute(process.execPath, [command, ...args], { cwd: app });
        const { version } = JSON.parse(await readFile(join(checkout, "package.json"), "utf8")) as {
          version: string;
        };
        expect((await lakebook("--version")).stdout).toBe(`${version}\n`);

        const opened = spawn(process.execPath, [command, "open", workspace.path("elsewhere/orders.csv")], {
          cwd: app,
          env: { ...process.env, PATH: "/nowhere" },
        });
        let output = "";
        for (const stream of [opened.stdout, opened.stderr])
          stream.on("data", (text) => (output += String(text)));
        const ended = new Promise((done) => opened.once("close", done));
        try {
          await expect.poll(() => output).toMatch(/running at http/);
          const [, origin = "", token = ""] = /running at (http:\/\/[^/]+)\/\?token=(\S+)/.exec(output) ?? [];
          const page = await (await fetch(`${origin}/`)).text();
          const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? "";
          expect((await fetch(origin + script)).status).toBe(200);
          const docs = await fetch(`${origin}/api/openapi.json`, {
            headers: { authorization: `Bearer ${token}` },
          });
          expect(docs.status).toBe(200);
        } finally {
          opened.kill("SIGTERM");
          await ended;
        }

        const root = join(app, "orders_lakebook");
        const notebook = "app/orders_lakebook/notebooks/orders.md";
        await workspace.replace(
          notebook,
          "--| cell: orders\n",
          "--| cell: orders\n--| materialize: parquet\n",
        );
        const run = await lakebook("materialize", "orders", "--workspace", root, "--json");
        expect(JSON.parse(run.stdout)).toMatchObject({
          outcome: "succeeded",
          published: [{ dataset: "orders", rows: 2 }],
        });
        const sql = "SELECT id, price FROM lake.orders";
        const query = await lakebook("query", sql, "--workspace", root, "--format", "json");
        expect(JSON.parse(query.stdout)).toMatchObject({
          rows: [
            ["1", 1.5],
            ["2", 2.75],
          ],
        });
        const sample = await lakebook("generate", "--conversations", "3", "--out", join(app, "sample"));
        expect(sample.stdout).toContain("orders.json");
      },
    ),
);
