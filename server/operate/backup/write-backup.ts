import { createHash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { pack as openPack, type Header, type Pack } from "tar-stream";
import { AppError, isSystemError } from "../../base/errors.js";
import type { Lake } from "../../lake/lake.js";
import { whileLeased } from "../../lake/leases.js";
import type { Workspace } from "../../workspace/workspace.js";
import { CONTENTS, planBackup, type BackupContents, type BackupFile } from "./contents.js";

export interface BackupOptions {
  readonly lake: Lake;
  readonly workspace: Workspace;
  readonly hasInput: boolean;
  /** Of Lakebook. */
  readonly version: string;
  readonly now?: () => Date;
}

/** A tar archive of the workspace as the lake's log stands now; fails while it is read. */
export function streamBackup(options: BackupOptions): Readable {
  const pack = openPack();
  const { lake } = options;
  const lease = lake.leases.open();
  whileLeased(lease, async () => {
    const plan = await planBackup(options, lease, options);
    await fill(pack, options, plan);
    pack.finalize();
  }).catch((error: unknown) => {
    pack.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  // Whoever reads is told by the stream around it; without a listener a client that goes away would end the process.
  pack.on("error", () => undefined);
  const stream = Readable.from(pack, { objectMode: false });
  stream.on("error", () => undefined);
  return stream;
}

async function fill(
  pack: Pack,
  { version, now = () => new Date() }: BackupOptions,
  { seq, files, problems }: Awaited<ReturnType<typeof planBackup>>,
): Promise<void> {
  const contents: BackupContents = {
    format: 1,
    createdAt: now().toISOString(),
    version,
    seq,
    problems: [...problems],
    files: [],
  };
  const links = new Map<string, BackupContents["files"][number]>();
  for (const file of files) await addFile(pack, file, contents, links);
  const text = `${JSON.stringify(contents)}\n`;
  await new Promise<void>((resolve, reject) => {
    enter(pack, { name: CONTENTS, mode: 0o600 }, text, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/** An entry of an archive that is given up fails by itself: without a listener that would end the process. */
function enter(
  pack: Pack,
  header: Parameters<Pack["entry"]>[0],
  text?: string,
  done?: (error?: Error | null) => void,
): ReturnType<Pack["entry"]> {
  const sink = text === undefined ? pack.entry(header, done) : pack.entry(header, text, done);
  return sink.on("error", () => undefined);
}

async function addFile(
  pack: Pack,
  { path, source, sha256: expected }: BackupFile,
  contents: BackupContents,
  links: Map<string, BackupContents["files"][number]>,
): Promise<void> {
  const handle = await open(source).catch((error: unknown) => {
    // A notebook or a record that somebody removed meanwhile.
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  });
  if (handle === undefined) return;
  try {
    const { size, mode, mtime, nlink, dev, ino } = await handle.stat();
    const header: Partial<Header> & Pick<Header, "name"> = { name: path, mode: mode & 0o777, mtime };
    const place = `${String(dev)}:${String(ino)}`;
    const twin = nlink > 1 ? links.get(place) : undefined;
    if (twin !== undefined) {
      enter(pack, { ...header, type: "link", linkname: twin.path, size: 0 });
      contents.files.push({ ...twin, path, link: twin.path });
      return;
    }
    const file = { path, bytes: size, sha256: await copyTo(pack, { ...header, size }, handle) };
    contents.files.push(file);
    if (nlink > 1) links.set(place, file);
    if (expected !== undefined && expected !== file.sha256)
      contents.problems.push(`"${path}" is damaged: it is not what the lake says of it.`);
  } finally {
    await handle.close();
  }
}

const CHUNK_BYTES = 256 * 1024;

/** Returns the SHA-256 of what was written. What is added to the file meanwhile is left out. */
async function copyTo(
  pack: Pack,
  header: Parameters<Pack["entry"]>[0] & { readonly size: number },
  handle: FileHandle,
): Promise<string> {
  const hash = createHash("sha256");
  await new Promise<void>((resolve, reject) => {
    const sink = enter(pack, header, undefined, (error) => {
      if (error) reject(error);
      else resolve();
    });
    void (async () => {
      for (let done = 0; done < header.size;) {
        const length = Math.min(CHUNK_BYTES, header.size - done);
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, done);
        if (bytesRead === 0)
          throw new AppError("conflict", `"${header.name}" became shorter while it was backed up.`);
        const chunk = buffer.subarray(0, bytesRead);
        hash.update(chunk);
        done += bytesRead;
        if (!sink.write(chunk)) await taken(sink);
      }
      sink.end(undefined);
    })().catch(reject);
  });
  return hash.digest("hex");
}

/** Resolves when more may be written; fails when nobody reads it any longer. */
async function taken(sink: ReturnType<Pack["entry"]>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const onDrain = (): void => {
      sink.off("close", onClose);
      resolve();
    };
    const onClose = (): void => {
      sink.off("drain", onDrain);
      reject(new AppError("cancelled", "The backup was given up."));
    };
    sink.once("drain", onDrain);
    sink.once("close", onClose);
  });
}
