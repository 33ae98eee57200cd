import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";
import { open, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isSystemError } from "../base/errors.js";
import type { Logger } from "../base/logger.js";
import { withDiskErrors } from "../base/disk-error.js";
import { makePrivateFolder } from "../base/durable.js";
import { Sessions, type SessionEntry } from "./sessions.js";

/** `proof` tells whether the token is still the one that the sessions were given for, and not what it is. */
const schema = z.object({
  salt: z.string(),
  proof: z.string(),
  sessions: z.array(
    z.union([z.tuple([z.string(), z.number()]), z.tuple([z.string(), z.number(), z.string(), z.string()])]),
  ),
});

type Content = z.infer<typeof schema>;

/**
 * Sessions that outlive the server, so that an open page goes on after a restart; each still ends after its time.
 * Choosing another token ends those of the token; those of users go on. `token` is undefined where it is a new one at every start. Fails with code disk
 * where they could not be kept.
 */
export async function openSessions(
  stateFolder: string,
  token: string | undefined,
  logger: Logger,
): Promise<Sessions> {
  const path = join(stateFolder, "sessions.json");
  const stored = parse(await readOwn(path));
  const isSameToken = stored !== undefined && isSame(prove(token, stored.salt), stored.proof);
  const salt = isSameToken ? stored.salt : randomBytes(16).toString("hex");
  const proof = prove(token, salt);
  let writing: Promise<void> = Promise.resolve();
  const store = (sessions: readonly SessionEntry[]): Promise<void> =>
    write(stateFolder, path, `${JSON.stringify({ salt, proof, sessions })}\n`);
  const save = (sessions: readonly SessionEntry[]): Promise<void> => {
    writing = writing
      .then(() => store(sessions))
      .catch((error: unknown) => {
        logger.warn("sessions cannot be written", { error });
      });
    return writing;
  };
  const all = stored?.sessions ?? [];
  // A user's session stands on no token.
  const known = isSameToken ? all : all.filter((entry) => entry.length === 4);
  // Otherwise choosing the former token again would bring its sessions back; and who cannot keep any learns it now.
  if (!isSameToken) await store(known);
  return new Sessions({ known, onChange: (all) => void save(all) });
}

/** Slow to compute, because a token that somebody chose may be short. */
function prove(token: string | undefined, salt: string): string {
  return token === undefined ? "" : scryptSync(token, salt, 32).toString("hex");
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A file that another user could have written, or that came with a copied folder, opens no door. */
async function readOwn(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { mode, uid } = await file.stat();
      const user = process.getuid?.();
      const isOwn = user === undefined || (uid === user && (mode & 0o077) === 0);
      return isOwn ? await file.readFile("utf8") : "";
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isSystemError(error)) return "";
    throw error;
  }
}

function parse(text: string): Content | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function write(folder: string, path: string, content: string): Promise<void> {
  await makePrivateFolder(folder);
  const temporary = `${path}.${String(process.pid)}.tmp`;
  await withDiskErrors(path, async () => {
    await rm(temporary, { force: true });
    await writeFile(temporary, content, { mode: 0o600, flag: "wx" });
    await rename(temporary, path);
  });
}
