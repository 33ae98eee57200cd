import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test, type TestContext } from "vitest";
import { createWorkspace, removeWorkspace, type TestWorkspace } from "../../support/workspace.js";

const checkout = resolve(import.meta.dirname, "../../..");
const execute = promisify(execFile);
const npm = (args: readonly string[], cwd: string) =>
  execute("npm", [...args, "--no-audit", "--no-fund"], { cwd, maxBuffer: 2 ** 26 });
const UNREACHABLE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|E40[13]|E50\d|ENOTCACHED/;
const MAX_INSTALLED_BYTES = 120 * 1024 * 1024;
/** Beside the one that runs the tests. They are kept for the next time. */
const otherNodes = [22, 24] as const;
const nodesFolder = join(checkout, "node_modules/.cache/nodes");

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}
interface Manifest {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
}

const readManifest = async (folder: string) =>
  JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;

/** False, said aloud, where the registry cannot be reached. */
async function install(args: readonly string[], cwd: string, what: string): Promise<string | false> {
  try {
    const { stdout, stderr } = await npm(["install", "--prefer-offline", ...args], cwd);
    return stdout + stderr;
  } catch (error) {
    if (!UNREACHABLE.test(String(error))) throw error;
    console.warn(`SKIPPED: the registry that npm is set to cannot be reached, so ${what} was not tried.`);
    return false;
  }
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(entries.map(async (entry) => (await lstat(join(folder, entry))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

describe("the package", { timeout: 300_000 }, () => {
  let workspace: TestWorkspace;
  let app: string;
  let packed: Packed | undefined;
  let said: string | false;

  beforeAll(async () => {
    workspace = await createWorkspace({
      "elsewhere/orders.csv": "id;price\n1;1,5\n2;2,75\n",
      "app/package.json": '{"private": true}',
    });
    app = workspace.path("app");
    // What is built is what the other tests test.
    const packing = await npm(["pack", "--json", "--ignore-scripts", "--pack-destination", app], checkout);
    [packed] = JSON.parse(packing.stdout) as Packed[];
    said = await install([join(app, packed?.filename ?? "")], app, "the installed package");
  }, 300_000);
  afterAll(() => removeWorkspace(workspace));

  const command = () => join(app, "node_modules/.bin/lakebook");
  const lakebook = (args: readonly string[], node = process.execPath) =>
    execute(node, [command(), ...args], { cwd: app });

  function requireInstalled(context: TestContext): void {
    if (said === false) context.skip();
  }

  /** Two rows of a file that is a workspace of its own afterwards are published and asked for. */
  async function publish(root: string, node?: string): Promise<void> {
    const materialize = ["materialize", "orders", "--workspace", root, "--json"];
    expect(JSON.parse((await lakebook(materialize, node)).stdout)).toMatchObject({
      outcome: "succeeded",
      published: [{ dataset: "orders", rows: 2 }],
    });
    const sql = "SELECT id, price FROM lake.orders";
    const query = await lakebook(["query", sql, "--workspace", root, "--format", "json"], node);
    expect(JSON.parse(query.stdout)).toMatchObject({
      rows: [
        ["1", 1.5],
        ["2", 2.75],
      ],
    });
  }

  test("holds what is built and what belongs to it, and nothing else", () => {
    const paths = packed?.files.map(({ path }) => path) ?? [];
    expect(paths).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "README.md",
        "dist/client/index.html",
        "dist/client/licenses.txt",
        "dist/server/licenses.txt",
        "dist/server/main.js",
        "dist/server/worker.js",
        "package.json",
        "server/bin/lakebook.js",
        "notebooks/customer_courier_conversations.md",
      ]),
    );
    const known =
      /^(LICENSE|README\.md|package\.json|server\/bin\/lakebook\.js|notebooks\/customer_courier_conversations\.md|client\/styles\/fonts\/.*-LICENSE\.txt|dist\/(client|server)\/.*)$/;
    expect(paths.filter((path) => !known.test(path) || /^dist\/client\/.*\.map$/.test(path))).toEqual([]);
    // What reloads the page in a build of `npm run dev`.
    expect(paths.filter((path) => path.includes("/reload-"))).toEqual([]);
  });

  test("installs without a script, a warning or much room", async (context) => {
    requireInstalled(context);
    expect(said).not.toMatch(/warn (\S+-scripts|deprecated|EBADENGINE)/);
    const { scripts } = await readManifest(join(app, "node_modules/lakebook"));
    for (const script of ["preinstall", "install", "postinstall", "prepare"])
      expect(scripts).not.toHaveProperty(script);
    expect(await sizeOf(join(app, "node_modules"))).toBeLessThan(MAX_INSTALLED_BYTES);
  });

  test("works where it was installed, from a file of somebody's own on", async (context) => {
    requireInstalled(context);
    const { version } = await readManifest(checkout);
    const { stdout } = await execute("npx", ["--no-install", "lakebook", "--version"], { cwd: app });
    expect(stdout).toBe(`${version}\n`);

    const opened = spawn(process.execPath, [command(), "open", workspace.path("elsewhere/orders.csv")], {
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

    const notebook = "app/orders_lakebook/notebooks/orders.md";
    await workspace.replace(notebook, "--| cell: orders\n", "--| cell: orders\n--| materialize: parquet\n");
    await publish(join(app, "orders_lakebook"));
    const sample = await lakebook(["generate", "--conversations", "3", "--out", join(app, "sample")]);
    expect(sample.stdout).toContain("orders.json");
  });

  test(`works with Node ${otherNodes.join(" and ")}`, async (context) => {
    requireInstalled(context);
    const nodeOf = (version: number) => join(nodesFolder, `node_modules/node${version}/bin/node`);
    if (!otherNodes.every((version) => existsSync(nodeOf(version)))) {
      const packages = otherNodes.map(
        (version) => `node${version}@npm:node-${process.platform}-${process.arch}@${version}`,
      );
      const args = ["--prefix", nodesFolder, "--no-save", "--ignore-scripts", ...packages];
      if ((await install(args, app, `Node ${otherNodes.join(" and ")}`)) === false) context.skip();
    }
    await Promise.all(
      otherNodes.map(async (version) => {
        const node = nodeOf(version);
        expect((await execute(node, ["--version"])).stdout).toMatch(new RegExp(`^v${version}\\.`));
        const place = `node${version}`;
        await workspace.write(`${place}/input/orders.csv`, "id,price\n1,1.5\n2,2.75\n");
        await workspace.write(
          `${place}/notebooks/orders.md`,
          "```sql\n--| cell: orders\n--| materialize: parquet\nSELECT * FROM read_csv('input/orders.csv')\n```\n",
        );
        await workspace.write(`${place}/data_lake/.gitkeep`, "");
        await publish(workspace.path(place), node);
      }),
    );
  });
});
