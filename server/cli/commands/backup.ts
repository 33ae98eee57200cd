import { open, link, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { addAbortSignal, type Readable } from "node:stream";
import { ownVersion } from "../../api/own-version.js";
import { syncFolder } from "../../base/durable.js";
import { AppError, isSystemError } from "../../base/errors.js";
import type { BackupContents } from "../../operate/backup/contents.js";
import { readBackup } from "../../operate/backup/read-backup.js";
import { restoreBackup } from "../../operate/backup/restore.js";
import { streamBackup } from "../../operate/backup/write-backup.js";
import { formatBytes, formatCount } from "../../text/format.js";
import { openWorkspace } from "../../workspace/workspace.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import { workOnLake } from "../lake-writer.js";
import { downloadFromServer } from "../run-client.js";
import { stderrLogger } from "../session.js";
import { noWaitOption, turnOf } from "../take-turn.js";

export const backup = defineCommand({
  summary: "write the workspace to one file, while a server runs too, and read it back",
  arguments: "FILE",
  positionals: { min: 1, max: 1 },
  options: {
    "no-input": {
      type: "boolean",
      help: "leave input/ out; what was published is kept with its input anyway",
    },
    ...noWaitOption,
    ...jsonOption,
    ...workspaceOption,
  },
  async run({ positionals: [name = ""], values, console, signal }) {
    const file = resolve(name);
    const folder = values.workspace ?? ".";
    const hasInput = values["no-input"] !== true;
    const workspace = await openWorkspace(folder);
    const partial = join(dirname(file), `.${basename(file)}.${String(process.pid)}.partial`);
    const take = async (stream: Readable): Promise<void> => {
      const handle = await open(partial, "wx", 0o600);
      try {
        for await (const chunk of addAbortSignal(signal, stream) as AsyncIterable<Buffer>)
          await handle.writeFile(chunk);
        await handle.sync();
      } finally {
        await handle.close();
      }
    };
    try {
      await workOnLake({
        workspace: folder,
        turn: turnOf(values, console, signal),
        audit: { what: "back up" },
        byServer: async (server) => {
          await take(await downloadFromServer(server, `/api/backup?input=${String(hasInput)}`));
        },
        here: async (lake) => {
          await take(streamBackup({ lake, workspace, hasInput, version: await ownVersion() }));
        },
      });
      const contents = await readBackup(partial);
      await giveName(partial, file);
      return tell(contents, file);
    } finally {
      await rm(partial, { force: true });
    }

    function tell({ files, problems, seq }: BackupContents, path: string): 0 | 1 {
      const bytes = files.reduce(
        (sum, { bytes: own, link: twin }) => sum + (twin === undefined ? own : 0),
        0,
      );
      if (values.json === true)
        console.out(
          `${JSON.stringify({ file: path, seq, files: files.length, bytes, problems }, null, 2)}\n`,
        );
      else
        console.out(
          `${path}: ${formatCount(files.length, "file")}, ${formatBytes(bytes)}, read back and whole.\n`,
        );
      for (const problem of problems) console.err(`${problem}\n`);
      return problems.length === 0 ? 0 : 1;
    }
  },
});

/** In one step, and never in the place of another file. */
async function giveName(partial: string, file: string): Promise<void> {
  try {
    await link(partial, file);
  } catch (error) {
    if (isSystemError(error, "EEXIST"))
      throw new AppError("conflict", `"${file}" is there already.`, { hint: "Choose another name." });
    throw error;
  }
  await syncFolder(dirname(file));
}

export const restore = defineCommand({
  summary: "make a workspace of a backup, in an empty folder",
  arguments: "FILE",
  positionals: { min: 1, max: 1 },
  options: {
    to: { type: "string", value: "DIR", help: "where; default: the current folder" },
    ...jsonOption,
  },
  async run({ positionals: [name = ""], values, console }) {
    const folder = resolve(values.to ?? ".");
    const { contents, problems } = await restoreBackup(resolve(name), folder, stderrLogger);
    const { files, createdAt } = contents;
    if (values.json === true)
      console.out(`${JSON.stringify({ folder, createdAt, files: files.length, problems }, null, 2)}\n`);
    else
      console.out(
        `${folder}: ${formatCount(files.length, "file")} of ${createdAt}. The lake is ${problems.length === 0 ? "what its log says" : "not what its log says: see lakebook verify"}.\n`,
      );
    for (const { message, hint } of problems) console.err(`${message}\n  ${hint}\n`);
    if (files.some(({ path }) => /^\.lakebook\/(users|tokens|shares)\//.test(path)))
      console.err(
        `Users, passwords, tokens and links are those of ${createdAt}: what was changed or revoked since opens again. lakebook user list, token list and share --list show them.\n`,
      );
    return problems.length === 0 ? 0 : 1;
  },
});
