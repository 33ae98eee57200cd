import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { link, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { extract as openExtract, type Extract } from "tar-stream";
import { AppError, isAppError, messageOf } from "../../base/errors.js";
import { makeFolder, maybeJson } from "../../base/durable.js";
import { CONTENTS, contentsSchema, isBackupPath, type BackupContents } from "./contents.js";

type Entry = Extract extends AsyncIterable<infer Item> ? Item : never;

const MAX_CONTENTS_BYTES = 1024 ** 3;

/**
 * Reads an archive to its end and compares every file with what the archive says of it. With a folder, which is empty, it is
 * put there. Fails with code damaged where the archive is not whole, and for paths and links that lead elsewhere.
 */
export async function readBackup(file: string, folder?: string): Promise<BackupContents> {
  const extract = openExtract();
  const seen = new Map<string, BackupContents["files"][number]>();
  let contents: BackupContents | undefined;
  const reading = pipeline(createReadStream(file), extract as unknown as NodeJS.WritableStream);
  // It is waited for below.
  reading.catch(() => undefined);
  try {
    for await (const entry of extract) {
      if (contents !== undefined) throw damaged(file, "something follows its list of contents");
      if (entry.header.name === CONTENTS) contents = await readContents(file, entry);
      else await readFile(file, entry, seen, folder);
    }
    await reading;
  } catch (error) {
    if (isAppError(error)) throw error;
    throw damaged(file, messageOf(error), error);
  }
  if (contents === undefined) throw damaged(file, "its end is missing");
  compare(file, contents, seen);
  return contents;
}

async function readContents(file: string, entry: Entry): Promise<BackupContents> {
  if (entry.header.size > MAX_CONTENTS_BYTES) throw damaged(file, "its list of contents is too long");
  const chunks: Buffer[] = [];
  for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
  const parsed = contentsSchema.safeParse(maybeJson(Buffer.concat(chunks).toString("utf8")));
  if (!parsed.success) throw damaged(file, "its list of contents cannot be read", parsed.error);
  return parsed.data;
}

async function readFile(
  file: string,
  entry: Entry,
  seen: Map<string, BackupContents["files"][number]>,
  folder: string | undefined,
): Promise<void> {
  const { name: path, type, linkname, mode } = entry.header;
  if (!isBackupPath(path) || seen.has(path)) throw damaged(file, `"${path}" has no place in a workspace`);
  const target = folder === undefined ? undefined : join(folder, path);
  if (target !== undefined) await makeFolder(dirname(target));
  if (type === "link") {
    const twin = seen.get(linkname);
    if (twin === undefined) throw damaged(file, `"${path}" is a link to something outside of it`);
    if (folder !== undefined && target !== undefined) await link(join(folder, twin.path), target);
    seen.set(path, { ...twin, path, link: linkname });
    entry.resume();
    return;
  }
  if (type !== "file") throw damaged(file, `"${path}" is neither a file nor a link to one`);
  const isPrivate = path.startsWith(".lakebook/");
  const handle =
    target === undefined ? undefined : await open(target, "wx", isPrivate ? 0o600 : mode & 0o755);
  try {
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of entry as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      await handle?.writeFile(chunk);
    }
    await handle?.sync();
    seen.set(path, { path, bytes, sha256: hash.digest("hex") });
  } finally {
    await handle?.close();
  }
}

function compare(
  file: string,
  contents: BackupContents,
  seen: ReadonlyMap<string, BackupContents["files"][number]>,
): void {
  for (const { path, sha256, bytes } of contents.files) {
    const found = seen.get(path);
    if (found === undefined) throw damaged(file, `"${path}" is missing`);
    if (found.sha256 !== sha256 || found.bytes !== bytes)
      throw damaged(file, `"${path}" is not what was stored`);
  }
  if (seen.size !== contents.files.length) throw damaged(file, "it has more than its list of contents says");
}

function damaged(file: string, why: string, cause?: unknown): AppError {
  return new AppError("damaged", `"${file}" is no whole backup: ${why}.`, {
    hint: "Take another one.",
    ...(cause === undefined ? {} : { cause }),
  });
}
