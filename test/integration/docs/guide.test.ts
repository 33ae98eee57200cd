import { execFile } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { mainScript } from "../../support/cli.js";
import { withWorkspace } from "../../support/workspace.js";

const guide = await readFile(resolve(import.meta.dirname, "../../../server/docs/guide.md"), "utf8");

interface Command {
  readonly line: string;
  readonly exitCode: number;
}

/** The commands of the guide, in their order, but for the server, which would not end. */
function commandsOf(text: string): Command[] {
  const blocks = [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, body = ""]) => body);
  return blocks
    .flatMap((body) => body.trim().split("\n"))
    .filter((line) => line !== "lakebook serve")
    .map((line) => ({ line, exitCode: Number(/# exits with (\d)/.exec(line)?.[1] ?? 0) }));
}

test("what the guide says to type works, and ends as it says", { timeout: 300_000 }, () =>
  withWorkspace({ "bin/.keep": "" }, async (workspace) => {
    const notebooks = [...guide.matchAll(/Save this as\s+`([^`]+)`:\n\n````markdown\n([^]*?)^````$/gm)].map(
      ([, path = "", notebook = ""]) => ({ path, notebook }),
    );
    expect(notebooks.map(({ path }) => path)).toEqual(["notebooks/sales.md", "notebooks/chats.md"]);
    const bin = workspace.path("bin");
    await symlink(mainScript, join(bin, "lakebook"));
    const shop = workspace.path("shop");
    for (const { path, notebook } of notebooks) {
      await mkdir(dirname(join(shop, path)), { recursive: true });
      await writeFile(join(shop, path), notebook);
    }

    const commands = commandsOf(guide);
    expect(commands.length).toBeGreaterThan(15);
    let folder = workspace.path(".");
    let output = "";
    for (const { line, exitCode } of commands) {
      const ended = await promisify(execFile)("bash", ["-c", line], {
        cwd: folder,
        env: { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}` },
      }).then(
        (output) => ({ code: 0, ...output }),
        (error: unknown) => error as { code: number; stdout: string; stderr: string },
      );
      expect(ended.code, `${line}\n${ended.stdout}${ended.stderr}`).toBe(exitCode);
      output += ended.stdout + ended.stderr;
      if (/\bcd shop$/.test(line)) folder = shop;
    }
    const told = [...guide.matchAll(/^```text\n([^]*?)^```$/gm)].flatMap(([, body = ""]) =>
      body.trim().split("\n"),
    );
    expect(told.length).toBeGreaterThan(1);
    for (const line of told) expect(output).toContain(line);
    expect(await readFile(join(shop, "sales.html"), "utf8")).toContain("What each city brought.");
  }),
);
