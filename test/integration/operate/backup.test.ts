import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { link, mkdir, mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { pack as openPack, type Header } from "tar-stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { silentLogger } from "../../../server/base/logger.js";
import { readBackup } from "../../../server/operate/backup/read-backup.js";
import { restoreBackup } from "../../../server/operate/backup/restore.js";
import { createWorkspace, notebook } from "../api/harness.js";
import { CommandProcess, ServerProcess } from "../api/processes.js";

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lakebook-backup-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function command(...args: readonly string[]) {
  const process = new CommandProcess(args);
  return { ...(await process.ended), stdout: process.stdout, stderr: process.stderr };
}

async function filled(): Promise<string> {
  const root = await createWorkspace({
    "notebooks/small.md": notebook({
      "cell: cities\n--| materialize: parquet": "SELECT * FROM 'input/cities.csv'",
    }),
    "input/cities.csv": "city,n\nBarcelona,1\nMadrid,2\n",
    "lakebook.yaml": "concurrency: 2\n",
  });
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return root;
}

describe("a backup", () => {
  test("is taken beside a server, alone, and restored to a workspace that verifies and runs", async () => {
    const root = await filled();
    const server = await ServerProcess.start(root);
    for (const date of ["2026-10-01", "2026-11-01"])
      expect((await server.run("small", { materialize: true, date })).outcome).toBe("succeeded");
    const folder = await temporary();
    const beside = join(folder, "beside.tar");
    const written = await command("backup", beside, "--workspace", root);
    expect(written).toMatchObject({ code: 0, stderr: "" });
    expect((await stat(beside)).mode & 0o777).toBe(0o600);
    expect(await command("backup", beside, "--workspace", root)).toMatchObject({ code: 1 });
    await server.stop("SIGTERM");
    const alone = join(folder, "alone.tar");
    expect(await command("backup", alone, "--no-input", "--workspace", root)).toMatchObject({ code: 0 });
    const paths = (await readBackup(beside)).files.map(({ path }) => path);
    expect(paths).toContain("input/cities.csv");
    expect(paths).not.toContain(".lakebook/server.json");
    expect((await readBackup(alone)).files.map(({ path }) => path)).not.toContain("input/cities.csv");
    expect((await readdir(folder)).sort()).toEqual(["alone.tar", "beside.tar"]);

    const target = join(folder, "restored");
    const restored = await command("restore", beside, "--to", target);
    expect(restored).toMatchObject({ code: 0, stderr: "" });
    expect(await command("verify", "--workspace", target)).toMatchObject({ code: 0 });
    const shown = (place: string) => readdir(join(place, "data_lake/2026-11-01/cities"), { recursive: true });
    expect(await shown(target)).toEqual(await shown(root));
    const again = await command(
      "materialize",
      "small",
      "--date",
      "2026-11-01",
      "--json",
      "--workspace",
      target,
    );
    expect(JSON.parse(again.stdout)).toMatchObject({ outcome: "succeeded", cells: [{ outcome: "reused" }] });
    const full = await command("restore", beside, "--to", target);
    expect(full.code).toBe(1);
    expect(full.stderr).toContain("is not empty");
  });

  test("stores a file of two names once, and says that people are those of then", async () => {
    const root = await filled();
    await mkdir(join(root, ".lakebook/users"), { recursive: true });
    for (const name of ["ana.json", ".lock", ".lock-0123"])
      await writeFile(join(root, ".lakebook/users", name), "{}");
    await link(join(root, "input/cities.csv"), join(root, "input/same.csv"));
    const folder = await temporary();
    const file = join(folder, "b.tar");
    expect(await command("backup", file, "--workspace", root)).toMatchObject({ code: 0 });
    const entry = (await readBackup(file)).files.find(({ path }) => path === "input/same.csv");
    expect(entry).toMatchObject({ link: "input/cities.csv" });
    expect((await readBackup(file)).files.filter(({ path }) => path.includes("users/"))).toMatchObject([
      { path: ".lakebook/users/ana.json" },
    ]);
    const restored = await command("restore", file, "--to", join(folder, "to"));
    expect(restored).toMatchObject({ code: 0, stderr: expect.stringContaining("token list") as string });
    const [one, other] = await Promise.all(
      ["cities.csv", "same.csv"].map((name) => stat(join(folder, "to/input", name))),
    );
    expect(one?.ino).toBe(other?.ino);
  });

  test("that is killed leaves nothing under its name, and the next one is whole", async () => {
    const root = await filled();
    await writeFile(join(root, "input/big.bin"), Buffer.alloc(200_000_000, 7));
    const folder = await temporary();
    const file = join(folder, "b.tar");
    const process = new CommandProcess(["backup", file, "--workspace", root]);
    const hasBegun = async (): Promise<boolean> =>
      (await readdir(folder)).some((name) => name.endsWith(".partial"));
    await expect.poll(hasBegun, { timeout: 20_000, interval: 5 }).toBe(true);
    await process.kill();
    expect(await readdir(folder)).not.toContain("b.tar");
    expect(await command("backup", file, "--workspace", root)).toMatchObject({ code: 0 });
    await readBackup(file);
  });

  test("says which part of the lake is damaged, and is written all the same", async () => {
    const root = await filled();
    const first = await command("materialize", "small", "--date", "2026-11-01", "--workspace", root);
    expect(first.code).toBe(0);
    const inputs = join(root, "data_lake/.lake/inputs");
    const [pinned = ""] = (await readdir(inputs)).filter((name) => /^[0-9a-f]{64}$/.test(name));
    await rm(join(inputs, pinned));
    await writeFile(join(inputs, pinned), "something else");
    const file = join(await temporary(), "b.tar");
    const written = await command("backup", file, "--workspace", root);
    expect(written).toMatchObject({ code: 1 });
    expect(written.stderr).toContain("is damaged");
    expect((await readBackup(file)).problems).toHaveLength(1);
  });
});

const textOf = (text: string) => ({
  bytes: text.length,
  sha256: createHash("sha256").update(text).digest("hex"),
});

/** An archive as somebody would write who means harm; what it says of its contents fits. */
async function archive(entries: readonly (Partial<Header> & { readonly name: string })[]): Promise<string> {
  const file = join(await temporary(), "evil.tar");
  const pack = openPack();
  const files = entries.map(({ name }) => ({ path: name, ...textOf("x") }));
  for (const entry of entries) {
    const isFile = entry.type === undefined || entry.type === "file";
    if (isFile) pack.entry(entry, "x");
    else pack.entry({ ...entry, size: 0 });
  }
  const contents = { format: 1, createdAt: "", version: "1", seq: 0, problems: [], files };
  pack.entry({ name: "backup.json" }, JSON.stringify(contents));
  pack.finalize();
  await pipeline(pack, createWriteStream(file));
  return file;
}

describe("an archive from elsewhere", () => {
  test.each<[string, readonly (Partial<Header> & { readonly name: string })[]]>([
    ["a path above the folder", [{ name: "notebooks/../../evil" }]],
    ["an absolute path", [{ name: "/tmp/evil" }]],
    ["a path that no workspace has", [{ name: "evil.sh" }]],
    ["a file of the lake's public folders", [{ name: "data_lake/2026-11-01/a" }]],
    ["a link to a file outside", [{ name: "notebooks/a.md", type: "link", linkname: "/etc/passwd" }]],
    ["a symbolic link", [{ name: "notebooks/a", type: "symlink", linkname: "/etc" }]],
    ["a path twice", [{ name: "notebooks/a.md" }, { name: "notebooks/a.md" }]],
    ["a device", [{ name: "notebooks/a", type: "character-device" }]],
  ])("is refused for %s, and leaves nothing", async (_what, entries) => {
    const to = join(await temporary(), "to");
    await expect(restoreBackup(await archive(entries), to, silentLogger)).rejects.toMatchObject({
      code: "damaged",
    });
    expect(await readdir(to)).toEqual([]);
  });

  test("is refused where it was cut short or changed", async () => {
    const whole = await archive([{ name: "notebooks/a.md" }]);
    await readBackup(whole);
    const bytes = await readFile(whole);
    const changed = join(await temporary(), "changed.tar");
    await writeFile(
      changed,
      bytes.map((byte, at) => (at === 512 ? 0x79 : byte)),
    );
    await expect(readBackup(changed)).rejects.toMatchObject({ code: "damaged" });
    for (const size of [0, 100, 512, 1024, 1100]) {
      await truncate(whole, size);
      await expect(readBackup(whole), String(size)).rejects.toMatchObject({ code: "damaged" });
      await writeFile(whole, bytes);
    }
  });

  test("goes on where an earlier restore was killed", async () => {
    const to = await temporary();
    await mkdir(join(to, ".lakebook-restore/notebooks"), { recursive: true });
    await restoreBackup(await archive([{ name: "notebooks/a.md" }]), to, silentLogger);
    expect((await readdir(to)).sort()).toEqual([".lakebook", "data_lake", "input", "notebooks"]);
  });
});
