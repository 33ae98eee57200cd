import { readlinkSync, realpathSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";
import { bootIdOf } from "./process-identity.js";

/** Which folder a file speaks of, so that it is not believed in a copy of the folder. */
export const folderIdentitySchema = z.object({
  /** Without links, as the process that wrote it sees it. */
  path: z.string(),
  /** Processes for which this is the same see the same folder under a path. */
  mounts: z.string(),
  /** "" on a system without /proc. */
  bootId: z.string(),
  /** Device and inode: within one running system no two folders have the same. */
  place: z.string(),
});
export type FolderIdentity = z.infer<typeof folderIdentitySchema>;

export function identifyFolder(folder: string): FolderIdentity {
  const path = realpathSync(folder);
  return { path, mounts: mountsHere(), bootId: bootIdOf(), place: placeOf(path) ?? "" };
}

/**
 * False only where it is certain that the identity is of another folder than this one. Who wrote it uses the path that
 * stands there: where that leads is looked up now, because a path can be mounted twice and some file systems change
 * their inodes. From within another container the path means nothing; of one running system device and inode do.
 */
export function mayBeOf({ path, mounts, bootId, place }: FolderIdentity, folder: string): boolean {
  const here = placeOf(folder);
  if (here === undefined) return true;
  if (mounts === mountsHere()) return placeOf(path) === here;
  return bootId === "" || bootId !== bootIdOf() || place === here;
}

function placeOf(folder: string): string | undefined {
  const stats = statSync(folder, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.dev}:${stats.ino}`;
}

function mountsHere(): string {
  try {
    return `${bootIdOf()} ${readlinkSync("/proc/self/ns/mnt")}`;
  } catch {
    return hostname();
  }
}
