import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Workspace } from "../workspace/workspace.js";

/** Times, size and inode of a notebook's file as a text: while it stays the same, the file need not be read again. */
export async function stampOfNotebook(workspace: Workspace, name: string): Promise<string> {
  const path = `${join(workspace.notebooks, ...name.split("/"))}.md`;
  const { mtimeMs, ctimeMs, size, ino } = await lstat(path);
  return [mtimeMs, ctimeMs, size, ino].join(" ");
}
