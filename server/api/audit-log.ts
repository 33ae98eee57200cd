import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { withDiskErrors } from "../base/disk-error.js";
import { makePrivateFolder } from "../base/durable.js";

export interface AuditEntry {
  readonly who: string;
  readonly from: string;
  readonly what: string;
  /** Whatever else belongs to it. */
  readonly [detail: string]: unknown;
}

/**
 * Adds a line to `.lakebook/audit/YYYY-MM.jsonl`, which only this user may read. Several processes may write: a line goes to
 * the file's end in one piece. Fails with code disk.
 */
export async function appendAudit(stateFolder: string, entry: AuditEntry, now = new Date()): Promise<void> {
  const folder = join(stateFolder, "audit");
  const at = now.toISOString();
  const file = join(folder, `${at.slice(0, 7)}.jsonl`);
  await makePrivateFolder(stateFolder);
  await makePrivateFolder(folder);
  await withDiskErrors(file, () =>
    appendFile(file, `${JSON.stringify({ at, ...entry })}\n`, { mode: 0o600 }),
  );
}
